"""Claims and limits for members and programs. HR has no part in them: its roles open none of these."""

from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import examples, serializers
from claims.selectors import feed
from tenants.core.roles import Role
from tenants.core.scopes import Scope
from tenants.web.openapi import replies
from tenants.web.permissions import HasScope
from tenants.web.reading import ReadView
from tenants.web.today import today

MAY_READ_CLAIMS = (HasScope.of(Scope.CLAIMS_READ, Role.MEMBER),)


class ClaimList(ReadView):
    permission_classes = MAY_READ_CLAIMS
    question = serializers.ClaimsQuestion

    @extend_schema(
        operation_id="claims_list",
        tags=["claims"],
        parameters=[serializers.ClaimsQuestion],
        responses=replies(serializers.ClaimPage, examples.CLAIMS),
    )
    def get(self, request: Request) -> Response:
        """Claims, newest first. Scope `claims:read`.

        A member gets his own claims, those of the minors under him and of the adults who share with him.
        """
        asked = self.asked()
        page = feed.claims_page(self.who(), day=today(request._request), **asked, request_id=self.request_id())
        return self.paged(page, serializers.Claim)


class ClaimDetail(ReadView):
    permission_classes = MAY_READ_CLAIMS

    @extend_schema(
        operation_id="claims_retrieve",
        tags=["claims"],
        responses=replies(serializers.ClaimDetail, examples.CLAIM_DETAIL, 409),
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """One claim: lines, adjustments, and why the patient may owe what is said. Scope `claims:read`."""
        self.asked()
        told = feed.claim(self.who(), uuid, day=today(request._request), request_id=self.request_id())
        if told is None:
            raise Http404
        return Response(serializers.ClaimDetail(told).data)


class Accumulators(ReadView):
    permission_classes = MAY_READ_CLAIMS
    question = serializers.AccumulatorsQuestion

    @extend_schema(
        operation_id="accumulators_retrieve",
        tags=["claims"],
        parameters=[serializers.AccumulatorsQuestion],
        responses=replies(serializers.Standing, examples.STANDING),
    )
    def get(self, request: Request) -> Response:
        """What a person has used and has left of each deductible and limit today. Scope `claims:read`.

        404 when the caller may not see this person's care, and when the person is not covered today.
        """
        asked, who = self.asked(), self.who()
        person = asked.get("person") or who.person_uuid
        if person is None:
            raise ValidationError({"person": ["Name a person: nobody stands behind this sign-in."]})
        found = feed.standing(
            who,
            person=person,
            day=today(request._request),
            line_of_coverage=asked["line_of_coverage"],
            request_id=self.request_id(),
        )
        if found is None:
            raise Http404
        return Response(serializers.Standing(found).data)
