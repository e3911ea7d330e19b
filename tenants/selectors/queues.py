"""The queue of all employers, and whose each piece of work is."""

from typing import Any
from uuid import UUID

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, UUIDField, When

from tenants.models import StaffEvent, WorkItem

HANDS = ("work_item_taken", "work_item_assigned", "work_item_released")


def with_owner(items: QuerySet[Any]) -> QuerySet[Any]:
    """Adds `owner_uuid`: who took it or was given it last, None once released. Replayed from StaffEvent rows."""
    last = StaffEvent.objects.filter(
        subject_uuid=OuterRef("subject_uuid"), schema_name=OuterRef("employer__schema_name"), kind__in=HANDS
    ).order_by("-id")
    owner = Case(When(kind="work_item_released", then=None), default=F("staff_uuid"), output_field=UUIDField())
    return items.annotate(owner_uuid=Subquery(last.annotate(owner=owner).values("owner")[:1]))


def owner_of(item: WorkItem) -> UUID | None:
    """Whose this piece of work is now."""
    return with_owner(WorkItem.objects.filter(pk=item.pk)).values_list("owner_uuid", flat=True).first()


def waiting() -> QuerySet[Any]:
    """Open work of all active employers, the earliest due first; work without a due date comes last."""
    items = WorkItem.objects.filter(closed_at__isnull=True, employer__status="active").select_related("employer")
    return with_owner(items).order_by(F("due_at").asc(nulls_last=True), "id")


def next_for(staff_uuid: UUID, *, kinds: list[str] | None = None) -> WorkItem | None:
    """What this person should take next: their own first, else the earliest due that nobody has."""
    items = waiting().filter(Q(owner_uuid=staff_uuid) | Q(owner_uuid__isnull=True))
    if kinds is not None:
        items = items.filter(kind__in=kinds)
    return items.order_by(F("owner_uuid").asc(nulls_last=True), F("due_at").asc(nulls_last=True), "id").first()
