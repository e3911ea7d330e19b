"""The API of an employer's host, version 1: each app's own routes, and their description as OpenAPI."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path("", include("benefits.api.urls")),
    path("", include("claims.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
]
