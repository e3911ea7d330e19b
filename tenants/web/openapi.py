"""How the API describes itself: the two ways to sign in, and the refusals every operation may answer with."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers

from tenants.web.problems import CONTENT_TYPE, body

REFUSALS = {
    400: ("A parameter is unknown, given twice, or not valid; `errors` says which.", "Some fields are not valid."),
    401: ("No session and no live API key of this employer.", "Authentication credentials were not provided."),
    403: ("The role or the scopes do not open this resource.", "You do not have permission to perform this action."),
    404: ("There is no such record for the caller, or the service was not bought.", "Not found."),
    405: ("The resource can only be read.", 'Method "POST" not allowed.'),
    406: ("The reply is JSON only.", "Could not satisfy the request Accept header."),
    409: ("The stored decision does not add up and is not shown until it is reconciled.", "Reconcile it first."),
    429: ("Too many requests; `Retry-After` says for how many seconds to wait.", "Request was throttled."),
    503: ("The look could not be logged, so nothing is shown.", "Nothing is shown. Try again."),
}
ALWAYS = (400, 401, 403, 404, 405, 406, 429, 503)


class Problem(serializers.Serializer):
    """A refusal (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # the serializer's own `errors` is a property
        child=serializers.ListField(child=serializers.CharField()), required=False, help_text="By parameter."
    )
    code = serializers.CharField(required=False, help_text="The rule that refuses, on 409.")


def replies(ok: Any, example: Any, *more: int) -> dict[Any, OpenApiResponse]:
    """The replies of a read: `ok` with an example, and every refusal it may answer with (`more`: beyond the usual)."""
    found: dict[Any, OpenApiResponse] = {200: OpenApiResponse(ok, examples=[OpenApiExample("Example", value=example)])}
    for status in sorted({*ALWAYS, *more}):
        words, detail = REFUSALS[status]
        found[status, CONTENT_TYPE] = OpenApiResponse(
            Problem, description=words, examples=[OpenApiExample(f"Problem {status}", value=body(status, detail))]
        )
    return found


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = "tenants.web.permissions.ApiKeyAuthentication"
    name = "api_key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "`Authorization: Bearer <prefix>.<secret>`, a key of this host's employer. "
            "Each operation names the scope it asks for.",
        }


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "tenants.web.permissions.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "The session of a person signed in on this host.",
        }
