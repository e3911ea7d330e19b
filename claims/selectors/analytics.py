"""Totals the employer may see. Never a person: groups under eleven people are absent, and no total includes them.

45 CFR 164.504(f) lets a plan sponsor see summary health information; the smallest cell of eleven follows the CMS cell
size policy. Only whole past months are told, and one breakdown only, so that no two figures differ by a person's claim.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Sum

from aso_portal.kernel.periods import add_months
from claims.models import FundingRequest, PaymentAllocation
from tenants.core.roles import Role
from tenants.facade import Actor

SMALLEST_GROUP = 11
MONTHS = 12
RUNS = 12


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """What the plan paid out in a month, over at least eleven people. Approved and not yet released is not paid."""

    month: date
    paid_cents: int


@dataclass(frozen=True, slots=True)
class FundingRun:
    """What one run asked of one account, and what was released. Open: due and not yet released."""

    business_date: date
    account: str
    due_cents: int
    paid_cents: int

    @property
    def open_cents(self) -> int:
        return max(0, self.due_cents - self.paid_cents)


def month_totals(actor: Actor, *, day: date) -> tuple[MonthTotal, ...]:
    """The last twelve whole months before `day` in which claims of at least eleven people were paid; oldest first. HR only."""
    if not (actor.is_hr and actor.schema_name == connection.schema_name):
        return ()
    this_month = day.replace(day=1)
    rows = (
        PaymentAllocation.objects.filter(
            cents__gt=0,
            payment__night__business_date__gte=add_months(this_month, -MONTHS),
            payment__night__business_date__lt=this_month,
        )
        .values("payment__night__business_date__year", "payment__night__business_date__month")
        .annotate(people=Count("version__person", distinct=True), paid=Sum("cents"))
        .filter(people__gte=SMALLEST_GROUP)
        .order_by("payment__night__business_date__year", "payment__night__business_date__month")
        .values_list("payment__night__business_date__year", "payment__night__business_date__month", "paid")
    )
    return tuple(MonthTotal(date(year, month, 1), paid) for year, month, paid in rows)


def funding_runs(actor: Actor, *, size: int = RUNS) -> tuple[FundingRun, ...] | None:
    """Total due and paid per account and run, newest first, without any breakdown; None but for the finance role."""
    if not (actor.has(Role.HR_FINANCE) and actor.is_hr and actor.schema_name == connection.schema_name):
        return None
    rows = (
        FundingRequest.objects.annotate(released=Sum("releases__cents"))
        .order_by("-night__business_date", "-pk")
        .values_list("night__business_date", "funding_account__name", "requested_cents", "released")
    )
    return tuple(FundingRun(day, account, due, paid or 0) for day, account, due, paid in rows[:size])
