"""What holds for every dental and authorised claim: no cent is lost, no frequency or authorisation passed, all undone."""

import json
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from aso_portal.kernel.periods import add_months
from benefits.core.plan_design_care import MONTHS, PERSON, YEARLY_WINDOWS
from claims.core.adjudication import adjudicate_family
from claims.core.care_books import Care
from claims.core.care_values import Authorization, CareOnFile, Treatment
from claims.core.claim import DentalRecord
from claims.core.frequencies import _keys
from claims.core.reversals import reverse
from claims.core.rules import ContractTerm, FeeRate
from claims.core.teeth import Part, arches_of, quadrant_of, quadrants_of
from tests.factories.engine import (
    ALMA,
    BEN,
    CLINIC,
    LONG_AGO,
    claim,
    facts,
    family,
    line,
    person,
    reference,
    rules,
    span,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "care"
TERMS = [
    ContractTerm(network="HARBOR", priority=1, method="fee_schedule", schedule="HARBOR", start=LONG_AGO),
    ContractTerm(network="HARBOR", priority=2, method="percent_of_billed", rate_bp=6_667, start=LONG_AGO),
]
FEES = [
    FeeRate(schedule="HARBOR", code=code, cents=cents, start=LONG_AGO)
    for code, cents in (("DZ110", 9_001), ("DZ150", 4_003), ("DZ210", 9_999), ("DZ310", 20_001), ("SZ110", 3_333))
]
DOCUMENTS = {name: json.loads((GOLDEN / f"{name}.json").read_text()) for name in ("dental", "asked")}
BOOKS = {name: rules(each, reference(terms=TERMS, rates=FEES)) for name, each in DOCUMENTS.items()}
DESIGN = BOOKS["dental"].designs[7][0].compiled
START = date(2026, 1, 1)

teeth = st.sampled_from(("", "3", "8", "14", "3,14", "3,4,19"))
services = st.builds(
    lambda code, tooth, surfaces, area, units, billed, day: {
        "code": code,
        "tooth": tooth,
        "surfaces": ",".join([surfaces] * (1 + tooth.count(","))) if tooth else "",
        "cavity": "" if tooth else area,
        "units_thousandths": units,
        "billed": billed,
        "day": START + timedelta(days=day),
    },
    st.sampled_from(
        ("DZ110", "DZ120", "DZ150", "DZ210", "DZ230", "DZ310", "DZ510", "DZ530", "DZ620", "DZ710", "DZ810")
    ),
    teeth,
    st.sampled_from(("M", "MO", "BD", "F")),
    st.sampled_from(("", "10", "10,20", "01", "00")),
    st.sampled_from((1_000, 2_000, 3_500)),
    st.integers(0, 150_000),
    st.integers(0, 700),
)
visits = st.lists(
    st.tuples(st.sampled_from((ALMA, BEN)), st.lists(services, min_size=1, max_size=4), st.booleans()), max_size=7
)


def dental_unit(made):
    people = [person(ALMA), person(BEN, birth_date=date(2014, 5, 1))]
    claims = [
        facts(
            claim(
                *[line(at, **dict(one)) for at, one in enumerate(lines, 1)],
                kind="D",
                predetermination=estimate,
                dental=DentalRecord(missing=("3",), orthodontic_months=7),
            ),
            seq=number,
            who=who,
            received=date(2028, 1, 1) if estimate else None,
        )
        for number, (who, lines, estimate) in enumerate(made, 1)
    ]
    return family(*claims, people=people, spans=[span(each, line_of_coverage="dental") for each in (ALMA, BEN)])


@settings(deadline=None)
@given(visits)
def test_no_cent_is_lost_and_estimates_add_nothing(made):
    for decision in adjudicate_family(dental_unit(made), BOOKS["dental"]):
        for each in decision.lines:
            assert each.billed_cents == each.paid_cents + sum(reason.cents for reason in each.adjustments)
            assert min(each.paid_cents, each.member_cents, each.eligible_cents, each.allowed_cents) >= 0
        if decision.care is not None and decision.care.estimate is not None:
            assert decision.entries == () and not (decision.care.uses or decision.care.treatments)
            assert decision.care.estimate.plan_cents == sum(
                reason.cents for each in decision.lines for reason in each.adjustments if reason.carc == "101"
            )
            assert decision.paid_cents == 0


@settings(deadline=None)
@given(visits)
def test_the_parts_of_a_course_are_its_fee(made):
    for decision in adjudicate_family(dental_unit(made), BOOKS["dental"]):
        if decision.care is None or decision.care.estimate is not None:
            continue
        for each in decision.lines:
            expected = sum(reason.cents for reason in each.adjustments if reason.carc == "101")
            later = [one.cents for one in decision.care.installments if one.line_number == each.number]
            assert sum(later) == expected and all(cents > 0 for cents in later)


def most_at_once(rule, days):
    """The fullest window of a rule over days in order, found by trying each as its first."""
    if rule.window == MONTHS:
        return max(
            (sum(n for other, n in days if day <= other < add_months(day, rule.months)) for day, _ in days), default=0
        )
    assert rule.window in YEARLY_WINDOWS and DESIGN.design.benefit_period.month == 1
    return max(
        (sum(n for other, n in days if day.year <= other.year < day.year + rule.periods) for day, _ in days), default=0
    )


@settings(deadline=None)
@given(visits)
def test_decisions_never_pass_a_frequency(made):
    done = [
        each
        for decision in adjudicate_family(dental_unit(made), BOOKS["dental"])
        for each in (decision.care.treatments if decision.care is not None else ())
    ]
    for rule in DESIGN.design.frequencies:
        counted = [each for each in done if DESIGN.care.counts(rule, each.code, each.category)]
        for who in (ALMA, BEN):
            own = [each for each in counted if each.person_id == who]
            if rule.per == PERSON:
                assert most_at_once(rule, [(each.day, each.quantity) for each in own]) <= rule.times
                continue
            by_key: dict[str, set[tuple[date, str, int]]] = {}
            for each in own:
                for key in _keys(Part(each.tooth, each.surfaces, each.area, 1), rule.per):
                    by_key.setdefault(key, set()).add((each.day, each.source, each.line_number))
            for lines in by_key.values():
                assert most_at_once(rule, [(day, 1) for day, _, _ in lines]) <= rule.times


asked = st.lists(
    st.tuples(st.integers(0, 40), st.lists(st.tuples(st.sampled_from((0, 1_000, 2_500, 4_000)), st.integers(0, 20_000)),
                                           min_size=1, max_size=3)),
    max_size=6,
)  # fmt: skip
grants = st.lists(
    st.tuples(st.sampled_from(("units", "visits", "days")), st.integers(0, 6), st.integers(5, 60)),
    min_size=1,
    max_size=3,
)


def asked_unit(made, granted):
    claims = [
        facts(
            claim(
                *[
                    line(at, "SZ110", billed, day=START + timedelta(days=day), units_thousandths=units)
                    for at, (units, billed) in enumerate(lines, 1)
                ]
            ),
            seq=number,
        )
        for number, (day, lines) in enumerate(made, 1)
    ]
    unit = family(*claims)
    unit.care = CareOnFile(
        authorizations=[
            Authorization(
                authorization_id=place,
                number=f"PA-{place}",
                person_id=ALMA,
                requested_on=START,
                start=START,
                end=START + timedelta(days=days),
                measure=measure,
                granted=amount,
                codes=(("SZ110", "SZ110"),),
            )
            for place, (measure, amount, days) in enumerate(granted, 1)
        ]
    )
    return unit


@settings(deadline=None)
@given(asked, grants)
def test_decisions_never_use_more_than_was_granted(made, granted):
    unit = asked_unit(made, granted)
    used: dict[int, int] = {}
    for decision in adjudicate_family(unit, BOOKS["asked"]):
        for each in decision.lines:
            assert each.billed_cents == each.paid_cents + sum(reason.cents for reason in each.adjustments)
        for use in decision.care.uses if decision.care is not None else ():
            assert use.amount > 0
            used[use.authorization_id] = used.get(use.authorization_id, 0) + use.amount
    assert all(used.get(each.authorization_id, 0) <= each.granted for each in unit.care.authorizations)


@settings(deadline=None)
@given(asked, grants)
def test_a_reversal_restores_the_authorisations_exactly(made, granted):
    unit = asked_unit(made, granted)
    decisions = adjudicate_family(unit, BOOKS["asked"])
    uses = [use for decision in decisions if decision.care is not None for use in decision.care.uses]
    back = [use for each in decisions if each.outcome != "pend" and each.care for use in reverse(each).care.uses]
    book = Care(CareOnFile(authorizations=unit.care.authorizations, uses=[*uses, *back])).authorizations
    fresh = Care(CareOnFile(authorizations=unit.care.authorizations)).authorizations
    assert [book.left(each) for each in book.of(ALMA)] == [fresh.left(each) for each in fresh.of(ALMA)]
    assert not any(
        book.counted(each, START + timedelta(days=day), CLINIC) for each in book.of(ALMA) for day in range(60)
    )


@settings(deadline=None)
@given(visits)
def test_deciding_twice_gives_the_same(made):
    assert adjudicate_family(dental_unit(made), BOOKS["dental"]) == adjudicate_family(
        dental_unit(made), BOOKS["dental"]
    )


@given(st.lists(st.sampled_from(("3", "14", "B")), max_size=5))
def test_treatments_taken_back_leave_nothing(names):
    care = Care(None)
    made = [Treatment(ALMA, START, "DZ510", "major", tooth, "", "", 1, at, "1") for at, tooth in enumerate(names)]
    for each in made:
        care.treatments.add(each)
    for each in made:
        care.treatments.remove(each)
    assert list(care.treatments.of(ALMA)) == []


def test_every_tooth_lies_in_its_quadrant_and_arch():
    named = {"1": "10", "8": "10", "9": "20", "16": "20", "17": "30", "24": "30", "25": "40", "32": "40", "A": "10"}
    named |= {"E": "10", "F": "20", "J": "20", "K": "30", "O": "30", "P": "40", "T": "40", "51": "10", "82": "40"}
    named |= {"AS": "10", "TS": "40", "33": "", "0": "", "": "", "U": "", "XX": "", "83": ""}
    assert {tooth: quadrant_of(tooth) for tooth in named} == named
    assert quadrants_of(Part("", "", "00", 1)) == ("10", "20", "30", "40")
    assert (arches_of(Part("", "", "00", 1)), arches_of(Part("17", "", "", 1))) == (("01", "02"), ("02",))
    assert quadrants_of(Part("", "", "09", 1)) == ()
