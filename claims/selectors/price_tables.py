"""Contracts and price tables as the engine takes them: the shared ones of a release, and the employer's own."""

import json
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from django.db import connection

from claims.core.price_books import PRICE_KINDS, books_of
from claims.core.price_books import PriceRow as StoredRow
from claims.core.price_tables import PriceTables, row_of, tables_of, with_own
from claims.core.rules import OwnContracts
from claims.reference.models import Release
from claims.selectors.edit_tables import OWN, SHARED, OwnLoad, Place, newest_own_load, own_loads, rows_up_to

KEPT_EMPLOYERS = 16


def own_contracts_at(own: tuple[OwnLoad, ...]) -> OwnContracts | None:
    """What the employer's own loads say about contracts and prices; None where none of them does."""
    mine = tuple(load for load in own if load.kind in PRICE_KINDS)
    if not mine:
        return None
    return _own_contracts(connection.settings_dict["NAME"], connection.schema_name, mine)


@lru_cache(maxsize=KEPT_EMPLOYERS)
def _own_contracts(database: str, schema_name: str, mine: tuple[OwnLoad, ...]) -> OwnContracts:
    return books_of(" ".join(f"{load.name}:{load.sha256}" for load in mine), _rows(mine[-1].number))


def authority_limits(on: date) -> dict[str, int]:
    """The employer's ceilings by role in force on a day, in cents."""
    contracts = own_contracts_at(own_loads(newest_own_load()))
    rows = contracts.prices.rows.get("authority", {}) if contracts is not None else {}
    found: dict[str, int] = {}
    for key, limits in rows.items():
        for limit in limits:
            if limit.start <= on and (limit.end is None or on < limit.end):
                found.setdefault(key[0], limit.limit_cents)
    return found


def employers_setting(name: str, on: date) -> str:
    """The employer's choice of `claims.core.price_tables.SETTINGS` on a day, or the one that holds where none was made."""
    newest = newest_own_load()
    contracts = own_contracts_at(own_loads(newest)) if newest else None
    return (contracts.prices if contracts is not None else PriceTables()).setting(name, on)


def tax_tables_at(release: str, own_tables: int) -> PriceTables:
    """What the shared tables of a release and the employer's own up to a load say of payees' taxes. Two statements."""
    number = Release.objects.filter(name=release).values_list("number", flat=True).first()
    shared = tables_of(_tax_rows(SHARED, number)) if number is not None else PriceTables()
    return with_own(shared, tables_of(_tax_rows(OWN, own_tables))) if own_tables else shared


def _tax_rows(at: Place, number: int) -> Iterator[tuple[str, object]]:
    table = f"(SELECT * FROM {at.prices} WHERE kind IN ('tax_statuses', 'settings'))"  # noqa: S608  (names of ours)
    for kind, _, content, start, end, _ in rows_up_to(at, table, ("kind", "key"), ("content",), number):
        yield kind, row_of(kind, json.loads(content), start, end)


def _rows(number: int) -> Iterator[StoredRow]:
    for kind, key, content, start, end, _ in rows_up_to(OWN, OWN.prices, ("kind", "key"), ("content",), number):
        yield StoredRow(kind, key, json.loads(content), start, end)
