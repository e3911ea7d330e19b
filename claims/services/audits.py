"""Auditing a closed night, page by page of families, apart from the night itself: what was found is work for a person.

A page is one transaction; the next begins behind the last, so whoever comes after a crash goes on where it was. One
worker at a time audits an employer. Rules: docs/domain/audit.md.
"""

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from aso_portal.kernel.errors import DomainError
from claims.audit.evaluator import audit_family
from claims.audit.findings import PAID, Finding, Report
from claims.models import (
    AuditClosing,
    AuditDifference,
    AuditFinding,
    AuditPage,
    AuditRun,
    AuditShare,
    Night,
)
from claims.models.audits import REASONS
from claims.selectors.audit_files import families_of, files_of, first_posting
from claims.services import clock, news, quality
from tenants import facade as tenants
from tenants.facade import Actor

FAMILIES = 200
EVERYTHING_BP = 10_000
LONGEST_NOTE = 2_000


class CannotAudit(DomainError):
    """This night cannot be audited now. The message says why."""


class CannotClose(DomainError):
    """The finding cannot be closed so. The message says why."""


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit came to so far. not_judged: lines by reason."""

    run: AuditRun
    is_done: bool
    decisions: int
    lines: int
    wrong: int
    paid_cents: int
    not_judged: dict[str, int]


def is_chosen(version_id: int, share_bp: int) -> bool:
    """Whether a decision is in the share: by a hash of its key, so that always the same ones are chosen."""
    spot = int.from_bytes(hashlib.sha256(str(version_id).encode()).digest()[:8])
    return spot % EVERYTHING_BP < share_bp


def set_share(*, share_bp: int, actor: Actor) -> None:
    """Audit so many of ten thousand decisions from the next audit on. Raises CannotAudit."""
    if not 0 <= share_bp <= EVERYTHING_BP:
        raise CannotAudit(f"A share lies between 0 and {EVERYTHING_BP} basis points; {share_bp} does not.")
    AuditShare.objects.create(share_bp=share_bp, set_at=clock.now(), actor_kind=actor.kind, actor_uuid=actor.uuid)


def share_in_force() -> int:
    """Basis points of decisions that are audited."""
    newest = AuditShare.objects.order_by("-pk").first()
    return newest.share_bp if newest is not None else EVERYTHING_BP


def nights_to_audit() -> list[Night]:
    """Closed nights without a finished audit, the oldest first."""
    done = AuditRun.objects.filter(pages__is_last=True).values("night")
    return list(Night.objects.filter(step="closed").exclude(pk__in=done).order_by("business_date", "run_no"))


def audit_night(
    *,
    night: Night,
    again: bool = False,
    until: Callable[[], bool] = lambda: False,
    tell: Callable[[Audited], None] = lambda audited: None,
) -> Audited:
    """Audit a closed night to its end, or until `until` says stop; a run that was begun goes on.

    again: a run of its own for a night that was audited before. Raises CannotAudit.
    """
    run = _run_of(night, again)
    families, posting = families_of(night), first_posting(night)
    while not until():
        if not _next_page(run, families, posting):
            break
        tell(audited(run))
    return audited(run)


@transaction.atomic
def _run_of(night: Night, again: bool) -> AuditRun:
    if night.step != "closed":
        raise CannotAudit(f"The night {night} is at step {night.step!r}. Audits come after the close.")
    _alone()
    newest = AuditRun.objects.filter(night=night).order_by("-run_no").first()
    if newest is not None and not (again and newest.pages.filter(is_last=True).exists()):
        return newest
    number = newest.run_no + 1 if newest is not None else 1
    return AuditRun.objects.create(night=night, run_no=number, share_bp=share_in_force(), begun_at=clock.now())


def _alone() -> None:
    """One at a time audits an employer; the others wait, and find the page done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || ':audit'))")


@transaction.atomic
def _next_page(run: AuditRun, families: Sequence[int], posting: int | None) -> bool:
    """Audit the next families; whether there were any."""
    _alone()
    before = run.pages.order_by("-through_family").first()
    if before is not None and before.is_last:
        return False
    after = before.through_family if before is not None else 0
    start = bisect_right(families, after)
    page = families[start : start + FAMILIES]
    report, at = Report(), clock.now()
    for file in files_of(page, run.night, first_posting=posting):
        chosen = frozenset(key for key in file.to_audit if is_chosen(key, run.share_bp))
        if chosen:
            _add(report, audit_family(replace(file, to_audit=chosen)))
    found = _keep(run, report.findings, at)
    is_last = start + FAMILIES >= len(families)
    AuditPage.objects.create(
        run=run,
        after_family=after,
        through_family=page[-1] if page else after,
        is_last=is_last,
        decisions=report.judged,
        lines=report.lines,
        wrong=len(found),
        paid_cents=report.paid_cents,
        not_judged=dict(sorted(report.not_judged.items())),
        audited_at=at,
    )
    if is_last:
        quality.measure(run=run)
    return True


def _add(report: Report, more: Report) -> None:
    report.findings += more.findings
    report.judged += more.judged
    report.lines += more.lines
    report.paid_cents += more.paid_cents
    report.not_judged += more.not_judged


def _keep(run: AuditRun, findings: Sequence[Finding], at: datetime) -> list[AuditFinding]:
    """One row a decision, with its differences, told to the examiners' queue."""
    by_version: dict[int, list[Finding]] = {}
    for finding in findings:
        by_version.setdefault(finding.version_id, []).append(finding)
    rows = AuditFinding.objects.bulk_create(
        AuditFinding(
            run=run,
            version_id=version,
            off_cents=sum(_off(mine)),
            absolute_off_cents=sum(abs(cents) for cents in _off(mine)),
            paid_wrong=any(_off(mine)),
            found_at=at,
        )
        for version, mine in sorted(by_version.items())
    )
    AuditDifference.objects.bulk_create(
        AuditDifference(
            finding=row,
            line_no=each.line_number,
            kind=each.kind,
            subject=each.subject[:60],
            expected=each.expected,
            recorded=each.recorded,
        )
        for row in rows
        for each in by_version[row.version_id]
    )
    uuids = AuditFinding.objects.in_bulk([row.pk for row in rows]) if rows else {}
    kept = [uuids[row.pk] for row in rows]
    news.audit_found(kept)
    return kept


def _off(findings: Sequence[Finding]) -> Iterator[int]:
    """By how much payments differ, line by line."""
    return (each.recorded - each.expected for each in findings if each.kind == PAID)


def audited(run: AuditRun) -> Audited:
    """The sums of a run's pages."""
    pages = list(run.pages.order_by("through_family"))
    not_judged = Counter[str]()
    for page in pages:
        not_judged.update(page.not_judged)
    return Audited(
        run=run,
        is_done=any(page.is_last for page in pages),
        decisions=sum(page.decisions for page in pages),
        lines=sum(page.lines for page in pages),
        wrong=sum(page.wrong for page in pages),
        paid_cents=sum(page.paid_cents for page in pages),
        not_judged=dict(sorted(not_judged.items())),
    )


@transaction.atomic
def close(*, finding_uuid: UUID, reason: str, note: str, actor: Actor) -> AuditClosing:
    """A person says what a finding was. Raises CannotClose."""
    note = note.strip()
    if actor.kind != "staff" or actor.uuid is None:
        raise CannotClose("A finding is closed by a member of staff.")
    if reason not in REASONS:
        raise CannotClose(f"A finding is closed as one of {', '.join(REASONS)}.")
    if not 5 <= len(note) <= LONGEST_NOTE:
        raise CannotClose(f"Say in 5 to {LONGEST_NOTE} characters what was found.")
    _alone()
    finding = AuditFinding.objects.filter(uuid=finding_uuid).first()
    if finding is None or AuditClosing.objects.filter(finding=finding).exists():
        raise CannotClose("That finding is closed already, or there is none. Go back to the list.")
    at = clock.now()
    closing = AuditClosing.objects.create(
        finding=finding, reason=reason, note=note, actor_uuid=actor.uuid, closed_at=at
    )
    news.audit_settled(finding.uuid, at=at)
    tenants.record_audit(
        actor=actor,
        action="audit.finding_closed",
        subject_kind="audit_finding",
        subject_uuid=finding.uuid,
        detail={"reason": reason},
    )
    return closing
