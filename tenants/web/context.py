"""What every portal page is given: whose portal this is, its colours, and the menus of the one who is signed in."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from tenants.core.employers import EmployerFacts
from tenants.core.roles import Actor
from tenants.core.theme import derive
from tenants.web import menus
from tenants.web.theme_css import version


@dataclass
class Portal:
    """The frame around a page. Nothing is computed until a template asks; no query is made."""

    employer: EmployerFacts | None
    actor: Actor | None
    path: str

    @property
    def name(self) -> str:
        """The employer's name; empty on the operations host."""
        return self.employer.name if self.employer else ""

    @property
    def initial(self) -> str:
        return self.name[:1].upper()

    @property
    def theme(self) -> str:
        """Address of the employer's colours; empty where the portal's own are used."""
        if not self.employer:
            return ""
        return f"{reverse('theme_css')}?v={version(derive(self.employer.brand_color))}"

    @cached_property
    def tabs(self) -> list[menus.Place]:
        return self._places("main")

    @cached_property
    def account(self) -> list[menus.Place]:
        return self._places("account")

    def _places(self, menu: str) -> list[menus.Place]:
        if not (self.employer and self.actor):
            return []
        return menus.places(settings.PORTAL_MENU[menu], actor=self.actor, employer=self.employer, path=self.path)


def portal(request: HttpRequest) -> dict[str, Portal]:
    """Context processor: `portal` in every template. A desk is no portal: its errors wear no employer's colours."""
    return {
        "portal": Portal(
            employer=None if getattr(request, "operations", False) else getattr(request, "employer", None),
            actor=getattr(request, "actor", None),
            path=request.path,
        )
    }
