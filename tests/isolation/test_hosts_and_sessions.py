"""A host leads to one schema; a session, a link or a key of one employer is nothing at another."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from tenants.accounts.models import User, WrongSchema
from tenants.accounts.web.adapter import salt
from tenants.accounts.web.sessions import SessionStore
from tenants.accounts.web.tokens import ResetTokenGenerator
from tests.factories import tenants as people

pytestmark = pytest.mark.django_db

SIGNED_IN_PAGE = "/accounts/password/change/"


def answers(client: Client, path: str = SIGNED_IN_PAGE) -> int:
    return client.get(path).status_code


@pytest.mark.parametrize(
    "host", ["", "nobody.localhost", "localhost.evil.example", "harbor.localhost.", "xharbor.localhost"]
)
def test_an_unknown_host_is_not_found(host):
    expected = 302 if host == "harbor.localhost." else 404
    assert (
        people.browser(host).get("/accounts/login/?next=/" if expected == 404 else SIGNED_IN_PAGE).status_code
        == expected
    )


def test_a_port_and_letter_case_make_no_other_host():
    assert people.browser("Harbor.LOCALHOST:8000").get("/accounts/login/").status_code == 200


def test_a_forwarded_host_chooses_nothing(employer):
    client = people.browser("nobody.localhost", headers={"X-Forwarded-Host": people.host_of(employer)})
    assert client.get("/accounts/login/").status_code == 404


def test_a_suspended_employer_is_gone(employer):
    from tenants.models import Employer
    from tenants.selectors.employers import forget_hosts

    Employer.objects.filter(slug=employer.slug).update(status="suspended")
    forget_hosts()
    assert people.browser(people.host_of(employer)).get("/accounts/login/").status_code == 404


def test_each_request_leaves_the_connection_in_public(employer):
    people.browser(people.host_of(employer)).get("/accounts/login/")
    assert connection.schema_name == "public"


def test_a_session_is_valid_on_its_own_host_only(employer, other_employer):
    client = people.at_portal(people.hr(employer), employer)
    assert answers(client) == 200
    for host in (people.host_of(other_employer), people.OPERATIONS):
        client.defaults["HTTP_HOST"] = host
        assert answers(client) == 302


def copied_with_user(user: User, client: Client, employer, other_employer, as_employer) -> Client:
    """The cookie at the other employer, with the user row and the session row copied there as they are."""
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    with as_employer(employer):
        row = Session.objects.get(session_key=key)
    with as_employer(other_employer):
        Session.objects.create(session_key=key, session_data=row.session_data, expire_date=row.expire_date)
        copy = User(id=user.id, email=user.email, password=user.password)
        copy.save(force_insert=True)
    client.defaults["HTTP_HOST"] = people.host_of(other_employer)
    return client


def test_a_copied_session_row_and_user_row_open_nothing(employer, other_employer, as_employer):
    rosa = people.hr(employer)
    client = people.at_portal(rosa, employer)
    assert answers(copied_with_user(rosa, client, employer, other_employer, as_employer)) == 302


def test_the_password_hash_alone_refuses_a_copy_even_with_an_equal_signature(
    employer, other_employer, as_employer, monkeypatch
):
    monkeypatch.setattr(SessionStore, "key_salt", "the same everywhere")
    monkeypatch.setattr(SessionStore, "decode", lambda self, data: super(SessionStore, self).decode(data))
    rosa = people.hr(employer)
    client = people.at_portal(rosa, employer)
    assert answers(client) == 200
    assert answers(copied_with_user(rosa, client, employer, other_employer, as_employer)) == 302


def test_staff_cannot_sign_in_at_an_employer_nor_members_at_operations(employer):
    people.staff()
    people.hr(employer)
    for host, email in ((people.host_of(employer), "dana@aso.example"), (people.OPERATIONS, "rosa@harbor.example")):
        reply = people.browser(host).post("/accounts/login/", {"login": email, "password": people.PASSWORD})
        assert reply.status_code == 200
        assert "sessionid" not in reply.cookies


def test_sign_in_works_where_it_should(employer):
    people.staff()
    people.hr(employer)
    for host, email, leads_to in (
        (people.host_of(employer), "rosa@harbor.example", "/"),
        (people.OPERATIONS, "dana@aso.example", "/admin/"),
    ):
        reply = people.browser(host).post("/accounts/login/", {"login": email.upper(), "password": people.PASSWORD})
        assert (reply.status_code, reply.url) == (302, leads_to)


def test_five_wrong_passwords_lock_one_employer_only(employer, other_employer):
    people.hr(employer)
    people.hr(other_employer)
    wrong = {"login": "rosa@harbor.example", "password": "not this one at all"}
    right = {**wrong, "password": people.PASSWORD}
    client = people.browser(people.host_of(employer))
    codes = [client.post("/accounts/login/", wrong).status_code for _ in range(5)]
    assert codes == [200, 200, 200, 200, 429]
    assert client.post("/accounts/login/", right).status_code == 429
    assert people.browser(people.host_of(other_employer)).post("/accounts/login/", right).status_code == 302


def test_a_user_read_in_one_schema_is_not_saved_in_another(employer, other_employer, as_employer):
    people.hr(employer)
    with as_employer(employer):
        rosa = User.objects.get()
    with as_employer(other_employer), pytest.raises(WrongSchema, match=employer.schema_name):
        rosa.save()


def test_reset_tokens_and_signed_links_belong_to_one_employer(employer, other_employer, as_employer):
    with as_employer(employer):
        rosa = people.hr(employer)
        token, here = ResetTokenGenerator().make_token(rosa), salt()
        assert ResetTokenGenerator().check_token(rosa, token)
    with as_employer(other_employer):
        assert not ResetTokenGenerator().check_token(rosa, token)
        assert salt() != here
        assert str(settings.ACCOUNT_SALT) == salt()


@pytest.mark.parametrize(
    "path",
    ["/accounts/2fa/", "/accounts/sessions/", "/accounts/email/", "/accounts/password/change/", "/accounts/logout/"],
)
def test_account_pages_answer_on_both_hosts(path, employer):
    for client in (people.at_portal(people.hr(employer), employer), people.at_operations(people.staff())):
        assert client.get(path).status_code in {200, 302}


def test_nobody_signs_up(employer):
    for host in (people.host_of(employer), people.OPERATIONS):
        reply = people.browser(host).post(
            "/accounts/signup/", {"email": "new@harbor.example", "password1": "a" * 20, "password2": "a" * 20}
        )
        assert reply.status_code == 200
        assert b"clos" in reply.content.lower()
