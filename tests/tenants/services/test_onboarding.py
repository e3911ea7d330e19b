"""New employers: complete, at once, and exactly like those that were migrated."""

import re
import time
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection

from tenants.fields import keyring
from tenants.models import Domain, Employer, SchemaTemplate, StaffEvent
from tenants.selectors import employers
from tenants.services import fleet, onboarding, schema_template, walls
from tenants.services.owner import NoOwner, as_owner
from tests.factories import tenants as people

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

TABLES = """
SELECT table_name, column_name, data_type, is_nullable, replace(column_default, %s, 'own')
FROM information_schema.columns WHERE table_schema = %s ORDER BY 1, ordinal_position
"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, replace(pg_get_constraintdef(oid), %s, 'own'), condeferrable, condeferred
FROM pg_constraint WHERE connamespace = %s::regnamespace ORDER BY 1, 2
"""
INDEXES = (
    "SELECT tablename, indexname, replace(indexdef, %s, 'own') FROM pg_indexes WHERE schemaname = %s ORDER BY 1, 2"
)
TRIGGERS = """
SELECT relname, tgname, replace(pg_get_triggerdef(pg_trigger.oid), %s, 'own') FROM pg_trigger
JOIN pg_class ON pg_class.oid = tgrelid WHERE relnamespace = %s::regnamespace AND NOT tgisinternal ORDER BY 1, 2
"""
FUNCTIONS = """
SELECT proname, prosrc, replace(proconfig::text, %s, 'own') FROM pg_proc
WHERE pronamespace = %s::regnamespace ORDER BY 1
"""
RIGHTS = """
SELECT relname, replace(relacl::text, %s, 'own') FROM pg_class
WHERE relnamespace = %s::regnamespace AND relkind = 'r' ORDER BY 1
"""


def plain(value: object) -> object:
    """Without casts and brackets: PostgreSQL writes them differently after one dump, and means the same."""
    return re.sub(r"::[a-z ]+(\[\])?|[()]", "", value) if isinstance(value, str) else value


def anatomy(schema: str) -> dict[str, list[tuple]]:
    """Everything a schema consists of, its own name taken out."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f'SET search_path = "{schema}", public')
        found = {}
        for part in ("TABLES", "CONSTRAINTS", "INDEXES", "TRIGGERS", "FUNCTIONS", "RIGHTS"):
            cursor.execute(globals()[part], [schema, schema])
            found[part] = [tuple(plain(value) for value in row) for row in cursor.fetchall()]
    return found


def create(**given) -> object:
    return onboarding.create_employer(**{"slug": "orchard", "name": "Orchard Schools", "now": NOW, **given})


def test_a_new_employer_answers_at_its_host_within_two_seconds(committing_db):
    took = []
    for slug in ("orchard", "millpond", "quarry"):
        before = time.perf_counter()
        orchard = create(slug=slug)
        took.append(time.perf_counter() - before)
    assert people.browser("quarry.localhost").get("/accounts/login/").status_code == 200
    assert orchard.services == frozenset(onboarding.ALL_SERVICES)
    assert min(took) < 2, took


def test_a_replayed_schema_is_exactly_a_migrated_one(committing_db, monkeypatch):
    replayed = create()
    with as_owner():
        SchemaTemplate.objects.all().delete()
    migrated = create(slug="meander", name="Meander Boats")
    here, there = anatomy(replayed.schema_name), anatomy(migrated.schema_name)
    assert len(here["TABLES"]) > 300
    assert here["TRIGGERS"]
    for part, rows in here.items():
        assert rows == there[part], part


def test_it_starts_with_keys_a_stamp_and_an_event(committing_db, as_employer):
    orchard = create(services=["claims"], brand_color="#AA3355", time_zone="America/Chicago")
    with as_employer(orchard):
        assert keyring.index_key()
    assert fleet.stamps()[orchard.schema_name] == fleet.fingerprint(settings.TENANT_APPS)
    told = StaffEvent.objects.get(kind="employer_created", schema_name=orchard.schema_name)
    assert (told.subject_uuid, told.detail, told.at) == (orchard.uuid, {"services": ["claims"]}, NOW)
    assert (orchard.services, orchard.brand_color, orchard.time_zone) == (
        frozenset({"claims"}),
        "#aa3355",
        "America/Chicago",
    )


def test_services_that_were_not_bought_begin_later_or_never(committing_db):
    create(services=["claims"], start_date=datetime(2026, 7, 1, tzinfo=UTC).date())
    day = datetime(2026, 6, 30, tzinfo=UTC).date()
    assert employers.by_slug("orchard", day).services == frozenset()
    assert employers.by_slug("orchard", day.replace(month=7, day=1)).services == {"claims"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"slug": "harbor"}, "an employer with the slug harbor"),
        ({"slug": "Orchard"}, "is no slug"),
        ({"slug": "o"}, "is no slug"),
        ({"host": "harbor.localhost"}, "leads to another employer"),
        ({"host": "LOCALHOST"}, "is an operations host"),
        ({"services": ["claims", "dowsing"]}, "no service dowsing"),
        ({"brand_color": "red"}, "brand_color"),
        ({"name": ""}, "name"),
    ],
)
def test_nonsense_is_refused_and_leaves_nothing(committing_db, given, says):
    before = set(fleet.stamps())
    with pytest.raises(onboarding.CannotCreateEmployer, match=says):
        create(**given)
    assert set(fleet.stamps()) == before
    assert Employer.objects.count() == Domain.objects.count() == 2


def test_a_failure_half_way_leaves_no_schema_role_or_row(committing_db, monkeypatch):
    def fail(schema: str) -> None:
        raise RuntimeError("on purpose")

    before = set(fleet.stamps())
    monkeypatch.setattr(onboarding.keys, "create_for", fail)
    with pytest.raises(RuntimeError, match="on purpose"):
        create()
    assert set(fleet.stamps()) == before
    assert Employer.objects.count() == 2
    assert connection.schema_name == "public"


def test_without_the_owner_nothing_is_made(committing_db, settings):
    settings.OWNER = {}
    with pytest.raises(NoOwner, match="OWNER_DATABASE_URL"):
        create()


def test_the_dump_of_another_server_version_is_not_used(committing_db, settings, tmp_path):
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.3'\n")
    old.chmod(0o755)
    settings.PG_DUMP = str(old)
    with as_owner():
        assert schema_template.pg_dump_program() is None or "18" in str(schema_template.pg_dump_program())
        assert schema_template._major(old) == 15


def test_dropping_a_schema_takes_its_role_along(committing_db):
    orchard = create()
    with as_owner():
        walls.drop_schema(orchard.schema_name)
        assert orchard.schema_name not in fleet.stamps()
        assert walls.rows("SELECT 1 FROM pg_roles WHERE rolname = %s", [orchard.schema_name]) == []
