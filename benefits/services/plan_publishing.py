"""Publishing plan designs: validated, lawful, numbered, and from then on immutable."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from aso_portal.kernel.errors import DomainError
from benefits.core.plan_design import PlanDesign
from benefits.core.plan_design_law import UnlawfulDesign, check_lawful
from benefits.core.plan_design_reading import BadPlanDesign, canonical_sha256, read_plan_design
from benefits.models import PlanDesignVersion, PlanOption
from tenants import facade as tenants
from tenants.core.roles import Actor


class CannotPublish(DomainError):
    """The design may not be published. `reasons` lists every one, each with its place in the document."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reasons))


@dataclass(frozen=True, slots=True)
class Published:
    """The version in force for its days. is_new: False when the newest version over these days said the same."""

    version_uuid: UUID
    version: int
    start: date
    end: date | None
    is_new: bool


@transaction.atomic
def publish(*, option_code: str, document: Mapping[str, Any], actor: Actor, published_at: datetime) -> Published:
    """Publishes a design for the days its document names. Publishing the same again changes nothing.

    A correction is a newer version over the same days; the newest published one that covers a day is in force.
    Raises CannotPublish for an unknown option, a document that is no design, one of another line, or an unlawful one.
    """
    option = PlanOption.objects.select_for_update().filter(code=option_code).first()
    if option is None:
        raise CannotPublish((f"Plan option {option_code[:50]!r} is not set up. Add it before its design.",))
    design = check(document)
    if design.line_of_coverage != option.line_of_coverage:
        reason = f"/line_of_coverage: {design.line_of_coverage}, but option {option.code} is {option.line_of_coverage}"
        raise CannotPublish((reason,))
    sha256 = canonical_sha256(document)
    versions = PlanDesignVersion.objects.filter(plan_option=option, published_at__isnull=False)
    latest = versions.filter(start_date=design.start, end_date=design.end).order_by("-version").first()
    if latest is not None and latest.document_sha256 == sha256 and not _overlaid(latest):
        return Published(latest.uuid, latest.version, design.start, design.end, is_new=False)
    version = PlanDesignVersion.objects.create(
        plan_option=option,
        version=1 + (PlanDesignVersion.objects.filter(plan_option=option).aggregate(last=Max("version"))["last"] or 0),
        start_date=design.start,
        end_date=design.end,
        document=document,
        document_sha256=sha256,
        published_at=published_at,
        published_by_kind=actor.kind,
        published_by_uuid=actor.uuid,
    )
    version.refresh_from_db(fields=["uuid"])
    tenants.record_audit(
        actor=actor,
        action="plan_design.published",
        subject_kind="plan_design_version",
        subject_uuid=version.uuid,
        detail={"version": version.version, "start": design.start, "end": design.end, "sha256": sha256},
    )
    return Published(version.uuid, version.version, design.start, design.end, is_new=True)


def check(document: str | Mapping[str, Any]) -> PlanDesign:
    """The design, when the document is one and the law allows it. Raises CannotPublish with every reason."""
    try:
        design = read_plan_design(document)
        check_lawful(design)
    except BadPlanDesign as refusal:
        raise CannotPublish(tuple(f"{fault.pointer or '/'}: {fault.message}" for fault in refusal.faults)) from refusal
    except UnlawfulDesign as refusal:
        reasons = tuple(f"{each.pointer}: {each.message} ({each.source})" for each in refusal.refusals)
        raise CannotPublish(reasons) from refusal
    return design


def _overlaid(version: PlanDesignVersion) -> bool:
    """Whether a newer version covers a day of this one: then publishing this one again changes something."""
    newer = PlanDesignVersion.objects.filter(
        plan_option=version.plan_option_id, version__gt=version.version, published_at__isnull=False
    )
    if version.end_date is not None:
        newer = newer.filter(start_date__lt=version.end_date)
    return newer.exclude(end_date__lte=version.start_date).exists()
