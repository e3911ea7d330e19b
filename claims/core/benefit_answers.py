"""What a provider is told about a person's coverage: the values of a 271, from the plan in force and the ledger.

Base amounts are the plan's limits, remaining ones limit minus ledger, never below zero. Worked table:
docs/domain/edi_answers.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from aso_portal.kernel.periods import add_months
from benefits.core.coverage import COBRA_UNPAID, DENTAL, MEDICAL, VISION
from benefits.core.plan_design import (
    ADMISSION,
    DAY,
    DAYS,
    DEDUCTIBLE,
    LIFETIME,
    PLAN_PAID,
    UNITS,
    VISIT,
    VISITS,
    BenefitLimit,
    Category,
    PlanDesign,
)
from claims.core.service_types import GENERAL, TOLD_WITH_GENERAL, WHOLE_LINE, categories_for, line_asked
from claims.core.standing import Standing, Used

ACTIVE, PENDING, INACTIVE = "1", "5", "6"
COINSURANCE, COPAY, DEDUCTIBLE_IS, LIMITATION, OUT_OF_POCKET_IS, NOT_COVERED = "A", "B", "C", "F", "G", "I"
PERSON, FAMILY = "IND", "FAM"
CALENDAR_YEAR, SERVICE_YEAR, REMAINING, WHOLE_LIFE, LIFE_REMAINING = "23", "22", "29", "32", "33"
IN_NETWORK, OUTSIDE, EITHER = "Y", "N", "W"

_COPAY_PER = {VISIT: "27", DAY: "7", ADMISSION: "36"}
_COUNTED_AS = {VISITS: "VS", DAYS: "DY", UNITS: "P6"}
_TITLE = {MEDICAL: GENERAL, DENTAL: "35", VISION: "AL"}

UNPAID = "PREMIUM NOT PAID YET: COVERAGE MAY END RETROACTIVELY"
"""A qualified beneficiary's rights during the grace period must be told whole (26 CFR 54.4980B-8, Q&A-5(c))."""

OLDEST_MONTHS = 12
DAY_TOO_OLD, DAY_TO_COME, BORN_LATER = "62", "63", "60"


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """One EB loop. Cents, basis points and counts are None where the loop has none; `ends` is the first day after.

    code: EB01. level: IND, FAM or "". period: EB06. counted_as: EB09. network: Y, N, W or "" (EB12).
    """

    code: str
    service_types: tuple[str, ...]
    level: str = ""
    plan: str = ""
    period: str = ""
    cents: int | None = None
    share_bp: int | None = None
    counted_as: str = ""
    count: int | None = None
    network: str = ""
    begins: date | None = None
    ends: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStanding:
    """A person's coverage of one line on a day: his plan, and what is used of its limits.

    standings: of deductibles and out-of-pocket limits. used: of benefit limits, by key, in the period each counts in.
    `ends` is exclusive; design None: covered, and no design is published for the day.
    """

    line_of_coverage: str
    plan: str
    begins: date
    ends: date | None
    state: str
    self_only: bool
    design: PlanDesign | None
    standings: Sequence[Standing] = ()
    used: Mapping[str, Used] = field(default_factory=dict)


def refused_day(day: date, *, today: date, birth_date: date | None = None) -> str:
    """The AAA code for a day that may not be asked about, "" when it may.

    From twelve months back to the end of the present month (CORE rule 154), and not before the patient was born.
    """
    if day < add_months(today, -OLDEST_MONTHS):
        return DAY_TOO_OLD
    if day >= add_months(today.replace(day=1), 1):
        return DAY_TO_COME
    return BORN_LATER if birth_date is not None and day < birth_date else ""


def benefits_told(asked: Iterable[str], lines: Mapping[str, LineStanding]) -> list[Benefit]:
    """Every EB loop of an answer: what was asked, and with 30 what belongs to it.

    asked: service type codes; none stands for 30. lines: by line of coverage, those the person is covered by.
    A code the plan has no category for is answered as 30, after its own status.
    """
    codes = list(dict.fromkeys(asked)) or [GENERAL]
    if GENERAL in codes:
        codes = list(dict.fromkeys([*codes, *(code for code in TOLD_WITH_GENERAL if _tells(code, lines))]))
    found: list[Benefit] = []
    whole: set[str] = set()
    for code in codes:
        standing = lines.get(line_asked(code))
        if standing is None:
            found.append(Benefit(code=INACTIVE, service_types=(code,)))
            continue
        categories = categories_for(standing.design, code) if standing.design else ()
        if categories and not any(share.covered for one in categories for share in one.cost_share.values()):
            found.append(Benefit(code=NOT_COVERED, service_types=(code,)))
            continue
        found.append(_status(code, standing))
        if standing.design is None:
            continue
        if standing.line_of_coverage not in whole:
            whole.add(standing.line_of_coverage)
            found += _whole_plan(standing, standing.design)
        for category in categories:
            found += _of_category(code, category, standing, standing.design)
    return found


def _tells(code: str, lines: Mapping[str, LineStanding]) -> bool:
    standing = lines.get(line_asked(code))
    if standing is None or standing.design is None:
        return False
    return code in WHOLE_LINE or bool(categories_for(standing.design, code))


def _status(code: str, standing: LineStanding) -> Benefit:
    unpaid = standing.state == COBRA_UNPAID
    return Benefit(
        code=PENDING if unpaid else ACTIVE,
        service_types=(code,),
        plan=standing.plan,
        begins=standing.begins,
        ends=standing.ends,
        note=UNPAID if unpaid else "",
    )


def _whole_plan(standing: LineStanding, design: PlanDesign) -> Iterator[Benefit]:
    """Deductibles and out-of-pocket limits that are not for some categories only."""
    title = (_TITLE[standing.line_of_coverage],)
    of = {each.key: each for each in design.accumulators}
    for each in standing.standings:
        if not of[each.key].categories:
            yield from _amounts(each, title, design, of[each.key].tiers)


def _amounts(
    standing: Standing, service_types: tuple[str, ...], design: PlanDesign, tiers: Sequence[str]
) -> Iterator[Benefit]:
    """The base amount and what remains of it, for the person and for the family."""
    code = DEDUCTIBLE_IS if standing.kind == DEDUCTIBLE else OUT_OF_POCKET_IS
    for level, limit, used in (
        (PERSON, standing.person_limit, standing.used.person),
        (FAMILY, standing.family_limit, standing.used.family),
    ):
        if limit is None:
            continue
        for period, cents in ((_year(design), limit), (REMAINING, max(0, limit - used))):
            yield Benefit(
                code=code,
                level=level,
                service_types=service_types,
                period=period,
                cents=cents,
                network=_network(design, tiers),
                note=standing.name,
            )


def _of_category(code: str, category: Category, standing: LineStanding, design: PlanDesign) -> Iterator[Benefit]:
    """Copay, coinsurance, a deductible of its own (or none) and limits of one category, tier by tier."""
    title = (code,)
    known = {each.key: each for each in standing.standings}
    for tier in design.tiers:
        share, network = category.cost_share[tier.key], _network(design, (tier.key,))
        told = partial(Benefit, service_types=title, network=network, note=category.name)
        if not share.covered:
            yield told(code=NOT_COVERED)
            continue
        if share.copay_cents:
            per = _COPAY_PER.get(share.copay_basis, "")
            yield told(code=COPAY, level=PERSON, period=per, cents=share.copay_cents)
        if share.coinsurance_bp or not share.copay_cents:
            yield told(code=COINSURANCE, level=PERSON, share_bp=share.coinsurance_bp)
        applies = design.accumulator_for(DEDUCTIBLE, category.key, tier.key)
        if applies is None:
            continue
        if not share.deductible:
            yield told(code=DEDUCTIBLE_IS, level=PERSON, period=_year(design), cents=0)
        elif applies.categories and applies.key in known:
            yield from _amounts(known[applies.key], title, design, applies.tiers)
    for limit in design.limits:
        if category.key in limit.categories:
            yield from _limit(limit, title, standing.used.get(limit.key, Used()), design)


def _limit(limit: BenefitLimit, title: tuple[str, ...], used: Used, design: PlanDesign) -> Iterator[Benefit]:
    base, rest = (WHOLE_LIFE, LIFE_REMAINING) if limit.period == LIFETIME else (_year(design), REMAINING)
    for level, most, gone in ((PERSON, limit.per_person, used.person), (FAMILY, limit.per_family, used.family)):
        if most is None:
            continue
        for period, amount in ((base, most), (rest, max(0, most - gone))):
            in_money = limit.measure == PLAN_PAID
            yield Benefit(
                code=LIMITATION,
                level=level,
                service_types=title,
                period=period,
                cents=amount if in_money else None,
                counted_as="" if in_money else _COUNTED_AS[limit.measure],
                count=None if in_money else amount,
                network=_network(design, limit.tiers),
                note=limit.name,
            )


def _year(design: PlanDesign) -> str:
    return CALENDAR_YEAR if (design.benefit_period.month, design.benefit_period.day) == (1, 1) else SERVICE_YEAR


def _network(design: PlanDesign, tiers: Sequence[str]) -> str:
    outside = {tier.out_of_network for tier in design.tiers if tier.key in tiers}
    if len(outside) > 1:
        return EITHER
    return OUTSIDE if True in outside else IN_NETWORK
