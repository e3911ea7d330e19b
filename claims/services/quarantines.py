"""A family that was set aside because deciding it failed comes back: a person has found out why."""

from uuid import UUID

from django.db import transaction

from aso_portal.kernel.errors import DomainError
from benefits import facade as benefits
from claims.core.authority import ADMIN
from claims.core.reasons import CLAIMS_MANAGER, EXAMINER
from claims.models import Quarantine
from claims.services import clock, news
from tenants import facade as tenants
from tenants.facade import Actor


class CannotRelease(DomainError):
    """The family stays set aside. The message says why."""


@transaction.atomic
def release(*, quarantine_uuid: UUID, actor: Actor) -> Quarantine:
    """The next night decides the family's claims again. Releasing twice changes nothing. Raises CannotRelease."""
    if actor.kind != "staff" or actor.uuid is None or not actor.has(EXAMINER, CLAIMS_MANAGER, ADMIN):
        raise CannotRelease("Examiners and claims managers release a family.")
    found = Quarantine.objects.filter(uuid=quarantine_uuid).values_list("family_id", flat=True).first()
    if found is None:
        raise CannotRelease("There is no such quarantine here.")
    benefits.lock_families([found])
    row = Quarantine.objects.select_for_update(of=("self",)).get(uuid=quarantine_uuid)
    if row.released_at is not None:
        return row
    row.released_at, row.released_by_uuid = clock.now(), actor.uuid
    row.save(update_fields=["released_at", "released_by_uuid"])
    tenants.record_audit(
        actor=actor, action="quarantine.released", subject_kind="quarantine", subject_uuid=row.uuid, detail={}
    )
    news.quarantine_released(row.uuid, at=row.released_at)
    return row
