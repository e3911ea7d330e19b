"""Accumulator files at the desk: counts and reasons for those who work on claims, the bytes logged, nothing for others."""

import pytest

from claims.models import AccumulatorFile
from claims.services import accumulator_files
from claims.services.pharmacy_fills import Fills
from tenants import facade as tenants
from tenants.records.models import AuditEvent, PhiAccess
from tests.factories import nights, pharmacy
from tests.factories.pharmacy import Fill, feed


@pytest.fixture
def file(in_employer) -> AccumulatorFile:
    town = nights.town(1)
    pharmacy.integrated(town)
    alma = town.people[town.families[0]][0]
    bad = Fill("A2", alma, copay=300).paid()
    bad[3] = "NOBODY"
    content = feed(Fill("A1", alma, deductible=53_000).paid(), bad)
    accumulator_files.take(Fills(), content=content, actor=tenants.system(in_employer.schema_name))
    return AccumulatorFile.objects.get()


@pytest.mark.parametrize("role", ["examiner", "claims_manager", "stop_loss", "admin"])
def test_the_counts_and_reasons_are_told(desk, file, role):
    client = desk(role)
    listed = client.get("claims/accumulatorfile/").content.decode()
    assert "claims feed" in listed and "1 by $30.00" in listed
    page = client.get(f"claims/accumulatorfile/{file.pk}/change/").content.decode()
    assert "1: Nobody has this member number" in page
    assert "line 4: Nobody has this member number" in page
    assert "line 3: taken, $30.00 past what was left" in page


@pytest.mark.parametrize("role", ["finance", "account_manager"])
def test_other_roles_see_no_accumulator_file(desk, file, role):
    client = desk(role)
    assert client.get("claims/accumulatorfile/").status_code == 403
    assert client.get(f"claims/accumulatorfile/{file.pk}/papers/{file.document_uuid}/").status_code == 403


def test_the_bytes_are_opened_with_a_log_and_no_others(desk, file):
    client = desk("examiner")
    before = PhiAccess.objects.count()
    answer = client.get(f"claims/accumulatorfile/{file.pk}/papers/{file.end.answer_uuid}/")
    assert answer.status_code == 200 and answer.content.startswith(b"HEADER,aso.accumulator_answer/1")
    assert PhiAccess.objects.count() == before + 1
    assert client.get(f"claims/accumulatorfile/{file.pk}/papers/{file.uuid}/").status_code == 404


def test_work_on_a_file_ends_when_a_manager_has_looked(desk, file):
    said = {"action": "mark_seen", "_selected_action": [file.pk]}
    desk("examiner").post("claims/accumulatorfile/", said)
    assert not AuditEvent.objects.filter(action="accumulator_file.seen").exists()
    desk("claims_manager").post("claims/accumulatorfile/", said)
    assert AuditEvent.objects.get(action="accumulator_file.seen").subject_uuid == file.uuid
