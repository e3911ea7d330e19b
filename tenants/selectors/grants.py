"""Open doors of staff into employers."""

from datetime import datetime
from hashlib import sha256

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from tenants.accounts.models import User
from tenants.models import StaffGrant


def session_digest(session_key: str) -> str:
    """What a grant remembers of the browser session it was opened in."""
    return sha256(session_key.encode()).hexdigest()


def live(now: datetime) -> QuerySet[StaffGrant]:
    """Grants that are open at this moment."""
    return StaffGrant.objects.filter(closed_at__isnull=True, opened_at__lte=now, expires_at__gt=now)


def live_grant(*, staff: User | AnonymousUser, session_key: str | None, slug: str, now: datetime) -> StaffGrant | None:
    """The grant of this person, in this session, for the active employer of this slug; with its employer."""
    if not session_key or not staff.is_authenticated or not staff.is_staff:
        return None
    return (
        live(now)
        .select_related("employer")
        .filter(
            staff_id=staff.pk,
            session_digest=session_digest(session_key),
            employer__slug=slug,
            employer__status="active",
        )
        .order_by("-expires_at")
        .first()
    )
