"""The operations site: the queue and taking from it, doors, employers, staff accounts; each by role."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from tenants.accounts.models import User
from tenants.accounts.selectors import roles_of
from tenants.models import Employer, StaffEvent, StaffGrant
from tenants.selectors import queues
from tenants.services import grants
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
    assert re.search(r"2026-03-02 <span class=\"ops-pill bad\">late<", page)


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


def test_a_supervisor_gives_work_to_somebody_whoever_had_it(dana, employer):
    boss = people.at_operations(people.staff("claims_manager", email="boss@aso.example", name="Boss"))
    erik = people.staff(email="erik@aso.example", name="Erik")
    items = [people.work_item(employer) for _ in range(3)]
    people.at_operations(dana).post(f"{QUEUE}{items[0].uuid}/take/")
    said = {"action": "assign", "to": str(erik.pk), "_selected_action": [item.pk for item in items[:2]]}
    assert "2 given to Erik." in boss.post(QUEUE, said, follow=True).content.decode()
    assert [queues.owner_of(item) for item in items] == [erik.pk, erik.pk, None]
    told = StaffEvent.objects.filter(kind="work_item_assigned")
    assert {event.staff_uuid for event in told} == {erik.pk}
    assert {event.detail["by"] for event in told} == {str(people.User.objects.get(email="boss@aso.example").pk)}
    assert "0 given to Erik." in boss.post(QUEUE, said, follow=True).content.decode()


def test_an_examiner_gives_no_work_to_others(dana, employer):
    erik = people.staff(email="erik@aso.example", name="Erik")
    item = people.work_item(employer)
    said = {"action": "assign", "to": str(erik.pk), "_selected_action": [item.pk]}
    people.at_operations(dana).post(QUEUE, said)
    assert queues.owner_of(item) is None


@pytest.mark.parametrize("to", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_work_goes_to_a_person_or_to_nobody(employer, to):
    boss = people.at_operations(people.staff("claims_manager", email="boss@aso.example", name="Boss"))
    item = people.work_item(employer)
    boss.post(QUEUE, {"action": "assign", "to": to, "_selected_action": [item.pk]})
    assert queues.owner_of(item) is None


def test_work_is_not_given_to_somebody_who_takes_none(dana, employer):
    item = people.work_item(employer)
    gone = people.staff(email="gone@aso.example", name="Gone")
    gone.is_active = False
    gone.save()
    with pytest.raises(grants.CannotTake):
        grants.assign(item_uuids=[item.uuid], to=gone, by=dana, now=people.NOW)


def test_what_is_mine_goes_back_together_and_nothing_else(dana, employer):
    client = people.at_operations(dana)
    items = [people.work_item(employer) for _ in range(2)]
    client.post(f"{QUEUE}{items[0].uuid}/take/")
    said = {"action": "give_back", "_selected_action": [item.pk for item in items]}
    assert "1 back in the queue." in client.post(QUEUE, said, follow=True).content.decode()
    assert [queues.owner_of(item) for item in items] == [None, None]


def test_the_queue_is_narrowed_by_amount_and_turned_by_age(dana, employer):
    people.work_item(employer, amount_cents=2_500_000, category="dear")
    people.work_item(employer, amount_cents=500, category="cheap")
    client = people.at_operations(dana)
    page = client.get(f"{QUEUE}?floor=10000").content.decode()
    assert "$25,000.00" in page
    assert "$5.00" not in page
    turned = client.get(f"{QUEUE}?first=dearest").content.decode()
    assert turned.index("$25,000.00") < turned.index("$5.00")


def test_an_empty_queue_is_not_an_error(dana):
    reply = people.at_operations(dana).post(f"{QUEUE}next/", follow=True)
    assert "Nothing waits here." in reply.content.decode()


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
