"""People and coverage for members, HR and programs: each sees what the selectors show him."""

from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from benefits.api import examples, serializers
from benefits.selectors import enrolled
from tenants.core.roles import HR_ROLES, Role
from tenants.core.scopes import Scope
from tenants.web.openapi import replies
from tenants.web.permissions import HasScope
from tenants.web.reading import PageQuestion, ReadView

MAY_READ_PEOPLE = (HasScope.of(Scope.PEOPLE_READ, Role.MEMBER, *HR_ROLES),)
MAY_READ_COVERAGE = (HasScope.of(Scope.COVERAGE_READ, Role.MEMBER, *HR_ROLES),)


class MemberList(ReadView):
    permission_classes = MAY_READ_PEOPLE
    question = PageQuestion

    @extend_schema(
        operation_id="members_list",
        tags=["people"],
        parameters=[PageQuestion],
        responses=replies(serializers.MemberPage, examples.MEMBERS),
    )
    def get(self, request: Request) -> Response:
        """Member places, oldest first. Scope `people:read`.

        A member gets his own place and those under him, HR and keys everybody's.
        """
        page = enrolled.members_page(self.who(), **self.asked(), request_id=self.request_id())
        return self.paged(page, serializers.Member)


class MemberDetail(ReadView):
    permission_classes = MAY_READ_PEOPLE

    @extend_schema(
        operation_id="members_retrieve", tags=["people"], responses=replies(serializers.Member, examples.MEMBER)
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """One member place. Scope `people:read`."""
        self.asked()
        member = enrolled.member(self.who(), uuid, request_id=self.request_id())
        if member is None:
            raise Http404
        return Response(serializers.Member(member).data)


class CoverageList(ReadView):
    permission_classes = MAY_READ_COVERAGE
    question = serializers.CoverageQuestion

    @extend_schema(
        operation_id="coverage_list",
        tags=["people"],
        parameters=[serializers.CoverageQuestion],
        responses=replies(serializers.CoveragePage, examples.COVERAGE_PAGE),
    )
    def get(self, request: Request) -> Response:
        """Who is covered by which plan option when, oldest first. Scope `coverage:read`.

        `member` narrows it to one member place, `on` to one day.
        """
        asked = self.asked()
        member_uuid = asked.pop("member", None)
        page = enrolled.coverage_page(self.who(), member_uuid=member_uuid, **asked, request_id=self.request_id())
        return self.paged(page, serializers.Coverage)
