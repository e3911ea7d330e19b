"""Values set by hand on a decided claim: shown with what later claims of the family come to, carried out by the night."""

from dataclasses import replace
from datetime import timedelta

import pytest

from claims.models import ClaimChange, ClaimChangeResult, ClaimSubmission, ClaimVersion
from claims.services import overrides, reversals
from tests.claims.services.test_overrides import NOTE, a_night, by_hand, dana, manager  # noqa: F401
from tests.factories import engine, nights


@pytest.fixture
def decided(in_employer, settings) -> tuple[ClaimSubmission, ClaimSubmission]:
    """Two claims of one person, decided one after the other: the first takes the deductible."""
    settings.OVERRIDE_SECOND_ABOVE_CENTS = 100_000_000
    town = nights.town(1)
    family = town.families[0]
    person = town.people[family][0]
    for place in range(2):
        day = nights.WEEK + timedelta(place)
        line = engine.line(1, ("STAY", "THERAPY")[place], (900_000, 9_000)[place], day=day)
        nights.submit([(family, person, nights.visit(line, account=f"P{place}"))])
        a_night(nights.TONIGHT + timedelta(place))
    first, second = ClaimSubmission.objects.order_by("intake_seq")
    return first, second


def save(submission, override, actor):
    shown = overrides.preview(submission=submission, override=override)
    return overrides.save(
        submission_uuid=submission.uuid, override=override, note=NOTE, shown_sha256=shown.sha256, actor=actor
    )


def in_force() -> list[tuple[int, int, int]]:
    """(claim, plan, member) of the decisions that stand."""
    gone = ClaimVersion.objects.exclude(reverses=None).values("reverses")
    rows = ClaimVersion.objects.filter(reverses=None).exclude(pk__in=gone).order_by("submission__intake_seq")
    return list(rows.values_list("submission__intake_seq", "paid_cents", "member_cents"))


def waived(value="600"):
    return by_hand("allowed", value, line=1)


def test_looking_stores_nothing_and_tells_of_later_claims(decided, manager):  # noqa: F811
    first, second = decided
    before = in_force()
    shown = overrides.preview(submission=first, override=waived())

    assert shown.decided
    assert [each.submission_id for each in shown.later] == [second.pk]
    assert in_force() == before
    assert not ClaimChange.objects.exists()


def test_the_next_night_takes_back_and_decides_anew_what_was_shown(decided, manager):  # noqa: F811
    first, _ = decided
    before = in_force()
    shown = overrides.preview(submission=first, override=waived())
    row = save(first, waived(), manager)
    assert not row.needs_second
    assert ClaimChange.objects.filter(cause="examiner", kind="redecide").count() == 2
    assert in_force() == before
    a_night(nights.TONIGHT + timedelta(2))
    after = in_force()
    assert after[0][1] - before[0][1] == shown.effect.paid
    assert after[0][2] - before[0][2] == shown.effect.member
    assert after[1][1] - before[1][1] == shown.later[0].paid
    assert after[1][2] - before[1][2] == shown.later[0].member
    assert set(ClaimChangeResult.objects.values_list("outcome", flat=True)) == {"changed"}


def test_above_the_limit_nothing_is_ordered_before_another_manager_agrees(decided, manager, settings):  # noqa: F811
    settings.OVERRIDE_SECOND_ABOVE_CENTS = 100
    first, _ = decided
    row = save(first, waived(), manager)
    assert row.needs_second
    assert not ClaimChange.objects.exists()
    with pytest.raises(overrides.CannotOverride, match="You set it yourself"):
        overrides.approve(override_uuid=row.uuid, note=NOTE, actor=manager)
    overrides.approve(override_uuid=row.uuid, note=NOTE, actor=replace(manager, uuid=first.uuid))
    assert ClaimChange.objects.count() == 2


def test_an_examiner_sets_nothing_on_a_decided_claim(decided, dana):  # noqa: F811
    with pytest.raises(overrides.CannotOverride, match="Claims managers"):
        save(decided[0], waived(), dana)


def test_a_claim_that_is_to_be_changed_already_or_was_taken_back_is_left_alone(decided, manager):  # noqa: F811
    first, _ = decided
    shown = overrides.preview(submission=first, override=waived())
    reversals.reverse(submission_ids=[first.pk], cause="audit", note=NOTE, actor=manager)
    with pytest.raises(overrides.CannotOverride):
        overrides.save(
            submission_uuid=first.uuid, override=waived(), note=NOTE, shown_sha256=shown.sha256, actor=manager
        )
    a_night(nights.TONIGHT + timedelta(2))
    with pytest.raises(overrides.CannotOverride, match="taken back"):
        overrides.preview(submission=first, override=waived())
