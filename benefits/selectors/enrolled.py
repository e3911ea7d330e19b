"""Members and their coverage, each look logged before anything is handed out: a page at a time, or one's own family."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from benefits.models import Coverage, Member
from benefits.selectors import coverage, people
from tenants import facade as tenants
from tenants.facade import Actor, Page

OWN_RECORD, ENROLLMENT = "own_record", "enrollment"


def members_page(actor: Actor, *, cursor: UUID | None = None, limit: int, request_id: str) -> Page[Member]:
    """The member places the actor may see, oldest first, with person, family and subscriber."""
    page = tenants.page_of(people.members(actor), key="pk", cursor=cursor, limit=limit)
    _log(actor, "member", page.rows, {row.person.uuid for row in page.rows}, request_id=request_id, list_of="members")
    return page


def member(actor: Actor, uuid: UUID, *, request_id: str) -> Member | None:
    """One member place; None when it does not exist for this actor."""
    found = people.members(actor).filter(uuid=uuid).first()
    if found is not None:
        _log(actor, "member", [found], {found.person.uuid}, request_id=request_id)
    return found


def coverage_page(
    actor: Actor,
    *,
    member_uuid: UUID | None = None,
    on: date | None = None,
    cursor: UUID | None = None,
    limit: int,
    request_id: str,
) -> Page[Coverage]:
    """The coverage the actor may see, oldest first, with member, person and option.

    Narrowed to one member, and to what is in force `on` a day. A member the actor may not see has no coverage.
    """
    visible = coverage.visible_to(actor).select_related("member__person", "plan_option")
    if member_uuid is not None:
        visible = visible.filter(member__uuid=member_uuid)
    if on is not None:
        visible = visible.filter(Q(end_date=None) | Q(end_date__gt=on), start_date__lte=on)
    page = tenants.page_of(visible, key="pk", cursor=cursor, limit=limit)
    about = {row.member.person.uuid for row in page.rows}
    _log(actor, "coverage", page.rows, about, request_id=request_id, list_of="coverage")
    return page


def current_and_coming(actor: Actor, *, day: date, request_id: str) -> tuple[Coverage, ...]:
    """The visible coverage that has not ended before `day`, as `coverage.current_and_coming` orders it."""
    rows = tuple(coverage.current_and_coming(actor, day))
    about = {row.member.person.uuid for row in rows}
    _log(actor, "coverage", rows, about, request_id=request_id, list_of="own_family")
    return rows


def _log(
    actor: Actor,
    record_class: str,
    rows: Sequence[Member | Coverage],
    about: set[UUID],
    *,
    request_id: str,
    list_of: str = "",
) -> None:
    """One row for a look at one person or at a list of several."""
    if rows:
        tenants.log_view(
            actor=actor,
            record_class=record_class,
            purpose=OWN_RECORD if actor.kind == "member" else ENROLLMENT,
            request_id=request_id,
            person_uuid=next(iter(about)) if len(about) == 1 else None,
            record_uuids=[row.uuid for row in rows],
            filter_code=list_of,
            shown=len(rows),
        )
