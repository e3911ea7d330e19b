"""Later parts of orthodontic courses: brought by the night of the day they fall due, as claims of their own.

A part is brought once, whatever the number of nights and crashes: its claim key names the course's claim, line and part.
Rule with worked figures: docs/domain/dental.md.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.periods import ONE_DAY
from benefits import facade as benefits
from benefits.core.coverage import DENTAL, CoverageSpan, span_on
from claims.core.claim import Claim, DentalRecord, changed
from claims.core.claim_json import from_json, to_json
from claims.core.numbers import claim_number
from claims.models import ClaimVersion, OrthodonticInstallment, OrthodonticStop
from claims.services import clock
from claims.services.copying import copy_rows
from tenants import facade as tenants
from tenants.facade import Actor

LEAST_NOTE = 5


class CannotStop(DomainError):
    """The course cannot be stopped. The message says why."""


def bring_due(*, business_date: date, at: datetime) -> int:
    """Store every part due by this day and not brought yet, of people covered on its due day. Returns how many.

    Part of planning a night: the caller's transaction. A part of somebody not covered that day stays where it is, so
    that it comes when coverage is reinstated.
    """
    due = _read(_DUE, {"day": business_date})
    if not due:
        return 0
    coverage = benefits.coverage_of({row[5] for row in due})
    covered = [row for row in due if _covered(coverage, row[5], row[9])]
    if not covered:
        return 0
    first = _reserve(len(covered))
    copy_rows(
        "claims_claimsubmission",
        _COLUMNS,
        [_submission(seq, row, at) for seq, row in enumerate(covered, start=first)],
    )
    return len(covered)


@transaction.atomic
def stop(*, version_uuid: UUID, line_no: int, stopped_on: date, note: str, actor: Actor) -> OrthodonticStop:
    """Nothing of the course falls due from this day on. Stopping again with the same day changes nothing.

    Raises CannotStop: no such course, no note, already stopped on another day.
    """
    note = note.strip()
    if actor.kind != "staff" or actor.uuid is None:
        raise CannotStop("Only a member of staff may stop a course.")
    if len(note) < LEAST_NOTE:
        raise CannotStop("Say why, in a few words.")
    version = ClaimVersion.objects.select_related("submission").filter(uuid=version_uuid).first()
    parts = OrthodonticInstallment.objects.filter(version=version, line_no=line_no) if version is not None else None
    if version is None or parts is None or not parts.exists():
        raise CannotStop("This decision has no orthodontic course on that line. Open the claim again.")
    benefits.lock_families([version.submission.family_id])
    known = OrthodonticStop.objects.filter(version=version, line_no=line_no).order_by("-pk").first()
    if known is not None and known.stopped_on == stopped_on:
        return known
    if known is not None:
        raise CannotStop(f"The course was stopped on {known.stopped_on} already.")
    made = OrthodonticStop.objects.create(
        version=version,
        line_no=line_no,
        stopped_on=stopped_on,
        note=note,
        actor_kind=actor.kind,
        actor_uuid=actor.uuid,
        recorded_at=clock.now(),
    )
    tenants.record_audit(
        actor=actor,
        action="orthodontics.stopped",
        subject_kind="claim_version",
        subject_uuid=version.uuid,
        detail={"line": line_no, "day": stopped_on},
    )
    return made


def _covered(coverage: Mapping[int, Sequence[CoverageSpan]], person_id: int, day: date) -> bool:
    return span_on(coverage.get(person_id, ()), line_of_coverage=DENTAL, day=day) is not None


def _reserve(count: int) -> int:
    """Numbers for `count` claims, under the lock intake holds while it stores: the first of them."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO claims_intakecounter (id, next_seq) VALUES (1, 1) ON CONFLICT DO NOTHING")
        cursor.execute("SELECT next_seq FROM claims_intakecounter WHERE id = 1 FOR UPDATE")
        first: int = cursor.fetchone()[0]
        cursor.execute("UPDATE claims_intakecounter SET next_seq = %s WHERE id = 1", [first + count])
    return first


def _submission(seq: int, row: tuple, at: datetime) -> tuple:
    intake_seq, line_no, number, cents, family, person, file_uuid, content, key, due_on = row
    claim = _part(from_json(content), line_no, number, cents, due_on, claim_number(intake_seq))
    return (
        seq, key, str(file_uuid), at.isoformat(), due_on, claim.kind, claim.frequency, family, person, due_on, due_on,
        claim.billed_cents, to_json(claim),
    )  # fmt: skip


def _part(course: Claim, line_no: int, number: int, cents: int, due_on: date, course_number: str) -> Claim:
    """The claim of one part: the course's line on the due day, for that part of the fee."""
    line = next(each for each in course.lines if each.number == line_no)
    record = course.dental or DentalRecord()
    return changed(
        course,
        billed_cents=cents,
        lines=(
            changed(
                line,
                number=1,
                charge_cents=cents,
                units_thousandths=1_000,
                service_start=due_on,
                service_end=due_on + ONE_DAY,
                repriced_allowed_cents=None,
                authorization="",
            ),
        ),
        repricing=None,
        authorization="",
        patient_paid_cents=0,
        dental=changed(record, installment=number, installment_of=course_number),
    )


def _read(statement: str, parameters: dict[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


_COLUMNS = (
    "intake_seq", "claim_key", "file_uuid", "received_at", "received_date", "kind", "frequency", "family_id", "person_id",
    "first_service_date", "last_service_date", "billed_cents", "content",
)  # fmt: skip
_DUE = """
SELECT s.intake_seq, i.line_no, i.number, i.cents, s.family_id, s.person_id, s.file_uuid, s.content,
       'COURSE|' || s.intake_seq || '|' || i.line_no || '|' || i.number AS key, i.due_on
  FROM claims_orthodonticinstallment i
  JOIN claims_claimversion v ON v.id = i.version_id
  JOIN claims_claimsubmission s ON s.id = v.submission_id
 WHERE i.due_on <= %(day)s
   AND NOT EXISTS (SELECT FROM claims_claimversion r WHERE r.reverses_id = i.version_id)
   AND NOT EXISTS (SELECT FROM claims_orthodonticstop t
                    WHERE t.version_id = i.version_id AND t.line_no = i.line_no AND t.stopped_on <= i.due_on)
   AND NOT EXISTS (SELECT FROM claims_claimsubmission b
                    WHERE b.claim_key = 'COURSE|' || s.intake_seq || '|' || i.line_no || '|' || i.number)
 ORDER BY i.due_on, s.intake_seq, i.line_no, i.number
"""
