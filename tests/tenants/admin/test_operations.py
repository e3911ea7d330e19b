"""The operations site: the queue and taking from it, doors, employers, staff accounts; each by role."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from tenants.accounts.models import User
from tenants.accounts.selectors import roles_of
from tenants.models import Employer, StaffEvent, StaffGrant
from tenants.selectors import queues
from tenants.web.sites import operations
from tests.factories import tenants as people

pytestmark = [pytest.mark.django_db, pytest.mark.urls("aso_portal.urls_operations")]

QUEUE = "/admin/tenants/workitem/"


@pytest.fixture
def dana(db):
    return people.staff()


@pytest.fixture
def root(db):
    return people.staff("admin", email="root@aso.example", name="Root")


def test_every_page_answers_for_an_administrator(root):
    client = people.at_operations(root)
    for model, admin in operations._registry.items():
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        assert client.get(reverse(f"admin:{label}_changelist")).status_code == 200, label
        assert not admin.has_delete_permission(client.get("/admin/").wsgi_request)


def test_visitors_are_sent_to_sign_in():
    reply = people.browser(people.OPERATIONS).get(QUEUE)
    assert reply.status_code == 302
    assert "/login/" in reply.url


def test_the_queue_shows_employer_amount_due_and_owner_and_no_more(dana, employer, other_employer):
    people.work_item(employer, amount_cents=1_250_000, due_at=people.NOW)
    people.work_item(other_employer)
    page = people.at_operations(dana).get(QUEUE).content.decode()
    assert "Harbor Freight Lines" in page
    assert "Meadow Dairy" in page
    assert "$12,500.00" in page
    assert "2026-03-02 (late)" in page


def test_the_queue_is_few_queries_however_long(dana, employer, django_assert_max_num_queries):
    client = people.at_operations(dana)
    for _ in range(30):
        people.work_item(employer)
    with django_assert_max_num_queries(16):
        assert client.get(QUEUE).status_code == 200


def test_taking_a_line_opens_the_door_and_leads_to_the_desk(dana, employer):
    item = people.work_item(employer)
    client = people.at_operations(dana)
    reply = client.post(f"{QUEUE}{item.uuid}/take/")
    assert (reply.status_code, reply.url) == (302, f"/e/harbor/admin/go/pend/{item.subject_uuid}/")
    assert client.get(reply.url, follow=True).status_code == 200
    assert "Dana" in client.get(QUEUE).content.decode()


def test_take_next_is_one_click(dana, employer):
    item = people.work_item(employer)
    client = people.at_operations(dana)
    assert client.post(f"{QUEUE}next/").url.endswith(f"/{item.subject_uuid}/")
    assert queues.owner_of(item) == dana.pk
    client.post(f"{QUEUE}{item.uuid}/release/")
    assert queues.owner_of(item) is None


def test_a_link_takes_nothing(dana, employer):
    item = people.work_item(employer)
    client = people.at_operations(dana)
    assert client.get(f"{QUEUE}{item.uuid}/take/").status_code == 405
    assert client.get(f"{QUEUE}next/").status_code == 405
    assert StaffGrant.objects.count() == 0


def test_work_in_other_hands_says_so(dana, employer):
    item = people.work_item(employer)
    people.at_operations(dana).post(f"{QUEUE}{item.uuid}/take/")
    erik = people.at_operations(people.staff(email="erik@aso.example", name="Erik"))
    reply = erik.post(f"{QUEUE}{item.uuid}/take/", follow=True)
    assert "was taken by" in reply.content.decode()
    assert queues.owner_of(item) == dana.pk


def test_an_empty_queue_is_not_an_error(dana):
    reply = people.at_operations(dana).post(f"{QUEUE}next/", follow=True)
    assert "Nothing waits." in reply.content.decode()


def test_a_door_opens_with_a_reason_by_form(dana, employer):
    client = people.at_operations(dana)
    facts = Employer.objects.get(slug="harbor")
    refused = client.post("/admin/tenants/staffgrant/add/", {"employer": facts.pk, "reason": "abc"})
    assert refused.status_code == 200
    reply = client.post("/admin/tenants/staffgrant/add/", {"employer": facts.pk, "reason": "ticket 4711"})
    assert (reply.status_code, reply.url) == (302, "/e/harbor/admin/")
    assert client.get(reply.url).status_code == 200
    shut = client.post(
        "/admin/tenants/staffgrant/",
        {"action": "close", "_selected_action": [StaffGrant.objects.get().pk]},
        follow=True,
    )
    assert "The doors are shut." in shut.content.decode()
    assert client.get(reply.url).status_code == 403


def test_doors_of_others_are_seen_by_administrators_only(dana, root, employer):
    at_dana = people.at_operations(dana)
    people.open_door(at_dana, dana, employer)
    erik = people.at_operations(people.staff(email="erik@aso.example", name="Erik"))
    assert "ticket 4711" not in erik.get("/admin/tenants/staffgrant/").content.decode()
    assert "ticket 4711" in people.at_operations(root).get("/admin/tenants/staffgrant/").content.decode()


def test_an_examiner_changes_no_employer(dana):
    harbor = Employer.objects.get(slug="harbor")
    client = people.at_operations(dana)
    assert client.post(f"/admin/tenants/employer/{harbor.pk}/change/", {"name": "x"}).status_code == 403
    assert client.get("/admin/tenants/employer/add/").status_code == 403
    assert client.get("/admin/accounts/user/").status_code == 403


def test_an_administrator_suspends_an_employer_and_it_is_written_down(root):
    harbor = Employer.objects.get(slug="harbor")
    client = people.at_operations(root)
    page = client.get(f"/admin/tenants/employer/{harbor.pk}/change/")
    formsets = {
        key: value
        for formset in page.context["inline_admin_formsets"]
        for form in [formset.formset.management_form, *formset.formset.forms]
        for key, value in ((f"{form.prefix}-{name}", form[name].value()) for name in form.fields)
        if value is not None
    }
    fields = {
        "name": harbor.name,
        "status": "suspended",
        "time_zone": harbor.time_zone,
        "brand_color": harbor.brand_color,
    }
    reply = client.post(f"/admin/tenants/employer/{harbor.pk}/change/", {**formsets, **fields})
    assert reply.status_code == 302, reply.context["errors"]
    told = StaffEvent.objects.get(kind="employer_changed")
    assert (told.staff_uuid, told.subject_uuid, told.detail) == (root.pk, harbor.uuid, {"fields": ["status"]})
    assert people.browser("harbor.localhost").get("/accounts/login/").status_code == 404


def test_staff_accounts_are_opened_with_roles_and_without_a_password(root):
    client = people.at_operations(root)
    reply = client.post(
        "/admin/accounts/user/add/",
        {"email": "Lars@aso.example", "display_name": "Lars", "is_active": "on", "roles": ["examiner", "finance"]},
    )
    assert reply.status_code == 302
    lars = User.objects.get(email="lars@aso.example")
    assert (lars.is_staff, lars.has_usable_password(), roles_of(lars)) == (True, False, {"examiner", "finance"})
    client.post(
        f"/admin/accounts/user/{lars.pk}/change/", {"email": lars.email, "display_name": "Lars", "roles": ["finance"]}
    )
    lars = User.objects.get(pk=lars.pk)
    assert (lars.is_active, roles_of(lars)) == (False, set())
    assert StaffEvent.objects.filter(kind="user_changed", subject_uuid=lars.pk).count() == 2


def test_staff_events_are_seen_and_never_changed(root):
    client = people.at_operations(root)
    assert client.get("/admin/tenants/staffevent/add/").status_code == 403


def test_no_migration_is_missing():
    call_command("makemigrations", "tenants", "accounts", check=True, dry_run=True, verbosity=0)
