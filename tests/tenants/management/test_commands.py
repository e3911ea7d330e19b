"""create_employer and migrate_fleet as people and programs call them."""

import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tenants.models import Employer


def told(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_an_employer_is_made_once(committing_db):
    first = told("create_employer", "orchard", "--name", "Orchard Schools", "--services", "claims, enrollment")
    assert re.fullmatch(r"orchard is ready: schema t_[0-9a-f]{12}, services claims, enrollment\.\n", first)
    assert told("create_employer", "orchard").startswith("orchard exists already: schema t_")
    again = json.loads(told("create_employer", "orchard", "--json"))
    assert (again["created"], again["slug"], again["services"]) == (False, "orchard", ["claims", "enrollment"])
    assert Employer.objects.get(slug="orchard").name == "Orchard Schools"


@pytest.mark.parametrize("arguments", [["Orchard"], ["orchard", "--services", "x"], ["orchard", "--host", "localhost"]])
def test_nonsense_is_one_line(committing_db, arguments):
    with pytest.raises(CommandError) as refusal:
        told("create_employer", *arguments)
    assert "\n" not in str(refusal.value)
    assert Employer.objects.count() == 2


def test_the_fleet_says_what_it_did(committing_db):
    assert told("migrate_fleet") == "Public current, template current, employers: 0 migrated, 2 current, 0 failed.\n"
    assert json.loads(told("migrate_fleet", "--json"))["current"] == 2


def test_without_the_owner_the_fleet_says_what_is_missing(committing_db, settings):
    settings.OWNER = {}
    with pytest.raises(CommandError, match="OWNER_DATABASE_URL"):
        told("migrate_fleet")
