"""URLs of operations hosts: sign-in, the admin, what partners' programs ask. `/e/<slug>/…` is served from `urls_desk`."""

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(url="/admin/"), name="home"),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("claims.api.partner_urls")),
    path("admin/", include("tenants.admin.operations_urls")),
]
