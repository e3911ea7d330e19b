"""Long lists a page at a time, from key to key: page 1,000 costs what page 1 does, and new rows move nothing."""

from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from aso_portal.kernel.errors import DomainError

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


class UnknownCursor(DomainError):
    """The cursor names no row of this list. Answer 400."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Rows in order. next: the cursor of the page after this one, None at the end."""

    rows: tuple[Item, ...]
    next: UUID | None = None


def page_of(visible: QuerySet[Row], *, key: str, cursor: UUID | None, limit: int) -> Page[Row]:
    """At most `limit` rows after the row whose uuid is `cursor`.

    key: a unique column, with "-" in front for the highest first. Raises UnknownCursor.
    """
    column, beyond = key.removeprefix("-"), "lt" if key.startswith("-") else "gt"
    found = visible.order_by(key)
    if cursor is not None:
        at = visible.filter(uuid=cursor).values_list(column, flat=True).first()
        if at is None:
            raise UnknownCursor("This cursor names no row of this list. Take it from the reply before, unchanged.")
        found = found.filter(**{f"{column}__{beyond}": at})
    taken = list(found[: limit + 1])
    return Page(tuple(taken[:limit]), taken[limit - 1].uuid if len(taken) > limit else None)  # type: ignore[attr-defined]
