"""An encrypted column is plain to the program, noise to the database, and useless anywhere but in its own row."""

import copy
import hashlib
import pickle
from uuid import uuid4

import pytest
from django.core import checks, serializers
from django.db import connection, models, transaction
from django.db.models import F
from django.forms import modelform_factory

from tenants.core.ciphers import CannotOpen
from tenants.fields import EncryptedTextField, MissingKey, NeverInPlaintext, WrongSchema, keyring
from tenants.records.models import DataKey, Document, IdempotencyKey

pytestmark = pytest.mark.django_db

SECRET = "Alma 123-45-6789"
SHA = hashlib.sha256(SECRET.encode()).hexdigest()


def reply(body: str = SECRET) -> IdempotencyKey:
    return IdempotencyKey(
        principal_kind="api",
        principal_uuid=uuid4(),
        route="claims",
        key=str(uuid4()),
        request_sha256="0" * 64,
        status=201,
        body=body,
    )


def saved(body: str = SECRET) -> IdempotencyKey:
    row = reply(body)
    row.save()
    return row


def stored_bytes(row: IdempotencyKey) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM records_idempotencykey WHERE id = %s", [row.pk])
        return bytes(cursor.fetchone()[0])


def test_a_value_comes_back_as_it_was(in_employer):
    row = saved()
    assert row.body == SECRET
    assert IdempotencyKey.objects.get(pk=row.pk).body == SECRET
    assert IdempotencyKey.objects.defer("body").get(pk=row.pk).body == SECRET
    row.refresh_from_db()
    assert row.body == SECRET


def test_bytes_come_back_as_they_were(in_employer):
    content = bytes(range(256)) * 5
    row = Document.objects.create(
        kind="letter",
        name="a.pdf",
        media_type="application/pdf",
        subject_kind="claim",
        subject_uuid=uuid4(),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
    )
    assert Document.objects.get(pk=row.pk).content == content


def test_no_table_of_the_employer_shows_a_sealed_text(in_employer):
    saved()
    Document.objects.create(
        kind="letter",
        name="a.txt",
        media_type="text/plain",
        subject_kind="claim",
        subject_uuid=uuid4(),
        content=SECRET.encode(),
        sha256=SHA,
        size_bytes=len(SECRET),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [in_employer.schema_name])
        tables = [name for (name,) in cursor.fetchall()]
        texts = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608  names from the catalogue
            texts += [text for (text,) in cursor.fetchall()]
    assert len(texts) > 3
    needles = [SECRET, SECRET.encode().hex(), "123-45-6789", b"123-45-6789".hex()]
    assert [needle for needle in needles if any(needle in text for text in texts)] == []


def test_the_same_text_looks_different_each_time(in_employer):
    one, other = saved(), saved()
    assert stored_bytes(one)[15:] != stored_bytes(other)[15:]
    assert stored_bytes(one)[0] == 1


def test_a_ciphertext_moved_to_another_row_does_not_open(in_employer):
    alma, ben = saved("Alma"), saved("Ben")
    field = IdempotencyKey._meta.get_field("body")
    with pytest.raises(CannotOpen, match=str(ben.uuid)):
        field.open(stored_bytes(alma), ben.uuid)
    assert field.open(stored_bytes(alma), alma.uuid) == "Alma"


def test_a_row_copied_whole_into_another_employer_does_not_open(employer, other_employer, as_employer):
    with as_employer(employer):
        row = saved()
        stolen = stored_bytes(row)
    with as_employer(other_employer):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO records_idempotencykey (uuid, principal_kind, principal_uuid, route, key, request_sha256, "
                "status, body) VALUES (%s, 'api', %s, 'claims', 'k', '', 201, %s)",
                [row.uuid, row.principal_uuid, stolen],
            )
        with pytest.raises(CannotOpen, match=other_employer.schema_name):
            _ = IdempotencyKey.objects.get(uuid=row.uuid).body


def test_a_row_taken_out_of_its_employer_cannot_be_read_or_saved(employer, other_employer, as_employer):
    with as_employer(employer):
        kept = IdempotencyKey.objects.get(pk=saved().pk)
        unsaved = reply()
    with as_employer(other_employer):
        for row in (kept, unsaved):
            with pytest.raises(WrongSchema, match=employer.schema_name):
                _ = row.body
            with pytest.raises(WrongSchema):
                row.save(force_insert=True)
    with pytest.raises(WrongSchema, match="public"):
        _ = kept.body


@pytest.mark.parametrize(
    "lookup", ["body", "body__exact", "body__in", "body__contains", "body__gt", "body__startswith"]
)
def test_no_filter_carries_the_text_in_sql(in_employer, lookup):
    with pytest.raises(NeverInPlaintext):
        IdempotencyKey.objects.filter(**{lookup: SECRET}).first()


def test_whether_there_is_a_value_may_be_asked(in_employer):
    row = saved()
    assert IdempotencyKey.objects.filter(pk=row.pk, body__isnull=False).exists()


def test_bulk_updates_are_refused(in_employer):
    row = saved()
    with pytest.raises(NeverInPlaintext):
        IdempotencyKey.objects.filter(pk=row.pk).update(body=SECRET)
    with pytest.raises(NeverInPlaintext):
        IdempotencyKey.objects.bulk_update([row], ["body"])


def test_rows_saved_in_bulk_are_sealed_each_for_itself(in_employer):
    rows = IdempotencyKey.objects.bulk_create([reply("Alma"), reply("Ben")])
    read = IdempotencyKey.objects.in_bulk([row.pk for row in rows])
    assert [read[row.pk].body for row in rows] == ["Alma", "Ben"]


def test_copy_writers_and_value_lists_have_a_way(in_employer):
    field, row = IdempotencyKey._meta.get_field("body"), saved()
    sealed, uuid = IdempotencyKey.objects.values_list("body", "uuid").get(pk=row.pk)
    assert repr(sealed) == f"<sealed in {in_employer.schema_name}>"
    assert field.open(sealed, uuid) == SECRET
    assert field.open(field.seal("Ben", uuid), uuid) == "Ben"


def test_generic_code_never_sees_the_text(in_employer):
    row = saved()
    assert SECRET not in repr(IdempotencyKey._meta.get_field("body").value_from_object(row))
    assert "body" not in modelform_factory(IdempotencyKey, fields="__all__").base_fields
    with pytest.raises(NeverInPlaintext):
        serializers.serialize("json", [IdempotencyKey.objects.get(pk=row.pk)])
    with pytest.raises(NeverInPlaintext):
        pickle.dumps(reply())
    assert copy.deepcopy(reply()).body == SECRET


def test_a_schema_without_keys_refuses_to_read_and_to_write(in_employer):
    row = saved()
    DataKey.objects.all().delete()
    keyring.forget()
    with pytest.raises(MissingKey, match=in_employer.schema_name), transaction.atomic():
        saved()
    with pytest.raises(MissingKey, match=str(row.uuid)):
        _ = IdempotencyKey.objects.get(pk=row.pk).body
    keyring.forget()


def test_a_wrong_type_is_refused_without_showing_it(in_employer):
    with pytest.raises(TypeError, match="takes text, not int") as refusal:
        reply(123456789)
    assert "123456789" not in str(refusal.value)


def test_ciphertext_cannot_come_from_another_column(in_employer):
    row = saved()
    with pytest.raises(CannotOpen), transaction.atomic():
        Document._meta.get_field("content").open(stored_bytes(row), row.uuid)


def test_a_row_id_that_the_database_makes_is_found_at_start():
    class Payee(models.Model):
        uuid = models.UUIDField()
        account = EncryptedTextField(db_index=True)

        class Meta:
            app_label = "records"
            managed = False

    assert [problem.id for problem in Payee._meta.get_field("account").check()] == ["aso.E001"]
    Payee._meta.get_field("uuid").default = uuid4
    assert [problem.id for problem in Payee._meta.get_field("account").check()] == ["aso.E002"]
    from django.apps import apps

    del apps.all_models["records"]["payee"]
    apps.clear_cache()


def test_our_own_models_pass_the_check():
    assert [problem for problem in checks.run_checks() if problem.id.startswith("aso.E00")] == []


def test_values_compare_by_what_is_stored(in_employer):
    row = saved()
    one, other = (IdempotencyKey.objects.values_list("body", flat=True).get(pk=row.pk) for _ in range(2))
    assert one == other and len({one, other}) == 1
    assert IdempotencyKey.objects.filter(pk=row.pk, status=F("status")).count() == 1
