"""One employer's night from plan to close, in one process."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from benefits.core.plan_design_reading import canonical_sha256
from benefits.models import FamilyMembership, FundingAccount, PlanDesignVersion
from claims.core.claim_json import from_json
from claims.models import (
    AccumulatorEntry,
    ClaimSubmission,
    ClaimVersion,
    LineAdjustment,
    Night,
    NightChunk,
    Pend,
    PendedDecision,
    PendResolution,
    Quarantine,
)
from claims.services import adjudication, chunks, funding, leases, night
from tenants import facade as tenants
from tenants.models import NightSummary, WorkItem
from tests.factories import engine, nights
from tests.factories.two_people import TWO_PEOPLE

TODAY, AT = nights.TONIGHT, nights.PLANNED_AT
TOMORROW, LATER = TODAY + timedelta(days=1), AT + timedelta(days=1)


def run(day: date = TODAY, at: datetime = AT, run_no: int = 1) -> Night:
    planned, _ = night.plan_night(business_date=day, run_no=run_no, planned_at=at)
    assert night.work_until_empty(night_id=planned.pk, worker="alone") is night.Outcome.CLOSED
    planned.refresh_from_db()
    return planned


def alma_visits(
    town: nights.Town, *codes: str, day: date = nights.WEEK, account: str = "PCN"
) -> tuple[int, int, object]:
    """A claim of the first person of the first family."""
    family = town.families[0]
    lines = [engine.line(place, code, nights.FEES.get(code, 10_000), day=day) for place, code in enumerate(codes, 1)]
    return family, town.people[family][0], nights.visit(*lines, account=account)


def test_every_claim_that_came_in_is_decided_or_waits_for_a_person(in_employer):
    town = nights.town(families=5)
    nights.submit(nights.claims_of(town, claims=60))
    closed = run()
    assert closed.figures["claims"] == 60
    assert closed.figures["decided"] + closed.figures["pended"] == 60
    assert closed.figures["pended"] == PendedDecision.objects.count() > 0
    assert ClaimVersion.objects.count() == closed.figures["decided"] > 0
    assert len(closed.digest) == 64


def test_a_night_planned_twice_is_one_night(in_employer):
    nights.submit(nights.claims_of(nights.town(families=2), claims=10))
    first, is_new = night.plan_night(business_date=TODAY, planned_at=AT)
    again, is_new_again = night.plan_night(business_date=TODAY, planned_at=LATER)
    assert (is_new, is_new_again) == (True, False)
    assert again == first and again.pinned_at == AT
    assert NightChunk.objects.count() == 1


def test_a_night_run_twice_changes_nothing(in_employer):
    nights.submit(nights.claims_of(nights.town(families=3), claims=20))
    closed = run()
    tables = (
        "claims_claimversion",
        "claims_lineadjustment",
        "claims_accumulatorentry",
        "claims_pend",
        "claims_payment",
    )
    before = {table: nights.number_of(table) for table in tables}
    again = run()
    assert (again.digest, again.closed_at, again.figures) == (closed.digest, closed.closed_at, closed.figures)
    assert {table: nights.number_of(table) for table in tables} == before


def test_claims_that_come_after_the_cutoff_wait_for_the_next_night(in_employer):
    town = nights.town(families=2)
    early = nights.submit([alma_visits(town, "OFFICE")])
    planned, _ = night.plan_night(business_date=TODAY, planned_at=AT)
    late = nights.submit([alma_visits(town, "LAB")])
    night.work_until_empty(night_id=planned.pk, worker="alone")
    assert list(ClaimVersion.objects.values_list("submission__intake_seq", flat=True)) == early
    run(TOMORROW, LATER)
    assert list(ClaimVersion.objects.order_by("pk").values_list("submission__intake_seq", flat=True)) == early + late


def test_a_design_published_after_planning_waits_for_the_next_night(in_employer):
    town = nights.town(families=1)
    nights.submit([alma_visits(town, "OFFICE")])
    planned, _ = night.plan_night(business_date=TODAY, planned_at=AT)
    newer = nights.document() | {"name": "Without office visits"}
    newer["categories"][0]["cost_share"]["in"]["copay_cents"] = 9_900
    PlanDesignVersion.objects.create(
        plan_option=town.option,
        version=2,
        start_date=nights.NEW_YEAR,
        document=newer,
        document_sha256=canonical_sha256(newer),
        published_at=AT - timedelta(hours=1),  # committed late under an earlier instant: still not the night's
        **TWO_PEOPLE,
    )
    night.work_until_empty(night_id=planned.pk, worker="alone")
    nights.submit([alma_visits(town, "OFFICE", day=nights.WEEK + timedelta(days=1))])
    run(TOMORROW, LATER)
    copays = LineAdjustment.objects.filter(carc="3").order_by("pk").values_list("cents", flat=True)
    assert list(copays) == [2_500, 9_900]


def test_a_night_is_not_planned_while_another_is_open(in_employer):
    nights.submit(nights.claims_of(nights.town(families=1), claims=2))
    night.plan_night(business_date=TODAY, planned_at=AT)
    with pytest.raises(night.CannotPlan, match=r"2026-03-09 run 1 is still at step 'planned'"):
        night.plan_night(business_date=TOMORROW, planned_at=LATER)


def test_nights_go_forward(in_employer):
    nights.town(families=1)
    run(TOMORROW, LATER)
    with pytest.raises(night.CannotPlan, match="nights go forward"):
        night.plan_night(business_date=TODAY, planned_at=LATER)


def test_a_night_without_reference_data_is_refused(in_employer):
    with pytest.raises(night.CannotPlan, match="No reference data is loaded"):
        night.plan_night(business_date=TODAY, planned_at=AT)


def test_a_night_without_claims_closes(in_employer):
    nights.town(families=1)
    closed = run()
    assert (closed.figures["claims"], closed.figures["chunks"]) == (0, 0)
    assert len(closed.digest) == 64


def test_the_digest_does_not_depend_on_how_the_families_are_cut(in_employer, monkeypatch):
    nights.submit(nights.claims_of(nights.town(families=12), claims=150))
    digests = set()
    for most in (5_000, 40, 1):
        monkeypatch.setattr(chunks, "MOST_CLAIMS", most)
        with transaction.atomic():
            digests.add(run().digest)
            transaction.set_rollback(True)
    assert len(digests) == 1


def test_the_digest_tells_one_cent_from_another(in_employer):
    town = nights.town(families=1)
    digests = set()
    for cents in (10_000, 10_001):
        line = engine.line(1, "LAB", cents)
        with transaction.atomic():
            nights.submit([(town.families[0], town.people[town.families[0]][0], nights.visit(line))])
            digests.add(run().digest)
            transaction.set_rollback(True)
    assert len(digests) == 2


def test_families_that_share_a_person_are_decided_together(in_employer, monkeypatch):
    town = nights.town(families=3)
    first, _, last = town.families
    moved = town.people[last][2]
    FamilyMembership.objects.filter(person=moved).update(end_date=date(2026, 2, 1))
    FamilyMembership.objects.create(family_id=first, person_id=moved, start_date=date(2026, 2, 1))
    nights.submit(nights.claims_of(town, claims=12))
    monkeypatch.setattr(chunks, "MOST_CLAIMS", 1)
    planned, _ = night.plan_night(business_date=TODAY, planned_at=AT)
    units = [unit for chunk in NightChunk.objects.filter(night=planned) for unit in chunks.units_of(chunk)]
    assert (first, last) in units
    assert len(units) == 2
    assert night.work_until_empty(night_id=planned.pk, worker="alone") is night.Outcome.CLOSED


def test_a_chunk_takes_the_same_number_of_statements_for_ten_claims_and_for_three_hundred(in_employer):
    town = nights.town(families=40)
    nights.submit(nights.claims_of(town, claims=40))
    run()
    counts = []
    for day, claims in ((TOMORROW, 10), (TOMORROW + timedelta(days=1), 300)):
        nights.submit(
            [*nights.claims_of(town, claims=claims - 1, seed=claims), alma_visits(town, nights.UNMAPPED, day=day)]
        )
        at = LATER + timedelta(days=(day - TOMORROW).days)
        planned, _ = night.plan_night(business_date=day, planned_at=at)
        Night.objects.filter(pk=planned.pk).update(step="adjudicate")
        planned.refresh_from_db()
        night.reference.rules_of_night(planned)
        with CaptureQueriesContext(connection) as asked:
            lease = leases.take(night_id=planned.pk, step="adjudicate", worker="alone")
            assert night._work(planned, lease).figures["claims"] == claims
        counts.append(len([query for query in asked if "SAVEPOINT" not in query["sql"]]))
        night.work_until_empty(night_id=planned.pk, worker="alone")
    assert counts[0] == counts[1] <= 25


def test_a_service_billed_again_on_a_later_night_is_a_duplicate(in_employer):
    town = nights.town(families=1)
    nights.submit([alma_visits(town, "OFFICE")])
    run()
    nights.submit([alma_visits(town, "OFFICE", account="AGAIN")])
    run(TOMORROW, LATER)
    second = ClaimVersion.objects.order_by("-pk").first()
    assert second.outcome == "deny"
    assert list(LineAdjustment.objects.filter(line__version=second).values_list("carc", flat=True)) == ["18"]


def test_limits_and_deductibles_reach_over_nights(in_employer):
    town = nights.town(families=1)
    days = [nights.WEEK + timedelta(days=number) for number in range(5)]
    for number, day in enumerate(days):
        nights.submit([alma_visits(town, "THERAPY", day=day)])
        run(TODAY + timedelta(days=number), AT + timedelta(days=number))
    visits = AccumulatorEntry.objects.filter(accumulator="medical.therapy_visits").values_list("amount", flat=True)
    assert list(visits) == [1, 1, 1]
    refused = LineAdjustment.objects.filter(carc="119").values_list("cents", flat=True)
    assert list(refused) == [9_000, 9_000]
    taken = AccumulatorEntry.objects.filter(accumulator="medical.deductible").values_list("amount", flat=True)
    assert sum(taken) == 27_000


def answer(pend: Pend, kind: str = "release", carc: str = "") -> None:
    PendResolution.objects.create(
        pend=pend, kind=kind, carc=carc, note="seen", actor_kind="staff", resolved_at=LATER - timedelta(hours=2)
    )


def test_an_answered_pend_is_decided_on_the_next_night_and_an_open_one_waits(in_employer):
    town = nights.town(families=2)
    another_day = nights.WEEK + timedelta(days=2)
    nights.submit([alma_visits(town, nights.UNMAPPED), alma_visits(town, "LAB", nights.UNMAPPED, day=another_day)])
    run()
    first, second = Pend.objects.order_by("pk")
    answer(first, kind="deny", carc="96")
    closed = run(TOMORROW, LATER)
    assert (closed.figures["claims"], closed.figures["decided"]) == (1, 1)
    decided = ClaimVersion.objects.get()
    assert decided.submission == first.submission and decided.outcome == "deny"
    assert not PendResolution.objects.filter(pend=second).exists()


def test_a_pend_released_without_a_remedy_waits_again_with_a_new_reason_row(in_employer):
    town = nights.town(families=1)
    nights.submit([alma_visits(town, nights.UNMAPPED)])
    run()
    answer(Pend.objects.get())
    closed = run(TOMORROW, LATER)
    assert closed.figures["pended"] == 1
    assert Pend.objects.filter(resolution=None).count() == 1
    assert run(TOMORROW + timedelta(days=1), LATER + timedelta(days=1)).figures["claims"] == 0


def test_a_claim_in_review_makes_the_same_service_billed_again_wait_too(in_employer):
    town = nights.town(families=1)
    nights.submit([alma_visits(town, nights.UNMAPPED, "LAB")])
    run()
    nights.submit([alma_visits(town, "LAB", account="AGAIN")])
    run(TOMORROW, LATER)
    assert ClaimVersion.objects.filter(outcome="pay").count() == 0


@pytest.fixture
def poison(monkeypatch):
    """The engine breaks on claims with the poison code."""
    sound = adjudication.adjudicate_family

    def breaking(unit, rules):
        if any(line.code == nights.POISON for facts in unit.claims for line in facts.claim.lines):
            raise ZeroDivisionError("Alma's diagnosis")
        return sound(unit, rules)

    monkeypatch.setattr(adjudication, "adjudicate_family", breaking)


def test_a_family_the_engine_breaks_on_is_set_aside_alone_and_everybody_else_is_decided(in_employer, poison):
    town = nights.town(families=9)
    nights.submit(nights.claims_of(town, claims=50))
    bad = town.families[4]
    nights.submit([(bad, town.people[bad][1], nights.visit(engine.line(1, nights.POISON, 5_000)))])
    closed = run()
    found = Quarantine.objects.get()
    assert found.family_id == bad
    assert "ZeroDivisionError in breaking" in found.error and "Alma" not in found.error
    waiting = ClaimSubmission.objects.filter(family_id=bad).count()
    assert closed.figures["set_aside"] == waiting
    assert closed.figures["decided"] + closed.figures["pended"] == 51 - waiting
    alone = NightChunk.objects.get(state="quarantined")
    assert (alone.family_ids, alone.attempt) == ([bad], 3)


def test_a_family_the_engine_never_finishes_is_set_aside_like_one_it_breaks_on(in_employer, monkeypatch):
    town = nights.town(families=3)
    nights.submit(nights.claims_of(town, claims=9))
    bad = town.families[1]
    sound = adjudication.adjudicate_family

    def hanging(unit, rules):
        while bad in unit.family_ids:
            pass
        return sound(unit, rules)

    monkeypatch.setattr(adjudication, "adjudicate_family", hanging)
    monkeypatch.setattr(night, "CHUNK_SECONDS", 0.3)
    closed = run()
    assert Quarantine.objects.get().family_id == bad
    assert "TookTooLong" in Quarantine.objects.get().error
    assert closed.figures["decided"] + closed.figures["pended"] + closed.figures["set_aside"] == 9


def test_a_payee_whose_payment_fails_is_set_aside_and_every_other_payee_is_paid(in_employer, monkeypatch):
    town = nights.town(families=4)
    nights.submit(nights.claims_of(town, claims=40))
    funding.receive_funds(funding_account_id=town.account.pk, reference="WIRE1", received_on=TODAY, cents=100_000_000)
    sound = night.payments.pay_chunk

    def breaking(*, chunk, night):
        if any(key.startswith(engine.HOSPITAL) for key in chunk.payee_keys):
            raise ZeroDivisionError
        return sound(chunk=chunk, night=night)

    nights.submit([alma_visits(town, "OFFICE")])
    stay = nights.visit(engine.line(1, "STAY", 900_000), provider=engine.HOSPITAL)
    nights.submit([(town.families[0], town.people[town.families[0]][1], stay)])
    monkeypatch.setattr(night.payments, "pay_chunk", breaking)
    closed = run()
    assert 0 < closed.figures["paid_cents"] < closed.figures["released_cents"]
    aside = NightChunk.objects.get(state="quarantined")
    assert [key[:10] for key in aside.payee_keys] == [engine.HOSPITAL]
    tenants_told(in_employer.schema_name)
    assert open_work("payee_set_aside") == 1


def test_a_quarantined_family_waits_with_its_new_claims_until_it_is_released(in_employer, monkeypatch):
    town = nights.town(families=3)
    bad = town.families[0]
    nights.submit([alma_visits(town, nights.POISON), *nights.claims_of(town, claims=9)])
    with monkeypatch.context() as broken:
        broken.setattr(adjudication, "adjudicate_family", lambda unit, rules: 1 // (bad not in unit.family_ids))
        planned, _ = night.plan_night(business_date=TODAY, planned_at=AT)
        broken.setattr(
            adjudication,
            "adjudicate_family",
            lambda unit, rules: 1 // 0 if bad in unit.family_ids else engine_adjudicates(unit, rules),
        )
        night.work_until_empty(night_id=planned.pk, worker="alone")
    mine = ClaimSubmission.objects.filter(family_id=bad).count()
    nights.submit([alma_visits(town, "OFFICE", account="NEW")])
    held = run(TOMORROW, LATER)
    assert (held.figures["claims"], held.figures["set_aside"]) == (1, 1)
    Quarantine.objects.update(released_at=LATER)
    freed = run(TOMORROW + timedelta(days=1), LATER + timedelta(days=1))
    assert freed.figures["claims"] == mine + 1 == freed.figures["decided"] + freed.figures["pended"]


engine_adjudicates = adjudication.adjudicate_family


def test_books_that_differ_from_the_claims_stop_the_close_until_they_agree(in_employer):
    town = nights.town(families=2)
    nights.submit([alma_visits(town, "STAY")])
    planned, _ = night.plan_night(business_date=TODAY, planned_at=AT)
    account = FundingAccount.objects.get()
    payable = tenants.Account("claims_payable", account.uuid, "medical")
    cash = tenants.Account("cash", account.uuid)

    def post(name: str, cents: int) -> None:
        entries = ((payable, -cents), (cash, cents))
        tenants.post_journals([tenants.Journal(tenants.journal_key(name, account.uuid), TODAY, "test", name, entries)])

    post("stray", 777)
    with pytest.raises(night.CannotContinue, match=r"Books and claims differ on claims_payable/.*/medical"):
        night.work_until_empty(night_id=planned.pk, worker="alone")
    planned.refresh_from_db()
    assert planned.step == "close" and "777" not in planned.digest and "Books and claims differ" in planned.error
    tenants_told(in_employer.schema_name)
    assert open_work("night_stuck") == 1
    post("stray taken back", -777)
    assert night.work_until_empty(night_id=planned.pk, worker="alone") is night.Outcome.CLOSED
    planned.refresh_from_db()
    assert planned.error == ""
    tenants_told(in_employer.schema_name)
    assert open_work("night_stuck") == 0


def tenants_told(schema_name: str) -> None:
    with schema_context("public"):
        tenants.project_outbox(schema_name)


def open_work(kind: str) -> int:
    with schema_context("public"):
        return WorkItem.objects.filter(kind=kind, closed_at=None).count()


def test_the_operations_host_is_told_of_pends_and_of_how_the_night_went(in_employer):
    town = nights.town(families=4)
    nights.submit(nights.claims_of(town, claims=40))
    funding.receive_funds(funding_account_id=town.account.pk, reference="WIRE1", received_on=TODAY, cents=100_000_000)
    closed = run()
    tenants_told(in_employer.schema_name)
    assert open_work("pend") == Pend.objects.count() > 0
    with schema_context("public"):
        summary = NightSummary.objects.get()
    assert (summary.step, summary.digest) == ("closed", closed.digest)
    assert (summary.chunks, summary.chunks_done) == (2, 2)
    assert (summary.claims, summary.pended) == (40, closed.figures["pended"])
    assert summary.approved_cents == summary.released_cents == closed.figures["paid_cents"] > 0


def test_what_is_stored_is_what_the_engine_decides_again_from_the_stored_claim(in_employer):
    town = nights.town(families=1)
    nights.submit([alma_visits(town, "OFFICE", "LAB", "THERAPY")])
    run()
    version = ClaimVersion.objects.prefetch_related("lines").get()
    claim = from_json(version.submission.content)
    assert version.billed_cents == claim.billed_cents
    assert [line.code for line in version.lines.order_by("line_no")] == [line.code for line in claim.lines]
    owed = sum(LineAdjustment.objects.filter(line__version=version, group="PR").values_list("cents", flat=True))
    assert version.member_cents == owed == version.allowed_cents - version.paid_cents
    assert version.trace.steps
