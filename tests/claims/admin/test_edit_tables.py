"""Staff see which tables are loaded and what edits found on earlier claims; nobody changes them, each look is logged."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from claims.core.numbers import claim_number
from claims.models import ClaimVersion, EditFinding, OwnTableLoad
from claims.reference.models import Release, TableLoad
from tenants.records.models import PhiAccess
from tests.factories import tenants as people

NOW = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def own(in_employer) -> OwnTableLoad:
    return OwnTableLoad.objects.create(
        number=1,
        name="licensed-pairs",
        kind="ptp",
        sha256="0" * 64,
        rows=1_234,
        file_name="ptp.csv",
        licence="AMA 12-3456",
        loaded_at=NOW,
        actor_kind="system",
    )


@pytest.fixture
def finding(claims) -> EditFinding:
    version = ClaimVersion.objects.filter(reverses=None).order_by("pk")[0]
    return EditFinding.objects.create(
        version=version, line_no=1, edit="ptp", earlier=version.submission, code="X1001", release="2026Q1"
    )


@pytest.mark.parametrize("role", ["examiner", "claims_manager", "stop_loss", "admin"])
def test_own_tables_are_shown_with_their_licence(desk, own, role):
    page = desk(role).get("claims/owntableload/").content.decode()
    assert all(told in page for told in ("licensed-pairs", "1,234", "AMA 12-3456"))
    assert desk(role).get(f"claims/owntableload/{own.pk}/change/").status_code == 200


def looks() -> int:
    """Looks at findings, which are kept whatever becomes of the request."""
    return PhiAccess.objects.filter(filter_code="edit_findings").count()


def test_findings_name_both_claims_and_each_look_is_logged(desk, finding):
    client, before = desk("examiner"), looks()
    page = client.get("claims/editfinding/").content.decode()
    assert "X1001" in page
    assert claim_number(finding.earlier.intake_seq) in page
    assert looks() == before + 1
    assert client.get(f"claims/editfinding/{finding.pk}/change/").status_code == 200
    assert looks() == before + 2


@pytest.mark.parametrize("path", ["claims/owntableload/", "claims/editfinding/"])
def test_neither_is_for_finance_or_without_an_open_door(desk, own, finding, path):
    before = looks()
    assert desk("finance").get(path).status_code == 403
    assert desk("examiner", door=False).get(path).status_code == 403
    assert looks() == before


@pytest.mark.parametrize("path", ["claims/owntableload/", "claims/editfinding/"])
def test_nobody_adds_changes_or_deletes_them(desk, own, finding, path):
    client, key = desk("admin"), own.pk if "own" in path else finding.pk
    assert client.get(f"{path}add/").status_code == 403
    for place in (f"{path}add/", f"{path}{key}/change/", f"{path}{key}/delete/"):
        assert client.post(place, {}).status_code == 403


def test_shared_releases_are_shown_to_every_staff_role_and_stay(in_employer):
    connection.set_schema_to_public()
    release = Release.objects.create(number=1, name="2026Q1", source="ptp.csv", loaded_at=NOW)
    load = TableLoad.objects.create(release=release, kind="ptp", sha256="0" * 64, rows=8, file_name="ptp.csv")
    for role in ("examiner", "finance", "account_manager"):
        client = people.at_operations(people.staff(role, email=f"{role}@aso.example", name=role))
        page = client.get("/admin/reference/tableload/")
        assert "2026Q1" in page.content.decode()
        assert client.get(f"/admin/reference/tableload/{load.pk}/change/").status_code == 200
        assert client.post(f"/admin/reference/tableload/{load.pk}/change/", {}).status_code == 403
