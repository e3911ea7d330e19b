"""Guards, services not bought, htmx replies, problem replies, headers."""

import json
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from aso_portal.kernel.errors import DomainError
from tenants.core.roles import Actor, Role
from tenants.core.services_bought import Service, service_of_module
from tenants.web import guards, htmx, permissions, problems
from tenants.web.middleware import ActorMiddleware
from tests.factories import tenants as people

ALMA = Actor("member", uuid4(), frozenset({"member"}), "t_0123456789ab", person_uuid=uuid4())
ROSA = Actor("hr", uuid4(), frozenset({"hr"}), "t_0123456789ab")
ROSA_WHO_IS_COVERED = Actor("hr", uuid4(), frozenset({"hr", "member"}), "t_0123456789ab", person_uuid=uuid4())
INGA = Actor("hr", uuid4(), frozenset({"hr_finance"}), "t_0123456789ab")
DANA = Actor("staff", uuid4(), frozenset({"examiner"}), "public")
ROOT = Actor("staff", uuid4(), frozenset({"admin"}), "public")
FEED = Actor("api", uuid4(), frozenset({"claims:read"}), "t_0123456789ab")


def page(request):
    return HttpResponse("here")


def asked_by(actor, **headers):
    request = RequestFactory().get("/page/?a=1", headers=headers)
    request.actor, request.services = actor, frozenset({"claims"})
    request.htmx = HtmxDetails(request)
    return request


@pytest.mark.parametrize(
    ("guard", "may"),
    [
        (guards.signed_in, [ALMA, ROSA, ROSA_WHO_IS_COVERED, INGA, DANA, ROOT, FEED]),
        (guards.member_only, [ALMA, ROSA_WHO_IS_COVERED]),
        (guards.hr_only, [ROSA, ROSA_WHO_IS_COVERED, INGA]),
        (guards.hr_only(roles=frozenset({Role.HR_FINANCE})), [INGA]),
        (guards.staff_only, [DANA, ROOT]),
        (guards.staff_only(roles=frozenset({Role.FINANCE})), [ROOT]),
    ],
)
def test_a_guard_lets_its_own_in_and_is_a_404_to_others(guard, may):
    for actor in (ALMA, ROSA, ROSA_WHO_IS_COVERED, INGA, DANA, ROOT, FEED):
        if actor in may:
            assert guard(page)(asked_by(actor)).content == b"here"
        else:
            with pytest.raises(Http404):
                guard(page)(asked_by(actor))
    visitor = guard(page)(asked_by(None))
    assert (visitor.status_code, visitor.url) == (302, "/accounts/login/?next=/page/%3Fa%3D1")


def test_pages_of_services_not_bought_are_404():
    with pytest.raises(Http404):
        guards.bought(Service.PAYROLL)(page)(asked_by(ALMA))
    assert guards.bought(Service.CLAIMS)(page)(asked_by(ALMA)).status_code == 200


def test_every_view_of_an_app_asks_for_its_service():
    assert service_of_module("claims.portal.member") == Service.CLAIMS
    assert service_of_module("payroll.api.views") == Service.PAYROLL
    assert service_of_module("benefits.portal.hr") is None
    middleware = ActorMiddleware(lambda request: HttpResponse())
    view = SimpleNamespace(__module__="payroll.portal.hr")
    with pytest.raises(Http404):
        middleware.process_view(asked_by(ROSA), view, (), {})
    middleware.process_view(asked_by(ROSA), SimpleNamespace(__module__="claims.portal.hr"), (), {})


@pytest.mark.django_db
def test_claims_pages_are_absent_for_an_employer_without_claims(employer, as_employer):
    from tenants.models import ServiceAgreement
    from tenants.selectors.employers import forget_hosts

    client = people.at_portal(people.hr(employer), employer)
    before = client.get("/hr/").status_code
    ServiceAgreement.objects.filter(employer__slug=employer.slug, service="claims").delete()
    forget_hosts()
    assert (before, client.get("/hr/").status_code) == (200, 404)


def test_htmx_gets_the_fragment_and_everybody_else_the_page(monkeypatch):
    monkeypatch.setattr(
        htmx, "render_template", lambda request, template, context, status: HttpResponse(template, status=status)
    )

    def shown(**headers):
        reply = htmx.render(asked_by(ALMA, **headers), "claims/member/list.html", fragment="_rows.html", status=422)
        assert (reply.status_code, reply.headers["Vary"]) == (422, "HX-Request")
        return reply.content.decode()

    assert shown() == "claims/member/list.html"
    assert shown(hx_request="true") == "claims/member/_rows.html"
    assert shown(hx_request="true", hx_boosted="true") == "claims/member/list.html"
    assert shown(hx_request="true", hx_history_restore_request="true") == "claims/member/list.html"


def test_a_redirect_reaches_htmx_by_header():
    plain, part = htmx.redirect(asked_by(ALMA), "/next/"), htmx.redirect(asked_by(ALMA, hx_request="true"), "/next/")
    assert (plain.status_code, plain.url) == (302, "/next/")
    assert (part.status_code, part.headers["HX-Redirect"]) == (204, "/next/")


class Refusing(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()
    error: Exception = Http404()

    def get(self, request):
        raise self.error


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (Http404("Alma Reyes"), 404, "Not found."),
        (exceptions.PermissionDenied(), 403, "You do not have permission"),
        (exceptions.Throttled(wait=7.2), 429, "Request was throttled"),
        (DomainError("Claim C1: pend it."), 409, "Claim C1: pend it."),
        (serializers.ValidationError({"npi": ["Ten digits."]}), 400, "Some fields are not valid."),
    ],
)
def test_errors_are_problems_of_one_shape(error, status, says):
    reply = Refusing.as_view(error=error)(APIRequestFactory().get("/api/v1/x/")).render()
    body = json.loads(reply.content)
    assert (reply.status_code, reply["Content-Type"], body["status"]) == (status, problems.CONTENT_TYPE, status)
    assert body["detail"].startswith(says)
    assert "Alma" not in reply.content.decode()
    assert status != 429 or reply["Retry-After"] == "8"
    assert status != 400 or body["errors"] == {"npi": ["Ten digits."]}


def test_an_unforeseen_error_is_left_to_the_server():
    with pytest.raises(ZeroDivisionError):
        Refusing.as_view(error=ZeroDivisionError())(APIRequestFactory().get("/api/v1/x/"))


class Whoever(APIView):
    def get(self, request):
        return Response({"kind": permissions.actor(request).kind})


class Claims(Whoever):
    permission_classes = (permissions.HasScope.of("claims:read", Role.MEMBER),)


@pytest.mark.parametrize(("actor", "status"), [(ALMA, 200), (ROSA, 403), (DANA, 403), (None, 401)])
def test_the_api_answers_those_a_view_names(actor, status):
    request = APIRequestFactory().get("/api/v1/claims/")
    request.actor, request.employer = actor, None
    request.user = SimpleNamespace(is_active=True, is_authenticated=True) if actor else None
    assert Claims.as_view()(request).status_code == status


def test_a_view_that_names_nobody_answers_nobody():
    request = APIRequestFactory().get("/api/v1/claims/")
    request.actor, request.user = ROOT, SimpleNamespace(is_active=True, is_authenticated=True)
    assert Whoever.as_view()(request).status_code in {401, 403}


@pytest.mark.django_db
def test_an_api_key_opens_its_scope_at_its_employer_only(employer, other_employer, as_employer):
    from tenants.accounts.services import api_keys

    with as_employer(employer):
        _, text = api_keys.make_key(name="feed", scopes=["claims:read"], now=people.NOW)
        _, narrow = api_keys.make_key(name="feed", scopes=["coverage:read"], now=people.NOW)

    def ask(key, facts):
        request = APIRequestFactory().get("/api/v1/claims/", headers={"Authorization": f"Bearer {key}"})
        request.actor, request.employer, request.user = None, facts, None
        with as_employer(facts):
            return Claims.as_view()(request).status_code

    assert ask(text, employer) == 200
    assert ask(narrow, employer) == 403
    assert ask(text, other_employer) == 401
    assert ask("nonsense", employer) == 401


@pytest.mark.django_db
class TestHeaders:
    def test_portal_pages_allow_nothing_inline(self, employer):
        reply = people.browser(people.host_of(employer)).get("/accounts/login/")
        policy = reply.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert reply.headers["X-Frame-Options"] == "DENY"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in reply.headers["Permissions-Policy"]

    def test_operations_pages_have_a_policy_of_their_own(self):
        reply = people.at_operations(people.staff()).get("/admin/")
        policy = reply.headers["Content-Security-Policy"]
        assert "script-src 'self' 'unsafe-eval'" in policy
        assert "script-src 'self' 'unsafe-inline'" not in policy

    def test_browsers_keep_nothing_of_people_who_are_signed_in(self, employer):
        for client, path in (
            (people.at_operations(people.staff()), "/admin/"),
            (people.at_portal(people.hr(employer), employer), "/accounts/email/"),
        ):
            assert "no-store" in client.get(path).headers["Cache-Control"]

    def test_unknown_hosts_and_missing_pages_carry_the_policy_too(self, employer):
        assert "Content-Security-Policy" in people.browser(people.host_of(employer)).get("/no-such-page/").headers
