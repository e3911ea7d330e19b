"""Questions of trading partners in real time: one X12 interchange in, one out."""

from typing import Any, cast
from uuid import UUID

from django.utils.timezone import now
from rest_framework import exceptions
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.services import inquiries
from tenants.facade import Partner, ReadNotLogged
from tenants.web.permissions import PartnerKeyAuthentication, PartnerOnly
from tenants.web.reading import NotNow
from tenants.web.request_ids import request_id
from tenants.web.throttles import PerPartner

X12 = "application/edi-x12"


class TooLarge(exceptions.APIException):
    """More than a question needs."""

    status_code = 413
    default_detail = f"A question has at most {inquiries.LARGEST_QUESTION:,} bytes. Send more as a file."


class X12Renderer(BaseRenderer):
    """An interchange as it was written."""

    media_type, format, charset, render_style = X12, "x12", "us-ascii", "binary"

    def render(self, data: bytes, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return data


class Questions(APIView):
    """270 and 276. What may be told of a person is decided by `claims.services.answering`."""

    http_method_names = ("post",)
    authentication_classes = (PartnerKeyAuthentication,)
    permission_classes = (PartnerOnly,)
    throttle_classes = (PerPartner,)
    renderer_classes = (X12Renderer, JSONRenderer)

    def post(self, request: Request) -> Response:
        """The 271 or 277 to one question, or the 999 or TA1 that turns it away."""
        inner = request._request
        length = inner.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > inquiries.LARGEST_QUESTION:
            raise TooLarge
        key_uuid, partner = cast(tuple[UUID, Partner], request.auth)
        try:
            told = inquiries.answer_now(
                body=inner.body, partner=partner, key_uuid=key_uuid, request_id=request_id(inner), at=now()
            )
        except inquiries.NotOneQuestion as refusal:
            raise exceptions.ParseError(str(refusal)) from refusal
        except inquiries.NotThisPartner as refusal:
            raise exceptions.PermissionDenied(str(refusal)) from refusal
        except ReadNotLogged as refusal:
            raise NotNow(str(refusal)) from refusal
        return Response(told, content_type=f"{X12}; charset=us-ascii")
