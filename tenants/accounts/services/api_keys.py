"""Make, check and revoke API keys. The secret leaves this module once, in the return value of `make_key`."""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils.crypto import salted_hmac

from aso_portal.kernel.errors import DomainError
from tenants.accounts.models import ApiKey, User
from tenants.accounts.selectors import roles_of
from tenants.core.roles import HR_ROLES
from tenants.core.scopes import CARE_SCOPES, Scope

LONGEST_DAYS = 365


class CannotMakeKey(DomainError):
    """The key asked for would live too long, open nothing, or open what its maker may not see."""


def make_key(
    *, name: str, scopes: Sequence[str], now: datetime, days: int = LONGEST_DAYS, made_by: User | None = None
) -> tuple[ApiKey, str]:
    """A new key of the current schema and its full text "<prefix>.<secret>", which cannot be had again.

    Raises CannotMakeKey, also when HR asks for a scope that tells about a person's care.
    """
    if not 1 <= days <= LONGEST_DAYS or not scopes:
        raise CannotMakeKey(f"An API key lasts 1 to {LONGEST_DAYS} days and needs at least one scope.")
    unknown = sorted(set(scopes) - set(Scope))
    if unknown:
        raise CannotMakeKey(f"There is no scope {unknown[0]!r}. Choose from {', '.join(Scope)}.")
    care = sorted(CARE_SCOPES.intersection(scopes))
    if care and made_by is not None and roles_of(made_by) & HR_ROLES:
        raise CannotMakeKey(f"HR cannot make a key with the scope {care[0]}: it tells about the care of people.")
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name,
        prefix=prefix,
        secret_hmac=_hmac(secret),
        scopes=sorted(set(scopes)),
        made_by=made_by,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    return key, f"{prefix}.{secret}"


def find_key(text: str, *, now: datetime) -> ApiKey | None:
    """The live key of the current schema that this text proves, or None. Notes the day of use."""
    prefix, _, secret = text.partition(".")
    if not (prefix.isascii() and prefix.isalnum()):
        return None
    key = ApiKey.objects.filter(prefix=prefix, expires_at__gt=now, revoked_at__isnull=True).first()
    proven = hmac.compare_digest(key.secret_hmac if key else "", _hmac(secret))
    if key is None or not proven:
        return None
    today = now.date()
    ApiKey.objects.filter(Q(last_used_date__isnull=True) | Q(last_used_date__lt=today), pk=key.pk).update(
        last_used_date=today
    )
    return key


def revoke_key(key: ApiKey, *, now: datetime) -> None:
    """From now on the key opens nothing."""
    ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=now)


def _hmac(secret: str) -> str:
    """Keyed with SECRET_KEY and the schema: a copied row is no key elsewhere."""
    return salted_hmac(f"tenants.api_key:{connection.schema_name}", secret, algorithm="sha256").hexdigest()
