"""Claims a person may see, and where each stands. Two statements find a page of them, two tell how far they are."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, Max, OuterRef, QuerySet

from benefits import facade as benefits
from claims.core.changes import VOID
from claims.core.numbers import claim_number
from claims.core.payment_terms import PatientPaid, after_patient_paid
from claims.core.reasons import ASKED_PATIENT, PENDS
from claims.models import ClaimChange, ClaimSubmission, ClaimVersion, Pend
from claims.selectors.viewing import Viewer
from tenants.core.scopes import Scope
from tenants.facade import Actor

PAGE = 20


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim and how far it is. Days are None while a step has not happened.

    provider: as the claim names the billing provider, tidied. reviewed_on: the first night that looked at it.
    outcome: "pay" or "deny" once decided. owe_cents, plan_cents: of the decision in force, None before it.
    needs_member: it waits for something only the member can say. taken_back: decided, then reversed. patient_paid_cents:
    what he paid the provider already, as the claim says.
    """

    submission_id: int
    uuid: UUID
    number: str
    person_id: int
    patient: str
    provider: str
    service_date: date
    received_on: date
    reviewed_on: date | None = None
    decided_on: date | None = None
    paid_on: date | None = None
    outcome: str = ""
    owe_cents: int | None = None
    plan_cents: int | None = None
    version_id: int | None = None
    needs_member: bool = False
    taken_back: bool = False
    patient_paid_cents: int = 0

    @property
    def after_patient_paid(self) -> PatientPaid | None:
        """What is still owed, or was paid too much; None without a decision in force."""
        if self.owe_cents is None:
            return None
        return after_patient_paid(member_cents=self.owe_cents, patient_paid_cents=self.patient_paid_cents)


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """One page of claims, newest first, and those that wait for the member.

    older, newer: the claim to go on from, None at the end.
    """

    rows: tuple[ClaimRow, ...]
    waiting: tuple[ClaimRow, ...]
    older: UUID | None
    newer: UUID | None


def visible_to(actor: Actor, *, day: date) -> QuerySet[ClaimSubmission]:
    """The claims the actor may see on `day`: a member's own and those of the minors under him.

    Staff on a desk and the system see all of the schema they work in, an API key with the scope likewise. HR sees none,
    whatever other role the account has, except as the member he is.
    """
    submissions = ClaimSubmission.objects.all()
    if actor.schema_name != connection.schema_name:
        return submissions.none()
    if actor.kind == "system" or (actor.kind == "staff" and actor.grant_uuid is not None):
        return submissions
    if actor.kind == "api":
        return submissions if actor.has(Scope.CLAIMS_READ) else submissions.none()
    people = benefits.care_shown_to(actor, day=day)
    return submissions.filter(person_id__in=[person.person_id for person in people])


def page(
    viewer: Viewer,
    *,
    person: UUID | None = None,
    older_than: UUID | None = None,
    newer_than: UUID | None = None,
    size: int = PAGE,
    with_waiting: bool = False,
) -> ClaimPage:
    """A page of claims on one side of a claim; an unknown or foreign claim or person gives no rows.

    with_waiting: also the claims that stand still until the member answers something, whatever page they are on.
    """
    chosen = [each.person_id for each in viewer.people if person is None or each.uuid == person]
    mine = ClaimSubmission.objects.filter(person_id__in=chosen).exclude(correction__kind=VOID)  # a void is no bill
    mine = mine.annotate(corrected=_CORRECTED)
    found = mine.order_by("-intake_seq")
    if older_than:
        found = found.filter(intake_seq__lt=mine.filter(uuid=older_than).values("intake_seq"))
    elif newer_than:
        found = mine.filter(intake_seq__gt=mine.filter(uuid=newer_than).values("intake_seq")).order_by("intake_seq")
    taken = list(found[: size + 1])
    more, taken = len(taken) > size, taken[:size]
    if newer_than:
        taken.reverse()
    stuck = list(_waiting(viewer)) if with_waiting else []
    rows = _shown(viewer, [*taken, *stuck])
    newer, older = (more, True) if newer_than else (older_than is not None, more)
    return ClaimPage(
        rows=rows[: len(taken)],
        waiting=rows[len(taken) :],
        older=taken[-1].uuid if taken and older else None,
        newer=taken[0].uuid if taken and newer else None,
    )


def one(viewer: Viewer, uuid: UUID) -> ClaimRow | None:
    """A claim by its public id; None when it does not exist for this viewer."""
    found = ClaimSubmission.objects.filter(uuid=uuid, person_id__in=list(viewer.names)).annotate(corrected=_CORRECTED)
    return next(iter(_shown(viewer, list(found))), None)


def _waiting(viewer: Viewer) -> QuerySet[ClaimSubmission]:
    """Claims without a decision that only the member can help along, oldest first."""
    asking = [code for code, rule in PENDS.items() if rule.category_277 == ASKED_PATIENT]
    decided = ClaimVersion.objects.filter(submission=OuterRef("submission"))
    open_pends = Pend.objects.filter(~Exists(decided), code__in=asking, resolution=None)
    of_viewer = open_pends.filter(submission__person_id__in=list(viewer.names)).values("submission")
    return ClaimSubmission.objects.filter(pk__in=of_viewer).order_by("intake_seq")[:PAGE]


def _shown(viewer: Viewer, submissions: Sequence[ClaimSubmission]) -> tuple[ClaimRow, ...]:
    """The rows of these submissions; that they were looked at is logged before anybody sees them."""
    rows = rows_of(submissions, viewer.names)
    if rows:
        uuids = list(dict.fromkeys(row.uuid for row in rows))
        viewer.log("claim", uuids, person=_only_person(viewer, rows), list_of="claims" if len(uuids) > 1 else "")
    return rows


def _only_person(viewer: Viewer, rows: Sequence[ClaimRow]) -> UUID | None:
    """The one person all rows are about, or None when they are about several."""
    about = {row.person_id for row in rows}
    return next((each.uuid for each in viewer.people if about == {each.person_id}), None)


def rows_of(submissions: Sequence[ClaimSubmission], names: dict[int, str]) -> tuple[ClaimRow, ...]:
    """How far these claims are, in two statements. names: given names by person key; the caller logs the look."""
    ids = [submission.pk for submission in submissions]
    decisions = _decisions(ids)
    pends = _open_pends([key for key in ids if key not in decisions])
    return tuple(
        ClaimRow(
            submission_id=submission.pk,
            uuid=submission.uuid,
            number=claim_number(submission.intake_seq),
            person_id=submission.person_id,
            patient=names.get(submission.person_id, ""),
            provider=_provider_name(content),
            service_date=submission.first_service_date,
            received_on=submission.received_date,
            patient_paid_cents=content.get("patient_paid_cents", 0),
            **(decisions.get(submission.pk) or _undecided(submission, pends)),
        )
        for submission in submissions
        for content in (json.loads(submission.content),)
    )


def _undecided(submission: ClaimSubmission, pends: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """How far a claim without a decision is; one that was replaced or voided meanwhile gets none any more."""
    if getattr(submission, "corrected", False):
        return {"taken_back": True}
    return pends.get(submission.pk) or {}


_CORRECTED = Exists(ClaimChange.objects.filter(submission=OuterRef("pk"), successor__isnull=False))


def _decisions(submission_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The newest decision of each submission: in force, or taken back."""
    if not submission_ids:
        return {}
    reversal = ClaimVersion.objects.filter(reverses=OuterRef("pk"))
    rows = (
        ClaimVersion.objects.filter(submission_id__in=submission_ids, reverses=None)
        .annotate(taken_back=Exists(reversal), paid_on=Max("allocations__payment__issued_on"))
        .order_by("submission_id", "version")
        .values("pk", "submission_id", "decided_on", "outcome", "member_cents", "paid_cents", "taken_back", "paid_on")
    )
    return {
        row["submission_id"]: {
            "version_id": row["pk"],
            "reviewed_on": row["decided_on"],
            "decided_on": row["decided_on"],
            "paid_on": row["paid_on"],
            "outcome": row["outcome"],
            "owe_cents": None if row["taken_back"] else row["member_cents"],
            "plan_cents": None if row["taken_back"] else row["paid_cents"],
            "taken_back": row["taken_back"],
        }
        for row in rows
    }


def _open_pends(submission_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """For claims without a decision: since when they are looked at, and whether only the member can go on."""
    if not submission_ids:
        return {}
    found: dict[int, dict[str, Any]] = {}
    rows = Pend.objects.filter(submission_id__in=submission_ids, resolution=None).order_by("opened_on", "pk")
    for submission_id, code, opened_on in rows.values_list("submission_id", "code", "opened_on"):
        state = found.setdefault(submission_id, {"reviewed_on": opened_on, "needs_member": False})
        rule = PENDS.get(code)
        state["needs_member"] = state["needs_member"] or (rule is not None and rule.category_277 == ASKED_PATIENT)
    return found


def provider_name(content: str) -> str:
    """The billing provider of a stored claim, as people write it: no shouting, given name first."""
    return _provider_name(json.loads(content))


def _provider_name(content: dict[str, Any]) -> str:
    name = str(content.get("billing", {}).get("name", "")).strip()
    family, comma, given = name.partition(", ")
    name = f"{given} {family}" if comma else name
    return name.title().replace("'S ", "'s ") if name.isupper() else name
