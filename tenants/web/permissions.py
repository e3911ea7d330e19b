"""Who may call the API. Nobody, unless the view says who."""

from typing import Any

from django.utils import timezone
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from tenants.accounts.services import api_keys
from tenants.core.roles import HR_ROLES, Actor, Role
from tenants.exchange.services import partner_keys
from tenants.web.actors import actor_of

PARTNER = "partner"
"""The role of a program that shows a trading partner's key."""


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser session of this host, with its CSRF token; without one the reply is 401, not 403."""

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class ApiKeyAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <prefix>.<secret>`: a key of this host's employer. Replaces `request.actor`."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        facts = request._request.employer
        key = api_keys.find_key(text.strip(), now=timezone.now()) if facts else None
        if key is None:
            raise exceptions.AuthenticationFailed("This API key is unknown here, expired or revoked.")
        request._request.actor = Actor("api", key.uuid, frozenset(key.scopes), facts.schema_name)
        return None, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class PartnerKeyAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <prefix>.<secret>`: a trading partner's key, on an operations host only.

    `request.auth` is (key's id, partner). A key of an employer is none of these, nor the other way round.
    """

    def authenticate(self, request: Request) -> tuple[Any, Any]:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        inner = request._request
        found = None
        if scheme.lower() == "bearer" and inner.operations:
            found = partner_keys.find_key(text.strip(), now=timezone.now())
        if found is None:
            raise exceptions.AuthenticationFailed("A live key of a trading partner is needed.")
        inner.actor = Actor("api", found[0], frozenset({PARTNER}), "public")
        return None, found

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="partner"'


def actor(request: Request) -> Actor | None:
    """The actor of an API call: the key's if there is one, else the session's."""
    request.user  # noqa: B018  runs the authenticators, which set the actor
    inner = request._request
    if not hasattr(inner, "actor"):
        inner.actor = actor_of(inner)
    return inner.actor


class NobodyUnlessSaid(permissions.BasePermission):
    """The default: a view that names no permission answers nobody."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return False


class _Asks(permissions.BasePermission):
    def may(self, actor: Actor) -> bool:
        raise NotImplementedError

    def has_permission(self, request: Request, view: Any) -> bool:
        who = actor(request)
        if who is None:
            raise exceptions.NotAuthenticated
        return self.may(who)


class SignedIn(_Asks):
    """Everybody known at this host."""

    def may(self, actor: Actor) -> bool:
        return True


class MemberOnly(_Asks):
    """A member with a person behind the account."""

    def may(self, actor: Actor) -> bool:
        return actor.is_member and actor.person_uuid is not None


class HrOnly(_Asks):
    """HR of this employer."""

    def may(self, actor: Actor) -> bool:
        return actor.is_hr and actor.has(*HR_ROLES)


class PartnerOnly(_Asks):
    """A trading partner's program."""

    def may(self, actor: Actor) -> bool:
        return actor.kind == "api" and PARTNER in actor.roles and actor.schema_name == "public"


class StaffOnly(_Asks):
    """ASO staff, on the desk."""

    def may(self, actor: Actor) -> bool:
        return actor.is_staff


class HasScope(_Asks):
    """API keys that carry `scope`; people by `roles`. Make one with HasScope.of("claims:read", Role.MEMBER)."""

    scope = ""
    roles: frozenset[str] = frozenset()

    @classmethod
    def of(cls, scope: str, *roles: Role) -> type["HasScope"]:
        return type("HasScope", (cls,), {"scope": scope, "roles": frozenset(roles)})

    def may(self, actor: Actor) -> bool:
        return self.scope in actor.roles if actor.kind == "api" else actor.has(*self.roles)
