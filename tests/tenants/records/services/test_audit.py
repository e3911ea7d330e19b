"""Deeds are written with the work, or not at all."""

from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tenants.core.roles import Actor, system
from tenants.records.core.neutral import NotNeutral
from tenants.records.models import AuditEvent
from tenants.records.services import audit
from tenants.records.services.audit import Deed

CLAIM = uuid4()


def test_a_deed_names_actor_grant_action_and_subject(in_employer):
    nadia = Actor("staff", uuid4(), frozenset({"examiner"}), in_employer.schema_name, grant_uuid=uuid4())
    event = audit.record(
        actor=nadia, action="claim.pended", subject_kind="claim", subject_uuid=CLAIM, detail={"lines": 3}
    )
    row = AuditEvent.objects.get(uuid=event.uuid)
    assert (row.actor_kind, row.actor_uuid, row.grant_uuid) == ("staff", nadia.uuid, nadia.grant_uuid)
    assert (row.action, row.subject_kind, row.subject_uuid, row.detail) == (
        "claim.pended",
        "claim",
        CLAIM,
        {"lines": 3},
    )
    assert row.at is not None


def test_a_deed_is_undone_with_its_work(in_employer):
    with transaction.atomic():
        audit.record(actor=system(in_employer.schema_name), action="night.planned", subject_kind="night")
        transaction.set_rollback(True)
    assert not AuditEvent.objects.exists()


def test_a_name_is_refused_and_nothing_is_written(in_employer):
    with pytest.raises(NotNeutral):
        audit.record(
            actor=system(in_employer.schema_name), action="person.renamed", subject_kind="person", detail={"to": "Alma"}
        )
    assert not AuditEvent.objects.exists()


def test_many_deeds_cost_one_statement(in_employer):
    deeds = [Deed("claim.released", "claim", uuid4(), {"ordinal": number}) for number in range(500)]
    with CaptureQueriesContext(connection) as asked:
        audit.record_many(actor=system(in_employer.schema_name), deeds=deeds)
    assert sum("INSERT" in query["sql"] for query in asked) == 1
    assert AuditEvent.objects.count() == 500
