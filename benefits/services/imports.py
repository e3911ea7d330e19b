"""The record of a file: what became of it and of each of its rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from benefits.core.happenings import APPLIED, READY, REJECTED, UNCHANGED
from benefits.models import EnrollmentImport, EnrollmentImportRow, Member
from tenants.core.roles import Actor

DONE, HELD, REFUSED, CHECKED, REPEATED = "applied", "held", "refused", "checked", "repeated"
"""What became of a file. Only the first three are stored: a check stores nothing, a repeated file was stored before."""

BATCH = 5_000


@dataclass(frozen=True, slots=True)
class RowReport:
    """One row: where it begins, "ready", "applied", "unchanged" or "rejected", and why or what to look at."""

    position: int
    result: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of a file: its status, the reasons for holding or refusing it, and every row."""

    status: str
    reasons: tuple[str, ...]
    rows: tuple[RowReport, ...]
    proposed_terminations: int = 0
    import_uuid: UUID | None = None

    def count(self, result: str) -> int:
        """How many rows ended that way."""
        return sum(row.result == result for row in self.rows)

    @property
    def is_clean(self) -> bool:
        """Whether everything in the file was taken."""
        return self.status in (DONE, CHECKED, REPEATED) and not self.count(REJECTED)


def stored(rows: Sequence[RowReport], *, applied: bool) -> tuple[RowReport, ...]:
    """The rows as they stand when the file is, or is not, applied: what would have been applied is then "ready"."""
    if applied:
        return tuple(rows)
    return tuple(RowReport(row.position, READY, row.reasons) if row.result == APPLIED else row for row in rows)


def record(
    *,
    kind: str,
    status: str,
    reasons: Sequence[str],
    rows: Sequence[RowReport],
    content_sha256: str,
    as_of: date,
    actor: Actor,
    recorded_at: datetime,
    file_uuid: UUID | None = None,
    control_key: str = "",
    reference: str = "",
) -> EnrollmentImport:
    """The import's own row. Its rows follow with `record_rows`, once the members they speak of are stored."""
    counts = Counter(row.result for row in rows)
    return EnrollmentImport.objects.create(
        kind=kind,
        status=status,
        content_sha256=content_sha256,
        file_uuid=file_uuid,
        control_key=control_key,
        reference=reference,
        as_of=as_of,
        rows=len(rows),
        applied=counts[APPLIED],
        unchanged=counts[UNCHANGED],
        rejected=counts[REJECTED],
        hold_reasons=list(reasons),
        actor_kind=actor.kind,
        actor_uuid=actor.uuid,
        recorded_at=recorded_at,
    )


def record_rows(
    enrollment_import: EnrollmentImport, rows: Sequence[RowReport], members: Mapping[int, Member] | None = None
) -> None:
    """One row each; `members` by position where one was found."""
    found = members or {}
    EnrollmentImportRow.objects.bulk_create(
        [
            EnrollmentImportRow(
                enrollment_import=enrollment_import,
                position=row.position,
                result=row.result,
                member=found.get(row.position),
                reasons=list(row.reasons),
            )
            for row in rows
        ],
        batch_size=BATCH,
    )
