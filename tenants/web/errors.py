"""Pages for what no view answered: problem+json under /api/, Django's templates everywhere else."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from tenants.web.problems import CONTENT_TYPE, body

API = "/api/"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path_info.startswith(API):
        return _problem(404, "Not found.")
    return defaults.page_not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path_info.startswith(API):
        return _problem(400, "The request cannot be read.")
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith(API):
        return _problem(500, "Something went wrong here. It has been noted; try again later.")
    return defaults.server_error(request)


def _problem(status: int, detail: str) -> HttpResponse:
    return JsonResponse(body(status, detail), status=status, content_type=CONTENT_TYPE)
