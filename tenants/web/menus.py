"""The places in a person's menu. The list is `settings.PORTAL_MENU`, which names the apps by string."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from tenants.core.employers import EmployerFacts
from tenants.core.roles import Actor


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of a menu. phone_only: shown in the bottom bar of a phone alone."""

    label: str
    icon: str
    url: str
    current: bool
    phone_only: bool


def places(
    entries: Iterable[Mapping[str, Any]], *, actor: Actor, employer: EmployerFacts | None, path: str
) -> list[Place]:
    """The entries this actor's roles and the employer's services open, the one `path` lies in marked as current.

    An entry names `view`, `label`, `icon` and, where it is not for everybody, `roles`, `service` and `phone_only`.
    """
    open_to = [
        entry
        for entry in entries
        if (not entry.get("roles") or actor.has(*entry["roles"]))
        and (not entry.get("service") or (employer is not None and employer.bought(entry["service"])))
    ]
    urls = [reverse(entry["view"]) for entry in open_to]
    here = max((url for url in urls if path.startswith(url) and (url != "/" or path == "/")), key=len, default=None)
    return [
        Place(
            label=str(entry["label"]),
            icon=entry["icon"],
            url=url,
            current=url == here,
            phone_only=entry.get("phone_only", False),
        )
        for entry, url in zip(open_to, urls, strict=True)
    ]
