"""Headers of every reply: content policy, what browsers may keep, which device features pages may use."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PORTAL = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
)
# Unfold's pages carry Alpine expressions and style attributes; scripts written into the page stay forbidden.
OPERATIONS = PORTAL.replace("script-src 'self'", "script-src 'self' 'unsafe-eval'").replace(
    "style-src 'self'", "style-src 'self' 'unsafe-inline'"
)
API = "/api/"  # its callers may have a key instead of a session
FEATURES = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self)"


class HeadersMiddleware:
    """Sits right after HostMiddleware, so that errors of everything below get the headers too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", OPERATIONS if request.operations else PORTAL)
        response.headers.setdefault("Permissions-Policy", FEATURES)
        known = getattr(request, "user", None) is not None and request.user.is_authenticated
        if known or request.path_info.startswith(API):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response
