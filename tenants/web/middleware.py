"""Which schema a request works in, and who acts: host first, then the person, then (for staff) one employer's desk."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.request import split_domain_port
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone
from django_tenants.utils import get_public_schema_name

from tenants.core.services_bought import ALL_SERVICES, service_of_module
from tenants.selectors import employers, grants
from tenants.web import actors

Reply = Callable[[HttpRequest], HttpResponse]


class HostMiddleware:
    """Chooses the schema by the Host header, before anything else reads the database.

    An operations host works in public; an employer's host in that employer's schema, with `request.employer` frozen
    first; any other host is 404. `X-Forwarded-Host` is never read. The schema is public again at the end.
    """

    def __init__(self, get_response: Reply) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = split_domain_port(request.META.get("HTTP_HOST", "").lower())[0].rstrip(".")
        connection.set_schema_to_public()
        request.employer, request.operations = None, host in settings.OPERATIONS_HOSTS
        if request.operations:
            request.urlconf = settings.OPERATIONS_URLCONF
        else:
            request.employer = employers.by_host(host) if host else None
            if request.employer is None:
                return HttpResponseNotFound("There is no portal at this address.\n", content_type="text/plain")
            connection.set_schema(request.employer.schema_name)
        try:
            return self.get_response(request)
        finally:
            connection.set_schema_to_public()


class ActorMiddleware:
    """Sets `request.actor` (None for a visitor), and hides pages of services the employer did not buy."""

    def __init__(self, get_response: Reply) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actors.actor_of(request)
        request.services = request.employer.services if request.employer else ALL_SERVICES
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        needed = service_of_module(view.__module__)
        if needed is not None and needed not in request.services:
            raise Http404


class DeskMiddleware:
    """`/e/<slug>/…` on an operations host: the admin of one employer, for staff with an open grant.

    Session, user, roles and grant are read in public and frozen before the switch. The slug is in every URL, so two
    desks may be open side by side and a form posts back to the employer it was opened for. Last of all middleware:
    the schema is public again before the session is saved.
    """

    PREFIX = "/e/"

    def __init__(self, get_response: Reply) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not (request.operations and request.path_info.startswith(self.PREFIX)):
            return self.get_response(request)
        slug, _, rest = request.path_info.removeprefix(self.PREFIX).partition("/")
        now = timezone.now()
        grant = grants.live_grant(staff=request.user, session_key=request.session.session_key, slug=slug, now=now)
        if grant is None:
            return self._refuse(request)
        facts = employers.facts([grant.employer], timezone.localdate())[0]
        request.user.get_all_permissions()
        request.grant, request.employer, request.services = grant, facts, facts.services
        request.actor = actors.at_desk(request.actor, schema_name=facts.schema_name, grant_uuid=grant.uuid)
        request.path_info, request.urlconf = f"/{rest}", settings.DESK_URLCONF
        outside = get_script_prefix()
        request.META["SCRIPT_NAME"] = f"{outside.rstrip('/')}{self.PREFIX}{slug}"
        set_script_prefix(f"{request.META['SCRIPT_NAME']}/")
        connection.set_schema(facts.schema_name)
        try:
            return self._finished(self.get_response(request))
        finally:
            connection.set_schema(get_public_schema_name())
            set_script_prefix(outside)

    @staticmethod
    def _finished(response: HttpResponse) -> HttpResponse:
        """A reply whose body is still to be read would read it in public: read it now."""
        if response.streaming:
            body = b"".join(
                part if isinstance(part, bytes) else str(part).encode() for part in response.streaming_content
            )
            finished = HttpResponse(body, status=response.status_code, headers=dict(response.items()))
            finished.cookies = response.cookies
            return finished
        return response

    def _refuse(self, request: HttpRequest) -> HttpResponse:
        from django.views.defaults import permission_denied

        return permission_denied(
            request, PermissionDenied("No open grant for this employer. Open one from the operations admin.")
        )
