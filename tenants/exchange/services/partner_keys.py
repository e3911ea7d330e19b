"""Make, find and revoke the keys partners' programs ask with. The secret leaves this module once."""

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.crypto import salted_hmac

from aso_portal.kernel.errors import DomainError
from tenants.exchange.models import PartnerKey, TradingPartner
from tenants.exchange.services.frames import require_public
from tenants.exchange.services.partners import Partner, partner

LONGEST_DAYS = 365


class CannotMakePartnerKey(DomainError):
    """The key asked for would live too long, or for nobody."""


def make_key(*, partner_uuid: UUID, made_by_uuid: UUID, now: datetime, days: int = LONGEST_DAYS) -> tuple[UUID, str]:
    """A new key and its full text "<prefix>.<secret>", which cannot be had again. Raises CannotMakePartnerKey."""
    require_public()
    row = TradingPartner.objects.filter(uuid=partner_uuid, is_active=True).first()
    if row is None or not 1 <= days <= LONGEST_DAYS:
        raise CannotMakePartnerKey(f"A key belongs to an active partner and lasts 1 to {LONGEST_DAYS} days.")
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = PartnerKey.objects.create(
        partner=row,
        prefix=prefix,
        secret_hmac=_hmac(secret),
        made_by_uuid=made_by_uuid,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    key.refresh_from_db(fields=["uuid"])
    return key.uuid, f"{prefix}.{secret}"


def find_key(text: str, *, now: datetime) -> tuple[UUID, Partner] | None:
    """The id of the live key this text proves and its active partner, or None. Notes the day of use."""
    prefix, _, secret = text.partition(".")
    if not (prefix.isascii() and prefix.isalnum()):
        return None
    live = Q(prefix=prefix, expires_at__gt=now, revoked_at__isnull=True, partner__is_active=True)
    key = PartnerKey.objects.filter(live).select_related("partner").first()
    proven = hmac.compare_digest(key.secret_hmac if key else "", _hmac(secret))
    if key is None or not proven:
        return None
    if key.last_used_date != now.date():
        PartnerKey.objects.filter(pk=key.pk).update(last_used_date=now.date())
    found = partner(key.partner.uuid)
    return (key.uuid, found) if found is not None else None


def revoke_key(*, uuid: UUID, now: datetime) -> bool:
    """From now on the key opens nothing. False when it was revoked before, or never was."""
    require_public()
    return bool(PartnerKey.objects.filter(uuid=uuid, revoked_at__isnull=True).update(revoked_at=now))


def _hmac(secret: str) -> str:
    """Keyed with SECRET_KEY, apart from the keys of employers."""
    return salted_hmac("tenants.exchange.partner_key", secret, algorithm="sha256").hexdigest()
