"""URLs below `/e/<slug>/` on an operations host: the desk inside one employer."""

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="desk_home"),
    path("admin/", include("tenants.admin.desk_urls")),
]
