"""The API of an employer's host, version 1: each app's own routes, and their description as OpenAPI."""

from functools import cache
from typing import Any

from django.urls import include, path
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView


class OnceGenerator(SchemaGenerator):
    """The description is the same for every caller: worked out once for each language, which takes a second."""

    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        return _described(get_language())


@cache
def _described(language: str | None) -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


urlpatterns = [
    path("", include("benefits.api.urls")),
    path("", include("claims.api.urls")),
    path("schema/", SpectacularAPIView.as_view(generator_class=OnceGenerator), name="api_schema"),
]
