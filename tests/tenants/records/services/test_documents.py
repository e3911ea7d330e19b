"""Documents are kept as they were given, sealed, and checked when opened."""

from uuid import uuid4

import pytest
from django.db import connection

from tenants.core.ciphers import CannotOpen
from tenants.records.core.neutral import NotNeutral
from tenants.records.models import Document
from tenants.records.services import documents
from tenants.records.services.documents import CannotStore, DocumentChanged, NewDocument, NoSuchDocument
from tenants.services.owner import as_owner

CLAIM = uuid4()


def letter(content: bytes = b"Dear Alma", **more) -> NewDocument:
    named = {"kind": "eob_letter", "name": "eob.pdf", "media_type": "application/pdf"}
    return NewDocument(**{**named, "subject_kind": "claim", "subject_uuid": CLAIM, "content": content, **more})


def test_a_document_comes_back_whole(in_employer):
    stored = documents.store(letter())
    assert documents.open_document(stored.uuid) == b"Dear Alma"
    assert documents.facts(stored.uuid) == stored
    assert (stored.size_bytes, stored.kind) == (9, "eob_letter")


def test_a_subject_has_its_documents_in_order(in_employer):
    first, second = documents.store_many([letter(), letter(kind="appeal_upload")])
    assert documents.about(CLAIM) == [first, second]
    assert documents.about(CLAIM, kind="appeal_upload") == [second]
    assert documents.about(uuid4()) == []


def test_listing_documents_does_not_open_them(in_employer, django_assert_num_queries):
    documents.store_many([letter(b"%d" % number) for number in range(5)])
    with django_assert_num_queries(1):
        assert len(documents.about(CLAIM)) == 5


@pytest.mark.parametrize("size", [0, documents.LARGEST_BYTES + 1])
def test_an_empty_or_huge_document_is_refused(in_employer, size):
    with pytest.raises(CannotStore, match=f"has {size} bytes"):
        documents.store(letter(b"x" * size))


def test_kinds_are_codes(in_employer):
    with pytest.raises(NotNeutral):
        documents.store(letter(kind="Letter to Alma"))


def test_another_employers_document_is_not_there(db, employer, other_employer, as_employer):
    with as_employer(employer):
        stored = documents.store(letter())
    with as_employer(other_employer), pytest.raises(NoSuchDocument, match=str(stored.uuid)):
        documents.open_document(stored.uuid)


def test_contents_swapped_between_documents_do_not_open(committing_db, employer, as_employer):
    with as_employer(employer):
        one, other = documents.store(letter()), documents.store(letter(b"Dear Ben"))
    swap = "UPDATE records_document a SET content = b.content FROM records_document b WHERE a.id <> b.id"
    with as_owner(NAME=committing_db.name), as_employer(employer), connection.cursor() as cursor:
        cursor.execute(swap)
    with as_employer(employer):
        for stored in (one, other):
            with pytest.raises(CannotOpen, match=str(stored.uuid)):
                documents.open_document(stored.uuid)


def test_a_document_sealed_anew_with_other_bytes_is_found_out(committing_db, employer, as_employer):
    with as_employer(employer):
        stored = documents.store(letter())
        sealed = Document.content.field.seal(b"Dear Ben", stored.uuid)
    with as_owner(NAME=committing_db.name), as_employer(employer), connection.cursor() as cursor:
        cursor.execute("UPDATE records_document SET content = %s", [sealed])
    with as_employer(employer), pytest.raises(DocumentChanged, match=str(stored.uuid)):
        documents.open_document(stored.uuid)
