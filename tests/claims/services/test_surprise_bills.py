"""Surprise bills on a night: rows with the day an answer is due, consent on file, outcomes of disputes recorded once."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import Error, IntegrityError, transaction

from benefits.core.plan_design_reading import canonical_sha256
from benefits.models import PlanDesignVersion
from claims.models import ClaimVersion, DisputeOutcome, OwnPriceRow, OwnTableLoad, Pend, SurpriseBill, SurpriseConsent
from claims.services import night, surprise_bills
from tenants.facade import Actor
from tests.factories import engine, nights
from tests.factories.two_people import TWO_PEOPLE

pytestmark = pytest.mark.django_db


def somebody(kind="staff", *roles):
    return Actor(kind, UUID(int=7), frozenset(roles), "t_of_harbor", grant_uuid=UUID(int=8))


EXAMINER = somebody("staff", "examiner")
REMARKS = {
    "emergency": "N864",
    "network_facility": "N865",
    "air_ambulance": "N866",
    "qualifying": "N869",
    "billed": "N870",
}


@pytest.fixture
def town(in_employer):
    """A family whose plan says how surprise bills are worked out: LAB is the emergency room here."""
    made = nights.town(families=1)
    design = nights.document() | {"surprise_bills": {"remark_codes": REMARKS}}
    design["categories"][1] |= {"emergency": True}
    PlanDesignVersion.objects.create(
        plan_option=made.option,
        version=2,
        start_date=nights.NEW_YEAR,
        document=design,
        document_sha256=canonical_sha256(design),
        published_at=nights.PLANNED_AT - timedelta(days=1),
        **TWO_PEOPLE,
    )
    return made


def load_amounts():
    load = OwnTableLoad.objects.create(
        kind="qualifying_amounts", sha256="0" * 64, rows=2, file_name="q.csv", number=1, name="Q1",
        loaded_at=nights.PLANNED_AT, actor_kind="system",
    )  # fmt: skip
    for code in ("LAB", "OFFICE"):
        content = {"code": code, "amount_cents": 60_000, "year": 2026, "source": "contracts"}
        OwnPriceRow.objects.create(
            load=load, kind="qualifying_amounts", key=f"{code}|||", content=content, start_date=nights.NEW_YEAR
        )


def submit(town, code="LAB", **more):
    family = town.families[0]
    visit = nights.visit(engine.line(1, code, 100_000, day=nights.WEEK), provider=engine.STRANGER)
    for name, value in more.items():
        setattr(visit, name, value)
    nights.submit([(family, town.people[family][0], visit)])
    return town.people[family][0]


def run(run_no=1):
    planned, _ = night.plan_night(business_date=nights.TONIGHT, run_no=run_no, planned_at=nights.PLANNED_AT)
    night.work_until_empty(night_id=planned.pk, worker="alone")


def test_a_protected_line_is_kept_with_the_day_an_answer_is_due(town):
    load_amounts()
    submit(town)
    run()
    bill = SurpriseBill.objects.get()
    assert (bill.protection, bill.basis, bill.recognized_cents, bill.qualifying_cents, bill.source) == (
        "emergency", "qualifying", 60_000, 60_000, "contracts",
    )  # fmt: skip
    assert bill.answer_due == nights.RECEIVED_AT.date() + timedelta(days=30)
    assert (bill.version.paid_cents, bill.version.member_cents) == (8_000, 52_000)
    assert list(bill.version.lines.get().adjustments.filter(carc="45").values_list("group", "rarcs")) == [
        ("CO", "N864 N869")
    ]


def test_a_missing_amount_waits_no_longer_than_the_law_gives(town):
    submit(town)
    run()
    pend = Pend.objects.get()
    assert (pend.code, pend.facts["why"]) == ("NSA-01", "no_qualifying_amount")
    assert pend.due_date == min(nights.TONIGHT + timedelta(days=10), nights.RECEIVED_AT.date() + timedelta(days=30))
    load_amounts()
    assert not SurpriseBill.objects.exists()


def consent(person_id, **changes):
    usual = {
        "person_id": person_id,
        "npi": engine.STRANGER,
        "start": nights.WEEK,
        "end": nights.WEEK + timedelta(days=1),
        "notice_date": nights.WEEK - timedelta(days=5),
        "scheduled_date": nights.WEEK - timedelta(days=6),
        "after_emergency": True,
        "actor": EXAMINER,
    }
    return surprise_bills.record_consent(**(usual | changes))


def test_consent_on_file_waives_the_protection_of_the_next_night(town):
    load_amounts()
    person = submit(town)
    consent(person)
    run()
    assert not SurpriseBill.objects.exists()
    assert ClaimVersion.objects.get().lines.get().tier == "out"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"npi": "1234567890"}, "is no NPI"),
        ({"end": nights.WEEK}, "after it starts"),
        ({"notice_date": nights.WEEK + timedelta(days=1)}, "before the service"),
        ({"actor": somebody()}, "Examiners and claims managers"),
        ({"actor": somebody("member", "examiner")}, "Examiners and claims managers"),
    ],
)
def test_a_consent_that_is_none_is_refused(town, changes, why):
    person = town.people[town.families[0]][0]
    with pytest.raises(surprise_bills.CannotRecord, match=why):
        consent(person, **changes)
    assert not SurpriseConsent.objects.exists()


def outcome(bill, **changes):
    usual = {
        "bill_uuid": bill.uuid,
        "reference": "DISP-1",
        "determined_cents": 70_000,
        "determined_on": date(2026, 6, 1),
    }
    return surprise_bills.record_outcome(**(usual | {"actor": EXAMINER} | changes))


def test_an_outcome_is_recorded_once_and_stays(town):
    load_amounts()
    submit(town)
    run()
    bill = SurpriseBill.objects.get()
    first = outcome(bill)
    assert outcome(bill) == first
    for changes, why in (
        ({"determined_cents": 80_000}, "an outcome stays"),
        ({"reference": " "}, "number of the dispute"),
        ({"reference": "DISP-2", "determined_cents": -1}, "not negative"),
        ({"bill_uuid": UUID(int=1)}, "no such bill"),
        ({"actor": somebody()}, "Examiners"),
    ):
        with pytest.raises(surprise_bills.CannotRecord, match=why):
            outcome(bill, **changes)
    assert DisputeOutcome.objects.count() == 1
    with pytest.raises(Error), transaction.atomic():
        DisputeOutcome.objects.update(determined_cents=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        DisputeOutcome.objects.create(
            bill=bill, reference="", determined_cents=1, determined_on=nights.WEEK, actor_kind="staff",
            recorded_at=nights.PLANNED_AT,
        )  # fmt: skip


def test_another_employer_knows_of_nothing(town, other_employer, as_employer):
    load_amounts()
    submit(town)
    run()
    bill = SurpriseBill.objects.get()
    with as_employer(other_employer):
        assert not SurpriseBill.objects.exists()
        with pytest.raises(surprise_bills.CannotRecord, match="no such bill"):
            outcome(bill)
