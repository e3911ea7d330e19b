"""The employer's colours as a stylesheet of its own."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from tenants.core.theme import DEFAULT_BRAND, derive
from tenants.web.guards import public
from tenants.web.theme_css import stylesheet, version

A_YEAR, FIVE_MINUTES = 365 * 86_400, 300


@require_safe
@public
def theme_css(request: HttpRequest) -> HttpResponse:
    """`/theme.css?v=<version>`: kept for a year under the version it was asked by, five minutes under any other."""
    employer = getattr(request, "employer", None)
    theme = derive(employer.brand_color if employer else DEFAULT_BRAND)
    response = HttpResponse(stylesheet(theme), content_type="text/css; charset=utf-8")
    if request.GET.get("v") == version(theme):
        patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=FIVE_MINUTES)
    return response
