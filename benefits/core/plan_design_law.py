"""What the law forbids a plan design. Each refusal says why, names the rule's source and the place in the document."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from aso_portal.kernel.dated import DatedRow, NoFigure
from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.money import dollars
from benefits.core.limits import (
    HDHP_MINIMUM_DEDUCTIBLE,
    HDHP_OUT_OF_POCKET_MAXIMUM,
    OUT_OF_POCKET_MAXIMUM,
    SelfOnlyAndFamily,
)
from benefits.core.plan_design import (
    DEDUCTIBLE,
    EMBEDDED,
    OUT_OF_POCKET,
    OWN_SHARE,
    PLAN_PAID,
    Accumulator,
    Category,
    CostShare,
    PlanDesign,
)

HDHP_LAW = "26 U.S.C. 223(c)(2)"
HDHP_OTHERS_MONEY = "26 U.S.C. 223(c)(2), Notice 2004-50 Q&A 9"
NO_DOLLAR_LIMITS = "45 CFR 147.126, 29 CFR 2590.715-2711"
PREVENTIVE_LAW = "45 CFR 147.130, 29 CFR 2590.715-2713"
OUT_OF_POCKET_LAW = "42 U.S.C. 300gg-6(b), 45 CFR 156.130"


class Refusal(NamedTuple):
    """Why a design may not be published: where in the document, what is wrong, and the rule it breaks."""

    pointer: str
    message: str
    source: str


class UnlawfulDesign(DomainError):
    """The law forbids this design. `refusals` lists every reason found."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        self.refusals = refusals
        super().__init__("; ".join(f"{each.pointer}: {each.message} ({each.source})" for each in refusals))


def check_lawful(design: PlanDesign) -> None:
    """Refuse a design the law forbids in a plan year it is surely in force. Raises UnlawfulDesign.

    A design with an end is checked for every plan year it touches; one without for the plan year it starts in: figures
    of later years are checked when a claim of that year arrives.
    """
    found: dict[Refusal, None] = {}
    for start in plan_years(design):
        found |= dict.fromkeys(refusals(design, start))
    if found:
        raise UnlawfulDesign(tuple(found))


def plan_years(design: PlanDesign) -> list[date]:
    """First days of the plan years to check before publication."""
    starts = [design.plan_year.start_of(design.start)]
    while design.end is not None:
        following = date(starts[-1].year + 1, starts[-1].month, starts[-1].day)
        if following >= design.end:
            break
        starts.append(following)
    return starts


def refusals(design: PlanDesign, plan_year_start: date) -> tuple[Refusal, ...]:
    """Everything the law forbids in `design` for the plan year that starts on `plan_year_start`.

    Dental and vision designs are excepted benefits (45 CFR 146.145(b)) and only have to be readable.
    """
    if design.line_of_coverage != "medical":
        return ()
    found = [*_dollar_limits(design), *_preventive(design), *_uncounted_cost_share(design)]
    try:
        found += _out_of_pocket(design, plan_year_start)
        if design.hdhp:
            found += [*_before_deductible(design), *_others_money(design), *_hdhp_amounts(design, plan_year_start)]
            found += _drugs_outside_the_deductible(design)
    except NoFigure as missing:
        found.append(Refusal("/effective", str(missing), "a statutory figure is never guessed"))
    return tuple(found)


def _in_network(design: PlanDesign) -> list[str]:
    return [tier.key for tier in design.tiers if not tier.out_of_network]


def _dollar_limits(design: PlanDesign) -> Iterator[Refusal]:
    essential = {category.key for category in design.categories if category.essential}
    for place, limit in enumerate(design.limits):
        named = sorted(essential.intersection(limit.categories))
        if limit.measure == PLAN_PAID and named:
            period = limit.period.replace("_", " ")
            message = f"a dollar maximum per {period} on essential health benefits ({', '.join(named)}) is not allowed"
            yield Refusal(f"/limits/{place}", f"{message}. Limit visits, or take these out", NO_DOLLAR_LIMITS)


def _preventive(design: PlanDesign) -> Iterator[Refusal]:
    if design.grandfathered:
        return
    found = False
    for place, category in enumerate(design.categories):
        if not category.preventive:
            continue
        found = True
        for tier in _in_network(design):
            share = category.cost_share[tier]
            if not share.covered or _member_bears(share):
                at = f"/categories/{place}/cost_share/{tier}"
                yield Refusal(at, "preventive care in network must cost the member nothing", PREVENTIVE_LAW)
    if not found:
        yield Refusal(
            "/categories",
            "a plan that is not grandfathered needs a preventive category paid in full in network",
            PREVENTIVE_LAW,
        )


def _member_bears(share: CostShare) -> bool:
    return share.deductible or bool(share.copay_cents or share.coinsurance_bp or share.allowance_cents is not None)


def _uncounted_cost_share(design: PlanDesign) -> Iterator[Refusal]:
    """In network, what a member bears for an essential benefit counts to a limit; everything else may stay outside."""
    if design.grandfathered:
        return
    for place, category in enumerate(design.categories):
        for tier in _in_network(design) if category.essential else ():
            share = category.cost_share[tier]
            at = f"/categories/{place}/cost_share/{tier}"
            if not share.covered or not _member_bears(share):
                continue
            if not share.out_of_pocket or design.accumulator_for(OUT_OF_POCKET, category.key, tier) is None:
                message = f"what members bear for {category.key} in network must count to an out-of-pocket limit"
                yield Refusal(at, message, OUT_OF_POCKET_LAW)


def _network_limits(design: PlanDesign, kind: str) -> list[tuple[int, Accumulator]]:
    """Accumulators of a kind that apply in network, with their places in the document."""
    tiers = set(_in_network(design))
    return [
        (place, each)
        for place, each in enumerate(design.accumulators)
        if each.kind == kind and tiers.intersection(each.tiers)
    ]


def _above(
    limits: list[tuple[int, Accumulator]],
    figure: DatedRow[SelfOnlyAndFamily],
    what: str,
    source: str,
    two_way: bool,
    person_ceiling: int,
) -> Iterator[Refusal]:
    """Limits above the figure. Separate limits that do not count toward each other are added up first.

    An aggregate family limit may lie above the self-only figure: the engine stops each person there.
    """
    if not limits:
        return
    pick = max if two_way else sum
    place = limits[0][0]
    for label, amount, ceiling in (
        ("self-only coverage", pick(each.self_only_cents for _, each in limits), figure.figure.self_only),
        ("a family", pick(each.family_cents for _, each in limits), figure.figure.family),
        ("one person in a family", pick(each.person_in_family_cents or 0 for _, each in limits), person_ceiling),
    ):
        if amount > ceiling:
            message = f"{what} for {label} is {dollars(amount)}, above {dollars(ceiling)} for plan years starting"
            yield Refusal(f"/accumulators/{place}", f"{message} in {figure.start.year}", f"{source}; {figure.source}")


def _out_of_pocket(design: PlanDesign, plan_year_start: date) -> Iterator[Refusal]:
    if design.grandfathered:
        return
    figure = OUT_OF_POCKET_MAXIMUM.row_on(plan_year_start)
    two_way = design.crossing.get(OUT_OF_POCKET) == "two_way"
    limits = _network_limits(design, OUT_OF_POCKET)
    what, person = "the out-of-pocket limit in network", figure.figure.self_only
    yield from _above(limits, figure, what, OUT_OF_POCKET_LAW, two_way, person_ceiling=person)


def _before_deductible(design: PlanDesign) -> Iterator[Refusal]:
    for place, category in enumerate(design.categories):
        if category.preventive or category.hdhp_safe_harbor:
            continue
        for tier, share in category.cost_share.items():
            if share.covered:
                yield from _paid_too_early(design, category, tier, share, f"/categories/{place}/cost_share/{tier}")


def _paid_too_early(design: PlanDesign, category: Category, tier: str, share: CostShare, at: str) -> Iterator[Refusal]:
    if not share.deductible or design.accumulator_for(DEDUCTIBLE, category.key, tier) is None:
        yield Refusal(at, f"an HDHP pays nothing for {category.key} before its deductible is met", HDHP_LAW)
    elif share.copay_cents and share.copay_timing == "before_deductible":
        message = (
            f"a copay before the deductible for {category.key} is not allowed in an HDHP. Take it after, or drop it"
        )
        yield Refusal(at, message, HDHP_LAW)


def _others_money(design: PlanDesign) -> Iterator[Refusal]:
    if design.coordination is not None and design.coordination.accumulator_credit == OWN_SHARE:
        message = "an HDHP's deductible counts what the member owes, not what another plan paid. Credit member_owes"
        yield Refusal("/coordination/accumulator_credit", message, HDHP_OTHERS_MONEY)


def _drugs_outside_the_deductible(design: PlanDesign) -> Iterator[Refusal]:
    if design.pharmacy is not None and not design.pharmacy.deductible:
        message = "a high-deductible plan's drugs fall under its deductible: name the one they share"
        yield Refusal("/pharmacy", message, HDHP_LAW)


def _hdhp_amounts(design: PlanDesign, plan_year_start: date) -> Iterator[Refusal]:
    least = HDHP_MINIMUM_DEDUCTIBLE.row_on(plan_year_start)
    source = f"{HDHP_LAW}; {least.source}"
    for place, each in enumerate(design.accumulators):
        if each.kind != DEDUCTIBLE:
            continue
        amounts = [
            ("self-only deductible", each.self_only_cents, least.figure.self_only),
            ("family deductible", each.family_cents, least.figure.family),
        ]
        if each.family_rule == EMBEDDED:
            amounts.append(
                ("one person's deductible in a family", each.person_in_family_cents or 0, least.figure.family)
            )
        for what, amount, floor in amounts:
            if amount < floor:
                message = f"the HDHP's {what} is {dollars(amount)}, below {dollars(floor)} for {least.start.year}"
                yield Refusal(f"/accumulators/{place}", message, source)
    most = HDHP_OUT_OF_POCKET_MAXIMUM.row_on(plan_year_start)
    two_way = design.crossing.get(OUT_OF_POCKET) == "two_way"
    limits = _network_limits(design, OUT_OF_POCKET)
    if not limits:
        yield Refusal("/accumulators", "an HDHP needs an out-of-pocket limit in network", f"{HDHP_LAW}; {most.source}")
    what = "the HDHP's out-of-pocket limit in network"
    yield from _above(limits, most, what, HDHP_LAW, two_way, person_ceiling=most.figure.family)
