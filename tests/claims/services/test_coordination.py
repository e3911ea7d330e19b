"""A night with other plans: what is on file is read with the chunk, and the 835 owns to what the first plan did."""

from datetime import UTC, date, datetime

from msgspec.structs import replace

from benefits.core.other_coverage import OtherPlan
from benefits.core.plan_design_reading import canonical_sha256
from benefits.models import Person, PlanDesignVersion
from benefits.services import other_coverage
from claims.models import ClaimVersion, LineAdjustment, Pend, Remittance
from claims.services import funding, night
from tenants import facade as tenants
from tests.factories import engine, nights
from tests.factories.coordination import payer, told
from tests.factories.two_people import TWO_PEOPLE

JOB = OtherPlan(
    kind="group",
    basis="active",
    role="subscriber",
    line_of_coverage="medical",
    start=date(2025, 1, 1),
    coordinates=True,
)


def coordinating_town(in_employer):
    town = nights.town(families=1, persons=4)
    design = nights.document() | {"coordination": {"method": "standard"}}
    PlanDesignVersion.objects.create(
        plan_option=town.option,
        version=2,
        start_date=nights.NEW_YEAR,
        document=design,
        document_sha256=canonical_sha256(design),
        published_at=datetime(2025, 12, 2, tzinfo=UTC),
        **TWO_PEOPLE,
    )
    return town, town.families[0], tenants.system(in_employer.schema_name)


def visit(account, **more):
    line = engine.line(1, "OFFICE", 20_000, day=nights.WEEK)
    return replace(nights.visit(line, account=account), **more)


def test_a_night_decides_by_the_claim_and_by_what_is_on_file(in_employer):
    town, family, system = coordinating_town(in_employer)
    second, working, asked, plain = town.people[family]
    people = Person.objects.in_bulk(town.people[family])
    act = {"actor": system, "recorded_at": nights.PLANNED_AT}
    other_coverage.record(person_uuid=people[working].uuid, plan=JOB, payer_name="Keystone", **act)
    other_coverage.answer(person_uuid=people[asked].uuid, asked_on=date(2026, 3, 1), has_other=False, **act)
    first_plan = payer(told(1, 9_000, CO_45=6_000, PR_2=5_000), name="Keystone", payer_id="K1")
    nights.submit(
        [
            (family, second, visit("AFTER", payer_sequence="S", other_payers=(first_plan,))),
            (family, working, visit("ALONE")),
            (family, asked, visit("ASKED")),
            (family, plain, visit("PLAIN")),
        ]
    )
    funding.receive_funds(
        funding_account_id=town.account.pk, reference="W", received_on=nights.TONIGHT, cents=1_000_000
    )
    planned, _ = night.plan_night(business_date=nights.TONIGHT, planned_at=nights.PLANNED_AT)
    assert night.work_until_empty(night_id=planned.pk, worker="alone") is night.Outcome.CLOSED
    paid = dict(ClaimVersion.objects.values_list("submission__person_id", "paid_cents"))
    assert paid == {second: 5_000, asked: 9_500, plain: 9_500}
    pend = Pend.objects.get()
    assert (pend.submission.person_id, pend.code, pend.facts) == (
        working,
        "COB-02",
        {"why": "a_plan_on_file_pays_first"},
    )
    ledger = LineAdjustment.objects.filter(line__version__submission__person_id=second)
    assert list(ledger.values_list("group", "carc", "cents")) == [("OA", "23", 15_000)]
    text = tenants.open_document(Remittance.objects.get().document_uuid).decode()
    segments = [segment.strip() for segment in text.split("~")]
    place = next(at for at, segment in enumerate(segments) if segment.startswith("CLP*AFTER*"))
    assert segments[place].startswith("CLP*AFTER*2*200*50**12*")
    assert "CAS*OA*23*150" in segments[place : place + 10]
    assert next(segment for segment in segments if segment.startswith("CLP*PLAIN*")).startswith(
        "CLP*PLAIN*1*200*95*25*"
    )
