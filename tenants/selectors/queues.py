"""The queue of all employers, and whose each piece of work is: pages by key, counts by everything it is narrowed by.

A few statements show a page however many employers there are and however much waits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, SmallIntegerField, When

from tenants.accounts.models import User
from tenants.core.queue_views import (
    ANY,
    BANDS,
    DEAREST,
    DUES,
    LATE,
    LATER,
    ME,
    NOBODY,
    OLDEST,
    PAUSED,
    SOON,
    SOON_DAYS,
    UNDATED,
    Mark,
    View,
    instant,
    microseconds,
)
from tenants.models import Employer, SavedView, WorkItem
from tenants.models.employers import ACTIVE

PAGE = 50
ASKED = "asked"
"""In the hands of the one the view asks for."""
_COLUMN: Mapping[str, str] = {OLDEST: "opened_at", DEAREST: "amount_cents"}


@dataclass(frozen=True, slots=True)
class Page:
    """Lines in order, with `owner_name`. next_mark: where the next page begins, "" at the end."""

    rows: tuple[Any, ...]
    next_mark: str


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How much waits in one queue, by the bands of age, and how much of it is late."""

    category: str
    by_age: tuple[int, ...]
    late: int

    @property
    def total(self) -> int:
        return sum(self.by_age)

    @property
    def told(self) -> str:
        return self.category.replace("_", " ")


@dataclass(frozen=True, slots=True)
class EmployerCount:
    """How much waits at one employer."""

    uuid: str
    name: str
    total: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits, each part counted under everything the view is narrowed by but itself.

    owners: by ME and NOBODY. dues: by the codes of DUES.
    """

    queues: tuple[QueueCount, ...]
    employers: tuple[EmployerCount, ...]
    dues: Mapping[str, int]
    owners: Mapping[str, int]
    total: int


def owner_of(item: WorkItem) -> UUID | None:
    """Whose this piece of work is now."""
    return WorkItem.objects.filter(pk=item.pk).values_list("owner_uuid", flat=True).first()


def _open() -> QuerySet[WorkItem]:
    """Everything that is not done, of active employers. Those that are not are few, and left out by key: so the lines are
    walked along their own index and met by no other table.
    """
    resting = list(Employer.objects.exclude(status=ACTIVE).values_list("pk", flat=True))
    found = WorkItem.objects.filter(closed_at__isnull=True)
    return found.exclude(employer_id__in=resting) if resting else found


def open_work() -> QuerySet[WorkItem]:
    """Everything that is not done, of active employers, each line with its employer."""
    return WorkItem.objects.filter(closed_at__isnull=True, employer__status=ACTIVE).select_related("employer")


def waiting() -> QuerySet[WorkItem]:
    """Open work somebody can do, the earliest due first; work without a due date comes last."""
    return open_work().filter(paused_at__isnull=True).order_by(F("due_at").asc(nulls_last=True), "id")


def next_for(staff_uuid: UUID, *, view: View | None = None, now: datetime | None = None) -> WorkItem | None:
    """What this person should take next, of a view: their own first, else the earliest due that nobody has."""
    items = waiting()
    if view is not None and now is not None:
        items = _narrowed(items, view, staff_uuid, now)
    mine = items.filter(owner_uuid=staff_uuid).first()
    return mine or items.filter(owner_uuid__isnull=True).first()


def page(view: View, *, staff_uuid: UUID, now: datetime, after: Mark | None = None, size: int = PAGE) -> Page:
    """A page of the view, behind a mark. Costs the same at any depth."""
    rows = _taken(_narrowed(_open(), view, staff_uuid, now), view.first, after, size + 1)
    shown, more = rows[:size], len(rows) > size
    employers = Employer.objects.in_bulk({row.employer_id for row in shown})
    owners = [row.owner_uuid for row in shown if row.owner_uuid]
    names = dict(User.objects.filter(pk__in=owners).values_list("pk", "display_name")) if owners else {}
    for row in shown:
        row.employer = employers[row.employer_id]
        row.owner_name = names.get(row.owner_uuid, "")  # type: ignore[attr-defined]
    return Page(tuple(shown), str(_mark_of(shown[-1], view.first)) if more else "")


def _narrowed(
    items: QuerySet[Any], view: View, staff_uuid: UUID, now: datetime, *, standing: bool = False
) -> QuerySet[Any]:
    """The lines of a view. standing: those whose clock stands still, too, where the view does not speak of it."""
    found = items if standing and view.due == ANY else items.filter(_due(view.due, now))
    if view.category:
        found = found.filter(category=view.category)
    if view.employer:
        key = Employer.objects.filter(uuid=view.employer).values_list("pk", flat=True).first()
        found = found.filter(employer_id=key)
    if view.floor:
        found = found.filter(amount_cents__gte=int(view.floor) * 100)
    if view.age:
        found = found.filter(_age(view.age, now))
    if view.owner:
        found = found.filter(_owner(view.owner, staff_uuid))
    return found


def _due(due: str, now: datetime) -> Q:
    if due == PAUSED:
        return Q(paused_at__isnull=False)
    soon = now + timedelta(SOON_DAYS)
    parts = {
        ANY: Q(),
        LATE: Q(due_at__lt=now),
        SOON: Q(due_at__gte=now, due_at__lt=soon),
        LATER: Q(due_at__gte=soon),
        UNDATED: Q(due_at__isnull=True),
    }
    return Q(paused_at__isnull=True) & parts[due]


def _age(age: str, now: datetime) -> Q:
    first, last, _ = BANDS[age]
    found = Q(opened_at__lte=now - timedelta(first)) if first else Q()
    return found if last is None else found & Q(opened_at__gt=now - timedelta(last + 1))


def _owner(owner: str, staff_uuid: UUID) -> Q:
    if owner == NOBODY:
        return Q(owner_uuid__isnull=True)
    return Q(owner_uuid=staff_uuid if owner == ME else owner)


def _taken(items: QuerySet[Any], first: str, after: Mark | None, size: int) -> list[Any]:
    """At most `size` lines behind a mark, each part of the order by its own walk along one index."""
    if first == DEAREST:
        if after is not None and after.value is not None:
            items = items.filter(amount_cents__lte=after.value)
            items = items.exclude(Q(amount_cents=after.value) & Q(id__lte=after.key))
        return list(items.order_by("-amount_cents", "id")[:size])
    column = _COLUMN.get(first, "due_at")
    dated, undated = items.filter(**{f"{column}__isnull": False}), items.filter(**{f"{column}__isnull": True})
    if after is None or after.value is not None:
        if after is not None and after.value is not None:
            at = instant(after.value)
            dated = dated.filter(**{f"{column}__gte": at}).exclude(Q(**{column: at}) & Q(id__lte=after.key))
        found = list(dated.order_by(column, "id")[:size])
    else:
        found, undated = [], undated.filter(id__gt=after.key)
    if len(found) < size and column == "due_at":
        found += undated.order_by("id")[: size - len(found)]
    return found


def _mark_of(row: WorkItem, first: str) -> Mark:
    value = getattr(row, _COLUMN.get(first, "due_at"))
    if value is None or isinstance(value, int):
        return Mark(value, row.pk)
    return Mark(microseconds(value), row.pk)


def counts(view: View, *, staff_uuid: UUID, now: datetime) -> Counts:
    """What the tables and lists beside a page say. Two walks over what is open, and the names of employers."""
    known = list(BANDS)
    by_queue: dict[str, list[int]] = {}
    late, dues, owners, total = dict[str, int](), dict.fromkeys(DUES, 0), {ME: 0, NOBODY: 0}, 0
    view = view.but(owner=ME) if view.owner == str(staff_uuid) else view
    for category, band, due, who, count in _cube(view, staff_uuid, now):
        age = view.age in (ANY, band)
        named = view.category in (ANY, category)
        shown = due != PAUSED if view.due == ANY else due == view.due
        held = view.owner == ANY or who == (view.owner if view.owner in (ME, NOBODY) else ASKED)
        if shown and held:
            by_queue.setdefault(category, [0] * len(known))[known.index(band)] += count
            late[category] = late.get(category, 0) + (count if due == LATE else 0)
        if named and age and held:
            dues[due] += count
        if named and age and shown:
            total += count if held else 0
            if who in owners:
                owners[who] += count
    employers = _by_employer(view, staff_uuid, now)
    names = Employer.objects.filter(pk__in=employers).order_by("name").values_list("pk", "uuid", "name")
    return Counts(
        queues=tuple(QueueCount(name, tuple(bands), late[name]) for name, bands in sorted(by_queue.items())),
        employers=tuple(EmployerCount(str(uuid), name, employers[key]) for key, uuid, name in names),
        dues=dues,
        owners=owners,
        total=total,
    )


def _cube(view: View, staff_uuid: UUID, now: datetime) -> Iterator[tuple[str, str, str, str, int]]:
    """(queue, band, due, whose, how many) of what is open, narrowed by employer and amount."""
    items = _narrowed(_open(), View(employer=view.employer, floor=view.floor), staff_uuid, now, standing=True)
    asked = view.owner if view.owner not in (ANY, ME, NOBODY, str(staff_uuid)) else None
    ages = [
        When(opened_at__gt=now - timedelta(last + 1), then=at) for at, (_, last, _) in enumerate(BANDS.values()) if last
    ]
    found = (
        items.annotate(
            band=Case(*ages, default=len(BANDS) - 1, output_field=SmallIntegerField()),
            due=Case(
                When(paused_at__isnull=False, then=_DUES.index(PAUSED)),
                When(due_at__isnull=True, then=_DUES.index(UNDATED)),
                When(due_at__lt=now, then=_DUES.index(LATE)),
                When(due_at__lt=now + timedelta(SOON_DAYS), then=_DUES.index(SOON)),
                default=_DUES.index(LATER),
                output_field=SmallIntegerField(),
            ),
            who=Case(
                When(owner_uuid__isnull=True, then=_WHO.index(NOBODY)),
                When(owner_uuid=staff_uuid, then=_WHO.index(ME)),
                *([When(owner_uuid=asked, then=_WHO.index(ASKED))] if asked else []),
                default=_WHO.index(""),
                output_field=SmallIntegerField(),
            ),
        )
        .order_by()
        .values_list("category", "band", "due", "who")
        .annotate(count=Count("pk"))
    )
    bands = list(BANDS)
    for category, band, due, who, count in found:
        yield category, bands[band], _DUES[due], _WHO[who], count


def _by_employer(view: View, staff_uuid: UUID, now: datetime) -> dict[int, int]:
    items = _narrowed(_open(), view.but(employer=ANY), staff_uuid, now)
    return dict(items.order_by().values_list("employer_id").annotate(count=Count("pk")))


_DUES = tuple(DUES)
_WHO = (NOBODY, ME, ASKED, "")


def saved_views(owner_uuid: UUID) -> list[SavedView]:
    """The views a person keeps, by name."""
    return list(SavedView.objects.filter(owner_id=owner_uuid, removed_at=None).order_by("name"))


def saved_view(view_uuid: UUID) -> SavedView | None:
    """A view behind its link, whoever keeps it."""
    return SavedView.objects.filter(uuid=view_uuid, removed_at=None).first()
