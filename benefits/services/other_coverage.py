"""Keeping what is known of other coverage: by a member of staff, from an enrollment file; and how large our companies are.

Nothing is decided here. Claims already decided stay as they are; those that wait are decided anew when they are run again.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from aso_portal.kernel.errors import DomainError
from benefits.core.instructions import OtherCoverageTold
from benefits.core.other_coverage import ESRD, MEDICARE, UNKNOWN_KIND, BadOtherCoverage, OtherPlan, check
from benefits.models import EmployerSize, LegalEntity, Member, OtherCoverage, OtherCoverageAnswer, Person
from benefits.services.roster_storing import BATCH, Deed
from tenants import facade as tenants
from tenants.core.roles import Actor

SUBJECT = "other_coverage"


class CannotRecord(DomainError):
    """The fact contradicts itself or another one on file, or is about nobody here."""


@transaction.atomic
def record(
    *,
    person_uuid: UUID,
    plan: OtherPlan,
    payer_name: str = "",
    policy_number: str = "",
    actor: Actor,
    recorded_at: datetime,
) -> OtherCoverage:
    """Keep another plan of a person. Raises CannotRecord; facts left blank are asked for when a claim needs them."""
    row = OtherCoverage(person=_person(person_uuid), source=_source(actor), recorded_at=recorded_at)
    return _keep(row, plan, payer_name, policy_number, actor, "recorded")


@transaction.atomic
def correct(
    *,
    other_coverage_uuid: UUID,
    plan: OtherPlan,
    payer_name: str = "",
    policy_number: str = "",
    actor: Actor,
    recorded_at: datetime,
) -> OtherCoverage:
    """Put what is known now in place of what was; an end closes it. The person stays. Raises CannotRecord."""
    row = OtherCoverage.objects.select_for_update().filter(uuid=other_coverage_uuid).first()
    if row is None:
        raise CannotRecord(f"There is no other coverage {other_coverage_uuid}.")
    row.source, row.recorded_at = _source(actor), recorded_at
    return _keep(row, plan, payer_name, policy_number, actor, "corrected")


@transaction.atomic
def answer(
    *, person_uuid: UUID, asked_on: date, has_other: bool, actor: Actor, recorded_at: datetime
) -> OtherCoverageAnswer:
    """Keep what a person answered when asked about other coverage. Raises CannotRecord."""
    check_answerable(person_uuid=person_uuid, asked_on=asked_on, today=recorded_at.date())
    row = OtherCoverageAnswer.objects.create(
        person=_person(person_uuid),
        asked_on=asked_on,
        has_other=has_other,
        source=_source(actor),
        actor_kind=actor.kind,
        actor_uuid=actor.uuid,
        recorded_at=recorded_at,
    )
    _audit(actor, "answered", row.uuid, asked_on, person_uuid)
    return row


@transaction.atomic
def set_employer_size(*, legal_entity_uuid: UUID, employees: int, start: date, actor: Actor) -> EmployerSize:
    """From `start` on the company employs so many, as the Medicare tests count, until the next day on file.

    What was on file for that day ends there; the same day again is a correction. Raises CannotRecord.
    """
    if employees < 0:
        raise CannotRecord("A company does not employ fewer than nobody.")
    entity = LegalEntity.objects.select_for_update().filter(uuid=legal_entity_uuid).first()
    if entity is None:
        raise CannotRecord(f"There is no company {legal_entity_uuid}.")
    rows = list(EmployerSize.objects.filter(legal_entity=entity).order_by("start_date"))
    same = next((row for row in rows if row.start_date == start), None)
    before = next((row for row in reversed(rows) if row.start_date < start), None)
    after = next((row for row in rows if row.start_date > start), None)
    if before is not None and (before.end_date is None or before.end_date > start):
        before.end_date = start
        before.save(update_fields=["end_date"])
    row = same or EmployerSize(legal_entity=entity, start_date=start)
    row.employees, row.end_date = employees, after.start_date if after else None
    row.save()
    tenants.record_audit(
        actor=actor,
        action="employer_size.set",
        subject_kind="legal_entity",
        subject_uuid=entity.uuid,
        detail={"day": start, "employees": employees},
    )
    return row


def take_from_file(told: Sequence[tuple[Member, OtherCoverageTold]], *, deed: Deed) -> int:
    """Keep what an enrollment file tells of other coverage. Returns how many facts are new or changed.

    A plan already on file is not doubled: what the file tells of its days is taken over, what staff added stays. A file
    that no longer names a plan ends nothing.
    """
    if not told:
        return 0
    people = {member.person_id for member, _ in told}
    rows = list(OtherCoverage.objects.select_for_update().filter(person__in=people).order_by("start_date", "pk"))
    added: list[OtherCoverage] = []
    changed: dict[UUID, OtherCoverage] = {}
    for member, one in told:
        if one.none:
            continue
        known = [row for row in (*rows, *added) if row.person_id == member.person_id]
        row = _on_file(known, one)
        if row is None:
            row = _from_file(member.person_id, one, deed)
            if row.end_date is None or row.end_date > row.start_date:
                added.append(row)
        elif _moved(row, one, known) and row.pk:
            changed[row.uuid] = row
    for row in changed.values():
        row.save()
    OtherCoverage.objects.bulk_create(added, batch_size=BATCH)
    answers = _answers_told(told, deed)
    touched = [("recorded", row) for row in added] + [("corrected", row) for row in changed.values()]
    tenants.record_audits(
        actor=deed.actor,
        deeds=[
            tenants.Deed(f"{SUBJECT}.{verb}", SUBJECT, row.uuid, {"kind": row.kind, "day": row.start_date})
            for verb, row in touched
        ],
    )
    return len(touched) + answers


def _on_file(rows: Sequence[OtherCoverage], told: OtherCoverageTold) -> OtherCoverage | None:
    """The plan the file means, on days that meet: of the same kind (a file seldom knows it) and insurer or policy.

    Medicare is one plan; its reason may not have been told yet.
    """
    for row in reversed(rows):
        same = row.line_of_coverage == told.line_of_coverage and told.kind in (row.kind, UNKNOWN_KIND)
        reason = row.medicare_reason in (told.medicare_reason, "") or not told.medicare_reason
        named = told.kind == MEDICARE or row.payer_name.casefold() == told.payer_name.casefold()
        numbered = bool(told.policy_number) and row.policy_number == told.policy_number
        if same and reason and (named or numbered) and _meet(row.start_date, row.end_date, told.start, told.end):
            return row
    return None


def _moved(row: OtherCoverage, told: OtherCoverageTold, known: Sequence[OtherCoverage]) -> bool:
    """Take over what the file tells; its days only where they meet no other entry. Whether anything differs."""
    before = (row.start_date, row.end_date, row.medicare_reason, row.esrd_since, row.stated_sequence)
    row.medicare_reason = told.medicare_reason or row.medicare_reason
    if row.medicare_reason == ESRD and row.esrd_since is None:
        row.esrd_since = told.start
    row.stated_sequence = told.sequence or row.stated_sequence
    start, end = told.start or row.start_date, told.end or row.end_date
    others = [one for one in known if one is not row and _key(one) == _key(row)]
    if (end is None or end > start) and not any(_meet(one.start_date, one.end_date, start, end) for one in others):
        row.start_date, row.end_date = start, end
    return before != (row.start_date, row.end_date, row.medicare_reason, row.esrd_since, row.stated_sequence)


def _key(row: OtherCoverage) -> tuple[str, str, str, str]:
    """What may be on file once a day."""
    return row.line_of_coverage, row.kind, row.medicare_reason, row.payer_name


def _meet(start: date, end: date | None, other_start: date | None, other_end: date | None) -> bool:
    """Whether two half-open periods share a day; the other's start may be open."""
    return (end is None or other_start is None or other_start < end) and (other_end is None or start < other_end)


def _from_file(person_id: int, told: OtherCoverageTold, deed: Deed) -> OtherCoverage:
    return OtherCoverage(
        person_id=person_id,
        line_of_coverage=told.line_of_coverage,
        kind=told.kind,
        payer_name=told.payer_name,
        policy_number=told.policy_number or None,
        medicare_reason=told.medicare_reason,
        esrd_since=told.start if told.medicare_reason == ESRD else None,
        stated_sequence=told.sequence,
        start_date=told.start or deed.as_of,
        end_date=told.end,
        source=deed.source,
        recorded_at=deed.recorded_at,
    )


def _answers_told(told: Sequence[tuple[Member, OtherCoverageTold]], deed: Deed) -> int:
    """One answer a person and day, however often files repeat it."""
    people = {member.person_id for member, one in told if one.none}
    asked = deed.as_of
    known = OtherCoverageAnswer.objects.filter(person__in=people, asked_on=asked, has_other=False)
    fresh = people - set(known.values_list("person_id", flat=True))
    OtherCoverageAnswer.objects.bulk_create(
        [
            OtherCoverageAnswer(
                person_id=person_id,
                asked_on=asked,
                has_other=False,
                source=deed.source,
                actor_kind=deed.actor.kind,
                actor_uuid=deed.actor.uuid,
                recorded_at=deed.recorded_at,
            )
            for person_id in sorted(fresh)
        ],
        batch_size=BATCH,
    )
    return len(fresh)


def check_recordable(*, person_uuid: UUID, plan: OtherPlan, payer_name: str, besides: UUID | None = None) -> None:
    """Refuse what `record`, or `correct` of the row `besides`, would refuse. Raises CannotRecord."""
    try:
        check(plan)
    except BadOtherCoverage as fault:
        raise CannotRecord(str(fault)) from fault
    same = OtherCoverage.objects.filter(
        person=_person(person_uuid),
        line_of_coverage=plan.line_of_coverage,
        kind=plan.kind,
        medicare_reason=plan.medicare_reason,
        payer_name=payer_name.strip(),
    )
    same = same.filter(Q(end_date=None) | Q(end_date__gt=plan.start))
    if besides is not None:
        same = same.exclude(uuid=besides)
    if (same.filter(start_date__lt=plan.end) if plan.end else same).exists():
        raise CannotRecord("The same plan is on file for some of these days. Correct or end that entry instead.")


def check_answerable(*, person_uuid: UUID, asked_on: date, today: date) -> None:
    """Refuse an answer of a day to come, or of nobody here. Raises CannotRecord."""
    if asked_on > today:
        raise CannotRecord(f"Nobody was asked on {asked_on} yet. Give the day of the answer.")
    _person(person_uuid)


def _person(person_uuid: UUID) -> Person:
    person = Person.objects.filter(uuid=person_uuid).first()
    if person is None:
        raise CannotRecord(f"There is no person {person_uuid}.")
    return person


def _keep(
    row: OtherCoverage, plan: OtherPlan, payer_name: str, policy_number: str, actor: Actor, verb: str
) -> OtherCoverage:
    check_recordable(person_uuid=row.person.uuid, plan=plan, payer_name=payer_name, besides=row.uuid)
    facts = asdict(plan)
    row.start_date, row.end_date = facts.pop("start"), facts.pop("end")
    row.covered_since = facts.pop("since")
    row.holder_birth_month, row.holder_birth_day = facts.pop("holder_birthday") or (None, None)
    for name, value in facts.items():
        setattr(row, name, value)
    row.payer_name, row.policy_number = payer_name.strip(), policy_number.strip() or None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        raise CannotRecord("Somebody else has just put the same plan on file. Reload and look.") from fault
    _audit(actor, verb, row.uuid, row.start_date, row.person.uuid)
    return row


def _source(actor: Actor) -> str:
    return actor.kind if actor.kind in ("staff", "member") else "system"


def _audit(actor: Actor, verb: str, uuid: UUID, day: date, person_uuid: UUID) -> None:
    tenants.record_audit(
        actor=actor,
        action=f"{SUBJECT}.{verb}",
        subject_kind=SUBJECT,
        subject_uuid=uuid,
        detail={"day": day, "person": person_uuid},
    )
