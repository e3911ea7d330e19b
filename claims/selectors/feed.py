"""Claims and limits for programs: a page at a time, each look logged before anything is handed out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import JSONField, Q, QuerySet, Value
from django.db.models.functions import JSONObject

from benefits import facade as benefits
from claims.models import ClaimLine, ClaimSubmission
from claims.selectors import claims
from claims.selectors.accumulators import MemberStanding, standing_on
from claims.selectors.claims import ClaimRow
from claims.selectors.corrections import IS_OF_A_PAIR, Correction, corrections_of
from claims.selectors.explanations import Explanation, explain
from claims.selectors.viewing import OWN_RECORD
from tenants import facade as tenants
from tenants.facade import Actor, Page

PLAN_OPERATIONS = "plan_operations"
"""Why a program of the plan looks (45 CFR 164.501, health care operations)."""

STATUSES = (
    ("received", "stored, no night has looked at it yet"),
    ("in_review", "a person looks at it"),
    ("needs_member", "it waits for something only the member can say"),
    ("approved", "decided in favour, the money is not on its way yet"),
    ("denied", "decided: the plan pays nothing"),
    ("settled", "decided, and the payment or the remittance without one is issued"),
    ("reversed", "decided once, taken back since; a new decision follows"),
)


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """A claim, how far it is, and whose care it is about."""

    row: ClaimRow
    person: UUID

    @property
    def status(self) -> str:
        """One of STATUSES."""
        row = self.row
        if row.taken_back:
            return "reversed"
        if row.decided_on is None:
            return "needs_member" if row.needs_member else "in_review" if row.reviewed_on else "received"
        if row.outcome == "deny":
            return "denied"
        return "settled" if row.paid_on else "approved"


@dataclass(frozen=True, slots=True)
class ClaimTold(ClaimRecord):
    """A claim with the lines of the decision in force (with `reasons`) and why it came out so; empty and None without one."""

    lines: tuple[ClaimLine, ...] = ()
    explanation: Explanation | None = None
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """Where one person stands in the limits of a line of coverage."""

    person: UUID
    line_of_coverage: str
    standing: MemberStanding


def claims_page(
    actor: Actor, *, day: date, person: UUID | None = None, cursor: UUID | None = None, limit: int, request_id: str
) -> Page[ClaimRecord]:
    """The claims the actor may see on `day`, newest first; narrowed to one person. A foreign person has none."""
    visible = claims.visible_to(actor, day=day).select_related("person")
    if person is not None:
        visible = visible.filter(person__uuid=person)
    page = tenants.page_of(visible, key="-intake_seq", cursor=cursor, limit=limit)
    return Page(_records(actor, page.rows, request_id=request_id, list_of="claims"), page.next)


def claim(actor: Actor, uuid: UUID, *, day: date, request_id: str) -> ClaimTold | None:
    """One claim with its decision; None when it does not exist for this actor.

    Raises DoesNotAddUp when trace and totals of the decision disagree.
    """
    visible = claims.visible_to(actor, day=day).select_related("person").filter(uuid=uuid)
    found = list(visible.annotate(is_of_a_pair=IS_OF_A_PAIR))
    record = next(iter(_records(actor, found, request_id=request_id)), None)
    if record is None:
        return None
    asked = found[0].is_of_a_pair
    corrections = corrections_of(record.row.submission_id, record.row.person_id) if asked else ()
    if record.row.version_id is None or record.row.taken_back:
        return ClaimTold(record.row, record.person, corrections=corrections)
    lines = tuple(_lines(record.row.version_id))
    return ClaimTold(record.row, record.person, lines, explain(record.row.version_id, lines=lines), corrections)


def standing(actor: Actor, *, person: UUID, day: date, line_of_coverage: str, request_id: str) -> PersonStanding | None:
    """Where a person stands on `day`; None for a foreign person, and without coverage or a published design."""
    shown = benefits.care_of(actor, person, day=day)
    found = standing_on(shown.person_id, day=day, line_of_coverage=line_of_coverage) if shown else None
    if found is None:
        return None
    _log(actor, "limits_used", person=person, records=(), request_id=request_id)
    return PersonStanding(person, line_of_coverage, found)


def _lines(version_id: int) -> QuerySet[ClaimLine]:
    """The lines of a decision, each with its `reasons` ({"group", "carc", "cents"}), in one statement."""
    adjustment = JSONObject(group="adjustments__group", carc="adjustments__carc", cents="adjustments__cents")
    known = Q(adjustments__isnull=False)
    reasons = JSONBAgg(adjustment, filter=known, order_by="adjustments__pk", default=Value([], JSONField()))
    return ClaimLine.objects.filter(version=version_id).annotate(reasons=reasons).order_by("line_no")


def _records(
    actor: Actor, submissions: Sequence[ClaimSubmission], *, request_id: str, list_of: str = ""
) -> tuple[ClaimRecord, ...]:
    people = {each.person_id: each.person for each in submissions}
    rows = claims.rows_of(submissions, {key: person.given_name for key, person in people.items()})
    if rows:
        about = next(iter(people.values())).uuid if len(people) == 1 else None
        _log(actor, "claim", person=about, records=[row.uuid for row in rows], request_id=request_id, list_of=list_of)
    return tuple(ClaimRecord(row, people[row.person_id].uuid) for row in rows)


def _log(
    actor: Actor, record_class: str, *, person: UUID | None, records: Sequence[UUID], request_id: str, list_of: str = ""
) -> None:
    tenants.log_view(
        actor=actor,
        record_class=record_class,
        purpose=PLAN_OPERATIONS if actor.kind == "api" else OWN_RECORD,
        request_id=request_id,
        person_uuid=person,
        record_uuids=records,
        filter_code=list_of,
        shown=len(records) or 1,
    )
