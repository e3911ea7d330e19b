"""How well claims go, across employers and for each: sums of what the nights told. From public tables only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max, Sum

from tenants.core import quality
from tenants.models import Employer, NightFigure
from tenants.models.employers import ACTIVE

PERIODS = ((1, "last night"), (7, "7 days"), (30, "30 days"), (90, "90 days"))
PAGE = 50
Sums = dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class EmployerQuality:
    """One employer's sums of a period."""

    employer: Employer
    sums: Sums

    @property
    def rates(self) -> tuple[quality.Rate, ...]:
        """As the columns of the table: first night, without a touch, 30 days, financial, payment, procedural accuracy."""
        return rates(self.sums)


@dataclass(frozen=True, slots=True)
class EmployerAmount:
    """One employer's part of one figure."""

    employer: Employer
    amount: int


@dataclass(frozen=True, slots=True)
class AgeRow:
    """A reason or cause with its amounts by class."""

    name: str
    by_class: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.by_class)


def rates(sums: Sums) -> tuple[quality.Rate, ...]:
    """The rates a table shows, in the order of its columns."""
    return (
        quality.first_pass(sums),
        quality.auto_adjudicated(sums),
        quality.within(sums, 30),
        quality.financial_accuracy(sums),
        quality.payment_accuracy(sums),
        quality.procedural_accuracy(sums),
    )


def newest_day() -> date | None:
    """The last business day anybody told figures of."""
    found: date | None = NightFigure.objects.aggregate(newest=Max("business_date"))["newest"]
    return found


def sums_of(days: int, *, employers: Iterable[int] | None = None) -> Sums:
    """What was told over the period that ends with the newest day: flows summed, of stocks each employer's last.

    employers: keys; None for all that are active.
    """
    return _merged(sums_by_employer(days, employers=employers).values()) if employers is not None else _all(days)


def sums_by_employer(days: int, *, employers: Iterable[int] | None) -> dict[int, Sums]:
    """The same for each of these employers."""
    newest = newest_day()
    if newest is None:
        return {}
    chosen = list(employers or ())
    flows = NightFigure.objects.filter(employer__in=chosen, business_date__gt=newest - timedelta(days))
    found: dict[int, Sums] = {}
    for employer, name, bucket, amount in (
        flows.exclude(name__in=quality.STOCKS)
        .values("employer", "name", "bucket")
        .annotate(total=Sum("amount"))
        .values_list("employer", "name", "bucket", "total")
    ):
        found.setdefault(employer, {})[name, bucket] = int(amount)
    for employer, name, bucket, amount in _stocks(newest, chosen):
        found.setdefault(employer, {})[name, bucket] = amount
    return found


def _all(days: int) -> Sums:
    newest = newest_day()
    if newest is None:
        return {}
    flows = NightFigure.objects.filter(employer__status=ACTIVE, business_date__gt=newest - timedelta(days))
    found: Sums = {
        (name, bucket): int(amount)
        for name, bucket, amount in flows.exclude(name__in=quality.STOCKS)
        .values("name", "bucket")
        .annotate(total=Sum("amount"))
        .values_list("name", "bucket", "total")
    }
    active = list(Employer.objects.filter(status=ACTIVE).values_list("pk", flat=True))
    for _, name, bucket, amount in _stocks(newest, active):
        found[name, bucket] = found.get((name, bucket), 0) + amount
    return found


def _stocks(newest: date, employers: Sequence[int]) -> list[tuple[int, str, str, int]]:
    since = newest - timedelta(PERIODS[-1][0])
    asked: dict[str, Any] = {"employers": list(employers), "since": since, "stocks": list(quality.STOCKS)}
    with connection.cursor() as cursor:
        cursor.execute(_STOCKS, asked)
        return cursor.fetchall()


def _merged(parts: Iterable[Sums]) -> Sums:
    whole: Sums = {}
    for part in parts:
        for at, amount in part.items():
            whole[at] = whole.get(at, 0) + amount
    return whole


def employers_page(days: int, *, after: str) -> tuple[tuple[EmployerQuality, ...], str]:
    """Active employers by name with their sums, and where the next page begins ("" at the end). after: a slug."""
    employers, following = _page(after)
    sums = sums_by_employer(days, employers=[each.pk for each in employers])
    return tuple(EmployerQuality(each, sums.get(each.pk, {})) for each in employers), following


def amounts_page(name: str, bucket: str, days: int, *, after: str) -> tuple[tuple[EmployerAmount, ...], str]:
    """One figure by employer, the same way; `bucket` "" sums all buckets."""
    employers, following = _page(after)
    sums = sums_by_employer(days, employers=[each.pk for each in employers])
    return tuple(EmployerAmount(each, _amount(sums.get(each.pk, {}), name, bucket)) for each in employers), following


def _amount(sums: Sums, name: str, bucket: str) -> int:
    return sums.get((name, bucket), 0) if bucket else quality.total(sums, name)


def _page(after: str) -> tuple[list[Employer], str]:
    found = Employer.objects.filter(status=ACTIVE, slug__gt=after).order_by("slug")[: PAGE + 1]
    employers = list(found)
    return employers[:PAGE], employers[PAGE - 1].slug if len(employers) > PAGE else ""


def pends_by_age(sums: Sums) -> tuple[AgeRow, ...]:
    """Open pends by reason, in the classes of `quality.AGES`."""
    found: dict[str, dict[str, int]] = {}
    for (name, bucket), amount in sums.items():
        if name == quality.OPEN_PENDS:
            code, _, age = bucket.partition(".")
            found.setdefault(code, {})[age] = found.get(code, {}).get(age, 0) + amount
    classes = [age for _, age in quality.AGES]
    return tuple(
        AgeRow(code.upper(), tuple(by_age.get(age, 0) for age in classes)) for code, by_age in sorted(found.items())
    )


def rows_of(sums: Sums, name: str, buckets: Iterable[str] | None = None) -> tuple[tuple[str, int], ...]:
    """The buckets of a figure with their amounts, in this order or by name."""
    known = list(buckets) if buckets is not None else sorted(bucket for each, bucket in sums if each == name)
    return tuple((bucket, sums.get((name, bucket), 0)) for bucket in known)


def exported(days: int) -> Iterable[tuple[Any, ...]]:
    """Every figure of the period, as told: (business date, run, employer, name, bucket, amount)."""
    newest = newest_day()
    if newest is None:
        return ()
    told = NightFigure.objects.filter(employer__status=ACTIVE, business_date__gt=newest - timedelta(days))
    return told.order_by("business_date", "run_no", "employer__slug", "name", "bucket").values_list(
        "business_date", "run_no", "employer__slug", "name", "bucket", "amount"
    )


_STOCKS = """
SELECT f.employer_id, f.name, f.bucket, f.amount
  FROM (SELECT DISTINCT ON (employer_id) employer_id, business_date, run_no FROM tenants_nightfigure
         WHERE name = 'finalised' AND employer_id = ANY(%(employers)s::bigint[]) AND business_date > %(since)s
         ORDER BY employer_id, business_date DESC, run_no DESC) last
  JOIN tenants_nightfigure f USING (employer_id, business_date, run_no)
 WHERE f.name = ANY(%(stocks)s)
"""
