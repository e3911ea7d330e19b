"""Equal numbers are found by their index, whatever their spelling; the index tells nothing to anybody else."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection, transaction

from tenants.exchange.models import InboundFile, UnroutablePart
from tenants.fields import BlindIndexField, NeverInPlaintext

pytestmark = pytest.mark.django_db

INDEX: BlindIndexField = UnroutablePart._meta.get_field("group_number_bidx")


@pytest.fixture
def part() -> UnroutablePart:
    file = InboundFile.objects.create(
        name="claims.837",
        received_at=datetime(2026, 1, 5, tzinfo=UTC),
        sha256=uuid4().hex * 2,
        size_bytes=1,
        chunks_count=1,
    )
    return UnroutablePart.objects.create(
        file=file, ordinal=1, reason="unknown_group", group_number="HFL-100 2", content=b"CLM"
    )


@pytest.mark.parametrize("spelling", ["HFL-100 2", "hfl1002", " HFL/1002 "])
def test_a_number_is_found_in_any_spelling(part, spelling):
    assert UnroutablePart.objects.get(group_number_bidx=INDEX.index(spelling)) == part
    assert UnroutablePart.objects.get(group_number_bidx__in=[INDEX.index(spelling)]) == part


def test_another_number_is_not_found(part):
    assert not UnroutablePart.objects.filter(group_number_bidx=INDEX.index("HFL1003")).exists()


def test_the_index_follows_the_text(part):
    part.group_number = "NEW1"
    part.save()
    assert UnroutablePart.objects.get(group_number_bidx=INDEX.index("new1")) == part
    part.group_number = None
    part.save()
    assert UnroutablePart.objects.get(pk=part.pk).group_number_bidx is None


def test_saving_other_columns_keeps_the_index(part):
    read = UnroutablePart.objects.get(pk=part.pk)
    read.reason = "no_group"
    read.save()
    assert UnroutablePart.objects.get(group_number_bidx=INDEX.index("HFL1002")).reason == "no_group"


def test_a_text_cannot_be_saved_without_its_index(part):
    part.group_number = "NEW1"
    with pytest.raises(NeverInPlaintext, match="group_number_bidx"), transaction.atomic():
        part.save(update_fields=["group_number"])
    part.save(update_fields=["group_number", "group_number_bidx"])
    assert UnroutablePart.objects.get(group_number_bidx=INDEX.index("NEW1")) == part


@pytest.mark.parametrize("lookup", ["group_number_bidx", "group_number_bidx__in", "group_number_bidx__startswith"])
def test_a_search_with_the_text_itself_is_refused(lookup):
    with pytest.raises(NeverInPlaintext):
        UnroutablePart.objects.filter(**{lookup: ["HFL1002"] if lookup.endswith("in") else "HFL1002"}).first()


def test_a_text_of_nothing_but_signs_has_no_index():
    assert INDEX.index(" -/ ") is None


def test_two_employers_index_the_same_number_differently(employer, other_employer, as_employer):
    with as_employer(employer):
        here = INDEX.index("HFL1002")
    with as_employer(other_employer):
        there = INDEX.index("HFL1002")
    assert len({here, there, INDEX.index("HFL1002")}) == 3


def test_the_index_is_not_the_hash_of_the_number(part):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM exchange_unroutablepart WHERE group_number_bidx = sha256('HFL1002')")
        assert cursor.fetchone()[0] == 0


def test_an_index_of_a_column_that_is_not_encrypted_is_found_at_start():
    field = BlindIndexField(source="reason")
    field.model, field.name = UnroutablePart, "wrong"
    assert [problem.id for problem in field.check()] == ["aso.E003"]
