"""What a provider is told of coverage: golden table, the demo's plans, and properties."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits.core.plan_design_reading import read_plan_design
from benefits.management import demo_plans
from claims.core import benefit_answers as answers
from claims.core.benefit_answers import Benefit, LineStanding, benefits_told, refused_day
from claims.core.service_types import USUAL, categories_for, line_asked
from claims.core.standing import Used, standings
from tests.factories import engine

GOLDEN = Path(__file__).parents[2] / "golden" / "benefit_answers.csv"
YEAR = date(2026, 1, 1)
DAYS = {"start": YEAR, "end": date(2027, 1, 1)}
PPO, HDHP, DENTAL, VISION = (
    read_plan_design(make(**DAYS)) for make in (demo_plans.ppo, demo_plans.hdhp, demo_plans.dental, demo_plans.vision)
)


def line(design, *, self_only=False, used=None, state="active", plan="Plan"):
    used = used or {}
    return LineStanding(
        line_of_coverage=design.line_of_coverage,
        plan=plan,
        begins=YEAR,
        ends=None,
        state=state,
        self_only=self_only,
        design=design,
        standings=standings(design, self_only=self_only, used=used),
        used=used,
    )


def told(asked, *designs, **more):
    lines = {design.line_of_coverage: line(design, **more) for design in designs}
    return benefits_told(asked, lines)


def golden():
    with GOLDEN.open() as lines:
        rows = list(csv.DictReader(row for row in lines if not row.startswith("#")))
    return [(row["case"], {name: int(cell) for name, cell in row.items() if name != "case" and cell}) for row in rows]


@pytest.mark.parametrize(("case", "row"), golden(), ids=[case for case, _ in golden()])
def test_what_is_left_of_a_limit(case, row):
    person, family = row.get("person_limit"), row.get("family_limit")
    rule = engine.accumulator("d", "deductible", person or 0, family or person or 0)
    if person is None:
        rule |= {"family_rule": "aggregate"}
        rule.pop("person_in_family_cents", None)
    elif family is not None:
        rule |= {"family_rule": "embedded", "person_in_family_cents": person}
    document = engine.plan([engine.category("office", engine.share())], [rule])
    used = {"d": Used(person=row["person_used"], family=row["family_used"])}
    found = told(["30"], read_plan_design(document), self_only=family is None, used=used)
    left = {one.level: one.cents for one in found if one.code == "C" and one.period == "29"}
    assert (left.get("IND"), left.get("FAM")) == (row.get("person_left"), row.get("family_left"))


@given(st.integers(0, 200_000), st.integers(0, 400_000), st.sampled_from(["PPO", "HDHP"]), st.booleans())
def test_base_less_remaining_is_what_the_ledger_holds(person, family, which, self_only):
    design = PPO if which == "PPO" else HDHP
    used = {each.key: Used(person=person, family=family) for each in design.accumulators}
    found = told(["30"], design, self_only=self_only, used=used)
    for code in ("C", "G"):
        for level, taken in (("IND", person), ("FAM", family)):
            pairs = [one for one in found if (one.code, one.level) == (code, level) and one.service_types == ("30",)]
            bases, rests = pairs[::2], pairs[1::2]
            assert all(one.period == "23" for one in bases) and all(one.period == "29" for one in rests)
            for base, rest in zip(bases, rests, strict=True):
                assert rest.cents == max(0, base.cents - taken)
                assert base.network == rest.network in ("Y", "N")
    if self_only:
        assert not [one for one in found if one.level == "FAM"]


codes = st.lists(st.sampled_from(["30", "35", "AL", "1", "88", "ZZ", *USUAL]), max_size=6)


@given(codes)
def test_every_code_asked_gets_exactly_one_status(asked):
    found = told(asked, PPO, VISION)
    statuses = [one for one in found if one.code in ("1", "5", "6", "I") and not one.network]
    for code in dict.fromkeys(asked):
        assert [one.code for one in statuses if one.service_types == (code,)] == (
            ["6"] if line_asked(code) == "dental" else ["1"]
        )


@given(codes)
def test_no_amount_is_negative_and_nothing_is_said_twice(asked):
    found = told(asked, PPO, DENTAL, VISION)
    assert len(set(found)) == len(found)
    assert all((one.cents or 0) >= 0 and (one.count or 0) >= 0 for one in found)
    assert all(0 <= (one.share_bp or 0) <= 10_000 for one in found)


def test_without_a_code_the_plan_as_a_whole_is_meant():
    assert told([], PPO) == told(["30"], PPO)


def test_thirty_speaks_of_the_other_lines_a_person_is_covered_by():
    status = {one.service_types[0]: one.code for one in told(["30"], PPO, DENTAL) if one.code in ("1", "6")}
    assert status["30"] == status["35"] == status["98"] == "1"
    assert "AL" not in status


def test_nobody_covered_is_inactive_and_no_amount_is_told():
    assert benefits_told(["30"], {}) == [Benefit(code="6", service_types=("30",))]


def test_a_continuation_that_is_not_paid_is_told_with_its_risk():
    first = told(["30"], PPO, state="cobra_unpaid")[0]
    assert (first.code, first.note) == ("5", answers.UNPAID)


def test_coverage_without_a_published_design_is_told_without_amounts():
    bare = LineStanding(
        line_of_coverage="medical", plan="", begins=YEAR, ends=None, state="active", self_only=False, design=None
    )
    assert [one.code for one in benefits_told(["30", "98"], {"medical": bare})] == ["1", "1"]


def test_a_dental_maximum_is_money():
    found = [one for one in told(["25"], DENTAL, used={"dental.max": Used(person=40_000)}) if one.code == "F"]
    assert [(one.period, one.cents, one.level) for one in found] == [("23", 150_000, "IND"), ("29", 110_000, "IND")]


def test_a_lifetime_limit_has_the_periods_of_a_life():
    document = engine.plan(
        [engine.category("therapy", engine.share())],
        [engine.accumulator("d", "deductible", 10_000, 20_000)],
        limits=[
            {"key": "life", "name": "Life", "measure": "days", "period": "lifetime", "per_person": 90, "categories": ["therapy"]}
        ],
    )  # fmt: skip
    found = [
        one for one in told(["PT"], read_plan_design(document), used={"life": Used(person=100)}) if one.code == "F"
    ]
    assert [(one.period, one.counted_as, one.count) for one in found] == [("32", "DY", 90), ("33", "DY", 0)]


def test_a_category_nobody_pays_for_is_not_covered():
    document = engine.plan(
        [engine.category("chiropractic", {"covered": False}), engine.category("office", engine.share())], []
    )
    assert told(["33"], read_plan_design(document)) == [Benefit(code="I", service_types=("33",))]


def test_a_plan_that_lists_codes_is_asked_by_them_alone():
    document = engine.plan(
        [engine.category("visits_at_home", engine.share()), engine.category("office", engine.share())], []
    )
    document["categories"][0]["service_types"] = ["42", "98"]
    design = read_plan_design(document)
    assert [one.key for one in categories_for(design, "42")] == ["visits_at_home"]
    assert [one.key for one in categories_for(design, "98")] == ["visits_at_home"]
    assert [one.key for one in categories_for(design, "BY")] == ["office"]


def test_a_benefit_period_that_is_no_calendar_year_says_so():
    design = read_plan_design(demo_plans.ppo(**DAYS) | {"benefit_period": {"month": 7, "day": 1}})
    assert {one.period for one in told(["30"], design) if one.code == "C" and one.cents} == {"22", "29"}


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2025, 5, 19), "62"),
        (date(2025, 5, 20), ""),
        (date(2026, 5, 20), ""),
        (date(2026, 5, 31), ""),
        (date(2026, 6, 1), "63"),
    ],
)
def test_days_that_may_be_asked_about(day, code):
    assert refused_day(day, today=date(2026, 5, 20)) == code


def test_nobody_is_asked_about_before_he_was_born():
    assert refused_day(date(2026, 5, 1), today=date(2026, 5, 20), birth_date=date(2026, 5, 2)) == "60"


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_today_may_always_be_asked_about(today):
    assert refused_day(today, today=today) == ""
    assert refused_day(today + timedelta(days=31), today=today) == "63"
