"""Where a second factor is required, staff without one get as far as the page that sets one up."""

import pytest
from allauth.mfa.models import Authenticator

from tests.factories import tenants as people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _required(settings):
    settings.STAFF_SECOND_FACTOR = True


def test_staff_with_a_password_alone_are_sent_to_add_one():
    client = people.at_operations(people.staff())
    reply = client.get("/admin/")
    assert (reply.status_code, reply.url) == (302, "/accounts/2fa/")
    assert client.get("/e/harbor/admin/").url == "/accounts/2fa/"


@pytest.mark.parametrize("kind", ["totp", "webauthn"])
def test_staff_with_one_pass_and_are_looked_up_once(kind):
    dana = people.staff()
    Authenticator.objects.create(user=dana, type=kind, data={})
    client = people.at_operations(dana)
    assert client.get("/admin/").status_code == 200
    Authenticator.objects.all().delete()
    assert client.get("/admin/").status_code == 200


def test_recovery_codes_are_no_factor_of_their_own():
    dana = people.staff()
    Authenticator.objects.create(user=dana, type="recovery_codes", data={})
    assert people.at_operations(dana).get("/admin/").status_code == 302


def test_members_and_hr_choose_for_themselves(employer):
    assert people.at_portal(people.hr(employer), employer).get("/accounts/email/").status_code == 200
