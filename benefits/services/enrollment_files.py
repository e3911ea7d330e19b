"""Applying one transaction set of an 834: members one by one, absentees of a full file proposed, odd files held."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from aso_portal.kernel.errors import DomainError
from benefits.core.full_files import Tolerance, hold_for_absentees, hold_for_counts, hold_for_groups
from benefits.core.happenings import REJECTED
from benefits.core.instructions import OtherCoverageTold
from benefits.edi.x834 import FULL_FILE, EnrollmentSet
from benefits.models import Coverage, EnrollmentImport, FileTolerance, Member, ProposedTermination
from benefits.services import enrollment, imports, other_coverage
from benefits.services.enrollment import Draft
from benefits.services.imports import CHECKED, DONE, HELD, REFUSED, REPEATED, FileReport, RowReport
from benefits.services.roster_storing import Deed
from tenants import facade as tenants
from tenants.core.roles import Actor

SOURCE = "834"

HELD_FILE, PROPOSALS = "enrollment_file_held", "terminations_proposed"
"""Kinds of work for ASO staff; subject: the import."""


class CannotDecide(DomainError):
    """There is no such open proposal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """How a set came: the whole file's hash and stored id, who hands it in, when, and on which business day.

    groups: the group numbers routed to this employer, in their normal form. released: a person looked at a held file
    and lets it pass in spite of its absentees; wrong counts and groups cannot be released.
    """

    content_sha256: str
    actor: Actor
    recorded_at: datetime
    as_of: date
    groups: Collection[str]
    file_uuid: UUID | None = None
    released: bool = False
    check_only: bool = False


@transaction.atomic
def apply_834(
    enrolled: EnrollmentSet, *, arrival: Arrival, progress: Callable[[int], None] | None = None
) -> FileReport:
    """Applies a set to this employer, or holds or refuses it whole. The same set again changes nothing.

    Members absent from a full file become proposals; a later full file that names them declines what is still open.
    """
    if enrolled.rejected:
        return _finish(enrolled, arrival, REFUSED, enrolled.faults, (), ())
    if (earlier := _earlier(enrolled, arrival)) is not None:
        return _again(earlier)
    told = [member.instruction for member in enrolled.members if member.instruction is not None]
    drafted = enrollment.draft(told, every=1_000, progress=progress)
    rows = sorted(
        [RowReport(one.position, REJECTED, one.faults) for one in enrolled.members if one.instruction is None]
        + [RowReport(one.position, one.result, one.reasons) for one in drafted.outcomes],
        key=lambda row: row.position,
    )
    not_taken = {row.position for row in rows if row.result == REJECTED}
    rejected = [member.subscriber_number for member in enrolled.members if member.position in not_taken]
    absent = _absentees(enrolled, drafted, rejected)
    reasons = _reasons_to_hold(enrolled, arrival, absent, unnamed=rejected.count(""))
    if reasons or arrival.check_only:
        status = CHECKED if arrival.check_only else HELD
        return _finish(enrolled, arrival, status, reasons, rows, absent)
    return _apply(enrolled, arrival, drafted, rows, absent)


@transaction.atomic
def decide_proposals(
    proposal_uuids: Sequence[UUID], *, accept: bool, actor: Actor, recorded_at: datetime, as_of: date
) -> int:
    """Ends the coverage of absentees a person has confirmed, or declines the proposals. Returns how many were decided.

    Raises CannotDecide when one of them is not open.
    """
    found = list(
        ProposedTermination.objects.select_for_update(of=("self",))
        .filter(uuid__in=proposal_uuids, status="open")
        .select_related("member")
        .order_by("pk")
    )
    if missing := set(proposal_uuids) - {proposal.uuid for proposal in found}:
        raise CannotDecide(f"Proposal {min(missing)} is not open. Reload the list.")
    for proposal in found:
        if accept:
            enrollment.terminate_every_line(
                member_uuid=proposal.member.uuid,
                end=proposal.end_date,
                actor=actor,
                recorded_at=recorded_at,
                as_of=as_of,
            )
        _close(proposal, "accepted" if accept else "declined", actor, recorded_at)
    _done_with({proposal.enrollment_import_id for proposal in found}, recorded_at)
    return len(found)


def _apply(
    enrolled: EnrollmentSet, arrival: Arrival, drafted: Draft, rows: Sequence[RowReport], absent: Sequence[Member]
) -> FileReport:
    stored = _record(enrolled, arrival, DONE, (), rows)
    deed = Deed(
        actor=arrival.actor,
        source=SOURCE,
        recorded_at=arrival.recorded_at,
        as_of=arrival.as_of,
        enrollment_import=stored,
    )
    by_place = enrollment.commit(drafted, deed=deed)
    members = {one.position: by_place[one.place_id] for one in drafted.outcomes if one.place_id is not None}
    imports.record_rows(stored, rows, members)
    other_coverage.take_from_file(_other_coverages(enrolled, members), deed=deed)
    earlier = EnrollmentImport.objects.filter(control_key=enrolled.control_key, status=HELD)
    tenants.work_done([(HELD_FILE, uuid) for uuid in earlier.values_list("uuid", flat=True)], at=arrival.recorded_at)
    if enrolled.kind == FULL_FILE:
        _decline_reappeared(members.values(), arrival)
    proposed = _propose(stored, absent, stored.as_of)
    _audit(stored, arrival, proposed)
    return FileReport(DONE, (), tuple(rows), proposed, stored.uuid)


def _other_coverages(enrolled: EnrollmentSet, members: Mapping[int, Member]) -> list[tuple[Member, OtherCoverageTold]]:
    """What the file tells of other plans, of members whose rows were taken."""
    told = [member.instruction for member in enrolled.members if member.instruction is not None]
    return [
        (members[instruction.position], one)
        for instruction in told
        if instruction.position in members
        for one in instruction.other_coverages
    ]


def _finish(
    enrolled: EnrollmentSet,
    arrival: Arrival,
    status: str,
    reasons: Sequence[str],
    rows: Sequence[RowReport],
    absent: Sequence[Member],
) -> FileReport:
    """A set that changes nothing: checked, held or refused."""
    rows = imports.stored(rows, applied=False)
    if arrival.check_only:
        return FileReport(status, tuple(reasons), rows, len(absent))
    stored = _record(enrolled, arrival, status, reasons, rows)
    imports.record_rows(stored, rows)
    _audit(stored, arrival, len(absent))
    if status == HELD:
        _tell(HELD_FILE, stored, arrival.recorded_at)
    return FileReport(status, tuple(reasons), rows, len(absent), stored.uuid)


def _record(
    enrolled: EnrollmentSet, arrival: Arrival, status: str, reasons: Sequence[str], rows: Sequence[RowReport]
) -> EnrollmentImport:
    return imports.record(
        kind=enrolled.kind or "834_change",
        status=status,
        reasons=reasons,
        rows=rows,
        content_sha256=arrival.content_sha256,
        file_uuid=arrival.file_uuid,
        control_key=enrolled.control_key,
        reference=enrolled.reference,
        as_of=enrolled.effective_date or arrival.as_of,
        actor=arrival.actor,
        recorded_at=arrival.recorded_at,
    )


def _earlier(enrolled: EnrollmentSet, arrival: Arrival) -> EnrollmentImport | None:
    """The same set of the same file, applied before."""
    return EnrollmentImport.objects.filter(
        content_sha256=arrival.content_sha256, control_key=enrolled.control_key, status=DONE
    ).first()


def _again(earlier: EnrollmentImport) -> FileReport:
    rows = earlier.row_results.order_by("position").values_list("position", "result", "reasons")
    return FileReport(
        REPEATED,
        (f"This set was applied before, as import {earlier.uuid}. Nothing was changed.",),
        tuple(RowReport(position, result, tuple(reasons)) for position, result, reasons in rows),
        earlier.proposed_terminations.count(),
        earlier.uuid,
    )


def _reasons_to_hold(enrolled: EnrollmentSet, arrival: Arrival, absent: Sequence[Member], unnamed: int) -> list[str]:
    employees = sum(member.is_subscriber for member in enrolled.members)
    named = {enrolled.group_number, *(member.group_number for member in enrolled.members)} - {""}
    reasons = hold_for_groups({tenants.normal_group(group) for group in named}, arrival.groups)
    reasons += hold_for_counts(enrolled.counts, employees=employees, dependants=len(enrolled.members) - employees)
    other = EnrollmentImport.objects.filter(control_key=enrolled.control_key, status=DONE)
    if other.exclude(content_sha256=arrival.content_sha256).exists():
        reasons.append("A file with the same sender and control numbers but other content was applied before.")
    if enrolled.kind == FULL_FILE and unnamed:
        reasons.append(
            f"{unnamed} members give no subscriber number, so nobody can be called absent from this full file."
        )
    if not arrival.released and absent:
        covered = _covered_on(enrolled.effective_date or arrival.as_of).count()
        reasons += hold_for_absentees(proposed=len(absent), covered=covered, tolerance=_tolerance())
    return reasons


def _absentees(enrolled: EnrollmentSet, drafted: Draft, rejected: Collection[str]) -> list[Member]:
    """Members covered on the file's day, in a line the file speaks of, whom it does not name.

    rejected: subscriber numbers of rows that were not taken; their families are in the file, if badly.
    """
    if enrolled.kind != FULL_FILE or enrolled.effective_date is None:
        return []
    told = [member.instruction for member in enrolled.members if member.instruction is not None]
    lines = {coverage.line_of_coverage for one in told for coverage in one.coverages}
    index = Member._meta.get_field("member_number_bidx").index
    covered = _covered_on(enrolled.effective_date, lines).exclude(pk__in=drafted.loaded.roster.seen)
    covered = covered.exclude(member_number_bidx__in=[index(number) for number in rejected if number])
    return list(covered.order_by("pk"))


def _covered_on(day: date, lines: Collection[str] | None = None) -> QuerySet[Member]:
    coverage = Coverage.objects.filter(Q(end_date=None) | Q(end_date__gt=day), start_date__lte=day)
    if lines is not None:
        coverage = coverage.filter(line_of_coverage__in=lines)
    return Member.objects.filter(pk__in=coverage.values("member"))


def _tolerance() -> Tolerance:
    row = FileTolerance.objects.first()
    return Tolerance(share_bp=row.share_bp, lives=row.lives) if row else Tolerance()


def _propose(stored: EnrollmentImport, absent: Sequence[Member], end: date) -> int:
    """One open proposal per absent member; coverage would end on `end`, the file's day. Returns how many are new."""
    waiting = set(
        ProposedTermination.objects.filter(member__in=absent, status="open").values_list("member_id", flat=True)
    )
    proposals = ProposedTermination.objects.bulk_create(
        [
            ProposedTermination(enrollment_import=stored, member=member, end_date=end)
            for member in absent
            if member.pk not in waiting
        ],
        batch_size=imports.BATCH,
    )
    if proposals:
        _tell(PROPOSALS, stored, stored.recorded_at)
    return len(proposals)


def _decline_reappeared(members: Collection[Member], arrival: Arrival) -> None:
    found = list(ProposedTermination.objects.filter(member__in=members, status="open").order_by("pk"))
    for proposal in found:
        _close(proposal, "declined", arrival.actor, arrival.recorded_at)
    _done_with({proposal.enrollment_import_id for proposal in found}, arrival.recorded_at)


def _tell(kind: str, stored: EnrollmentImport, opened_at: datetime) -> None:
    work = tenants.Work(kind=kind, category="enrollment", subject_uuid=stored.uuid, opened_at=opened_at)
    tenants.tell_work([work])


def _done_with(import_ids: Collection[int], at: datetime) -> None:
    """Files whose proposals are all decided wait no longer."""
    open_ones = ProposedTermination.objects.filter(status="open").values("enrollment_import")
    settled = EnrollmentImport.objects.filter(pk__in=import_ids).exclude(pk__in=open_ones)
    tenants.work_done([(PROPOSALS, uuid) for uuid in settled.values_list("uuid", flat=True)], at=at)


def _close(proposal: ProposedTermination, status: str, actor: Actor, recorded_at: datetime) -> None:
    proposal.status, proposal.decided_at = status, recorded_at
    proposal.decided_by_kind, proposal.decided_by_uuid = actor.kind, actor.uuid
    proposal.save(update_fields=["status", "decided_at", "decided_by_kind", "decided_by_uuid"])
    tenants.record_audit(
        actor=actor,
        action=f"termination.{status}",
        subject_kind="proposed_termination",
        subject_uuid=proposal.uuid,
        detail={"day": proposal.end_date},
    )


def _audit(stored: EnrollmentImport, arrival: Arrival, proposed: int) -> None:
    tenants.record_audit(
        actor=arrival.actor,
        action=f"enrollment_file.{stored.status}",
        subject_kind="enrollment_import",
        subject_uuid=stored.uuid,
        detail={
            "rows": stored.rows,
            "applied": stored.applied,
            "rejected": stored.rejected,
            "proposed": proposed,
            "sha256": stored.content_sha256,
        },
    )
