"""The edit tables and codes of a trial, out of the rows of its reference file, days already read."""

from collections.abc import Mapping, Sequence
from typing import Any

from claims.core.code_sets import CodeRow, CodeSets
from claims.core.edit_tables import (
    EditRows,
    EditTables,
    PairRow,
    PairTerm,
    PersonRow,
    PersonTerm,
    ProcedureRow,
    ProcedureTerm,
    UnitRow,
    UnitTerm,
)

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def edit_tables_of(rows: Rows, release: str) -> EditTables:
    """Pairs, units, persons and procedures, as the file gives them. Rows given first count first."""
    return EditTables(
        EditRows(
            pairs=[
                PairRow(
                    row["kind"],
                    row["setting"],
                    row["column1"],
                    row["column2"],
                    PairTerm(row.get("indicator", ""), row["start"], row.get("end"), release),
                )
                for row in rows.get("pairs", ())
            ],
            units=[
                UnitRow(
                    row["setting"],
                    row["code"],
                    UnitTerm(row["units"], row["mai"], row["start"], row.get("end"), release),
                )
                for row in rows.get("units", ())
            ],
            persons=[
                PersonRow(
                    row["subject"],
                    row["code"],
                    PersonTerm(
                        row.get("sex", ""),
                        row.get("age_from"),
                        row.get("age_under"),
                        row["start"],
                        row.get("end"),
                        release,
                    ),
                )
                for row in rows.get("persons", ())
            ],
            procedures=[
                ProcedureRow(
                    row["code"],
                    ProcedureTerm(
                        row.get("global_days"),
                        row.get("in_package", False),
                        row.get("assistant", ""),
                        row.get("co_surgeon", ""),
                        row.get("components", ""),
                        row["start"],
                        row.get("end"),
                        release,
                    ),
                )
                for row in rows.get("procedures", ())
            ],
        )
    )


def codes_of(rows: Rows, release: str) -> CodeSets:
    """The codes the file gives, by system."""
    return CodeSets(
        CodeRow(row["system"], row["code"], row["start"], row.get("end"), release) for row in rows.get("codes", ())
    )
