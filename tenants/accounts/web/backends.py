"""Who may sign in where, and what the admin lets them do."""

from functools import lru_cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django_tenants.utils import get_public_schema_name

from tenants.accounts.models import User
from tenants.accounts.selectors import roles_of, user_with_roles
from tenants.core import staff_rights


class PortalBackend(AuthenticationBackend):
    """E-mail and password against the users of the current schema. Staff sign in on operations hosts only."""

    def get_user(self, user_id: Any) -> User | None:
        try:
            user = user_with_roles(user_id)
        except ValidationError:  # a session of an older kind of user key
            return None
        return user if user and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: User) -> bool:
        return user.is_active and user.is_staff == (connection.schema_name == get_public_schema_name())

    def get_all_permissions(self, user_obj: User, obj: Any = None) -> set[str]:
        """Django permission names ("claims.view_claimversion") that a member of staff has by their roles."""
        return set(_permissions(roles_of(user_obj))) if user_obj.is_active and user_obj.is_staff else set()

    def has_perm(self, user_obj: User, perm: str, obj: Any = None) -> bool:
        return perm in self.get_all_permissions(user_obj, obj)


@lru_cache(maxsize=256)
def _permissions(roles: frozenset[str]) -> frozenset[str]:
    actions = ("add", "change", "view")
    every = (
        f"{model._meta.app_label}.{action}_{model._meta.model_name}"
        for model in apps.get_models()
        for action in actions
    )
    return frozenset(name for name in every if staff_rights.allowed(roles, name))


def attempted_login(request: Any, credentials: dict[str, Any] | None) -> str:
    """What axes counts failures under: the address that was typed, in lower case."""
    given = dict(credentials or {})
    posted = request.POST.get("login", "") if request is not None else ""
    return str(given.get("email") or given.get("username") or given.get("login") or posted).strip().lower()[:255]
