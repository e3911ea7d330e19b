"""Reviews, changes of many claims with their preview, and what the night makes of them: figures, rights, repeats."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from benefits.core.instructions import PersonDetails
from benefits.models import Coverage, Member
from benefits.services import enrollment_files
from benefits.services.enrollment_files import Arrival
from claims import tasks
from claims.core import numbers
from claims.core.affected import POLICIES
from claims.core.price_tables import SETTINGS
from claims.core.reviews import BadChoice, Chosen, chosen_from_json
from claims.edi.x835_reading import read_835
from claims.models import (
    ChangeReview,
    ClaimChange,
    ClaimSubmission,
    MassChange,
    MassChangeClaim,
    MassChangeEnd,
    MassChangePart,
    MassChangeRuling,
    OwnPriceRow,
    OwnTableLoad,
    PartPreviewed,
    Payment,
    ReviewedClaim,
    ReviewEnd,
    ReviewSource,
)
from claims.reference.models import FeeRate, Release
from claims.selectors import chosen_claims
from claims.services import mass_changes, mass_previews, reversals, reviews
from tenants import facade as tenants
from tenants.models import WorkItem
from tenants.records.models import OutboxWaiting
from tests.claims.services.test_changes_at_night import fund, outcomes, standing, tomorrow, versions, visit
from tests.claims.services.test_night import AT, TODAY, open_work, run, tenants_told
from tests.factories import enrollment_files as x834
from tests.factories import nights

DAY = nights.WEEK
MAKER, CHECKER = UUID(int=7), UUID(int=9)


@pytest.fixture
def maker(in_employer):
    return tenants.Actor("staff", MAKER, frozenset({"claims_manager"}), in_employer.schema_name, grant_uuid=UUID(int=8))


@pytest.fixture
def checker(maker):
    return replace(maker, uuid=CHECKER)


def setting(name, value, number=1):
    """The employer's choice, as a load of its own table brings it."""
    load = OwnTableLoad.objects.create(
        number=number, name=f"settings-{number}", kind="settings", sha256=f"{number:064d}", rows=1, file_name="s.csv",
        loaded_at=AT, actor_kind="system",
    )  # fmt: skip
    OwnPriceRow.objects.create(
        load=load, kind="settings", key=name, content={"name": name, "value": value}, start_date=date(2020, 1, 1)
    )


def proposed(maker, *, kind="reverse", cause="audit", review=None, **filters):
    return mass_changes.propose(
        kind=kind, cause=cause, filters=Chosen(**filters), note="An audit of March.", actor=maker, review_uuid=review
    )


def worked(change=None):
    while mass_changes.work(most=5):
        pass
    return change


def told(change):
    """(claim, ordered, outcome, paid before and after, member before and after) of a preview."""
    return [
        (row.submission.intake_seq, row.ordered, row.outcome, row.old_paid_cents, row.new_paid_cents,
         row.old_member_cents, row.new_member_cents)
        for row in change.effects.select_related("submission").order_by("submission__intake_seq")
    ]  # fmt: skip


def approved(change, checker):
    return mass_changes.approve(
        mass_change_uuid=change.uuid, shown=mass_changes.preview_sha256(change), note="Seen.", actor=checker
    )


def a21():
    """The later service met the deductible on the first night; the earlier one came the night after."""
    town = nights.town(families=1)
    fund(town)
    later, earlier = DAY + timedelta(days=3), DAY
    (first,) = nights.submit([visit(town, "THERAPY", day=later)])
    run()
    (second,) = nights.submit([visit(town, "STAY", day=earlier)])
    run(*tomorrow())
    return town, first, second


def test_the_settings_name_the_policies():
    assert SETTINGS["affected_claims"] == POLICIES and set(map(int, SETTINGS["affected_least"])) >= {0}


def test_a_preview_says_to_the_cent_what_the_night_then_does(in_employer, maker, checker):
    setting("affected_claims", "all")
    town, first, second = a21()
    change = worked(proposed(maker, service_from=DAY + timedelta(days=3)))
    # 90.00 of deductible come free; the stay takes them: 90.00 less 20 % of them, 72.00, are no longer paid.
    stay = versions()[1]
    assert told(change) == [
        (first, True, "reversed", 0, 0, 9_000, 0),
        (second, True, "changed", stay[3], stay[3] - 7_200, stay[2] - stay[3], stay[2] - stay[3] + 7_200),
    ]
    effect = change.effects.get(submission__intake_seq=second)
    assert (effect.chosen, effect.counted) == (False, {"medical.deductible": 9_000, "medical.oop": 7_200})
    assert not ClaimChange.objects.exists()
    approved(change, checker)
    worked()
    assert MassChangeEnd.objects.get().orders == 2
    closed = run(*tomorrow(2))
    assert outcomes() == {first: "reversed", second: "changed"}
    assert versions()[2:] == [
        (first, 2, -9_000, 0),
        (second, 2, -stay[2], -stay[3]),
        (second, 3, stay[2], stay[3] - 7_200),
    ]
    assert (closed.figures["approved_cents"], closed.figures["reversed"]) == (-7_200, 2)


def test_without_a_choice_of_the_employer_affected_claims_are_told_and_left(in_employer, maker, checker):
    town, first, second = a21()
    change = worked(proposed(maker, service_from=DAY + timedelta(days=3)))
    assert [(row[0], row[1], row[2]) for row in told(change)] == [(first, True, "reversed"), (second, False, "changed")]
    approved(change, checker)
    worked()
    run(*tomorrow(2))
    assert outcomes() == {first: "reversed"}


def test_small_changes_of_affected_claims_are_left(in_employer, maker):
    setting("affected_claims", "all", 1)
    setting("affected_least", "100", 2)
    town, first, second = a21()
    change = worked(proposed(maker, service_from=DAY + timedelta(days=3)))
    assert (change.policy, change.least_cents) == ("all", 10_000)
    assert [(row[0], row[1]) for row in told(change)] == [(first, True), (second, False)]


def many(maker, families=7, **more):
    """A claim of every family, to be taken back, in parts of two families."""
    town = nights.town(families=families)
    fund(town)
    nights.submit(visit(town, "OFFICE", place=place) for place in range(families))
    run()
    return town, proposed(maker, npi=nights.engine.CLINIC, **more)


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(mass_changes, "PART_CLAIMS", 2)


def test_a_preview_goes_on_where_it_was_left_and_tells_the_second_person_once(in_employer, maker, small_parts):
    town, change = many(maker)
    assert MassChangePart.objects.count() == 4
    assert mass_changes.work(most=2) == 2
    assert (PartPreviewed.objects.count(), MassChangeClaim.objects.count()) == (2, 4)
    assert mass_changes.preview_sha256(change) == ""
    part = MassChangePart.objects.order_by("number").first()
    assert mass_changes.preview_part(part) is False  # a second worker, or the same again
    tenants_told(in_employer.schema_name)
    assert open_work("mass_change") == 0
    worked()
    tenants_told(in_employer.schema_name)
    assert (PartPreviewed.objects.count(), MassChangeClaim.objects.count()) == (4, 7)
    with schema_context("public"):
        item = WorkItem.objects.get(kind="mass_change")
    assert (item.amount_cents, item.closed_at) == (7 * 9_500, None)
    assert not mass_changes.due()


def test_a_crash_in_a_part_leaves_nothing_of_it_and_it_is_done_again(in_employer, maker, small_parts, monkeypatch):
    town, change = many(maker, families=4)
    with monkeypatch.context() as broken, pytest.raises(ZeroDivisionError), transaction.atomic():
        broken.setattr(mass_changes.PartPreviewed.objects, "create", lambda **_: 1 // 0)
        mass_changes.work(most=1)
    assert not MassChangeClaim.objects.exists()
    worked()
    assert MassChangeClaim.objects.count() == 4


def test_the_hash_of_a_preview_does_not_depend_on_the_day_it_is_made(in_employer, maker):
    town, change = many(maker)
    worked(change)
    again = worked(proposed(maker, npi=nights.engine.CLINIC))
    assert mass_changes.preview_sha256(again) == mass_changes.preview_sha256(change) != ""


def test_a_part_takes_the_same_number_of_statements_for_one_family_and_for_twenty(in_employer, maker):
    counts = []
    town = nights.town(families=21)
    fund(town)
    nights.submit(visit(town, "OFFICE", place=place, account=f"A{place}") for place in range(21))
    run()
    for families in (town.families[:1], town.families[1:]):
        people = [town.people[family][0] for family in families]
        claims = ClaimSubmission.objects.filter(person_id__in=people).values_list("pk", flat=True)
        change = proposed(maker, npi=nights.engine.CLINIC)
        part = MassChangePart(
            mass_change=change,
            number=99,
            family_ids=families,
            unit_sizes=[1] * len(families),
            submission_ids=list(claims),
        )
        rules = mass_previews.rules_now()
        with CaptureQueriesContext(connection) as asked:
            assert len(mass_previews.effects_of_part(part, change, rules).effects) == len(families)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 20


# ---- the second person


def test_the_maker_never_approves_not_even_by_hand(in_employer, maker):
    town, change = many(maker, families=1)
    worked()
    with pytest.raises(mass_changes.CannotRule, match="Somebody else has to approve"):
        approved(change, maker)
    for wrong in ({"actor_uuid": MAKER, "maker_uuid": MAKER}, {"actor_uuid": CHECKER, "maker_uuid": UUID(int=3)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MassChangeRuling.objects.create(
                mass_change=change, kind="approved", preview_sha256="0" * 64, ruled_at=AT, **wrong
            )
            connection.check_constraints()
    assert mass_changes.work(most=9) == 0 and not ClaimChange.objects.exists()


@pytest.mark.parametrize("roles", [{"examiner"}, {"finance"}, {"stop_loss"}, set()])
def test_only_claims_managers_propose_and_approve(in_employer, maker, checker, roles):
    town, change = many(maker, families=1)
    worked()
    with pytest.raises(mass_changes.CannotPropose, match="Claims managers"):
        proposed(replace(maker, roles=frozenset(roles)), npi=nights.engine.CLINIC)
    with pytest.raises(mass_changes.CannotRule, match="Claims managers approve"):
        approved(change, replace(checker, roles=frozenset(roles)))
    with pytest.raises(mass_changes.CannotRule, match="member of staff"):
        approved(change, replace(checker, kind="hr"))


def test_a_preview_that_is_not_finished_or_was_not_seen_whole_is_not_approved(in_employer, maker, checker, small_parts):
    town, change = many(maker, families=4)
    with pytest.raises(mass_changes.CannotRule, match="not finished"):
        approved(change, checker)
    worked()
    with pytest.raises(mass_changes.CannotRule, match="not the whole preview"):
        mass_changes.approve(mass_change_uuid=change.uuid, shown="0" * 64, note="", actor=checker)
    approved(change, checker)
    with pytest.raises(mass_changes.CannotRule, match="ruled on already"):
        approved(change, checker)
    tenants_told(in_employer.schema_name)
    assert open_work("mass_change") == 0


def test_the_ceiling_of_a_role_holds_for_what_a_claim_would_be_paid(in_employer, maker, checker):
    town, first, second = a21()
    load = OwnTableLoad.objects.create(
        number=9, name="authority-9", kind="authority", sha256="9" * 64, rows=1, file_name="a.csv", loaded_at=AT,
        actor_kind="system",
    )  # fmt: skip
    OwnPriceRow.objects.create(
        load=load, kind="authority", key="claims_manager", start_date=date(2020, 1, 1),
        content={"role": "claims_manager", "limit_cents": 10_000},
    )  # fmt: skip
    change = worked(proposed(maker, kind="redecide", service_to=DAY + timedelta(days=1)))
    with pytest.raises(mass_changes.CannotRule, match="above the ceiling of your role"):
        approved(change, checker)


def test_a_declined_or_withdrawn_change_orders_nothing(in_employer, maker, checker):
    town, change = many(maker, families=1)
    worked()
    with pytest.raises(mass_changes.CannotRule, match="Say why"):
        mass_changes.decline(mass_change_uuid=change.uuid, note="", actor=checker)
    assert mass_changes.decline(mass_change_uuid=change.uuid, note="Not these.", actor=checker).kind == "declined"
    other = proposed(maker, npi=nights.engine.CLINIC)
    assert mass_changes.decline(mass_change_uuid=other.uuid, note="", actor=maker).kind == "withdrawn"
    assert mass_changes.work(most=9) == 0 and not ClaimChange.objects.exists()


# ---- facts that move


def coverage_ends(town):
    Coverage.objects.filter(member__person=town.people[town.families[0]][0]).update(end_date=DAY)


def another_claim_is_decided(town):
    nights.submit([visit(town, "LAB", day=DAY + timedelta(days=1))])
    run(*tomorrow(3))


def one_is_ordered_otherwise(town):
    claim = ClaimSubmission.objects.order_by("intake_seq").first()
    actor = tenants.Actor("system", None, frozenset(), connection.schema_name)
    reversals.readjudicate(submission_ids=[claim.pk], cause="appeal", note="Granted.", actor=actor)


@pytest.mark.parametrize("moves", [coverage_ends, another_claim_is_decided, one_is_ordered_otherwise])
def test_nothing_is_ordered_when_the_facts_have_moved_since_the_preview(in_employer, maker, checker, moves: Callable):
    town, change = many(maker, families=2, kind="redecide")
    worked()
    before = ClaimChange.objects.count()
    approved(change, checker)
    moves(town)
    ordered_otherwise = ClaimChange.objects.count() - before
    worked()
    if moves is another_claim_is_decided:  # decided later and not affected: nothing of what was shown has moved
        assert MassChangeEnd.objects.get().kind == "ordered"
        return
    assert (MassChangeEnd.objects.get().kind, MassChangeEnd.objects.get().orders) == ("stale", 0)
    assert ClaimChange.objects.count() == before + ordered_otherwise
    assert mass_changes.carry_out(mass_change_id=change.pk) is None and not mass_changes.due()


def test_orders_are_appended_once_however_often_the_task_comes(in_employer, maker, checker):
    town, change = many(maker, families=3)
    worked()
    approved(change, checker)
    for _ in range(2):
        tasks.work_mass_changes.run(employer=in_employer.schema_name)
    assert ClaimChange.objects.count() == 3
    assert set(ClaimChange.objects.values_list("actor_uuid", "cause")) == {(CHECKER, "audit")}
    run(*tomorrow())
    assert standing() == {}


# ---- choosing


def test_each_filter_narrows_the_choice(in_employer, maker):
    town = nights.town(families=2)
    fund(town)
    stranger = nights.engine.STRANGER
    first, second, third = nights.submit(
        [
            visit(town, "OFFICE"),
            visit(town, "LAB", place=1, day=DAY + timedelta(days=2)),
            (town.families[1], town.people[town.families[1]][1],
             nights.visit(nights.engine.line(1, "THERAPY", 9_000, day=DAY), provider=stranger)),
        ]
    )  # fmt: skip
    run()

    def chosen(**filters):
        keys = chosen_claims.chosen(Chosen(**filters), most=99)
        return sorted(ClaimSubmission.objects.filter(pk__in=keys).values_list("intake_seq", flat=True))

    assert chosen(npi=stranger) == [third] and chosen(codes=("LAB", "NONE")) == [second]
    assert chosen(service_from=DAY + timedelta(days=1)) == [second]
    assert chosen(service_to=DAY + timedelta(days=1)) == [first, third]
    assert chosen(carc="3") == [first] and chosen(option="PPO", line_of_coverage="medical") == [first, second, third]
    assert chosen(option="HMO") == [] and chosen(decided_to=TODAY) == []
    assert chosen(decided_from=TODAY, npi=nights.engine.CLINIC) == [first, second]
    with pytest.raises(mass_changes.CannotPropose, match="No claim"):
        proposed(maker, option="HMO")
    with pytest.raises(BadChoice, match="at least one"):
        Chosen()
    with pytest.raises(BadChoice, match="before they begin"):
        Chosen(service_from=DAY, service_to=DAY)


def test_too_many_are_not_proposed_at_all(in_employer, maker, monkeypatch):
    monkeypatch.setattr(mass_changes, "MOST_CLAIMS", 2)
    with pytest.raises(mass_changes.CannotPropose, match="More than 2 claims"):
        many(maker, families=3)
    assert not MassChange.objects.exists()


def test_filters_come_back_as_they_were_stored():
    filters = Chosen(service_from=DAY, codes=("OFFICE", "LAB"), carc="45")
    assert chosen_from_json(filters.as_json()) == filters


# ---- reviews


def file_834(in_employer, town, *, end="20260228", control="000000001", action="024", reinstate=False):
    """A whole family's coverage ends on a day already past, or goes on after all, as an 834 tells it."""
    rows = []
    for member in (
        Member.objects.filter(family_id=town.families[0]).select_related("person", "subscriber").order_by("pk")
    ):
        person = member.person
        details = PersonDetails(
            given_name=person.given_name, family_name=person.family_name, birth_date=person.birth_date, sex=person.sex
        )
        number = (member.subscriber or member).member_number
        begins = [x834.coverage("025", option="", tier="", begin="20260301")] if reinstate else []
        dates = {} if reinstate else {"357": end}
        rows.append(
            x834.member(
                details, *begins, number=number, relationship=member.relationship,
                action="025" if reinstate else action, dates=dates,
            )
        )  # fmt: skip
    content = x834.file(*rows, control=control)
    arrival = Arrival(
        content_sha256=hashlib.sha256(content).hexdigest(),
        actor=tenants.Actor("system", None, frozenset(), in_employer.schema_name),
        recorded_at=AT,
        as_of=date(2026, 3, 12),
        groups={x834.GROUP},
    )
    report = enrollment_files.apply_834(x834.read(content), arrival=arrival)
    assert report.rows[0].result == "applied" and {row.result for row in report.rows} <= {"applied", "unchanged"}


def test_a_family_that_was_gone_already_from_834_to_835(in_employer, maker, checker):
    """Three claims were paid; the 834 says the family left two days before. The clinic owes it all back."""
    town = nights.town(families=2)
    fund(town)
    mine = nights.submit(
        [visit(town, "OFFICE", who=0), visit(town, "LAB", who=1, billed=100_000), visit(town, "OFFICE", place=1)]
    )
    run()
    paid = {seq: cents for seq, _, _, cents in versions()}
    file_834(in_employer, town)
    (review,) = reviews.open_due()
    assert (review.cause, review.claims, review.first_day) == ("retro_eligibility", 2, date(2026, 3, 1))
    assert set(ReviewedClaim.objects.values_list("submission__intake_seq", "why")) == {
        (mine[0], "days_lost"), (mine[1], "days_lost"),
    }  # fmt: skip
    assert not OutboxWaiting.objects.filter(consumer="claims").exists() and reviews.open_due() == []
    tenants_told(in_employer.schema_name)
    assert open_work("change_review") == 1
    change = mass_changes.propose(
        kind="redecide", cause="retro_eligibility", filters=Chosen(review=str(review.uuid)), note="Left in February.",
        actor=maker, review_uuid=review.uuid,
    )  # fmt: skip
    worked(change)
    assert [(row[0], row[2], row[3], row[4]) for row in told(change)] == [
        (mine[0], "changed", paid[mine[0]], 0), (mine[1], "changed", paid[mine[1]], 0),
    ]  # fmt: skip
    approved(change, checker)
    worked()
    assert ReviewEnd.objects.get().mass_change == change
    tenants_told(in_employer.schema_name)
    assert open_work("change_review") == 0
    closed = run(*tomorrow())
    taken = paid[mine[0]] + paid[mine[1]]
    (payment,) = Payment.objects.filter(night=closed)
    (read,) = read_835(tenants.open_document(payment.remittance.document_uuid).decode())
    assert [(each.status, each.paid, each.claim_number) for each in read.remittance.claims] == [
        ("22", -paid[mine[0]], numbers.claim_number(mine[0])),
        ("1", 0, numbers.claim_number(mine[0])),
        ("22", -paid[mine[1]], numbers.claim_number(mine[1])),
        ("1", 0, numbers.claim_number(mine[1])),
    ]
    assert (read.remittance.paid, [(each.reason, each.cents) for each in read.remittance.provider_adjustments]) == (
        0, [("FB", -taken)],
    )  # fmt: skip
    owed = tenants.balance(tenants.Account("overpayment_receivable", town.account.uuid), TODAY + timedelta(1))
    assert owed == taken
    family = set(town.people[town.families[0]])
    assert {at: amount for at, amount in standing().items() if at[0] in family} == {}


def test_a_family_that_comes_back_is_reviewed_for_what_it_was_refused(in_employer, maker, checker):
    town = nights.town(families=1)
    fund(town)
    file_834(in_employer, town)
    assert reviews.open_due() == []  # nobody had been paid anything
    (first,) = nights.submit([visit(town, "OFFICE")])
    run()
    assert versions() == [(first, 1, 12_000, 0)]
    file_834(in_employer, town, reinstate=True, control="000000002")
    (review,) = reviews.open_due()
    assert (review.claims, review.listed.get().why) == (1, "days_gained")
    change = mass_changes.propose(
        kind="redecide", cause=review.cause, filters=Chosen(review=str(review.uuid)), note="Reinstated.", actor=maker,
        review_uuid=review.uuid,
    )  # fmt: skip
    worked(change)
    assert told(change) == [(first, True, "changed", 0, 9_500, 12_000, 2_500)]
    approved(change, checker)
    worked()
    run(*tomorrow())
    assert versions()[1:] == [(first, 2, -12_000, 0), (first, 3, 12_000, 9_500)]


def test_prices_loaded_for_days_gone_by_open_one_review_of_the_claims_priced_before(in_employer, maker, checker):
    town = nights.town(families=1)
    fund(town)
    first, second = nights.submit([visit(town, "OFFICE"), visit(town, "LAB", day=DAY + timedelta(days=1))])
    run()
    load = OwnTableLoad.objects.create(
        number=1, name="fees-1", kind="fees", sha256="1" * 64, rows=1, file_name="f.csv", loaded_at=AT,
        actor_kind="system",
    )  # fmt: skip
    for code in ("OFFICE", "LAB"):
        OwnPriceRow.objects.create(
            load=load, kind="fees", key=f"HARBOR|{code}||None|", start_date=DAY + timedelta(days=0 if code == "OFFICE" else 2),
            content={"schedule": "HARBOR", "code": code, "modifier": "", "facility": None, "locality": "", "cents": 10_000},
        )  # fmt: skip
    (review,) = reviews.open_due()
    assert (review.cause, review.first_day, review.family_id) == ("contract_change", DAY, None)
    assert list(review.listed.values_list("submission__intake_seq", flat=True)) == [first]
    assert reviews.open_due() == [] and ReviewSource.objects.get(kind="own_table").reference == "fees-1"
    change = mass_changes.propose(
        kind="redecide", cause=review.cause, filters=Chosen(review=str(review.uuid)), note="New contract.", actor=maker,
        review_uuid=review.uuid,
    )  # fmt: skip
    worked(change)
    assert told(change) == [
        (first, True, "changed", 9_500, 7_500, 2_500, 2_500),
        (
            second,
            False,
            "waits",
            0,
            0,
            4_500,
            4_500,
        ),  # its schedule is the employer's own now, without a fee for that day
    ]


def test_a_release_of_shared_prices_for_days_gone_by_opens_one_too(in_employer):
    town = nights.town(families=1)
    (first,) = nights.submit([visit(town, "OFFICE")])
    run()
    assert reviews.open_due() == []
    with schema_context("public"):
        release = Release.objects.create(number=2, name="2026.2", source="tests", loaded_at=AT)
        FeeRate.objects.create(schedule="HARBOR", code="OFFICE", cents=9_000, release=release, start_date=DAY)
    (review,) = reviews.open_due()
    assert list(review.listed.values_list("submission__intake_seq", flat=True)) == [first]
    assert reviews.open_due() == []


def test_a_review_ends_without_a_change_when_a_manager_says_why(in_employer, maker):
    town = nights.town(families=1)
    fund(town)
    nights.submit([visit(town, "OFFICE")])
    run()
    file_834(in_employer, town)
    (review,) = reviews.open_due()
    with pytest.raises(reviews.CannotEnd, match="Say why"):
        reviews.end_with_nothing(review_uuid=review.uuid, note="no", actor=maker)
    with pytest.raises(reviews.CannotEnd, match="Claims managers"):
        reviews.end_with_nothing(
            review_uuid=review.uuid, note="Premium was paid.", actor=replace(maker, roles=frozenset({"examiner"}))
        )
    reviews.end_with_nothing(review_uuid=review.uuid, note="Premium was paid.", actor=maker)
    with pytest.raises(reviews.CannotEnd, match="ended already"):
        reviews.end_with_nothing(review_uuid=review.uuid, note="Premium was paid.", actor=maker)
    with pytest.raises(mass_changes.CannotPropose, match="no such open review"):
        proposed(maker, review=review.uuid, npi=nights.engine.CLINIC)
    assert not ClaimChange.objects.exists() and ChangeReview.objects.count() == 1
