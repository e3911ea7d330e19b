"""How often the API may be asked. Counters are approximate and guard the portal's breath, never money."""

import logging
from typing import Any

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from tenants.web.permissions import actor

logger = logging.getLogger(__name__)


class _Counted(SimpleRateThrottle):
    """Counts in the cache, whose keys carry the employer's schema. Unreachable counters stop nobody."""

    def allow_request(self, request: Request, view: Any) -> bool:
        try:
            return super().allow_request(request, view)
        except (RedisError, OSError) as error:
            logger.warning("Requests to the API are not counted: the cache is out of reach (%s).", type(error).__name__)
            return True


class PerCaller(_Counted):
    """Each person and each API key; a visitor by address."""

    scope = "caller"

    def get_cache_key(self, request: Request, view: Any) -> str:
        who = actor(request)
        return self.cache_format % {"scope": self.scope, "ident": who.uuid if who else self.get_ident(request)}


class PerEmployer(_Counted):
    """Everybody at one employer together."""

    scope = "employer"

    def get_cache_key(self, request: Request, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": "all"}


class PerPartner(PerCaller):
    """Each key of a trading partner."""

    scope = "partner"
