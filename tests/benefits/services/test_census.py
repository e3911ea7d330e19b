"""A census is applied as a whole, or as far as asked, and never twice."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benefits.edi.census import read_census
from benefits.models import (
    Coverage,
    Employment,
    EnrollmentEvent,
    EnrollmentImport,
    EnrollmentImportRow,
    FamilyMembership,
    Member,
    Person,
)
from benefits.services.census import import_census
from tenants.records.models import AuditEvent
from tests.factories import benefits as make
from tests.factories.benefits import NOW, TODAY

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "census.csv"
BAD_LINE = "W100003,self,Eva,Stone,not a day,F,,,,,,,,,,,,\n"


@pytest.fixture
def harbor(in_employer):
    make.plans()
    return in_employer


@pytest.fixture
def hand_in(harbor):
    def read_and_import(lines, **more):
        return import_census(
            list(read_census(lines)),
            content_sha256="0" * 64,
            actor=make.system(harbor),
            recorded_at=NOW,
            as_of=TODAY,
            **more,
        )

    return read_and_import


@pytest.fixture
def example():
    return EXAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)


def stored():
    """Everything a census may store, without keys that grow."""
    return [
        sorted(Person.objects.values_list("uuid", "given_name", "family_name", "birth_date", "sex", "ssn_bidx")),
        sorted(Member.objects.values_list("uuid", "person", "family", "relationship", "member_number_bidx")),
        sorted(FamilyMembership.objects.values_list("person", "family", "start_date"), key=str),
        sorted(Employment.objects.values_list("uuid", "person", "start_date", "end_date"), key=str),
        sorted(
            Coverage.objects.values_list("uuid", "member", "plan_option", "tier", "start_date", "end_date"), key=str
        ),
        EnrollmentEvent.objects.count(),
    ]


def test_the_documented_example_is_applied_row_by_row(hand_in, example):
    report = hand_in(example)
    assert (report.status, [(row.position, row.result) for row in report.rows]) == (
        "applied",
        [(2, "applied"), (3, "applied"), (4, "applied"), (5, "applied")],
    )
    dan = Coverage.objects.get(member__person__given_name="Dan")
    assert (dan.plan_option.code, dan.start_date, dan.end_date) == ("HDHP", date(2026, 1, 1), date(2026, 7, 1))
    work = Employment.objects.get(person__given_name="Alma")
    assert (work.legal_entity.ein, work.division.code, work.employee_class.code, work.start_date) == (
        make.EIN,
        "NORTH",
        "FULLTIME",
        date(2019, 3, 1),
    )


def test_the_same_census_again_changes_nothing(hand_in, example):
    hand_in(example)
    before = stored()
    report = hand_in(example)
    assert [row.result for row in report.rows] == ["unchanged"] * 4
    assert stored() == before


def test_one_bad_row_keeps_every_row_from_being_applied(hand_in, example):
    report = hand_in([*example, BAD_LINE])
    assert (report.status, [row.result for row in report.rows]) == ("refused", ["ready"] * 4 + ["rejected"])
    assert report.rows[4].reasons == ("birth_date: is not a day. Write it like 2026-01-31.",)
    assert not Person.objects.exists()
    assert EnrollmentImport.objects.get().status == "refused"
    assert EnrollmentImportRow.objects.count() == 5


def test_on_request_the_good_rows_are_applied_without_the_bad(hand_in, example):
    report = hand_in([*example, BAD_LINE], skip_bad=True)
    assert (report.status, [row.result for row in report.rows]) == ("applied", ["applied"] * 4 + ["rejected"])
    assert Person.objects.count() == 4


def test_dependants_may_stand_before_the_employee_in_a_census(hand_in, example):
    report = hand_in([example[0], *reversed(example[1:])])
    assert {row.result for row in report.rows} == {"applied"}


def test_a_dependant_of_a_rejected_employee_is_rejected_too(hand_in, example):
    report = hand_in([example[0], example[1].replace("PPO", "GOLD"), *example[2:]], skip_bad=True)
    assert [row.result for row in report.rows] == ["rejected", "rejected", "rejected", "applied"]
    assert report.rows[0].reasons == ("Plan option 'GOLD' is not set up. Correct the code or add the option.",)


def test_a_check_stores_nothing_at_all(hand_in, example):
    report = hand_in(example, check_only=True)
    assert (report.status, {row.result for row in report.rows}) == ("checked", {"ready"})
    assert not Person.objects.exists() and not EnrollmentImport.objects.exists()


def test_an_import_leaves_an_audit_row_with_its_counts(hand_in, example):
    report = hand_in(example)
    deed = AuditEvent.objects.latest("pk")
    assert (deed.action, deed.subject_uuid) == ("census.applied", report.import_uuid)
    assert (deed.detail["rows"], deed.detail["applied"]) == (4, 4)


def test_a_changed_cell_changes_that_and_nothing_else(hand_in, example):
    hand_in(example)
    report = hand_in([line.replace("Cara,Okafor", "Cara,Weiss") for line in example])
    assert [row.result for row in report.rows] == ["unchanged", "unchanged", "applied", "unchanged"]
    event = EnrollmentEvent.objects.latest("pk")
    assert (event.kind, event.after) == ("corrected", ["family_name"])


HEADER = (
    "subscriber_number,relationship,given_name,family_name,birth_date,sex,medical_option,medical_tier,medical_from\n"
)
rows = st.lists(
    st.builds(
        lambda number, relationship, name, option, tier, month: (
            f"W{number},{relationship},{name},Stone,1990-01-0{number},U,{option},{tier},2026-0{month}-01\n"
        ),
        number=st.integers(1, 3),
        relationship=st.sampled_from(["self", "spouse", "child"]),
        name=st.sampled_from(["Ada", "Bo", "Cy"]),
        option=st.sampled_from(["PPO", "HDHP", "GOLD"]),
        tier=st.sampled_from(["employee", "family", ""]),
        month=st.integers(1, 9),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows)
def test_any_census_twice_is_that_census_once(hand_in, lines):
    first = hand_in([HEADER, *lines], skip_bad=True)
    before = stored()
    second = hand_in([HEADER, *lines], skip_bad=True)
    assert stored() == before
    assert {row.position for row in first.rows if row.result == "rejected"} == {
        row.position for row in second.rows if row.result == "rejected"
    }
    assert "applied" not in {row.result for row in second.rows}
