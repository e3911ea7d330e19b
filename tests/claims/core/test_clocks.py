"""Clocks run in calendar days from receipt, stand still while somebody is asked, and are the same whoever counts."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.core import clocks, information
from claims.core.clocks import Pause, appeal_by, business_days_after, decide_by, due, merged

GOLDEN = Path(__file__).parents[2] / "golden" / "claims_clocks.csv"
START = date(2026, 3, 2)


def rows():
    with GOLDEN.open() as file:
        return list(csv.DictReader(file, skipinitialspace=True))


def pauses_of(text):
    found = []
    for pair in text.split():
        start, _, end = pair.partition("/")
        found.append(Pause(date.fromisoformat(start), date.fromisoformat(end) if end else None))
    return found


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["case"])
def test_the_worked_figures(row):
    found = decide_by(
        kind=row["kind"],
        received=date.fromisoformat(row["received"]),
        pauses=pauses_of(row["pauses"]),
        extended=row["extended"] == "yes",
        today=date.fromisoformat(row["today"]),
    )
    assert (found.on.isoformat(), found.paused_days, found.standing, found.late) == (
        row["due"], int(row["paused"]), row["standing"] == "yes", row["late"] == "yes",
    )  # fmt: skip


days = st.integers(0, 90).map(lambda n: START + timedelta(n))
pauses = st.lists(
    st.tuples(days, st.one_of(st.none(), st.integers(0, 40))).map(
        lambda each: Pause(each[0], None if each[1] is None else each[0] + timedelta(each[1]))
    ),
    max_size=5,
)


@given(made=pauses, length=st.integers(1, 60), today=st.integers(130, 200))
def test_a_clock_ends_after_exactly_its_days_that_were_not_paused(made, length, today):
    now = START + timedelta(today)
    found = due(start=START, days=length, pauses=made, today=now)
    stood = {
        START + timedelta(n)
        for n in range((found.on - START).days)
        if any(each.start <= START + timedelta(n) < (each.end or now) for each in made)
    }
    assert (found.on - START).days - len(stood) == length
    assert found.paused_days == len(stood)


@given(made=pauses, length=st.integers(1, 60))
def test_the_order_in_which_pauses_are_told_is_no_matter_and_telling_one_twice_changes_nothing(made, length):
    now = START + timedelta(150)
    one = due(start=START, days=length, pauses=made, today=now)
    assert one == due(start=START, days=length, pauses=[*reversed(made), *made], today=now)


@given(made=pauses)
def test_merged_pauses_never_touch(made):
    found = merged(made, today=START + timedelta(200))
    for earlier, later in zip(found, found[1:], strict=False):
        assert earlier.end is not None
        assert earlier.end < later.start


def test_a_claimant_has_180_days_to_appeal():
    assert appeal_by(kind="post_service", told=date(2026, 4, 4)) == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("start", "count", "on"),
    [
        (date(2026, 3, 2), 5, date(2026, 3, 9)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),
        (date(2026, 5, 21), 5, date(2026, 5, 29)),
    ],
)
def test_working_days_leave_out_weekends_and_the_days_that_are_closed(start, count, on):
    assert business_days_after(start, count, closed=frozenset({date(2026, 5, 25)})) == on


def test_every_kind_of_claim_has_its_times():
    assert set(clocks.PROCEDURES) == {"urgent", "pre_service", "post_service", "concurrent", "disability"}


def test_silence_means_226_of_a_provider_and_227_of_a_member():
    assert information.SILENCE == {"provider": "226", "member": "227"}


def asked(**more):
    given = {"asked_of": "provider", "items": ["medical_records"], "text": "", "asked_on": START}
    return information.question(**(given | more))


def test_a_question_gives_45_days_and_reminds_after_three_weeks():
    question = asked(items=["itemized_bill", "medical_records"])
    assert question.items == ("medical_records", "itemized_bill")
    assert (question.remind_on, question.reply_by) == (date(2026, 3, 23), date(2026, 4, 16))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"asked_of": "employer"}, "who is asked"),
        ({"items": []}, "what is missing"),
        ({"items": ["mood"]}, "what is missing"),
        ({"items": ["accident_details"]}, "cannot be asked for what happened"),
        ({"days": 44}, "45 to 180"),
        ({"days": 181}, "45 to 180"),
    ],
)
def test_a_question_nobody_can_answer_is_not_sent(more, message):
    with pytest.raises(information.BadQuestion, match=message):
        asked(**more)


def test_own_words_alone_are_a_question():
    assert asked(items=[], text="Which tooth was it?").items == ()


@pytest.mark.parametrize(
    ("ended_on", "today", "pause"),
    [
        (None, date(2026, 3, 20), Pause(START, None)),
        (None, date(2026, 4, 20), Pause(START, date(2026, 4, 16))),
        (date(2026, 3, 12), date(2026, 4, 20), Pause(START, date(2026, 3, 12))),
        (date(2026, 5, 1), date(2026, 5, 2), Pause(START, date(2026, 4, 16))),
    ],
)
def test_a_question_stops_the_clock_until_the_answer_or_its_last_day(ended_on, today, pause):
    assert information.pause(asked_on=START, reply_by=date(2026, 4, 16), ended_on=ended_on, today=today) == pause


def test_what_usually_answers_a_reason_to_wait_is_offered_first():
    assert information.suggested(["SUB-01", "MED-01"]) == (
        ("medical_records", "provider"),
        ("accident_details", "member"),
    )
