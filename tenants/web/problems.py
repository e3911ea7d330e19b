"""API errors as problem+json (RFC 9457): one shape for every refusal, and never a word about somebody else's data."""

from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from aso_portal.kernel.errors import DomainError

CONTENT_TYPE = "application/problem+json"


def body(status: int, detail: str, **more: Any) -> dict[str, Any]:
    """`type`, `title`, `status`, `detail`, and fields of its own such as `errors`."""
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}


def problem(status: int, detail: str, *, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """A problem reply with `body`."""
    return Response(body(status, detail, **more), status=status, headers=headers, content_type=CONTENT_TYPE)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Called by DRF for every exception a view lets out. None: not ours, the server's own 500."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, DomainError):
        set_rollback()
        return problem(409, str(error), code=type(error).__name__)
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    if (request := context.get("request")) is not None:  # whatever a view renders, a problem is JSON
        request.accepted_renderer, request.accepted_media_type = JSONRenderer(), CONTENT_TYPE
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(ceil(error.wait))
    if isinstance(error, exceptions.ValidationError):
        return problem(error.status_code, "Some fields are not valid.", errors=error.detail, headers=headers)
    return problem(error.status_code, str(error.detail), headers=headers)
