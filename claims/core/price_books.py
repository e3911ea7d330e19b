"""Loaded price tables put together: a contract's terms, fees and networks, and the tables they price by."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from claims.core.price_tables import KINDS, Kind, row_of, tables_of
from claims.core.rules import ContractTerm, FeeRate, NetworkSpan, OwnContracts

CONTRACT_KINDS: Mapping[str, Kind] = {
    "terms": Kind(ContractTerm, ("network", "npi", "priority")),
    "fees": Kind(FeeRate, ("schedule", "code", "modifier", "facility", "locality")),
    "networks": Kind(NetworkSpan, ("network", "npi", "tin")),
}
PRICE_KINDS: Mapping[str, Kind] = {**CONTRACT_KINDS, **KINDS}
EMPLOYERS_ONLY = frozenset(("qualifying_amounts", "recognized_amounts", "authority", "settings"))
"""Kinds that only make sense for one employer."""


class PriceRow(NamedTuple):
    """One stored row: its table, what names it within (joined), its columns, and the days [start, end) it is in force."""

    kind: str
    key: str
    content: Mapping[str, Any]
    start: date
    end: date | None


def books_of(name: str, rows: Iterable[PriceRow]) -> OwnContracts:
    """Stored rows as the engine takes them; of rows for one day the first given counts. Raises BadPriceRow."""
    found: dict[str, list[Any]] = {kind: [] for kind in CONTRACT_KINDS}
    tables: list[tuple[str, Any]] = []
    for row in rows:
        made = row_of(row.kind, row.content, row.start, row.end, PRICE_KINDS)
        if row.kind in found:
            found[row.kind].append(made)
        else:
            tables.append((row.kind, made))
    return OwnContracts(
        name=name,
        terms=tuple(found["terms"]),
        rates=tuple(found["fees"]),
        networks=tuple(found["networks"]),
        prices=tables_of(tables),
    )
