"""Who pays first: one row a case in tests/golden/coordination_order.csv. Facts nobody told are named, never guessed."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits.core.other_coverage import MEDICARE, OtherPlan
from claims.core.coordination_order import OurPlan, Patient, order_of

with (Path(__file__).parents[2] / "golden" / "coordination_order.csv").open(newline="") as file:
    CASES = list(csv.DictReader(file))
DAYS = ("start", "since", "holder_since", "esrd_since", "decree_known_on")


def value(name, text):
    if name in DAYS:
        return date.fromisoformat(text)
    if text == "unknown":
        return None
    if name in ("birthday", "holder_birthday"):
        month, day = text.split("-")
        return int(month), int(day)
    if name == "employees":
        return int(text)
    return {"yes": True, "no": False}.get(text, text)


def pairs(text):
    found = dict(part.split("=") for part in text.split())
    names = {"birthday": "holder_birthday"}
    return {names.get(name, name): value(name, told) for name, told in found.items()}


def plans(text):
    for one in text.split(";"):
        kind, _, rest = one.strip().partition(" ")
        usual = {"line_of_coverage": "medical", "start": date(2021, 1, 1)}
        yield OtherPlan(kind=kind, **(usual | pairs(rest)))


def patient_of(row):
    usual = {"working": True, "employees": 45, "since": date(2021, 1, 1), "holder_since": date(2021, 1, 1)}
    ours = OurPlan(**(usual | pairs(row["ours"])))
    others = tuple(plans(row["plans"]))
    return (
        Patient(
            birth_date=date.fromisoformat(row["birth_date"]),
            day=date.fromisoformat(row["day"]),
            ours_on=lambda day: ours,
            medicare=tuple(plan for plan in others if plan.kind == MEDICARE),
        ),
        others,
    )


@pytest.mark.parametrize("row", CASES, ids=[row["case"] for row in CASES])
def test_the_first_rule_that_decides_counts(row):
    patient, others = patient_of(row)
    verdicts = order_of(patient, others)
    assert [verdict.first for verdict in verdicts] == row["first"].split()
    assert [verdict.rule for verdict in verdicts] == row["rule"].split()


BIRTHDAYS = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: (day.month, day.day))


@given(BIRTHDAYS, BIRTHDAYS, st.dates(date(2015, 1, 1), date(2025, 1, 1)), st.dates(date(2015, 1, 1), date(2025, 1, 1)))
def test_two_plans_of_parents_never_both_pay_first(ours, theirs, our_since, their_since):
    """Each plan sees the same facts from its own side."""

    def seen(mine, other, my_since, other_since):
        side = OurPlan(
            role="dependant", holder="parent", holder_birthday=mine, working=True, since=my_since, holder_since=my_since
        )
        plan = OtherPlan(
            kind="group",
            basis="active",
            line_of_coverage="medical",
            start=other_since,
            since=other_since,
            role="dependant",
            holder="parent",
            holder_birthday=other,
            parents="together",
        )
        patient = Patient(birth_date=date(2015, 1, 1), day=date(2026, 3, 2), ours_on=lambda day: side)
        return order_of(patient, [plan])[0].first

    here, there = seen(ours, theirs, our_since, their_since), seen(theirs, ours, their_since, our_since)
    assert {here, there} in ({"ours", "theirs"}, {"equal"})


def test_the_side_at_the_start_of_kidney_failure_decides_whether_medicare_was_first_before():
    """Retired then, at work now: what counts is the day it began."""
    then = OurPlan(role="subscriber", working=False, employees=45, since=date(2020, 1, 1))
    now = replace(then, working=True)
    medicare = (
        OtherPlan(kind="medicare", medicare_reason="age", line_of_coverage="medical", start=date(2020, 1, 1)),
        OtherPlan(
            kind="medicare",
            medicare_reason="esrd",
            line_of_coverage="medical",
            start=date(2025, 4, 1),
            esrd_since=date(2025, 4, 1),
        ),
    )
    patient = Patient(
        birth_date=date(1955, 1, 1),
        day=date(2026, 3, 2),
        ours_on=lambda day: then if day < date(2026, 1, 1) else now,
        medicare=medicare,
    )
    assert order_of(patient, medicare) == [("theirs", "medicare_was_first_before_esrd")]
