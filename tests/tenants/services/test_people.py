"""Accounts stand in the right schema with the right roles, and end without being deleted."""

from uuid import uuid4

import pytest

from tenants.accounts.models import RoleGrant, User
from tenants.accounts.selectors import roles_of, user_with_roles
from tenants.core.roles import Role
from tenants.services import people
from tests.factories import tenants as made

pytestmark = pytest.mark.django_db


def open_account(*roles, **given):
    return people.open_account(**{"email": "Alma@Harbor.example ", "roles": roles, "now": made.NOW, **given})


def test_addresses_are_kept_in_lower_case_and_once(employer, as_employer):
    person = uuid4()
    with as_employer(employer):
        alma = open_account(Role.MEMBER, person_uuid=person)
        assert alma.email == "alma@harbor.example"
        assert open_account(Role.MEMBER, person_uuid=person) == alma
        assert RoleGrant.objects.count() == 1


@pytest.mark.parametrize("roles", [[Role.EXAMINER], [Role.HR, Role.ADMIN], []])
def test_staff_roles_do_not_belong_in_an_employer(employer, as_employer, roles):
    with as_employer(employer), pytest.raises(people.CannotChangeAccount):
        open_account(*roles)


def test_employer_roles_do_not_belong_in_public():
    with pytest.raises(people.CannotChangeAccount):
        open_account(Role.HR)


def test_a_member_is_a_person_and_nobody_else_is(employer, as_employer):
    with as_employer(employer):
        with pytest.raises(people.CannotChangeAccount):
            open_account(Role.MEMBER)
        with pytest.raises(people.CannotChangeAccount):
            open_account(Role.HR, person_uuid=uuid4())


def test_an_account_is_not_handed_to_another_person(employer, as_employer):
    with as_employer(employer):
        open_account(Role.MEMBER, person_uuid=uuid4())
        with pytest.raises(people.CannotChangeAccount, match="another person"):
            open_account(Role.MEMBER, person_uuid=uuid4())


def test_roles_end_and_begin_and_history_stays(employer, as_employer):
    with as_employer(employer):
        rosa = open_account(Role.HR)
        people.set_roles(user=rosa, roles=[Role.HR_FINANCE], now=made.NOW)
        assert roles_of(rosa) == {"hr_finance"}
        assert user_with_roles(rosa.pk).held_roles == {"hr_finance"}
        assert RoleGrant.objects.count() == 2


def test_a_closed_account_stays_and_signs_nobody_in(employer, as_employer):
    with as_employer(employer):
        rosa = open_account(Role.HR, password=made.PASSWORD)
    client = made.at_portal(rosa, employer)
    with as_employer(employer):
        people.close_account(user=rosa, now=made.NOW)
        assert User.objects.count() == 1
    assert client.get("/accounts/password/change/").status_code == 302
