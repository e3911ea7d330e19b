"""Keys change under living data: nothing is lost, nothing is left unreadable, and what is destroyed stays so."""

import base64
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from tenants.exchange.models import DataKey as PublicDataKey
from tenants.fields import MissingKey, keyring, keys
from tenants.records.models import DataKey, IdempotencyKey
from tenants.services.owner import as_owner

PEOPLE = 2_500
NEW_MASTER = base64.b64encode(b"n" * 32).decode()


@pytest.fixture(autouse=True)
def _fresh_keys():
    keyring.forget()
    yield
    keyring.forget()


def write(count: int = 1) -> None:
    IdempotencyKey.objects.bulk_create(
        IdempotencyKey(
            principal_kind="api",
            principal_uuid=uuid4(),
            route="claims",
            key=f"{number}",
            request_sha256="",
            status=200,
            body=f"reply {number}",
        )
        for number in range(count)
    )


def readable() -> int:
    """Rows whose text opens and is the one that was written."""
    return sum(row.body == f"reply {row.key}" for row in IdempotencyKey.objects.all())


def carried() -> dict[int, int]:
    """Rows per key id, read from the stored bytes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT get_byte(body, 1) * 256 + get_byte(body, 2), count(*) FROM records_idempotencykey GROUP BY 1"
        )
        return dict(cursor.fetchall())


def test_a_new_schema_has_one_data_key_and_one_index_key(in_employer):
    keys.create_for(in_employer.schema_name)
    named = sorted(DataKey.objects.values_list("purpose", "key_id"))
    assert named == [("data", 1), ("index", 1)]


@pytest.mark.django_db
def test_the_public_schema_has_keys_of_its_own():
    assert sorted(PublicDataKey.objects.values_list("purpose", "key_id")) == [("data", 1), ("index", 1)]


def test_rotation_seals_every_row_anew_and_each_still_opens(committing_db, employer, as_employer):
    with as_employer(employer):
        write(PEOPLE)
    with as_owner(NAME=committing_db.name):
        report = keys.rotate(employer.schema_name)
    assert report.key_id == 2
    assert report.sealed["records_idempotencykey.body"] == PEOPLE
    assert set(report.left.values()) == {0}
    keyring.forget()
    with as_employer(employer):
        assert carried() == {2: PEOPLE}
        assert readable() == PEOPLE


def test_a_rotation_killed_half_way_is_taken_up_where_it_stopped(committing_db, employer, as_employer):
    with as_employer(employer):
        write(PEOPLE)

    class Killed(BaseException):
        """Stands for the process's end: nothing catches it."""

    def stop_after_first_batch(column, rows):
        raise Killed

    with as_owner(NAME=committing_db.name), pytest.raises(Killed):
        keys.rotate(employer.schema_name, progress=stop_after_first_batch)
    keyring.forget()
    with as_employer(employer):
        assert carried() == {1: PEOPLE - 1_000, 2: 1_000}
        assert readable() == PEOPLE
        write_with_newest = IdempotencyKey.objects.first()
        assert write_with_newest is not None
    with as_owner(NAME=committing_db.name):
        report = keys.rotate(employer.schema_name, start=False)
    assert (report.key_id, report.sealed["records_idempotencykey.body"]) == (2, PEOPLE - 1_000)
    keyring.forget()
    with as_employer(employer):
        assert carried() == {2: PEOPLE}
        assert readable() == PEOPLE


def test_a_retired_key_is_destroyed_only_when_no_row_needs_it(committing_db, employer, as_employer):
    later = datetime(2999, 1, 1, tzinfo=UTC)
    with as_employer(employer):
        write(3)
    with as_owner(NAME=committing_db.name):
        schema = employer.schema_name
        with as_employer(employer):
            keys._replace_data_key(schema)
        with pytest.raises(keys.KeysInUse, match="3 rows of records_idempotencykey"):
            keys.destroy_retired(schema, retired_before=later)
        keys.rotate(schema, start=False)
        assert keys.destroy_retired(schema, retired_before=datetime(2000, 1, 1, tzinfo=UTC)) == 0
        assert keys.destroy_retired(schema, retired_before=later) == 1
    keyring.forget()
    with as_employer(employer):
        assert readable() == 3
        assert DataKey.objects.get(purpose="data", key_id=1).wrapped is None


def test_after_shredding_nothing_opens_and_nothing_can_be_written(committing_db, employer, other_employer, as_employer):
    for one in (employer, other_employer):
        with as_employer(one):
            write(2)
    assert keys.shred(employer.schema_name) == 2
    with as_employer(employer):
        with pytest.raises(MissingKey):
            readable()
        with pytest.raises(MissingKey):
            write()
    with as_employer(other_employer):
        assert readable() == 2


def test_a_new_master_key_takes_over_from_the_old_one(committing_db, employer, as_employer, settings):
    with as_employer(employer):
        write(2)
    old = settings.ASO_MASTER_KEY
    with override_settings(ASO_MASTER_KEY=NEW_MASTER, ASO_MASTER_KEY_PREVIOUS=old):
        keyring.forget()
        with as_employer(employer):
            assert readable() == 2
        assert keys.rewrap(employer.schema_name) == 2
        assert keys.rewrap(employer.schema_name) == 0
    with override_settings(ASO_MASTER_KEY=NEW_MASTER, ASO_MASTER_KEY_PREVIOUS=""):
        keyring.forget()
        with as_employer(employer):
            assert readable() == 2


def test_rotate_keys_reports_every_schema(committing_db, employer, as_employer, capsys):
    with as_employer(employer):
        write(5)
    call_command("rotate_keys", "--all", "--json")
    import json

    schemas = {one["schema"]: one for one in json.loads(capsys.readouterr().out)["rotated"]}
    assert len(schemas) == 3
    assert schemas[employer.schema_name]["sealed"]["records_idempotencykey.body"] == 5
    assert schemas["public"]["key_id"] == 2
