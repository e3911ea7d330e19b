"""Doors into employers and work in hand."""

from datetime import timedelta

import pytest

from tenants.core.queue_views import View
from tenants.models import Employer, StaffEvent, StaffGrant
from tenants.selectors import grants as open_grants
from tenants.selectors import queues
from tenants.services import grants
from tests.factories import tenants as people

pytestmark = pytest.mark.django_db

NOW = people.NOW
KEY = "a" * 32


@pytest.fixture
def dana(db):
    return people.staff()


@pytest.fixture
def erik(db):
    return people.staff(email="erik@aso.example", name="Erik")


def opened(user, employer, **given) -> StaffGrant:
    return grants.open_grant(
        **{
            "staff": user,
            "session_key": KEY,
            "employer_slug": employer.slug,
            "reason": "ticket 4711",
            "now": NOW,
            **given,
        }
    )


def test_a_grant_lasts_half_an_hour_to_the_second(dana, employer):
    grant = opened(dana, employer)

    def live(now):
        return open_grants.live_grant(staff=dana, session_key=KEY, slug=employer.slug, now=now)

    assert live(NOW) == grant
    assert live(NOW + timedelta(minutes=30, seconds=-1)) == grant
    assert live(NOW + timedelta(minutes=30)) is None
    assert live(NOW - timedelta(seconds=1)) is None


@pytest.mark.parametrize(
    "given", [{"reason": " "}, {"reason": "abc"}, {"session_key": ""}, {"employer_slug": "nobody"}]
)
def test_no_door_without_reason_session_and_employer(dana, employer, given):
    with pytest.raises(grants.CannotOpenGrant):
        opened(dana, employer, **given)
    assert StaffGrant.objects.count() == 0


def test_no_door_for_somebody_deactivated_or_into_a_suspended_employer(dana, employer):
    dana.is_active = False
    with pytest.raises(grants.CannotOpenGrant):
        opened(dana, employer)
    dana.is_active = True
    Employer.objects.update(status="suspended")
    with pytest.raises(grants.CannotOpenGrant):
        opened(dana, employer)


def test_the_session_key_itself_is_not_kept(dana, employer):
    assert KEY not in str(StaffGrant.objects.filter(pk=opened(dana, employer).pk).values().get())


def take(user, item, **given):
    return grants.take(**{"item_uuid": item.uuid, "staff": user, "session_key": KEY, "now": NOW, **given})


def test_taking_work_makes_it_ones_own_and_opens_the_door(dana, employer):
    item = people.work_item(employer)
    grant = take(dana, item)
    assert (grant.work_item, grant.employer.slug) == (item, "harbor")
    assert str(item.subject_uuid) in grant.reason
    assert queues.owner_of(item) == dana.pk
    assert take(dana, item).pk != grant.pk
    assert StaffEvent.objects.filter(kind="work_item_taken").count() == 1


def test_work_in_other_hands_stays_there_until_released(dana, erik, employer):
    item = people.work_item(employer)
    take(dana, item)
    with pytest.raises(grants.CannotTake, match=str(dana.pk)):
        take(erik, item)
    with pytest.raises(grants.CannotTake, match="not yours"):
        grants.release(item_uuid=item.uuid, staff=erik, now=NOW)
    grants.release(item_uuid=item.uuid, staff=dana, now=NOW)
    assert queues.owner_of(item) is None
    take(erik, item)
    assert queues.owner_of(item) == erik.pk


def test_finished_work_cannot_be_taken(dana, employer):
    item = people.work_item(employer, closed_at=NOW)
    with pytest.raises(grants.CannotTake):
        take(dana, item)


def test_the_queue_runs_by_due_date_over_all_employers_own_work_first(dana, erik, employer, other_employer):
    late = people.work_item(employer, due_at=NOW + timedelta(days=3))
    soon = people.work_item(other_employer, due_at=NOW + timedelta(days=1))
    whenever = people.work_item(employer)
    assert list(queues.waiting()) == [soon, late, whenever]
    assert queues.next_for(dana.pk) == soon
    take(erik, soon)
    assert queues.next_for(dana.pk) == late
    take(dana, whenever)
    assert queues.next_for(dana.pk) == whenever
    assert queues.next_for(dana.pk, view=View(category="stop_loss"), now=NOW) is None
    assert queues.next_for(erik.pk) == soon


def test_equal_subjects_of_two_employers_have_owners_of_their_own(dana, employer, other_employer):
    here = people.work_item(employer)
    there = people.work_item(other_employer, subject_uuid=here.subject_uuid)
    take(dana, here)
    assert (queues.owner_of(here), queues.owner_of(there)) == (dana.pk, None)


def test_the_queue_is_one_query(dana, employer, other_employer, django_assert_num_queries):
    for facts in (employer, other_employer, employer):
        people.work_item(facts)
    with django_assert_num_queries(1):
        assert [item.employer.slug for item in queues.waiting()] == ["harbor", "meadow", "harbor"]
