"""What every read of the API shares: strict questions, pages, and replies nobody keeps."""

from typing import Any

from django.utils.http import urlencode
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants.core.roles import Actor
from tenants.facade import Page, ReadNotLogged, UnknownCursor
from tenants.web.permissions import actor
from tenants.web.request_ids import request_id

MOST = 100


class NotNow(exceptions.APIException):
    """The reply exists and cannot be given now."""

    status_code = 503


class Question(serializers.Serializer):
    """The parameters a resource knows; any other, and one given twice, is refused."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        strange = sorted(set(self.initial_data) - set(self.fields))
        if strange:
            raise exceptions.ValidationError({name[:80]: ["There is no such parameter."] for name in strange})
        return attrs


class PageQuestion(Question):
    """Where to go on, and how much at once."""

    cursor = serializers.UUIDField(
        required=False, help_text="The id of the last row of the page before, as `next` carries it."
    )
    limit = serializers.IntegerField(
        default=50, min_value=1, max_value=MOST, help_text=f"Rows in one reply, at most {MOST}."
    )


class ReadView(APIView):
    """GET and HEAD of one resource. `question` names what its address may ask."""

    http_method_names = ("get", "head")
    question: type[Question] = Question

    def who(self) -> Actor:
        """The actor of this call; the permission has already refused visitors."""
        found = actor(self.request)
        if found is None:
            raise exceptions.NotAuthenticated
        return found

    def request_id(self) -> str:
        """The id that ties the log of the look to this request."""
        return request_id(self.request._request)

    def asked(self) -> dict[str, Any]:
        """The parameters of this request, checked. Raises ValidationError."""
        given = self.request.query_params
        twice = sorted(name for name in given if len(given.getlist(name)) > 1)
        if twice:
            raise exceptions.ValidationError({name[:80]: ["Give this parameter once."] for name in twice})
        question = self.question(data=given.dict())
        question.is_valid(raise_exception=True)
        return question.validated_data

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, UnknownCursor):
            exc = exceptions.ValidationError({"cursor": [str(exc)]})
        elif isinstance(exc, ReadNotLogged):
            exc = NotNow(str(exc))
        return super().handle_exception(exc)

    def paged(self, page: Page, row: type[serializers.Serializer]) -> Response:
        """The rows, and the address of the page after them."""
        return Response(
            {
                "results": row(page.rows, many=True).data,
                "next": _address(self.request, cursor=page.next) if page.next else None,
            }
        )


def _address(request: Request, **changes: Any) -> str:
    asked = {**request.query_params.dict(), **changes}
    return request.build_absolute_uri(f"{request.path}?{urlencode(asked)}")
