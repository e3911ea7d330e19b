"""ASO staff reach every employer: a password alone lets them no further than adding a second factor."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

HAS_ONE = "_second_factor"
OPEN_PATHS = ("/accounts/", "/static/")


class SecondFactorMiddleware:
    """Sends staff without a passkey or one-time codes to set one up, where STAFF_SECOND_FACTOR is on.

    Those who have one were asked for it at sign-in (allauth), so it is looked up once per session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.STAFF_SECOND_FACTOR
            and request.user.is_authenticated
            and request.user.is_staff
            and not request.path_info.startswith(OPEN_PATHS)
            and not self._has_one(request)
        ):
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)

    @staticmethod
    def _has_one(request: HttpRequest) -> bool:
        if not request.session.get(HAS_ONE):
            kinds = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)
            if not Authenticator.objects.filter(user=request.user, type__in=kinds).exists():
                return False
            request.session[HAS_ONE] = True
        return True
