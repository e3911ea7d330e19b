"""Staff open, close and use doors into employers. Each act is written down on both sides of the door."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django_tenants.utils import schema_context

from aso_portal.kernel.errors import DomainError
from tenants.accounts.models import User
from tenants.accounts.selectors import roles_of
from tenants.core.roles import Actor
from tenants.models import Employer, StaffEvent, StaffGrant, WorkItem
from tenants.models.employers import ACTIVE
from tenants.records.services import audit
from tenants.selectors import grants as open_grants

SHORTEST_REASON = 5


class CannotOpenGrant(DomainError):
    """The door stays shut."""


class CannotTake(DomainError):
    """The work item is done, or in other hands."""


@transaction.atomic
def open_grant(
    *,
    staff: User,
    session_key: str | None,
    employer_slug: str,
    reason: str,
    now: datetime,
    work_item: WorkItem | None = None,
) -> StaffGrant:
    """A door for this person, in this browser session, for GRANT_MINUTES. Raises CannotOpenGrant.

    `reason` is read by auditors and the employer's plan administrators: a ticket or a task, never a person's name.
    """
    reason = reason.strip()[:200]
    employer = Employer.objects.filter(slug=employer_slug, status=ACTIVE).first()
    if not (staff.is_staff and staff.is_active and session_key):
        raise CannotOpenGrant("Only ASO staff who are signed in may open a grant.")
    if employer is None:
        raise CannotOpenGrant(f"There is no active employer {employer_slug}.")
    if len(reason) < SHORTEST_REASON:
        raise CannotOpenGrant("Say why, in a few words: a ticket number or the task.")
    grant = StaffGrant(
        staff=staff,
        employer=employer,
        session_digest=open_grants.session_digest(session_key),
        reason=reason,
        work_item=work_item,
        opened_at=now,
        expires_at=now + timedelta(minutes=settings.GRANT_MINUTES),
    )
    grant.save()
    grant.refresh_from_db(fields=["uuid"])
    _write_down("grant_opened", grant, now, minutes=settings.GRANT_MINUTES)
    return grant


@transaction.atomic
def close_grant(*, grant: StaffGrant, now: datetime) -> None:
    """Shut the door early. Closing twice changes nothing."""
    if StaffGrant.objects.filter(pk=grant.pk, closed_at__isnull=True).update(closed_at=now):
        _write_down("grant_closed", grant, now)


@transaction.atomic
def take(*, item_uuid: UUID, staff: User, session_key: str | None, now: datetime) -> StaffGrant:
    """Take a piece of work: it becomes this person's, and the door to its employer opens for it.

    Raises CannotTake when it is done or somebody else's, CannotOpenGrant.
    """
    item = WorkItem.objects.select_for_update(of=("self",)).select_related("employer").filter(uuid=item_uuid).first()
    if item is None or item.closed_at is not None:
        raise CannotTake(f"Work item {item_uuid} is done or gone. Take the next one.")
    owner = item.owner_uuid
    if owner is not None and owner != staff.pk:
        raise CannotTake(f"Work item {item_uuid} was taken by {owner}. Ask them to release it.")
    if owner is None:
        StaffEvent.objects.create(
            at=now,
            kind="work_item_taken",
            staff_uuid=staff.pk,
            schema_name=item.employer.schema_name,
            subject_uuid=item.subject_uuid,
            detail={"kind": item.kind},
        )
        _into_hands([item], staff.pk)
    reason = f"work item {item.kind} {item.subject_uuid}"
    return open_grant(
        staff=staff, session_key=session_key, employer_slug=item.employer.slug, reason=reason, now=now, work_item=item
    )


@transaction.atomic
def release(*, item_uuid: UUID, staff: User, now: datetime) -> None:
    """Give a piece of work back to the queue. Raises CannotTake when it is not this person's."""
    item = WorkItem.objects.select_for_update(of=("self",)).select_related("employer").filter(uuid=item_uuid).first()
    if item is None or item.owner_uuid != staff.pk:
        raise CannotTake(f"Work item {item_uuid} is not yours to release.")
    StaffEvent.objects.create(
        at=now,
        kind="work_item_released",
        staff_uuid=staff.pk,
        schema_name=item.employer.schema_name,
        subject_uuid=item.subject_uuid,
        detail={"kind": item.kind},
    )
    _into_hands([item], None)


@transaction.atomic
def assign(*, item_uuids: Collection[UUID], to: User, by: User, now: datetime) -> int:
    """Give open pieces of work to a member of staff, whoever had them. Returns how many changed hands.

    The event's `staff_uuid` is the new owner, `by` in its detail whoever gave it. Raises CannotTake for somebody who does
    not take work.
    """
    if not (to.is_active and to.is_staff and to.has_perm("tenants.change_workitem")):
        raise CannotTake("Work is given to staff who take work.")
    items = WorkItem.objects.select_for_update(of=("self",)).select_related("employer")
    found = list(items.filter(uuid__in=list(item_uuids), closed_at__isnull=True).order_by("pk"))
    given = [item for item in found if item.owner_uuid != to.pk]
    StaffEvent.objects.bulk_create(
        StaffEvent(
            at=now,
            kind="work_item_assigned",
            staff_uuid=to.pk,
            schema_name=item.employer.schema_name,
            subject_uuid=item.subject_uuid,
            detail={"kind": item.kind, "by": str(by.pk)},
        )
        for item in given
    )
    _into_hands(given, to.pk)
    return len(given)


def _into_hands(items: Collection[WorkItem], owner: UUID | None) -> None:
    """What the event just written says, on the lines of the queue."""
    WorkItem.objects.filter(pk__in=[item.pk for item in items]).update(owner_uuid=owner)


def _write_down(kind: str, grant: StaffGrant, now: datetime, **detail: int) -> None:
    employer = grant.employer
    StaffEvent.objects.create(
        at=now,
        kind=kind,
        staff_uuid=grant.staff_id,
        schema_name=employer.schema_name,
        subject_uuid=grant.uuid,
        detail=detail,
    )
    actor = Actor("staff", grant.staff_id, roles_of(grant.staff), employer.schema_name, grant_uuid=grant.uuid)
    with schema_context(employer.schema_name):
        audit.record(
            actor=actor,
            action=kind.replace("_", ".", 1),
            subject_kind="staff_grant",
            subject_uuid=grant.uuid,
            detail=detail,
        )
