"""Audit findings at a desk: who sees them, what they show, and closing one."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context

from claims.models import AuditClosing, AuditDifference, AuditFinding, AuditRun, ClaimVersion
from claims.selectors import audits
from claims.services import news
from tenants.core.roles import Actor
from tenants.models import WorkItem
from tests.factories import care

LIST = "claims/auditfinding/"


@pytest.fixture
def dana(in_employer) -> Actor:
    return Actor("staff", uuid4(), frozenset({"examiner"}), in_employer.schema_name, grant_uuid=uuid4())


@pytest.fixture
def findings(claims):
    """One for each decision of the household, a few cents too much."""
    made = []
    for version in ClaimVersion.objects.filter(reverses=None).order_by("pk"):
        night = version.night or care.night()
        run, _ = AuditRun.objects.get_or_create(night=night, share_bp=10_000, defaults={"begun_at": timezone.now()})
        row = AuditFinding.objects.create(
            run=run, version=version, off_cents=250, absolute_off_cents=250, paid_wrong=True, found_at=timezone.now()
        )
        AuditDifference.objects.create(
            finding=row, line_no=1, kind="paid", subject="paid", expected=9_750, recorded=10_000
        )
        row.refresh_from_db()
        made.append(row)
    news.audit_found(made)
    return made


def page_of(finding):
    return f"{LIST}{finding.pk}/change/"


def test_pages_follow_each_other_without_gap_or_repeat(findings, dana, monkeypatch):
    monkeypatch.setattr(audits, "PAGE", 2)
    seen, mark = [], ""
    while True:
        rows, mark = audits.findings_page(dana, request_id="r", before=mark)
        seen += [row.finding_id for row in rows]
        if not mark:
            break
    assert seen == sorted((each.pk for each in findings), reverse=True)
    assert audits.findings_page(dana, request_id="r", before="nonsense")[0]


@pytest.mark.parametrize(
    "changed", [{"kind": "hr"}, {"kind": "member"}, {"grant_uuid": None}, {"schema_name": "t_000000000000"}]
)
def test_only_staff_at_this_desk_see_findings(findings, dana, changed):
    stranger = replace(dana, **changed)
    assert audits.findings_page(stranger, request_id="r") == ((), "")
    assert audits.finding(stranger, findings[0].pk, request_id="r") is None


def test_a_finding_shows_both_figures_and_no_person(desk, findings):
    client = desk("examiner")
    listed = client.get(LIST).content.decode()
    shown = client.get(page_of(findings[0])).content.decode()
    assert listed.count("/claims/auditfinding/") >= len(findings)
    assert "9750" in shown and "10000" in shown and "comes out differently" in shown
    for told in ("Alma", "Ben", "Ruiz", "J069", "MERCY"):
        assert told not in listed + shown
    assert client.get(f"{LIST}999999999999999999/change/").status_code == 404
    assert client.get(f"{LIST}x/change/").status_code == 404
    assert client.get(f"go/audit_finding/{findings[0].uuid}/").url.endswith(page_of(findings[0]))


def test_an_examiner_closes_a_finding_and_it_leaves_the_queue(desk, findings):
    client = desk("examiner")
    wrong = client.post(page_of(findings[0]), {"reason": "", "note": ""}).content.decode()
    assert "Say what it was." in wrong and AuditClosing.objects.count() == 0
    said = {"reason": "engine_fault", "note": "Corrected by deciding it again."}
    assert client.post(page_of(findings[0]), said).status_code == 302
    assert AuditClosing.objects.get().finding == findings[0]
    assert "closed already" in client.post(page_of(findings[0]), said).content.decode()
    assert "Corrected by deciding it again." in client.get(page_of(findings[0])).content.decode()
    assert client.get(LIST).content.decode().count("ops-pill bad") == len(findings) - 1
    with schema_context("public"):
        assert WorkItem.objects.filter(kind="audit_finding", closed_at=None).count() == len(findings) - 1


def test_finance_sees_no_finding_and_without_a_door_nobody_does(desk, findings):
    finance = desk("finance")
    assert finance.get(LIST).status_code == 403
    assert finance.get(page_of(findings[0])).status_code == 403
    assert finance.post(page_of(findings[0]), {"reason": "by_hand", "note": "anything"}).status_code == 403
    assert desk("claims_manager", door=False).get(LIST).status_code in (302, 403)
    assert AuditClosing.objects.count() == 0
    assert connection.schema_name != "public"
