"""The API's own pages."""

import pytest

from tests.factories import tenants as people

pytestmark = pytest.mark.django_db

SCHEMA = "/api/v1/schema/"


def test_the_description_is_for_those_who_are_signed_in(employer, other_employer):
    visitor = people.browser(people.host_of(employer)).get(SCHEMA)
    assert (visitor.status_code, visitor.headers["Content-Type"]) == (401, "application/problem+json")
    client = people.at_portal(people.hr(employer), employer)
    assert client.get(SCHEMA).status_code == 200
    client.defaults["HTTP_HOST"] = people.host_of(other_employer)
    assert client.get(SCHEMA).status_code == 401


def test_the_api_is_not_on_the_operations_host():
    assert people.at_operations(people.staff()).get(SCHEMA).status_code == 404
