"""URLs of an employer's host: the portal for members and HR, and the API."""

from django.urls import include, path

urlpatterns = [
    path("", include("tenants.portal.urls")),
    path("", include("benefits.portal.urls")),
    path("", include("claims.portal.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("aso_portal.api")),
]

handler400 = "tenants.web.errors.bad_request"
handler404 = "tenants.web.errors.not_found"
handler500 = "tenants.web.errors.server_error"
