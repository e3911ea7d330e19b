"""Schemas brought up to date: only those behind, one failure at a time, and again from where it stopped."""

import pytest
from django.conf import settings

from tenants.models import SchemaTemplate
from tenants.services import fleet, schema_template, walls
from tenants.services.owner import as_owner


def set_behind(*schemas: str) -> None:
    with as_owner():
        for schema in schemas:
            fleet.stamp(schema, "0" * 64)


def test_nothing_is_done_when_all_are_current(committing_db):
    report = fleet.migrate_fleet(processes=1)
    assert (report.public_migrated, report.template_built, report.migrated, report.current, report.failed) == (
        *(False, False, [], 2, {}),
    )


def test_only_those_behind_are_migrated(committing_db, employer):
    set_behind(employer.schema_name)
    report = fleet.migrate_fleet(processes=1)
    assert (report.migrated, report.current) == ([employer.schema_name], 1)
    assert fleet.stamps()[employer.schema_name] == fleet.fingerprint(settings.TENANT_APPS)


def test_rights_come_back_with_every_migration(committing_db, employer):
    place = f'"{employer.schema_name}"."records_auditevent"'
    with as_owner():
        walls.run(f'GRANT UPDATE ON {place} TO "{employer.schema_name}"')
    set_behind(employer.schema_name)
    fleet.migrate_fleet(processes=1)
    with as_owner():
        assert walls.rows("SELECT has_table_privilege(%s, %s, 'UPDATE')", [employer.schema_name, place]) == [(False,)]


def test_a_failing_canary_stops_before_the_others(committing_db, employer, other_employer, monkeypatch):
    set_behind(employer.schema_name, other_employer.schema_name)

    def fail(schema: str) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(schema_template, "migrate", fail)
    report = fleet.migrate_fleet(processes=1)
    assert list(report.failed) == [employer.schema_name]
    assert "on purpose" in report.failed[employer.schema_name]
    monkeypatch.undo()
    assert len(fleet.migrate_fleet(processes=1).migrated) == 2


def test_two_processes_work_side_by_side(committing_db, employer, other_employer):
    from tests.tenants.services.test_onboarding import create

    third = create()
    set_behind(employer.schema_name, other_employer.schema_name, third.schema_name)
    report = fleet.migrate_fleet(processes=2)
    assert set(report.migrated) == {employer.schema_name, other_employer.schema_name, third.schema_name}
    assert report.failed == {}


def test_a_lost_template_is_built_again(committing_db):
    with as_owner():
        SchemaTemplate.objects.all().delete()
    assert fleet.migrate_fleet(processes=1).template_built
    with as_owner():
        kept = SchemaTemplate.objects.get()
        assert kept.fingerprint == fleet.fingerprint(settings.TENANT_APPS)
        assert schema_template.NAME not in fleet.stamps()


def test_fingerprints_follow_migrations_and_declarations(monkeypatch):
    before = fleet.fingerprint(settings.TENANT_APPS)
    assert before == fleet.fingerprint(settings.TENANT_APPS) != fleet.fingerprint(settings.SHARED_APPS)
    monkeypatch.setattr(walls, "VERSION", walls.VERSION + 1)
    assert fleet.fingerprint(settings.TENANT_APPS) != before


@pytest.mark.django_db
def test_every_schema_of_the_template_carries_its_fingerprint(employer, other_employer):
    wanted = fleet.fingerprint(settings.TENANT_APPS)
    stamps = fleet.stamps()
    assert {stamps[employer.schema_name], stamps[other_employer.schema_name]} == {wanted}
    assert stamps["public"] == fleet.fingerprint(settings.SHARED_APPS)
