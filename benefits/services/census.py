"""Applying a census: all rows or none, or on request all good ones; a row-by-row report either way."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.db import transaction

from benefits.core.happenings import REJECTED
from benefits.edi.census import CensusRow
from benefits.services import enrollment, imports
from benefits.services.imports import CHECKED, DONE, REFUSED, FileReport, RowReport
from benefits.services.roster_storing import Deed
from tenants import facade as tenants
from tenants.core.roles import Actor

KIND = "census"


@transaction.atomic
def import_census(
    rows: Sequence[CensusRow],
    *,
    content_sha256: str,
    actor: Actor,
    recorded_at: datetime,
    as_of: date,
    skip_bad: bool = False,
    check_only: bool = False,
    progress: Callable[[int], None] | None = None,
) -> FileReport:
    """Adds and changes people and coverage as the rows say. The same rows again change nothing.

    Without `skip_bad` one rejected row keeps every other from being applied. With `check_only` nothing is stored.
    as_of: the employer's business day. progress: called now and then with the number of rows worked through.
    """
    told = [row.instruction for row in rows if row.instruction is not None]
    drafted = enrollment.draft(told, every=1_000, progress=progress)
    read = sorted(
        [RowReport(row.line, REJECTED, row.faults) for row in rows if row.instruction is None]
        + [RowReport(one.position, one.result, one.reasons) for one in drafted.outcomes],
        key=lambda report: report.position,
    )
    is_bad = any(report.result == REJECTED for report in read)
    status = CHECKED if check_only else REFUSED if is_bad and not skip_bad else DONE
    reports = imports.stored(read, applied=status == DONE)
    if check_only:
        return FileReport(status, (), reports)
    stored = imports.record(
        kind=KIND,
        status=status,
        reasons=("At least one row was rejected, so no row was applied.",) if status == REFUSED else (),
        rows=reports,
        content_sha256=content_sha256,
        as_of=as_of,
        actor=actor,
        recorded_at=recorded_at,
    )
    members = {}
    if status == DONE:
        deed = Deed(actor=actor, source=KIND, recorded_at=recorded_at, as_of=as_of, enrollment_import=stored)
        by_place = enrollment.commit(drafted, deed=deed)
        members = {one.position: by_place[one.place_id] for one in drafted.outcomes if one.place_id is not None}
    imports.record_rows(stored, reports, members)
    tenants.record_audit(
        actor=actor,
        action=f"census.{status}",
        subject_kind="enrollment_import",
        subject_uuid=stored.uuid,
        detail={"rows": stored.rows, "applied": stored.applied, "rejected": stored.rejected, "sha256": content_sha256},
    )
    return FileReport(status, tuple(stored.hold_reasons), reports, import_uuid=stored.uuid)
