"""Ends sessions that were left alone, and those that have lasted a working day."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from tenants.accounts.selectors import roles_of
from tenants.core.roles import HR_ROLES
from tenants.web.actors import user_of

BEGUN, SEEN = "_begun", "_seen"
NOTE_AFTER_SECONDS = 60  # the session row is not rewritten on every click


class SessionClockMiddleware:
    """Signs people out when idle or after the longest time their kind of account may stay signed in.

    The limits are settings: SESSION_IDLE_MINUTES and SESSION_LONGEST_HOURS by "staff", "hr" and "member".
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._look_at_the_clock(request, time.time())
        return self.get_response(request)

    def _look_at_the_clock(self, request: HttpRequest, now: float) -> None:
        user, session = user_of(request), request.session
        kind = "staff" if user.is_staff else "hr" if roles_of(user) & HR_ROLES else "member"
        idle = now - session.get(SEEN, now)
        age = now - session.get(BEGUN, now)
        if idle > settings.SESSION_IDLE_MINUTES[kind] * 60 or age > settings.SESSION_LONGEST_HOURS[kind] * 3600:
            logout(request)
            return
        if BEGUN not in session:
            session[BEGUN] = session[SEEN] = int(now)
        elif idle > NOTE_AFTER_SECONDS:
            session[SEEN] = int(now)
