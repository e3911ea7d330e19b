"""Findings of audits for staff at one employer's desk: lists by key, one with its differences. Each look is logged."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from claims.audit.findings import KINDS
from claims.core.numbers import claim_number
from claims.models import AuditClosing, AuditFinding
from claims.models.audits import REASONS
from claims.selectors.queues import CARE_PAYMENT
from tenants import facade as tenants
from tenants.facade import Actor

PAGE = 50
MOST = 10**18


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding in the list. off_cents: paid, as on file less as worked out. closed: words of the reason, "" while open."""

    finding_id: int
    number: str
    night: str
    off_cents: int
    closed: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure. words: what kind of difference; line 0: of the decision. Amounts of postings of visits are counts."""

    line: int
    words: str
    subject: str
    expected: int
    recorded: int


@dataclass(frozen=True, slots=True)
class FindingShown:
    """A finding with everything that differs. closing: None while open."""

    uuid: UUID
    submission_id: int
    number: str
    night: str
    off_cents: int
    differences: tuple[Difference, ...]
    closing: AuditClosing | None

    @property
    def closed_as(self) -> str:
        return REASONS[self.closing.reason] if self.closing is not None else ""


def _visible(actor: Actor) -> QuerySet[AuditFinding]:
    """Every finding of this employer, for staff at its desk; for others none."""
    found = AuditFinding.objects.select_related("version__submission", "run__night", "closing")
    if actor.kind != "staff" or actor.grant_uuid is None or actor.schema_name != connection.schema_name:
        return found.none()
    return found


def findings_page(
    actor: Actor, *, request_id: str, only_open: bool = True, before: str = ""
) -> tuple[tuple[FindingRow, ...], str]:
    """A page of findings, the newest first, and the mark of the next page ("" at the end).

    Raises tenants.ReadNotLogged when the look cannot be written down.
    """
    found = _visible(actor)
    if only_open:
        found = found.filter(closing=None)
    if before.isascii() and before.isdigit() and len(before) <= 18:
        found = found.filter(pk__lt=int(before))
    taken = list(found.defer("version__submission__content").order_by("-pk")[: PAGE + 1])
    rows = taken[:PAGE]
    if rows:
        tenants.log_view(
            actor=actor,
            record_class="claim",
            purpose=CARE_PAYMENT,
            request_id=request_id,
            record_uuids=list({row.version.submission.uuid for row in rows}),
            filter_code="audit.open" if only_open else "audit",
            shown=len(rows),
        )
    return tuple(_row(row) for row in rows), str(rows[-1].pk) if len(taken) > PAGE else ""


def finding(actor: Actor, finding_id: int, *, request_id: str) -> FindingShown | None:
    """One finding with its differences; None when the actor may see none of this key. Its look is logged."""
    row = _visible(actor).defer("version__submission__content").filter(pk=min(finding_id, MOST)).first()
    if row is None:
        return None
    submission = row.version.submission
    tenants.log_view(
        actor=actor,
        record_class="claim",
        purpose=CARE_PAYMENT,
        request_id=request_id,
        record_uuids=[submission.uuid],
        filter_code="audit.finding",
        shown=1,
    )
    told = row.differences.order_by("line_no", "pk")
    return FindingShown(
        uuid=row.uuid,
        submission_id=submission.pk,
        number=claim_number(submission.intake_seq),
        night=str(row.run.night),
        off_cents=row.off_cents,
        differences=tuple(
            Difference(each.line_no, KINDS.get(each.kind, each.kind), each.subject, each.expected, each.recorded)
            for each in told
        ),
        closing=getattr(row, "closing", None),
    )


def _row(row: AuditFinding) -> FindingRow:
    closing = getattr(row, "closing", None)
    return FindingRow(
        finding_id=row.pk,
        number=claim_number(row.version.submission.intake_seq),
        night=str(row.run.night),
        off_cents=row.off_cents,
        closed=REASONS[closing.reason] if closing is not None else "",
    )
