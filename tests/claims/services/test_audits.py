"""Auditing a night: nothing to find in a sound one, every wrong decision found in a wrong one, and work until closed."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from claims.core import cost_share
from claims.models import (
    AuditClosing,
    AuditDifference,
    AuditFinding,
    AuditPage,
    AuditRun,
    ClaimVersion,
    Night,
    QualityFigure,
)
from claims.services import audits, quality
from tenants import facade as tenants
from tenants.core import quality as rules
from tests.claims.services.test_night import open_work, run
from tests.factories import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(in_employer):
    return nights.town(families=8)


def played(town, *, claims=120, seed=1):
    """A night over so many claims of the town, closed."""
    nights.submit(nights.claims_of(town, claims=claims, seed=seed))
    return Night.objects.get(pk=run().pk)


def waiting(employer):
    """Audit findings in the queue of all employers."""
    with schema_context("public"):
        tenants.project_outbox(employer.schema_name)
    return open_work("audit_finding")


def staff(employer, *roles):
    return tenants.Actor("staff", UUID(int=7), frozenset(roles or {"examiner"}), employer.schema_name)


def test_finds_nothing_in_a_sound_night_and_judges_every_decision(town):
    night = played(town)
    found = audits.audit_night(night=night)
    assert (found.is_done, found.wrong) == (True, 0)
    assert found.decisions == ClaimVersion.objects.filter(night=night).count() > 80
    assert set(found.not_judged) == {"price", "reason_of_refusal"}


def test_a_later_night_is_audited_on_what_stood_before_it(town, monkeypatch):
    first = played(town)
    second = played_again(town)
    for night in (second, first):
        assert audits.audit_night(night=night).wrong == 0


def played_again(town):
    nights.submit(nights.claims_of(town, claims=120, seed=2))
    first = Night.objects.latest("pk")
    return Night.objects.get(pk=run(day=first.business_date + timedelta(1), at=first.planned_at + timedelta(1)).pk)


def test_every_decision_of_a_wrong_engine_is_found_and_becomes_work(town, monkeypatch, employer):
    true = cost_share.share_line
    monkeypatch.setattr(
        cost_share, "share_line", lambda **told: true(**(told | {"coinsurance_bp": told["coinsurance_bp"] + 100}))
    )
    night = played(town)
    monkeypatch.undo()
    found = audits.audit_night(night=night)
    wrong = {version for (version,) in AuditFinding.objects.values_list("version_id")}
    bearing = ClaimVersion.objects.filter(lines__adjustments__group="PR", lines__adjustments__carc="2")
    assert wrong == set(bearing.values_list("pk", flat=True)) and len(wrong) == found.wrong
    assert waiting(employer) == len(wrong)
    kinds = set(AuditDifference.objects.values_list("kind", "subject"))
    assert {("paid", "paid"), ("cost_share", "PR-2"), ("posting", "medical.oop"), ("told", "O")} <= kinds


def test_an_audit_stopped_anywhere_goes_on_and_comes_to_the_same(town, monkeypatch):
    monkeypatch.setattr(audits, "FAMILIES", 3)
    night = played(town)
    halves = iter([False, True])
    stopped = audits.audit_night(night=night, until=lambda: next(halves))
    assert not stopped.is_done and AuditPage.objects.count() == 1
    done = audits.audit_night(night=night)
    assert done.is_done and done.decisions == ClaimVersion.objects.filter(night=night).count()
    assert audits.audit_night(night=night) == done and AuditRun.objects.count() == 1
    again = audits.audit_night(night=night, again=True)
    assert (again.decisions, again.lines, again.paid_cents) == (done.decisions, done.lines, done.paid_cents)
    assert AuditRun.objects.count() == 2


def test_only_closed_nights_are_audited_and_each_once(town):
    nights.submit(nights.claims_of(town, claims=5))
    assert audits.nights_to_audit() == []
    night = Night.objects.get(pk=run().pk)
    assert audits.nights_to_audit() == [night]
    audits.audit_night(night=night)
    assert audits.nights_to_audit() == []
    with pytest.raises(audits.CannotAudit, match="after the close"):
        audits.audit_night(night=Night(step="pay", business_date=night.business_date))


def test_a_share_chooses_the_same_decisions_every_time(town, employer):
    night = played(town)
    audits.set_share(share_bp=3_000, actor=tenants.system(employer.schema_name))
    first = audits.audit_night(night=night)
    assert 0 < first.decisions < ClaimVersion.objects.filter(night=night).count()
    again = audits.audit_night(night=night, again=True)
    assert (again.decisions, again.paid_cents) == (first.decisions, first.paid_cents)
    with pytest.raises(audits.CannotAudit, match="basis points"):
        audits.set_share(share_bp=10_001, actor=tenants.system(employer.schema_name))


def test_a_page_takes_the_same_number_of_statements_whatever_its_claims(town):
    taken = []
    for claims in (10, 120):
        first = Night.objects.order_by("-business_date").first()
        nights.submit(nights.claims_of(town, claims=claims, seed=claims))
        later = (
            {} if first is None else {"day": first.business_date + timedelta(1), "at": first.planned_at + timedelta(1)}
        )
        night = Night.objects.get(pk=run(**later).pk)
        with CaptureQueriesContext(connection) as queries:
            audits.audit_night(night=night)
        taken.append(len(queries))
    assert taken[0] == taken[1] <= 60


def wrong_night(town, monkeypatch):
    true = cost_share.share_line
    monkeypatch.setattr(cost_share, "share_line", lambda **told: true(**(told | {"deductible_left": 0})))
    night = played(town, claims=40)
    monkeypatch.undo()
    audits.audit_night(night=night)
    return night


def test_a_person_closes_a_finding_with_a_reason_once(town, monkeypatch, employer):
    wrong_night(town, monkeypatch)
    finding = AuditFinding.objects.first()
    before = waiting(employer)
    for reason, note, who, message in (
        ("engine_fault", "it is", tenants.system(employer.schema_name), "member of staff"),
        ("whatever", "looked at it", staff(employer), "closed as one of"),
        ("engine_fault", "no", staff(employer), "characters"),
    ):
        with pytest.raises(audits.CannotClose, match=message):
            audits.close(finding_uuid=finding.uuid, reason=reason, note=note, actor=who)
    audits.close(
        finding_uuid=finding.uuid, reason="engine_fault", note="Corrected by a replacement.", actor=staff(employer)
    )
    assert waiting(employer) == before - 1
    with pytest.raises(audits.CannotClose, match="closed already"):
        audits.close(finding_uuid=finding.uuid, reason="engine_fault", note="Once more, please.", actor=staff(employer))
    assert AuditClosing.objects.count() == 1


# How well the work goes --------------------------------------------------------------------------------------------------


def sums(night):
    rows = QualityFigure.objects.filter(night=night).values_list("name", "bucket", "amount")
    return {(name, bucket): amount for name, bucket, amount in rows}


def test_figures_of_a_night_are_written_once_and_add_up(town):
    night = played(town)
    audits.audit_night(night=night)
    told = sums(night)
    final = ClaimVersion.objects.filter(night=night).count()
    assert told[rules.FINALISED, ""] == told[rules.FIRST_PASS, ""] == told[rules.UNTOUCHED, ""] == final
    assert told[rules.LOOKED_AT, ""] == 120
    assert rules.total(told, rules.TURNAROUND) == final
    assert rules.total(told, rules.INVENTORY) == 120 - final
    assert rules.total(told, rules.OPEN_PENDS) >= 120 - final
    assert rules.total(told, rules.AUDITED) == final and rules.financial_accuracy(told).told == "100.0 %"
    before = list(QualityFigure.objects.order_by("pk").values())
    audits.audit_night(night=night, again=True)
    assert list(QualityFigure.objects.order_by("pk").values()) == before
    assert quality.figures_of(AuditRun.objects.first()) == told


def test_errors_lower_the_accuracy_until_a_person_dismisses_them(town, monkeypatch, employer):
    night = wrong_night(town, monkeypatch)
    told = sums(night)
    assert told[rules.OVER, ""] == rules.total(told, rules.OVER) > 0
    accuracy = rules.financial_accuracy(told)
    assert accuracy.part == told[rules.AUDITED_PAID, ""] - told[rules.OVER, ""] - told.get((rules.UNDER, ""), 0)
    for finding in AuditFinding.objects.all():
        audits.close(finding_uuid=finding.uuid, reason="auditor_fault", note="Looked right.", actor=staff(employer))
    later = played_again(town)
    audits.audit_night(night=later)
    second = sums(later)
    assert second[rules.DISMISSED_CENTS, ""] == told[rules.OVER, ""] + told.get((rules.UNDER, ""), 0)
    both = {at: told.get(at, 0) + second.get(at, 0) for at in told.keys() | second.keys()}
    assert rules.financial_accuracy(both).told == "100.0 %"
