"""The desk: one employer's admin, for staff with an open grant for it in that session. Nothing else opens it."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.utils import timezone

from tenants.models import StaffEvent, StaffGrant
from tenants.records.models import AuditEvent
from tenants.services import grants
from tenants.web.sites import DeskModelAdmin, desk
from tests.factories import tenants as people

pytestmark = pytest.mark.django_db


def desk_of(employer, page: str = "") -> str:
    return f"/e/{employer.slug}/admin/{page}"


@pytest.fixture
def dana(db):
    return people.staff("admin")


@pytest.fixture
def browser(dana):
    return people.at_operations(dana)


def test_no_grant_no_desk(browser, employer):
    assert browser.get(desk_of(employer)).status_code == 403


def test_a_visitor_gets_403_and_learns_nothing(employer):
    visitor = people.browser(people.OPERATIONS)
    assert visitor.get(desk_of(employer)).status_code == 403
    assert visitor.get("/e/no-such-employer/admin/").status_code == 403


def test_an_open_grant_opens_its_own_employer_only(browser, dana, employer, other_employer):
    people.open_door(browser, dana, employer)
    page = browser.get(desk_of(employer))
    assert page.status_code == 200
    assert employer.name.encode() in page.content
    assert browser.get(desk_of(other_employer)).status_code == 403


def test_an_expired_grant_is_shut(browser, dana, employer):
    people.open_door(browser, dana, employer, now=timezone.now() - timedelta(minutes=30))
    assert browser.get(desk_of(employer)).status_code == 403


def test_a_closed_grant_is_shut_at_once(browser, dana, employer):
    grant = people.open_door(browser, dana, employer)
    grants.close_grant(grant=grant, now=timezone.now())
    assert browser.get(desk_of(employer)).status_code == 403


def test_another_session_of_the_same_person_needs_its_own_grant(browser, dana, employer):
    people.open_door(browser, dana, employer)
    assert people.at_operations(dana).get(desk_of(employer)).status_code == 403


def test_another_person_with_the_same_cookie_row_needs_its_own_grant(browser, dana, employer):
    grant = people.open_door(browser, dana, employer)
    erik = people.staff(email="erik@aso.example", name="Erik")
    StaffGrant.objects.filter(pk=grant.pk).update(staff=erik)
    assert browser.get(desk_of(employer)).status_code == 403


def test_no_grant_is_longer_than_half_an_hour(browser, dana, employer, settings):
    settings.GRANT_MINUTES = 31
    with pytest.raises(Exception, match="grant_at_most_half_an_hour"):
        people.open_door(browser, dana, employer)


def test_the_desk_does_not_exist_on_an_employers_host(dana, employer):
    client = people.at_portal(people.hr(employer), employer)
    assert client.get(desk_of(employer)).status_code == 404
    assert client.get("/admin/").status_code == 404


def test_opening_and_closing_is_written_on_both_sides(browser, dana, employer, as_employer):
    grant = people.open_door(browser, dana, employer)
    grants.close_grant(grant=grant, now=timezone.now())
    grants.close_grant(grant=grant, now=timezone.now())
    told = list(StaffEvent.objects.filter(subject_uuid=grant.uuid).order_by("id").values_list("kind", "schema_name"))
    assert told == [("grant_opened", employer.schema_name), ("grant_closed", employer.schema_name)]
    with as_employer(employer):
        seen = list(AuditEvent.objects.filter(grant_uuid=grant.uuid).order_by("id").values_list("action", "actor_uuid"))
    assert seen == [("grant.opened", dana.pk), ("grant.closed", dana.pk)]


def test_a_clerk_sees_what_the_role_allows_and_nothing_else(employer):
    lars = people.staff("account_manager", email="lars@aso.example", name="Lars")
    client = people.at_operations(lars)
    people.open_door(client, lars, employer)
    page = client.get(desk_of(employer)).content.decode()
    assert client.get(desk_of(employer)).status_code == 200
    assert "/admin/claims/" not in page


@pytest.mark.parametrize("page", ["login/", "logout/", "password_change/", "password_change/done/"])
def test_sign_in_pages_of_the_desk_lead_back_to_operations(page, browser, dana, employer):
    people.open_door(browser, dana, employer)
    reply = browser.get(desk_of(employer, page))
    assert (reply.status_code, reply.url) == (302, "/admin/")


def test_the_person_is_still_signed_in_at_operations_afterwards(browser, dana, employer, as_employer):
    people.open_door(browser, dana, employer)
    browser.get(desk_of(employer))
    assert connection.schema_name == "public"
    assert browser.get("/admin/").status_code == 200
    with as_employer(employer), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone() == (0,)


def test_every_admin_of_the_desk_leaves_no_log_entry():
    assert [str(model) for model, admin in desk._registry.items() if not isinstance(admin, DeskModelAdmin)] == []
    assert DeskModelAdmin.log_change is not LogEntry


def test_every_page_of_the_desk_stays_under_its_prefix(browser, dana, employer):
    people.open_door(browser, dana, employer)
    for model in desk._registry:
        page = browser.get(desk_of(employer, f"{model._meta.app_label}/{model._meta.model_name}/"))
        assert page.status_code == 200, model
        assert f"/e/{employer.slug}/admin/" in page.content.decode()
        assert 'href="/admin/' + model._meta.app_label not in page.content.decode()
