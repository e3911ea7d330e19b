"""Replacements, voids and orders carried out by the night: decisions, balances, pends and the pair in the 835."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benefits.models import FamilyMembership
from claims.core import numbers
from claims.edi.x835_reading import read_835
from claims.models import (
    AccumulatorEntry,
    ClaimChange,
    ClaimChangeResult,
    ClaimSubmission,
    ClaimVersion,
    LineAdjustment,
    Night,
    NightChunk,
    Payment,
    Pend,
    PendResolution,
)
from claims.selectors import queues
from claims.services import adjudication, chunks, clock, funding, leases, night, pends, reversals
from tenants import facade as tenants
from tests.claims.services.test_night import AT, TODAY, answer, open_work, run, tenants_told
from tests.factories import engine, nights
from tests.factories.two_people import TWO_PEOPLE

DAY = nights.WEEK


def tomorrow(number=1):
    """The n-th day after the first night, and when its night is planned."""
    return TODAY + timedelta(days=number), AT + timedelta(days=number)


def visit(town, *codes, place=0, who=0, day=DAY, billed=0, account="PCN", **more):
    """A claim of a person of the place-th family."""
    family = town.families[place]
    lines = [
        engine.line(number, code, billed or nights.FEES.get(code, 10_000), day=day)
        for number, code in enumerate(codes, 1)
    ]
    claim = nights.visit(*lines, account=account)
    for name, value in more.items():
        setattr(claim, name, value)
    return family, town.people[family][who], claim


def correct(town, about, *codes, void=False, **more):
    """A claim that replaces or voids the one stored as `about`, tied to it as intake ties it; its sequence."""
    return nights.correct(about, visit(town, *codes, **more), void=void)


def fund(town, cents=100_000_000):
    funding.receive_funds(funding_account_id=town.account.pk, reference=f"WIRE{cents}", received_on=TODAY, cents=cents)


def versions():
    """(claim, version, billed, paid) of every version, in order."""
    rows = ClaimVersion.objects.order_by("pk").values_list(
        "submission__intake_seq", "version", "billed_cents", "paid_cents"
    )
    return list(rows)


def standing():
    """What stands on each accumulator; nothing is left out of it."""
    found = {}
    for person, key, amount in AccumulatorEntry.objects.values_list("person_id", "accumulator", "amount"):
        found[person, key] = found.get((person, key), 0) + amount
    return {at: amount for at, amount in found.items() if amount}


def outcomes():
    return {result.change.submission.intake_seq: result.outcome for result in ClaimChangeResult.objects.all()}


def told(closed):
    """The claims of the night's only 835: (status, paid, our number, number it corrects)."""
    (payment,) = Payment.objects.filter(night=closed)
    (read,) = read_835(tenants.open_document(payment.remittance.document_uuid).decode())
    return [(each.status, each.paid, each.claim_number, each.original_number) for each in read.remittance.claims]


def test_a_replacement_reverses_and_decides_anew_and_is_told_as_a_pair(in_employer):
    town = nights.town(families=1)
    fund(town)
    (first,) = nights.submit([visit(town, "OFFICE", "LAB")])
    run()
    before = standing()
    second = correct(town, first, "OFFICE")
    closed = run(*tomorrow())
    assert versions() == [(first, 1, 16_500, 9_500), (first, 2, -16_500, -9_500), (second, 1, 12_000, 9_500)]
    assert before != standing() == {(town.people[town.families[0]][0], "medical.oop"): 2_500}
    assert told(closed) == [
        ("22", -9_500, numbers.claim_number(first), ""),
        ("1", 9_500, numbers.claim_number(second), numbers.claim_number(first)),
    ]
    assert outcomes() == {first: "changed"}
    assert (closed.figures["claims"], closed.figures["decided"], closed.figures["reversed"]) == (1, 1, 1)
    assert (closed.figures["approved_cents"], closed.figures["paid_cents"], closed.figures["closed"]) == (0, 0, 0)
    reversal = ClaimVersion.objects.get(reverses__isnull=False)
    original = reversal.reverses
    turned = {
        (each.line.line_no, each.group, each.carc): each.cents
        for each in LineAdjustment.objects.filter(line__version=reversal)
    }
    assert turned == {
        (each.line.line_no, each.group, each.carc): -each.cents
        for each in LineAdjustment.objects.filter(line__version=original)
    }
    assert reversal.trace.steps.endswith("G3:replacement,1")


def test_a_void_takes_everything_back_and_is_never_decided_itself(in_employer):
    town = nights.town(families=1)
    fund(town)
    (first,) = nights.submit([visit(town, "THERAPY", "LAB")])
    run()
    void = correct(town, first, "THERAPY", "LAB", void=True)
    closed = run(*tomorrow())
    assert standing() == {} and [row[:2] for row in versions()] == [(first, 1), (first, 2)]
    assert told(closed) == [("22", -versions()[0][3], numbers.claim_number(first), "")]
    assert (closed.figures["claims"], closed.figures["decided"], closed.figures["closed"]) == (1, 0, 1)
    assert not ClaimVersion.objects.filter(submission__intake_seq=void).exists()
    assert run(*tomorrow(2)).figures["claims"] == 0


def test_a_claim_that_waits_is_closed_by_its_replacement_and_never_paid(in_employer):
    town = nights.town(families=1)
    fund(town)
    (first,) = nights.submit([visit(town, nights.UNMAPPED, "LAB")])
    run()
    assert Pend.objects.count() == 1
    second = correct(town, first, "OFFICE")
    closed = run(*tomorrow())
    assert versions() == [(second, 1, 12_000, 9_500)]
    assert list(PendResolution.objects.values_list("kind", "actor_kind")) == [("closed", "system")]
    tenants_told(in_employer.schema_name)
    assert open_work("pend") == 0
    assert told(closed) == [("1", 9_500, numbers.claim_number(second), numbers.claim_number(first))]
    assert outcomes() == {first: "closed"}
    assert run(*tomorrow(2)).figures["claims"] == 0


def test_a_claim_replaced_before_its_first_night_is_decided_once_as_it_was_sent_last(in_employer):
    town = nights.town(families=1)
    fund(town)
    (first,) = nights.submit([visit(town, "LAB")])
    second = correct(town, first, "THERAPY")
    third = correct(town, second, "OFFICE")
    closed = run()
    assert versions() == [(third, 1, 12_000, 9_500)]
    assert (closed.figures["claims"], closed.figures["decided"], closed.figures["closed"]) == (3, 1, 2)
    assert outcomes() == {first: "closed", second: "closed"}


def test_a_replacement_that_waits_leaves_the_paid_claim_alone_until_it_is_answered(in_employer):
    town = nights.town(families=1)
    fund(town)
    (first,) = nights.submit([visit(town, "OFFICE")])
    run()
    before = standing()
    second = correct(town, first, nights.UNMAPPED)
    waiting = run(*tomorrow())
    assert [row[:2] for row in versions()] == [(first, 1)] and standing() == before
    assert (waiting.figures["pended"], waiting.figures["reversed"]) == (1, 0)
    assert run(*tomorrow(2)).figures["claims"] == 0
    answer(Pend.objects.get(), kind="deny", carc="96")
    closed = run(*tomorrow(3))
    assert versions() == [(first, 1, 12_000, 9_500), (first, 2, -12_000, -9_500), (second, 1, 10_000, 0)]
    assert standing() == {} and outcomes() == {first: "changed"}
    assert [row[:2] for row in told(closed)] == [("22", -9_500), ("1", 0)]


def test_a_correction_is_not_late_where_its_claim_was_in_time(in_employer):
    town = nights.town(families=1)
    fund(town)
    (first,) = nights.submit([visit(town, "OFFICE")])
    run()
    second = correct(town, first, "OFFICE", billed=13_000)
    ClaimSubmission.objects.filter(intake_seq=second)  # received the same day by the factory; two years later here
    with connection.cursor() as cursor:
        cursor.execute("SELECT received_date FROM claims_claimsubmission WHERE intake_seq = %s", [second])
    late, at = date(2028, 3, 9), AT + timedelta(days=731)
    town_claim = visit(town, "OFFICE", day=date(2026, 3, 4), account="LATE")
    nights.submit([town_claim])
    run(late, at)
    assert [row[:2] for row in versions()] == [(first, 1), (first, 2), (second, 1), (second + 1, 1)]


def test_voided_and_billed_anew_in_one_night_the_new_bill_is_no_duplicate(in_employer):
    town = nights.town(families=1)
    fund(town)
    (first,) = nights.submit([visit(town, "OFFICE")])
    run()
    (again,) = nights.submit([visit(town, "OFFICE", account="AGAIN")])
    correct(town, first, "OFFICE", void=True)
    run(*tomorrow())
    assert versions() == [(first, 1, 12_000, 9_500), (first, 2, -12_000, -9_500), (again, 1, 12_000, 9_500)]


def test_a_late_charge_is_decided_beside_the_claim_it_adds_to(in_employer):
    town = nights.town(families=1)
    (first,) = nights.submit([visit(town, "OFFICE")])
    run()
    (late,) = nights.submit([visit(town, "LAB", frequency="5", original_reference=numbers.claim_number(first))])
    run(*tomorrow())
    assert [row[:2] for row in versions()] == [(first, 1), (late, 1)]


def test_a_replacement_that_arrives_while_the_night_is_open_waits_for_the_next(in_employer):
    town = nights.town(families=1)
    fund(town)
    (first,) = nights.submit([visit(town, "OFFICE")])
    planned, _ = night.plan_night(business_date=TODAY, planned_at=AT)
    second = correct(town, first, "LAB")
    night.work_until_empty(night_id=planned.pk, worker="alone")
    assert [row[:2] for row in versions()] == [(first, 1)]
    run(*tomorrow())
    assert [row[:2] for row in versions()] == [(first, 1), (first, 2), (second, 1)]


def test_the_patients_family_may_have_changed_since(in_employer):
    town = nights.town(families=2)
    fund(town)
    old, new = town.families
    moved = town.people[old][2]
    (first,) = nights.submit([visit(town, "OFFICE", who=2)])
    run()
    FamilyMembership.objects.filter(person=moved).update(end_date=date(2026, 3, 5))
    FamilyMembership.objects.create(family_id=new, person_id=moved, start_date=date(2026, 3, 5))
    second = correct(town, first, "OFFICE", billed=12_500)
    ClaimSubmission.objects.get(intake_seq=second)
    run(*tomorrow())
    assert [row[:2] for row in versions()] == [(first, 1), (first, 2), (second, 1)]


def corrected_town(seed=7):
    """Twelve families; half of their claims of the first night are replaced or voided before the second."""
    town = nights.town(families=12)
    fund(town, 2_000_000)
    seqs = nights.submit(nights.claims_of(town, claims=90, seed=seed))
    run()
    by_family = {row.intake_seq: row for row in ClaimSubmission.objects.all()}
    for seq in seqs[::2]:
        place = town.families.index(by_family[seq].family_id)
        who = town.people[by_family[seq].family_id].index(by_family[seq].person_id)
        correct(town, seq, "OFFICE", "LAB", place=place, who=who, void=seq % 3 == 0, billed=9_000 + seq)
    nights.submit(nights.claims_of(town, claims=30, seed=seed + 1))
    return town


def test_the_digest_of_a_night_with_changes_does_not_depend_on_how_the_families_are_cut(in_employer, monkeypatch):
    corrected_town()
    digests = set()
    for most in (5_000, 20, 1):
        monkeypatch.setattr(chunks, "MOST_CLAIMS", most)
        with transaction.atomic():
            closed = run(*tomorrow())
            assert closed.figures["reversed"] > 20 and closed.figures["closed"] > 5
            digests.add(closed.digest)
            transaction.set_rollback(True)
    assert len(digests) == 1


def test_the_digest_tells_one_change_from_another(in_employer):
    town = nights.town(families=1)
    (first,) = nights.submit([visit(town, "OFFICE")])
    run()
    digests = set()
    for void in (True, False):
        with transaction.atomic():
            correct(town, first, "OFFICE", void=void)
            digests.add(run(*tomorrow()).digest)
            transaction.set_rollback(True)
    assert len(digests) == 2


def test_a_chunk_takes_the_same_number_of_statements_for_one_correction_and_for_forty(in_employer):
    town = nights.town(families=40)
    seqs = nights.submit(visit(town, "OFFICE", place=place) for place in range(40))
    nights.submit(visit(town, nights.UNMAPPED, place=place) for place in range(40))
    run()
    counts = []
    for number, corrected in ((1, seqs[:1]), (2, seqs[1:])):
        for seq in corrected:
            correct(town, seq, "LAB", place=seqs.index(seq))
        waiting = 40 + seqs.index(corrected[0]) + 1
        correct(town, waiting, "THERAPY", place=seqs.index(corrected[0]))
        nights.submit([visit(town, nights.UNMAPPED, day=DAY + timedelta(days=number))])
        day, at = tomorrow(number)
        planned, _ = night.plan_night(business_date=day, planned_at=at)
        Night.objects.filter(pk=planned.pk).update(step="adjudicate")
        planned.refresh_from_db()
        night.reference.rules_of_night(planned)
        with CaptureQueriesContext(connection) as asked:
            lease = leases.take(night_id=planned.pk, step="adjudicate", worker="alone")
            assert night._work(planned, lease).figures["reversed"] == len(corrected)
        counts.append(len([query for query in asked if "SAVEPOINT" not in query["sql"]]))
        night.work_until_empty(night_id=planned.pk, worker="alone")
    assert counts[0] == counts[1] <= 25


def test_a_family_set_aside_keeps_its_corrections_until_it_is_released(in_employer, monkeypatch):
    town = nights.town(families=2)
    fund(town)
    (first,) = nights.submit([visit(town, "OFFICE")])
    run()
    second = correct(town, first, "LAB")
    third = correct(town, second, "THERAPY")
    with monkeypatch.context() as broken:
        broken.setattr(adjudication, "change_family", lambda unit, rules: 1 // 0)
        aside = run(*tomorrow())
    assert (aside.figures["closed"], aside.figures["set_aside"], aside.figures["reversed"]) == (1, 1, 0)
    from claims.models import Quarantine

    Quarantine.objects.update(released_at=AT + timedelta(days=1))
    freed = run(*tomorrow(2))
    assert [row[:2] for row in versions()] == [(first, 1), (first, 2), (third, 1)]
    assert (freed.figures["decided"], freed.figures["set_aside"]) == (1, 0)
    assert run(*tomorrow(3)).figures["claims"] == 0


# ---- orders of the plan


@pytest.fixture
def manager(in_employer):
    from uuid import UUID

    return tenants.Actor(
        "staff", UUID(int=7), frozenset({"claims_manager"}), in_employer.schema_name, grant_uuid=UUID(int=8)
    )


def key(seq):
    return ClaimSubmission.objects.get(intake_seq=seq).pk


def order(manager, *seqs, kind=reversals.readjudicate, cause="audit"):
    return kind(submission_ids=[key(seq) for seq in seqs], cause=cause, note="An audit of March.", actor=manager)


def test_a_claim_taken_back_on_order_leaves_nothing_behind(in_employer, manager):
    town = nights.town(families=1)
    fund(town)
    (first,) = nights.submit([visit(town, "OFFICE", "LAB")])
    run()
    order(manager, first, kind=reversals.reverse)
    closed = run(*tomorrow())
    assert standing() == {} and outcomes() == {first: "reversed"}
    assert (closed.figures["claims"], closed.figures["closed"], closed.figures["reversed"]) == (1, 1, 1)
    with pytest.raises(reversals.CannotChange, match="has no decision in force"):
        order(manager, first)


def test_an_affected_claim_is_decided_again_on_the_balances_of_today(in_employer, manager):
    """As in A21: the later service met the deductible and was voided; the earlier one meets it when decided again."""
    town = nights.town(families=1)
    fund(town)
    later, earlier = DAY + timedelta(days=3), DAY
    (first,) = nights.submit([visit(town, "LAB", billed=4_500, day=later)])
    run()
    (second,) = nights.submit([visit(town, "THERAPY", day=earlier)])
    run(*tomorrow())
    correct(town, first, "LAB", void=True, day=later)
    run(*tomorrow(2))
    order(manager, second, cause="retro_eligibility")
    closed = run(*tomorrow(3))
    assert closed.figures["claims"] == 1
    assert outcomes()[second] == "unchanged" and [row[:2] for row in versions()][-1] == (first, 2)
    assert (closed.figures["closed"], closed.figures["reversed"], closed.figures["decided"]) == (1, 0, 0)


def test_a_claim_decided_again_is_a_reversal_and_a_third_version(in_employer, manager, monkeypatch):
    town = nights.town(families=1)
    fund(town)
    (first, second) = nights.submit([visit(town, "OFFICE"), visit(town, "LAB", day=DAY + timedelta(days=1))])
    run()
    newer = nights.document()
    newer["categories"][0]["cost_share"]["in"]["copay_cents"] = 4_000
    _publish(town, newer, AT + timedelta(hours=1))
    order(manager, first, second, cause="configuration")
    order(manager, first, second, cause="configuration")
    assert ClaimChange.objects.count() == 2
    with pytest.raises(reversals.CannotChange, match="is to be changed already"):
        order(manager, first, cause="appeal")
    closed = run(*tomorrow())
    assert versions()[2:] == [(first, 2, -12_000, -9_500), (first, 3, 12_000, 8_000)]
    assert outcomes() == {first: "changed", second: "unchanged"}
    assert [row[:3] for row in told(closed)] == [
        ("22", -9_500, numbers.claim_number(first)),
        ("1", 8_000, numbers.claim_number(first)),
    ]
    assert run(*tomorrow(2)).figures["claims"] == 0


def _publish(town, document, at):
    from benefits.core.plan_design_reading import canonical_sha256
    from benefits.models import PlanDesignVersion

    PlanDesignVersion.objects.create(
        plan_option=town.option, version=2, start_date=nights.NEW_YEAR, document=document,
        document_sha256=canonical_sha256(document), published_at=at,
        **TWO_PEOPLE,
    )  # fmt: skip


def test_an_order_whose_new_decision_waits_keeps_the_old_one_in_force_until_it_is_answered(in_employer, manager):
    town = nights.town(families=1)
    fund(town)
    (first,) = nights.submit([visit(town, "OFFICE")])
    run()
    unmapped = nights.document()
    unmapped["mapping"] = [each for each in unmapped["mapping"] if each["id"] != "office"]
    _publish(town, unmapped, AT + timedelta(hours=1))
    order(manager, first)
    waiting = run(*tomorrow())
    assert (waiting.figures["pended"], waiting.figures["reversed"]) == (1, 0)
    assert [row[:2] for row in versions()] == [(first, 1)]
    assert run(*tomorrow(2)).figures["claims"] == 0
    pend = Pend.objects.get()
    (listed,) = queues.waiting_claims(manager, day=TODAY, request_id="r").rows
    assert (listed.submission_id, [each.code for each in listed.pends]) == (key(first), [pend.code])
    pends.deny(pend_uuids=[pend.uuid], carc="96", note="Not covered any more.", actor=manager)
    assert queues.waiting_claims(manager, day=TODAY, request_id="r").rows == ()
    run(*tomorrow(3))
    assert versions()[1:] == [(first, 2, -12_000, -9_500), (first, 3, 12_000, 0)]
    assert outcomes() == {first: "changed"} and standing() == {}


def test_the_providers_correction_goes_before_the_plans_order(in_employer, manager):
    town = nights.town(families=1)
    fund(town)
    (first,) = nights.submit([visit(town, "OFFICE")])
    run()
    order(manager, first)
    second = correct(town, first, "LAB")
    run(*tomorrow())
    assert [row[:2] for row in versions()] == [(first, 1), (first, 2), (second, 1)]
    assert run(*tomorrow(2)).figures["claims"] == 0
    with pytest.raises(reversals.CannotChange, match="was replaced or voided by its provider"):
        order(manager, first)


def test_a_replacement_may_be_decided_again_without_touching_what_it_replaced(in_employer, manager):
    town = nights.town(families=1)
    fund(town)
    (first,) = nights.submit([visit(town, "OFFICE")])
    run()
    second = correct(town, first, "OFFICE", billed=12_500)
    run(*tomorrow())
    newer = nights.document()
    newer["categories"][0]["cost_share"]["in"]["copay_cents"] = 4_000
    _publish(town, newer, AT + timedelta(days=1, hours=1))
    order(manager, second)
    run(*tomorrow(2))
    assert [row[:2] for row in versions()] == [(first, 1), (first, 2), (second, 1), (second, 2), (second, 3)]


@pytest.mark.parametrize(
    ("roles", "cause", "note", "why"),
    [
        ({"examiner"}, "audit", "An audit of March.", "Claims managers"),
        ({"claims_manager"}, "boredom", "An audit of March.", "no cause"),
        ({"claims_manager"}, "replacement", "An audit of March.", "no cause"),
        ({"claims_manager"}, "audit", "why", "Say why"),
    ],
)
def test_an_order_needs_authority_a_cause_and_a_note(in_employer, manager, roles, cause, note, why):
    from dataclasses import replace

    town = nights.town(families=1)
    (first,) = nights.submit([visit(town, "OFFICE")])
    run()
    with pytest.raises(reversals.CannotChange, match=why):
        reversals.reverse(
            submission_ids=[key(first)], cause=cause, note=note, actor=replace(manager, roles=frozenset(roles))
        )
    assert not ClaimChange.objects.exists()


def test_a_waiting_or_foreign_claim_is_not_ordered_and_then_nothing_is(in_employer, manager):
    town = nights.town(families=1)
    first, second = nights.submit([visit(town, "OFFICE"), visit(town, nights.UNMAPPED)])
    run()
    with pytest.raises(reversals.CannotChange, match="C0000000026 has no decision in force"):
        order(manager, first, second)
    with pytest.raises(reversals.CannotChange, match="1 of these claims do not exist"):
        reversals.reverse(submission_ids=[key(first), 10**9], cause="audit", note="An audit of March.", actor=manager)
    assert not ClaimChange.objects.exists() and clock.now()


def test_nobody_answers_a_pend_of_a_claim_its_provider_has_replaced(in_employer, manager):
    town = nights.town(families=1)
    (first,) = nights.submit([visit(town, nights.UNMAPPED)])
    run()
    correct(town, first, "OFFICE")
    with pytest.raises(pends.CannotAnswer, match="was replaced or voided by its provider"):
        pends.release(pend_uuids=[Pend.objects.get().uuid], note="It is an office visit.", actor=manager)
    assert NightChunk.objects.exists()
