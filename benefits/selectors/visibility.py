"""Which member places an actor may see. Every other `visible_to` of the app asks here."""

from django.db import connection
from django.db.models import Q, QuerySet

from benefits.models import Member
from tenants.core.roles import Actor
from tenants.core.scopes import Scope


def members_visible_to(actor: Actor, *, scopes: frozenset[str] = frozenset({Scope.PEOPLE_READ})) -> QuerySet[Member]:
    """The member places the actor may see; none when he acts in another schema than the connection's.

    Staff on a desk, HR and the system see every place: who is enrolled is the employer's business (claims are not).
    A subscriber sees his own place and those under it; a dependant sees his own places only. An API key sees every
    place when it carries one of `scopes`.
    """
    members = Member.objects.all()
    if actor.schema_name != connection.schema_name:
        return members.none()
    if actor.kind == "api":
        return members if actor.has(*scopes) else members.none()
    if actor.kind in ("staff", "system") or actor.is_hr:
        return members
    if actor.is_member and actor.person_uuid is not None:
        return members.filter(Q(person__uuid=actor.person_uuid) | Q(subscriber__person__uuid=actor.person_uuid))
    return members.none()
