"""Values set by hand: shown first, saved second, approved by another above a limit, used by the next night."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from claims.core.facts import WHOLE_CLAIM, Override
from claims.core.override_terms import BadOverride
from claims.models import ClaimOverride, ClaimSubmission, ClaimVersion, OverrideRuling, Pend, PendedDecision
from claims.services import night, overrides, pends
from tenants.core.roles import Actor
from tenants.records.models import AuditEvent, OutboxEvent
from tests.factories import engine, nights

NOTE = "single case agreement of 2 March, file 77"


@pytest.fixture
def dana(in_employer) -> Actor:
    return Actor("staff", uuid4(), frozenset({"examiner"}), in_employer.schema_name, grant_uuid=uuid4())


@pytest.fixture
def manager(dana) -> Actor:
    return replace(dana, uuid=uuid4(), roles=frozenset({"claims_manager"}))


def a_night(day: date = nights.TONIGHT) -> None:
    planned, _ = night.plan_night(business_date=day, planned_at=datetime.combine(day, nights.PLANNED_AT.timetz()))
    assert night.work_until_empty(night_id=planned.pk, worker="test") is night.Outcome.CLOSED


@pytest.fixture
def waiting(in_employer) -> ClaimSubmission:
    """A visit, and a service nobody knows, which waits for its benefit."""
    town = nights.town(1)
    family = town.families[0]
    lines = [engine.line(1, "OFFICE", 12_000, day=nights.WEEK), engine.line(2, "NOWHERE", 90_000, day=nights.WEEK)]
    nights.submit([(family, town.people[family][0], nights.visit(*lines))])
    a_night()
    (submission,) = ClaimSubmission.objects.all()
    assert Pend.objects.get().code == "BEN-01"
    return submission


def by_hand(field: str = "category", value: str = "office", *, line: int = 2, reason: str = "plan_terms") -> Override:
    return Override(field=field, line_number=line, value=value, reason=reason)


def save(submission: ClaimSubmission, override: Override, actor: Actor) -> ClaimOverride:
    shown = overrides.preview(submission=submission, override=override)
    return overrides.save(
        submission_uuid=submission.uuid, override=override, note=NOTE, shown_sha256=shown.effect.sha256, actor=actor
    )


def stored() -> list[int]:
    return [model.objects.count() for model in (ClaimOverride, ClaimVersion, PendedDecision, AuditEvent, OutboxEvent)]


def test_looking_at_the_effect_stores_nothing(waiting, dana):
    before = stored()
    shown = overrides.preview(submission=waiting, override=by_hand())
    assert [each.code for each in shown.effect.gone] == ["BEN-01"]
    assert [each.code for each in shown.effect.new] == ["PRC-01"]
    assert (shown.effect.paid, shown.needs_second) == (0, False)
    save(waiting, by_hand(), dana)
    priced = overrides.preview(submission=waiting, override=by_hand("allowed", "60000"))
    assert (priced.effect.paid, priced.effect.member, priced.needs_second) == (60_000, 0, True)
    assert [count - old for count, old in zip(stored(), before, strict=True)] == [1, 0, 0, 1, 0]


def test_an_override_within_the_limit_counts_in_the_next_decision_and_the_trace_says_who(waiting, dana):
    save(waiting, by_hand(), dana)
    row = save(waiting, by_hand("allowed", "30000"), dana)
    assert (row.paid_effect_cents, row.member_effect_cents, row.needs_second) == (30_000, 0, False)
    assert (row.value_before, row.maker_uuid) == ("0", dana.uuid)
    pends.release(pend_uuids=[Pend.objects.get().uuid], note=NOTE, actor=dana)
    a_night(nights.TONIGHT + timedelta(1))
    version = ClaimVersion.objects.select_related("trace").get()
    assert (version.outcome, version.paid_cents, version.member_cents) == ("pay", 9_500 + 30_000, 2_500)
    assert "BH1:category,office,plan_terms" in version.trace.steps
    assert "BH2:allowed,30000,plan_terms" in version.trace.steps


def test_above_the_limit_it_counts_once_another_manager_approved(waiting, dana, manager, settings):
    settings.OVERRIDE_SECOND_ABOVE_CENTS = 20_000
    save(waiting, by_hand(), dana)
    row = save(waiting, by_hand("allowed", "30000"), dana)
    assert row.needs_second
    assert OutboxEvent.objects.get(kind="work.opened", subject_uuid=row.uuid).payload["amount_cents"] == 30_000
    pends.rerun(submission_uuid=waiting.uuid, note=NOTE, actor=dana)
    a_night(nights.TONIGHT + timedelta(1))
    assert [pend.code for pend in Pend.objects.filter(resolution=None)] == ["PRC-01"]
    with pytest.raises(overrides.CannotOverride, match="A claims manager approves"):
        overrides.approve(override_uuid=row.uuid, note=NOTE, actor=replace(dana, uuid=uuid4()))
    ruling = overrides.approve(override_uuid=row.uuid, note=NOTE, actor=manager)
    assert (ruling.kind, ruling.actor_uuid, ruling.maker_uuid) == ("approved", manager.uuid, dana.uuid)
    assert OutboxEvent.objects.filter(kind="work.done", subject_uuid=row.uuid).count() == 1
    pends.rerun(submission_uuid=waiting.uuid, note=NOTE, actor=dana)
    a_night(nights.TONIGHT + timedelta(2))
    assert ClaimVersion.objects.get().paid_cents == 9_500 + 30_000


def test_nobody_approves_his_own(waiting, manager, settings):
    settings.OVERRIDE_SECOND_ABOVE_CENTS = 0
    save(waiting, by_hand("category", "office"), manager)
    row = save(waiting, by_hand("allowed", "30000"), manager)
    with pytest.raises(overrides.CannotOverride, match="You set it yourself"):
        overrides.approve(override_uuid=row.uuid, note=NOTE, actor=manager)
    given = {"override": row, "kind": "approved", "note": "", "ruled_at": row.made_at}
    with pytest.raises(IntegrityError, match="override_ruling_maker_is_not_checker"), transaction.atomic():
        OverrideRuling.objects.create(**given, maker_uuid=row.maker_uuid, actor_uuid=row.maker_uuid)
    with pytest.raises(IntegrityError, match="override_ruling_names_the_maker"), transaction.atomic():
        OverrideRuling.objects.create(**given, maker_uuid=uuid4(), actor_uuid=row.maker_uuid)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_keeps_a_large_override_from_counting_alone(waiting, dana):
    row = save(waiting, by_hand(), dana)
    with pytest.raises(IntegrityError, match="claim_override_large_needs_second"), transaction.atomic():
        ClaimOverride.objects.create(
            submission=waiting, field="allowed", value="1", reason="agreement", note=NOTE, paid_effect_cents=50_001,
            member_effect_cents=0, limit_cents=50_000, needs_second=False, shown_sha256="0" * 64,
            maker_uuid=dana.uuid, made_at=row.made_at,
        )  # fmt: skip


def test_declined_or_withdrawn_it_never_counts(waiting, dana, manager, settings):
    settings.OVERRIDE_SECOND_ABOVE_CENTS = 0
    save(waiting, by_hand(), dana)
    row = save(waiting, by_hand("allowed", "30000"), dana)
    overrides.decline(override_uuid=row.uuid, note=NOTE, actor=manager)
    for act in (overrides.approve, overrides.withdraw):
        with pytest.raises(overrides.CannotOverride, match="ended or approved already"):
            act(override_uuid=row.uuid, note=NOTE, actor=manager)
    approved = save(waiting, by_hand("allowed", "31000"), dana)
    overrides.approve(override_uuid=approved.uuid, note=NOTE, actor=manager)
    overrides.withdraw(override_uuid=approved.uuid, note=NOTE, actor=dana)
    shown = overrides.preview(submission=waiting, override=by_hand("copay", "0", line=1))
    assert shown.effect.before.allowed == 12_000


def test_the_latest_word_on_a_field_and_line_counts(waiting, dana):
    for value in ("office", "lab", "therapy"):
        save(waiting, by_hand("category", value), dana)
    save(waiting, by_hand("allowed", "9000"), dana)
    pends.rerun(submission_uuid=waiting.uuid, note=NOTE, actor=dana)
    a_night(nights.TONIGHT + timedelta(1))
    assert "BH1:category,therapy,plan_terms" in ClaimVersion.objects.get().trace.steps
    assert "category,lab" not in ClaimVersion.objects.get().trace.steps


def test_what_was_shown_is_what_is_saved(waiting, dana):
    shown = overrides.preview(submission=waiting, override=by_hand("allowed", "30000"))
    save(waiting, by_hand(), dana)
    with pytest.raises(overrides.CannotOverride, match="no longer what you were shown"):
        overrides.save(
            submission_uuid=waiting.uuid, override=by_hand("allowed", "30000"), note=NOTE,
            shown_sha256=shown.effect.sha256, actor=dana,
        )  # fmt: skip


@pytest.mark.parametrize("kind", ["hr", "member", "system", "api"])
def test_only_staff_set_values(waiting, dana, kind):
    with pytest.raises(overrides.CannotOverride, match="Only a member of staff"):
        save(waiting, by_hand(), replace(dana, kind=kind))


@pytest.mark.parametrize("role", ["finance", "account_manager", "stop_loss"])
def test_only_examiners_and_managers_set_values(waiting, dana, role):
    with pytest.raises(overrides.CannotOverride, match="Examiners and claims managers"):
        save(waiting, by_hand(), replace(dana, roles=frozenset({role})))


def test_what_the_plan_does_not_know_is_refused_before_anything_is_decided(waiting, dana):
    with pytest.raises(BadOverride, match="Known: office, lab, therapy, stay"):
        save(waiting, by_hand("category", "dental"), dana)
    with pytest.raises(overrides.CannotOverride, match="Say why"):
        overrides.save(submission_uuid=waiting.uuid, override=by_hand(), note=" ", shown_sha256="", actor=dana)


def test_a_rerun_asserts_nothing_and_the_reason_comes_back(waiting, dana):
    first = Pend.objects.get()
    pends.rerun(submission_uuid=waiting.uuid, note=NOTE, actor=dana)
    assert AuditEvent.objects.filter(action="pend.rerun", subject_uuid=first.uuid).count() == 1
    with pytest.raises(pends.CannotAnswer, match="waits for nobody"):
        pends.rerun(submission_uuid=waiting.uuid, note=NOTE, actor=dana)
    a_night(nights.TONIGHT + timedelta(1))
    again = Pend.objects.get(resolution=None)
    assert (again.code, again.line_no) == (first.code, first.line_no)
    with pytest.raises(pends.CannotAnswer, match="sent to be decided again already"):
        pends.release(pend_uuids=[first.uuid], note=NOTE, actor=dana)


def test_a_whole_claim_refusal_is_saved_without_a_line(waiting, dana):
    row = save(waiting, by_hand("refuse", "50", line=WHOLE_CLAIM), dana)
    assert row.line_no is None
