"""Whatever a real night decides, its explanation is the trace: the steps add up to the cent, on every claim."""

import pytest

from claims.core.explanation import OFF, PLAN, YOURS
from claims.models import AccumulatorEntry, ClaimVersion, LineAdjustment
from claims.selectors.explanations import DoesNotAddUp, explain
from claims.services import night
from tests.factories import care, nights


@pytest.fixture
def decided(in_employer) -> list[ClaimVersion]:
    """Every decision of a night over a small town's week."""
    nights.submit(nights.claims_of(nights.town(families=5), claims=80))
    planned, _ = night.plan_night(business_date=nights.TONIGHT, run_no=1, planned_at=nights.PLANNED_AT)
    night.work_until_empty(night_id=planned.pk, worker="alone")
    return list(ClaimVersion.objects.all())


def test_every_decision_is_told_in_three_to_six_steps_that_end_in_what_is_owed(decided):
    assert len(decided) > 50
    for version in decided:
        told = explain(version.pk)
        assert 3 <= len(told.steps) <= 6
        assert told.steps[-1].cents == version.member_cents == sum(s.cents for s in told.steps if s.kind == YOURS)
        taken = sum(step.cents for step in told.steps if step.kind in (OFF, PLAN))
        assert told.steps[0].cents - taken == version.member_cents
        assert told.owe_cents + told.off_cents + told.plan_cents == version.billed_cents


def test_the_folded_services_hold_the_stored_adjustments(decided):
    for version in decided[:20]:
        stored = set(LineAdjustment.objects.filter(line__version=version).values_list("group", "carc", "cents"))
        told = {
            (reason.group, reason.carc, reason.cents)
            for each in explain(version.pk).services
            for reason in each.reasons
        }
        assert told == stored


def test_the_effects_of_a_familys_claims_follow_each_other(decided):
    """What one claim leaves on the deductible is where the person's next one begins."""
    person = AccumulatorEntry.objects.order_by("pk").values_list("person", flat=True)[0]
    stood = 0
    for version in decided:
        for effect in explain(version.pk).effects if version.person_id == person else ():
            if effect.kind == "deductible" and not effect.of_family:
                assert effect.before == stood
                stood = effect.after
    posted = AccumulatorEntry.objects.filter(person=person, accumulator="medical.deductible")
    assert stood == sum(posted.values_list("amount", flat=True)) > 0


def test_the_rates_and_balances_beside_the_steps_come_from_the_trace(in_employer):
    home = care.household()
    version = care.decide(
        home,
        care.submit(home, home.alma),
        (28_000, (("PR", "1", 75_000), ("PR", "2", 7_000))),
        saw=("D:ded.inn,75000,75000", "O:2000,7000"),
    )
    assert explain(version.pk).story.rates == (2_000,)
    assert explain(version.pk).story.deductible_left == 75_000


def test_a_trace_that_disagrees_with_its_totals_is_refused(in_employer):
    home = care.household()
    version = care.decide(home, care.submit(home, home.alma), (0, (("PR", "1", 10_000),)), saw=("J:PR,2,1",))
    with pytest.raises(DoesNotAddUp, match=f"Decision {version.uuid}: .* 10001.* 10000"):
        explain(version.pk)
