"""What payees owe, case by case and by age. What of a case is open follows from what its payee owes the account in all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from claims.core.overpaid import AGES, Case, bucket_of, open_of
from claims.models import OverpaymentCase
from tenants.facade import Actor


@dataclass(frozen=True, slots=True)
class Aged:
    """What is open, by how long ago it was opened; cents and cases by `AGES`."""

    words: str
    cases: int
    cents: int


def visible_to(actor: Actor) -> QuerySet[OverpaymentCase]:
    """Cases of this employer, for staff at its desk; none for anybody else."""
    here = actor.kind == "staff" and actor.grant_uuid is not None and actor.schema_name == connection.schema_name
    return OverpaymentCase.objects.all() if here else OverpaymentCase.objects.none()


def owed_cents(account_id: int, payee_key: str) -> int:
    """What a payee owes an account now: taken back and not taken from him, less what he sent or was forgiven."""
    return max(0, _owed(account_id, payee_key).get((account_id, payee_key), 0))


def open_cents(case: OverpaymentCase) -> int:
    """What of a case is open."""
    return open_by_case(case.funding_account_id, case.payee_key).get(case.pk, 0)


def open_by_case(account_id: int | None = None, payee_key: str | None = None) -> dict[int, int]:
    """Open cents by case, of a payee or of all; cases with nothing open are left out. Two statements."""
    owed = _owed(account_id, payee_key)
    found = OverpaymentCase.objects.all()
    if account_id is not None:
        found = found.filter(funding_account_id=account_id)
    if payee_key is not None:
        found = found.filter(payee_key=payee_key)
    by_payee: dict[tuple[int, str], list[Case]] = {}
    for key, account, payee, cents in found.order_by("pk").values_list(
        "pk", "funding_account_id", "payee_key", "cents"
    ):
        by_payee.setdefault((account, payee), []).append(Case(key, cents))
    opened: dict[int, int] = {}
    for whose, cases in by_payee.items():
        opened |= open_of(cases, owed.get(whose, 0))
    return opened


def ageing(opened: Mapping[int, int], *, on: date) -> tuple[Aged, ...]:
    """Open cases by age in days, as of a day."""
    sums: dict[str, list[int]] = {words: [0, 0] for _, words in AGES}
    rows = OverpaymentCase.objects.filter(pk__in=list(opened)).values_list("pk", "opened_on")
    for key, opened_on in rows:
        total = sums[bucket_of((on - opened_on).days)]
        total[0] += 1
        total[1] += opened[key]
    return tuple(Aged(words, cases, cents) for words, (cases, cents) in sums.items())


def _owed(account_id: int | None, payee_key: str | None) -> dict[tuple[int, str], int]:
    with connection.cursor() as cursor:
        cursor.execute(_OWED, {"account": account_id, "payee": payee_key})
        return {(account, payee): cents for account, payee, cents in cursor.fetchall()}


_OWED = """
SELECT funding_account_id, payee_key, -sum(cents)::bigint FROM (
    SELECT funding_account_id, payee_key, cents FROM claims_paymentadjustment WHERE reason IN ('FB', 'WO', '72', 'CS')
    UNION ALL
    SELECT funding_account_id, payee_key, cents FROM claims_payeecredit) AS moved
 WHERE (%(account)s::bigint IS NULL OR funding_account_id = %(account)s)
   AND (%(payee)s::varchar IS NULL OR payee_key = %(payee)s)
 GROUP BY 1, 2 HAVING sum(cents) <> 0
"""
