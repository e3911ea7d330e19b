"""Edit tables out of tests/examples/edit_tables (made-up codes, X and four digits), and a plan that has edits on."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from aso_portal.kernel.identifiers import npi_with_check_digit
from claims.core.code_sets import CodeSets
from claims.core.edit_tables import KINDS, PAIR_KINDS, EditRows, EditTables
from claims.core.rules import NetworkSpan, Provider, Reference, Rules
from claims.services.edit_files import read_code_set, read_edit_table
from tests.factories import engine

FILES = Path(__file__).parents[1] / "examples" / "edit_tables"
SYSTEMS = ("hcpcs", "hcpcs_mod", "icd10cm")
COLLEAGUE, SPECIALIST, SUPPLIER = (npi_with_check_digit(f"12345600{n}") for n in (1, 2, 3))
OTHER_TIN = "987654321"
FAMILY_DOCTOR, CARDIOLOGIST, HOSPITAL, EQUIPMENT = "207Q00000X", "207RC0000X", "282N00000X", "332B00000X"
PROVIDERS = {
    "clinic": (engine.CLINIC, engine.TIN, FAMILY_DOCTOR),
    "colleague": (COLLEAGUE, engine.TIN, FAMILY_DOCTOR),
    "specialist": (SPECIALIST, engine.TIN, CARDIOLOGIST),
    "hospital": (engine.HOSPITAL, engine.TIN, HOSPITAL),
    "supplier": (SUPPLIER, engine.TIN, EQUIPMENT),
    "stranger": (engine.STRANGER, OTHER_TIN, FAMILY_DOCTOR),
}


def rows_of(name: str, *, release: str = "2026.1") -> Any:
    """The rows of one example file."""
    read = read_edit_table if name in KINDS else read_code_set
    return read(name, (FILES / f"{name}.csv").read_bytes(), release=release).rows


def edit_rows(*kinds: str) -> EditRows:
    """The example tables, or those of these kinds."""
    wanted = kinds or KINDS
    pairs: Iterator[Any] = (row for kind in PAIR_KINDS if kind in wanted for row in rows_of(kind))
    rest = {kind: rows_of(kind) for kind in ("units", "persons", "procedures") if kind in wanted}
    return EditRows(pairs=list(pairs), **rest)


@cache
def tables() -> EditTables:
    """All example tables."""
    return EditTables(edit_rows())


@cache
def codes() -> CodeSets:
    """All example code sets."""
    return CodeSets(row for system in SYSTEMS for row in rows_of(system))


def document(**edits: str) -> dict[str, Any]:
    """A plan that pays 80 % of every X code, with these edits on."""
    care = engine.category("care", engine.share(deductible=False, coinsurance_bp=2_000))
    mapping = [{"id": "care", "when": {"codes": ["X0000-X9999"]}, "category": "care"}]
    return engine.plan([care], mapping=mapping, edits=edits)


def reference() -> Reference:
    """Everybody in the network, with their specialties."""
    return engine.reference(
        providers=[
            Provider(npi=npi, tin=tin, taxonomy=taxonomy, start=engine.LONG_AGO)
            for npi, tin, taxonomy in PROVIDERS.values()
        ],
        networks=[NetworkSpan(network="HARBOR", npi=npi, start=engine.LONG_AGO) for npi, _, _ in PROVIDERS.values()],
    )


def rules(*, with_tables: EditTables | None = None, with_codes: CodeSets | None = None, **edits: str) -> Rules:
    """The plan with the example tables, or with others."""
    return engine.rules(
        document(**edits),
        reference(),
        edit_tables=tables() if with_tables is None else with_tables,
        codes=codes() if with_codes is None else with_codes,
    )


DAY = date(2026, 3, 2)
