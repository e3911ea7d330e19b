"""Published plan designs, read once: a published document never changes, so its hash names the value for good."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from benefits.core.plan_design import PlanDesign
from benefits.core.plan_design_reading import read_plan_design
from benefits.models import PlanDesignVersion

_REMEMBERED = 128
_read: dict[str, PlanDesign] = {}


@dataclass(frozen=True, slots=True)
class DesignInForce:
    """A published version, its number within the option, and what it says."""

    version_id: int
    version: int
    option_name: str
    design: PlanDesign


def design_on(*, plan_option_id: int, day: date) -> DesignInForce | None:
    """The newest published version of an option that covers `day`."""
    covers = Q(end_date=None) | Q(end_date__gt=day)
    return _first(Q(plan_option_id=plan_option_id, start_date__lte=day, published_at__isnull=False) & covers)


def design_version(version_id: int) -> DesignInForce | None:
    """One published version by key."""
    return _first(Q(pk=version_id, published_at__isnull=False))


def documents_of(version_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Published documents as they were published, by key of their version."""
    found = PlanDesignVersion.objects.filter(pk__in=version_ids, published_at__isnull=False)
    return dict(found.values_list("pk", "document"))


def _first(which: Q) -> DesignInForce | None:
    row = (
        PlanDesignVersion.objects.filter(which)
        .order_by("-version")
        .values_list("pk", "version", "plan_option__name", "document_sha256")
        .first()
    )
    if row is None:
        return None
    version_id, version, option_name, sha256 = row
    return DesignInForce(version_id, version, option_name, _design(sha256, version_id))


def _design(sha256: str, version_id: int) -> PlanDesign:
    if sha256 not in _read:
        if len(_read) >= _REMEMBERED:
            _read.clear()
        _read[sha256] = read_plan_design(
            PlanDesignVersion.objects.values_list("document", flat=True).get(pk=version_id)
        )
    return _read[sha256]
