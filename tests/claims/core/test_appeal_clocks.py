"""Clocks of appeals: the worked figures, and what holds for any of them."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.core import appeal_clocks
from claims.core.appeals import EXTERNAL, CannotAppeal
from claims.core.clocks import PROCEDURES, Pause
from claims.core.federal_holidays import closed_in, is_open

GOLDEN = Path(__file__).parents[2] / "golden"
CHICAGO = ZoneInfo("America/Chicago")
RECEIVED = datetime(2026, 3, 2, 21, tzinfo=UTC)


def rows(name):
    with (GOLDEN / name).open() as file:
        return list(csv.DictReader(file, skipinitialspace=True))


def pauses_of(text):
    pairs = [pair.partition("/") for pair in text.split()]
    return [Pause(date.fromisoformat(start), date.fromisoformat(end) if end else None) for start, _, end in pairs]


@pytest.mark.parametrize("row", rows("appeal_clocks.csv"), ids=lambda row: row["case"])
def test_the_worked_figures(row):
    zone, start, now = ZoneInfo(row["zone"]), datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["now"])
    if row["what"] == "check":
        found = appeal_clocks.check_by(received_at=start, zone=zone, urgent=row["kind"] == "urgent").isoformat()
    else:
        if row["what"] == "external":
            due = appeal_clocks.reviewed_by(sent_at=start, zone=zone, urgent=row["kind"] == "urgent", now=now)
        else:
            due = appeal_clocks.decide_by(
                kind=row["kind"], levels=int(row["levels"]), received_at=start, zone=zone, now=now,
                pauses=pauses_of(row["pauses"]), extended_days=int(row["extended"]),
            )  # fmt: skip
        moment = due.at.astimezone(zone).isoformat(timespec="minutes") if due.at else ""
        found = moment or due.on.isoformat()
        assert due.late == (now > due.at if due.at else now.astimezone(zone).date() > due.on and not due.standing)
    assert found == row["due"]


@pytest.mark.parametrize("row", rows("appeal_windows.csv"), ids=lambda row: row["case"])
def test_the_worked_windows(row):
    told = date.fromisoformat(row["told"])
    assert appeal_clocks.file_by(level=row["level"], kind=row["kind"], told=told).isoformat() == row["file_by"]


days = st.integers(0, 90).map(lambda n: date(2026, 3, 2) + timedelta(n))
pauses = st.lists(
    st.tuples(days, st.one_of(st.none(), st.integers(0, 40))).map(
        lambda each: Pause(each[0], None if each[1] is None else each[0] + timedelta(each[1]))
    ),
    max_size=5,
)
kinds = st.sampled_from(sorted(PROCEDURES))
moments = st.integers(0, 60 * 24 * 700).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def due(kind, levels=1, received_at=RECEIVED, made=(), extended=0, zone=CHICAGO, later=timedelta(200)):
    return appeal_clocks.decide_by(
        kind=kind, levels=levels, received_at=received_at, zone=zone, now=received_at + later, pauses=made,
        extended_days=extended,
    )  # fmt: skip


@given(kind=kinds, levels=st.integers(1, 2), made=pauses)
def test_a_pause_never_makes_the_time_shorter_and_more_of_them_never_either(kind, levels, made):
    none, all_of_them = due(kind, levels), due(kind, levels, made=made)
    fewer = due(kind, levels, made=made[1:])
    assert none.on <= fewer.on <= all_of_them.on
    assert all_of_them.strict_on == none.on
    assert all_of_them.on == none.on + timedelta(all_of_them.paused_days)


@given(kind=kinds, made=pauses)
def test_the_order_of_pauses_and_telling_them_twice_change_nothing(kind, made):
    assert due(kind, made=made) == due(kind, made=[*reversed(made), *made])


@given(received_at=moments, zone=st.sampled_from(["America/Chicago", "America/New_York", "Pacific/Honolulu", "UTC"]))
def test_urgent_is_72_real_hours_wherever_the_clock_jumps(received_at, zone):
    found = due("urgent", received_at=received_at.astimezone(ZoneInfo(zone)), zone=ZoneInfo(zone))
    assert found.at - received_at == timedelta(hours=72)


@given(told=st.dates(date(2024, 1, 1), date(2032, 1, 1)))
def test_an_external_review_may_be_asked_for_four_months_and_on_an_open_day(told):
    last = appeal_clocks.file_by(level=EXTERNAL, kind="post_service", told=told)
    assert 120 <= (last - told).days <= 128
    assert is_open(last)


@given(received_at=moments)
def test_a_check_takes_five_open_days(received_at):
    start = received_at.astimezone(CHICAGO).date()
    last = appeal_clocks.check_by(received_at=received_at, zone=CHICAGO, urgent=False)
    assert sum(is_open(start + timedelta(n)) for n in range(1, (last - start).days + 1)) == 5
    assert is_open(last)


def test_the_steps_of_an_external_review():
    assert appeal_clocks.tell_by(checked_on=date(2026, 3, 13)) == date(2026, 3, 16)
    assert appeal_clocks.papers_by(sent_on=date(2026, 5, 21)) == date(2026, 5, 29)
    assert appeal_clocks.more_papers_by(sent_on=date(2026, 5, 21)) == date(2026, 6, 5)
    told_at = datetime(2026, 7, 10, 20, tzinfo=UTC)
    assert appeal_clocks.complete_by(told_at=told_at, file_by=date(2026, 7, 10), zone=CHICAGO) == date(2026, 7, 12)
    assert appeal_clocks.complete_by(told_at=told_at, file_by=date(2026, 8, 1), zone=CHICAGO) == date(2026, 8, 1)


@pytest.mark.parametrize(
    ("more", "days"),
    [({"kind": "disability"}, 45), ({"agreed": True, "days": 14}, 14), ({"agreed": True, "days": 60}, 60)],
)
def test_time_is_made_longer(more, days):
    given = {"kind": "post_service", "agreed": False, "days": 0, "extended_days": 0, "on_time": True}
    assert appeal_clocks.extension(**(given | more)) == days


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({}, "cannot take longer"),
        ({"kind": "urgent", "agreed": True, "days": 2}, "within 72 hours"),
        ({"kind": "disability", "extended_days": 45}, "extended once already"),
        ({"kind": "disability", "on_time": False}, "over already"),
        ({"agreed": True, "days": 0}, "1 to 60"),
        ({"agreed": True, "days": 61}, "1 to 60"),
    ],
)
def test_time_is_not_made_longer(more, message):
    given = {"kind": "post_service", "agreed": False, "days": 0, "extended_days": 0, "on_time": True}
    with pytest.raises(CannotAppeal, match=message):
        appeal_clocks.extension(**(given | more))


def test_the_closed_days_of_2026_and_the_new_year_kept_before_it():
    assert sorted(day.isoformat()[5:] for day in closed_in(2026)) == [
        "01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "09-07", "10-12", "11-11", "11-26", "12-25",
    ]  # fmt: skip
    assert date(2021, 12, 31) in closed_in(2021)
    assert date(2022, 1, 1) not in closed_in(2022)
    assert date(2020, 6, 19) not in closed_in(2020)
