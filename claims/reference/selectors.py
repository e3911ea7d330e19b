"""Reference tables as the engine takes them: everything of one release, read once by a process and kept."""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache

from django.db import connection

from claims.core.price_books import PriceRow, books_of
from claims.core.rules import (
    ContractTerm,
    FeeRate,
    NetworkSpan,
    Provider,
    Reference,
    reference_of,
    with_own_contracts,
)
from claims.reference.models import Release

KEPT_RELEASES = 2


def newest_release() -> str | None:
    """The name of the release loaded last, or None when none ever was."""
    return Release.objects.order_by("-number").values_list("name", flat=True).first()


def reference_at(release: str) -> Reference:
    """The tables as of one release. Raises Release.DoesNotExist for a name that is not loaded."""
    found = Release.objects.get(name=release)
    return _reference(connection.settings_dict["NAME"], found.pk, found.number, found.name)


@lru_cache(maxsize=KEPT_RELEASES)
def _reference(database: str, release_id: int, number: int, name: str) -> Reference:
    """Kept by database and key of the release, which no two releases ever share. Loaded price tables go first."""
    loaded = [
        PriceRow(kind, key, json.loads(content), start, end)
        for kind, key, content, start, end in _rows("pricerow", ("kind", "key"), ("content",), number)
    ]
    plain = _plain(number, name)
    return with_own_contracts(plain, books_of(name, loaded)) if loaded else plain


def _plain(number: int, name: str) -> Reference:
    return reference_of(
        release=name,
        providers=(
            Provider(
                npi=npi, tin=tin, taxonomy=taxonomy, is_facility=facility, sanctioned=sanctioned, start=start, end=end
            )
            for npi, tin, taxonomy, facility, sanctioned, start, end in _rows(
                "provider", ("npi", "tin"), ("taxonomy", "is_facility", "sanctioned"), number
            )
        ),
        networks=(
            NetworkSpan(network=network, npi=npi, tin=tin, start=start, end=end)
            for network, npi, tin, start, end in _rows("networkspan", ("network", "npi", "tin"), (), number)
        ),
        terms=(
            ContractTerm(
                network=network,
                npi=npi,
                priority=priority,
                kind=kind,
                codes=codes,
                revenues=revenues,
                bill_types=bill_types,
                method=method,
                schedule=schedule,
                rate_bp=rate_bp,
                amount_cents=amount,
                lesser_of_billed=lesser,
                start=start,
                end=end,
            )
            for (
                network,
                npi,
                priority,
                kind,
                codes,
                revenues,
                bill_types,
                method,
                schedule,
                rate_bp,
                amount,
                lesser,
                start,
                end,
            ) in _rows(
                "contractterm",
                ("network", "npi", "priority"),
                (
                    "kind",
                    "codes",
                    "revenues",
                    "bill_types",
                    "method",
                    "schedule",
                    "rate_bp",
                    "amount_cents",
                    "lesser_of_billed",
                ),
                number,
            )
        ),
        rates=(
            FeeRate(
                schedule=schedule, code=code, modifier=modifier, facility=facility, cents=cents, start=start, end=end
            )
            for schedule, code, modifier, facility, cents, start, end in _rows(
                "feerate", ("schedule", "code", "modifier", "facility"), ("cents",), number
            )
        ),
    )


def _rows(table: str, key: Sequence[str], columns: Sequence[str], number: int) -> Iterator[tuple]:
    """Rows in force up to a release: key, columns, start_date, end_date; the newest release of a key and start alone.

    A row withdrawn by a correction (its end is its start) is left out. Newest release first, then latest start.
    """
    wanted = ", ".join((*key, *columns, "start_date", "end_date"))
    keys = ", ".join(key)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {wanted} FROM (SELECT DISTINCT ON ({keys}, start_date) {wanted}, r.number "  # noqa: S608  (names of ours)
            f"FROM reference_{table} t JOIN reference_release r ON r.id = t.release_id WHERE r.number <= %s "
            f"ORDER BY {keys}, start_date, r.number DESC) AS newest WHERE end_date IS NULL OR end_date > start_date "
            f"ORDER BY number DESC, start_date DESC, {keys}",
            [number],
        )
        yield from cursor.fetchall()
