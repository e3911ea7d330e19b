"""One view, two answers: the fragment for htmx, the whole page for everybody else."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect as plain_redirect
from django.shortcuts import render as render_template
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers


def render(
    request: HttpRequest, page: str, *, fragment: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """`fragment` (a file beside `page`, with a leading underscore) if htmx asks for a part, else `page`.

    A request restoring history, or boosted, wants the page.
    """
    wants_part = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    folder = page.rpartition("/")[0]
    template = (fragment if "/" in fragment else f"{folder}/{fragment}") if wants_part else page
    response = render_template(request, template, context or {}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def redirect(request: HttpRequest, to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Go to another page: by header for htmx (204), by 302 for everybody else."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": resolve_url(to, *args, **kwargs)})
    return plain_redirect(to, *args, **kwargs)
