"""One id per request: on log rows, in the access log, and on the page that says something went wrong."""

from uuid import uuid4

from django.http import HttpRequest


def request_id(request: HttpRequest) -> str:
    """The id of this request, made on first asking and kept on `request.id`."""
    if not hasattr(request, "id"):
        request.id = uuid4().hex
    return request.id
