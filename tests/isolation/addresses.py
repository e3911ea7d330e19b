"""Every address of the portal, read off the URL resolver, and ids to fill its parameters with.

A parameter is filled by what stands before it: below the admin the model of the path, elsewhere the noun (`NOUNS`). An
address that nothing here knows how to fill fails the test that asks for it, so a new page is tried from its first day.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern
from django.utils.regex_helper import normalize

from benefits.models import Member
from claims.models import ClaimOverride, ClaimSubmission, ClaimVersion, InformationRequest, Letter
from tenants.exchange.models import OutboundFile
from tenants.records.models import Document

EMPLOYER, OPERATIONS, DESK = "aso_portal.urls", "aso_portal.urls_operations", "aso_portal.urls_desk"
URLCONFS = (EMPLOYER, OPERATIONS, DESK)

NOUNS: Mapping[str, type[Model]] = {
    "claims": ClaimSubmission,
    "members": Member,
    "keys": Authenticator,
    "answers": OutboundFile,
    "overrides": ClaimOverride,
    "requests": InformationRequest,
    "papers": Document,
    "eob": ClaimVersion,
    "letters": Letter,
}
"""What an id in an address names, by the part of the address before it; goes before the model of an admin's path."""

_PARAMETER = re.compile(r"%\((\w+)\)s")
_ROUTE_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


class CannotFill(AssertionError):
    """Nobody has said what this parameter of an address names."""


@dataclass(frozen=True)
class Address:
    """One pattern. `shape`: its path with %(name)s for each parameter.  converters: by parameter, "" if unknown."""

    urlconf: str
    shape: str
    name: str
    view: Callable[..., Any]
    converters: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"/{self.shape}"

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.converters)

    @property
    def model_admin(self) -> ModelAdmin | None:
        return getattr(self.view, "model_admin", None)

    def wants_uuid(self, parameter: str) -> bool:
        return dict(self.converters)[parameter] == "uuid"

    def model_before(self, parameter: str) -> type[Model] | None:
        """The model an id in this place names: of the noun before it, or of the admin's app/model."""
        parts = [part for part in self.shape.split(f"%({parameter})s")[0].split("/") if part]
        if parts and parts[-1] in NOUNS:
            return NOUNS[parts[-1]]
        for app_label, model_name in zip(parts[1:], parts[2:], strict=False):
            if parts[0] == "admin" and model_name in apps.all_models.get(app_label, ()):
                return apps.get_model(app_label, model_name)
        return None

    def path(self, values: Mapping[str, Any]) -> str:
        """The address with its parameters filled. Raises CannotFill naming those without a value."""
        missing = [name for name in self.parameters if values.get(name) is None]
        if missing:
            raise CannotFill(f"/{self.shape} ({self.urlconf}): nothing to fill {', '.join(missing)} with.")
        return f"/{self.shape % values}"


@cache
def addresses(urlconf: str) -> tuple[Address, ...]:
    """Every pattern of a URLconf, in its order."""
    return tuple(_below(get_resolver(urlconf), urlconf, "", ()))


def _below(
    resolver: URLResolver, urlconf: str, before: str, converters: tuple[tuple[str, str], ...]
) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        for shape, found in _shapes(entry.pattern):
            whole, known = before + shape, (*converters, *found)
            if isinstance(entry, URLPattern):
                yield Address(urlconf, whole, entry.name or "", entry.callback, known)
            else:
                yield from _below(entry, urlconf, whole, known)


def _shapes(pattern: RoutePattern | RegexPattern) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """The ways a pattern may be written, with what each parameter is converted by."""
    if isinstance(pattern, RoutePattern):
        named = tuple((name, converter) for converter, name in _ROUTE_PARAMETER.findall(pattern._route))
        return [(_ROUTE_PARAMETER.sub(r"%(\2)s", str(pattern._route)), named)]
    ways = normalize(pattern._regex.removeprefix("^"))
    return [(shape, tuple((name, "") for name in names)) for shape, names in ways[:1]]
