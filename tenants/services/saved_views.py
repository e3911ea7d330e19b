"""Ways people look at the queue, kept under names of their own."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from aso_portal.kernel.errors import DomainError
from tenants.accounts.models import User
from tenants.core.queue_views import View
from tenants.models import SavedView
from tenants.models.work_items import LONGEST_NAME

MOST = 30


class CannotKeep(DomainError):
    """The view cannot be kept like this. The message says why."""


@transaction.atomic
def keep(*, name: str, view: View, owner: User, now: datetime) -> SavedView:
    """Keep a view under a name; the same name again means the view just shown from now on. Raises CannotKeep."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise CannotKeep(f"Give the view a name of at most {LONGEST_NAME} characters.")
    mine = list(SavedView.objects.select_for_update().filter(owner=owner, removed_at=None))
    standing = next((each for each in mine if each.name == name), None)
    if standing is not None:
        standing.query, standing.saved_at = view.query(), now
        standing.save(update_fields=["query", "saved_at"])
        return standing
    if len(mine) >= MOST:
        raise CannotKeep(f"You keep {MOST} views already. Take one off the list first.")
    row = SavedView(owner=owner, name=name, query=view.query(), saved_at=now)
    row.save(force_insert=True)
    row.refresh_from_db(fields=["uuid"])
    return row


def remove(*, view_uuid: UUID, owner: User, now: datetime) -> bool:
    """Take a view off its owner's list. False when it is not his."""
    return bool(SavedView.objects.filter(uuid=view_uuid, owner=owner, removed_at=None).update(removed_at=now))
