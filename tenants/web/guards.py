"""Who may open a page. A wrong role gets 404: pages of others do not exist for you. Visitors are asked to sign in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from tenants.core.roles import HR_ROLES, Actor, Role

View = Callable[..., HttpResponse]


def _guarded(view: View, may: Callable[[Actor], bool]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor is None:
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        if not may(request.actor):
            raise Http404
        return view(request, *args, **kwargs)

    guarded.guard = may  # tests ask every URL for its guard
    return guarded


def signed_in(view: View) -> View:
    """Everybody who has signed in on this host."""
    return _guarded(view, lambda actor: True)


def member_only(view: View) -> View:
    """Members of this employer's plan, with a person behind the account."""
    return _guarded(view, lambda actor: actor.is_member and actor.person_uuid is not None)


def hr_only(view: View | None = None, *, roles: frozenset[str] = HR_ROLES) -> Any:
    """HR of this employer; `roles` narrows it. HR is not the plan: no view behind it may show a claim."""
    if view is None:
        return lambda later: hr_only(later, roles=roles)
    return _guarded(view, lambda actor: actor.kind != "staff" and actor.has(*roles))


def staff_only(view: View | None = None, *, roles: frozenset[str] | None = None) -> Any:
    """ASO staff; `roles` narrows it (administrators always pass)."""
    if view is None:
        return lambda later: staff_only(later, roles=roles)
    return _guarded(view, lambda actor: actor.is_staff and (roles is None or actor.has(Role.ADMIN, *roles)))


def bought(service: str) -> Callable[[View], View]:
    """The page exists only for employers who bought this service."""

    def decorate(view: View) -> View:
        @wraps(view)
        def offered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if service not in request.services:
                raise Http404
            return view(request, *args, **kwargs)

        return offered

    return decorate


def public(view: View) -> View:
    """A page anybody may open, said on purpose."""
    view.guard = None
    return view
