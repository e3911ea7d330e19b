"""The gate before publication: golden claims that come out, a fresh look at real claims, and a second person.

There is no way past it, not in an emergency either. Rules: docs/domain/plan_publishing.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from benefits.core.plan_design_reading import canonical_sha256
from benefits.models import PlanDesignVersion, PlanOption, PublicationRequest
from benefits.selectors.plan_gate import evidence_of, missing_for_request
from benefits.services import plan_impacts
from benefits.services.plan_drafts import CannotPublish, check, draft, draft_of, run_golden, set_golden, tell
from tenants.core.roles import Actor, Role

__all__ = ["CannotPublish", "Published", "approve", "check", "draft", "in_force", "publish_through_gate", "request"]

KEEPERS = (Role.ACCOUNT_MANAGER, Role.CLAIMS_MANAGER, Role.ADMIN)
"""Staff who may ask for a publication, or approve one."""


@dataclass(frozen=True, slots=True)
class Published:
    """The version in force for its days. is_new: False when the newest version over these days said the same."""

    version_uuid: UUID
    version: int
    start: date
    end: date | None
    is_new: bool


@transaction.atomic
def request(*, version_uuid: UUID, actor: Actor, requested_at: datetime) -> PublicationRequest:
    """Ask that a draft be published. The golden claims are run once more. Raises CannotPublish with all that is missing."""
    version = draft_of(version_uuid, lock=True)
    keeper = _keeper(actor)
    evidence = evidence_of(version)
    if evidence.golden is not None:
        run_golden(version_uuid=version_uuid, at=requested_at)
        evidence = evidence_of(version)
    missing = missing_for_request(version, evidence, now=requested_at)
    if missing or evidence.run is None or evidence.impact is None:
        raise CannotPublish(missing)
    asked = PublicationRequest.objects.create(
        design_version=version,
        golden_run=evidence.run,
        impact=evidence.impact,
        requested_at=requested_at,
        requested_by_kind=actor.kind,
        requested_by_uuid=keeper,
    )
    tell(actor, "plan_design.publication_requested", version)
    return asked


@transaction.atomic
def approve(*, version_uuid: UUID, actor: Actor, approved_at: datetime) -> Published:
    """A second person publishes the draft; it takes effect for its own days. The golden claims are run once more.

    Raises CannotPublish with all that is missing, for the author, and for who asked.
    """
    version = draft_of(version_uuid, lock=True)
    keeper = _keeper(actor)
    evidence = evidence_of(version)
    missing: list[str] = []
    if evidence.request is None:
        missing.append("Nobody has asked for its publication on what is on file now. Ask first.")
    if keeper == version.drafted_by_uuid:
        missing.append("You wrote this version. Somebody else must approve it.")
    elif evidence.request is not None and keeper == evidence.request.requested_by_uuid:
        missing.append("You asked for its publication. Somebody else must approve it.")
    if evidence.golden is not None:
        run_golden(version_uuid=version_uuid, at=approved_at)
        evidence = evidence_of(version)
    missing += missing_for_request(version, evidence, now=approved_at)
    if missing:
        raise CannotPublish(tuple(missing))
    version.published_at = approved_at
    version.published_by_kind, version.published_by_uuid = actor.kind, keeper
    version.save(update_fields=["published_at", "published_by_kind", "published_by_uuid"])
    tell(actor, "plan_design.published", version)
    return Published(version.uuid, version.version, version.start_date, version.end_date, is_new=True)


def publish_through_gate(
    *,
    option_code: str,
    document: Mapping[str, Any],
    golden: Mapping[str, Any],
    author: Actor,
    approver: Actor,
    at: datetime,
) -> Published:
    """Every step in one call, by two people: for takeovers, demo and tests. Weakens nothing; the same again changes nothing.

    Comparing real claims is done here and now; an option without claims has none to compare. Raises CannotPublish.
    """
    same = in_force(option_code=option_code, document=document)
    if same is not None:
        return same
    with transaction.atomic():
        version = draft(option_code=option_code, document=document, actor=author, drafted_at=at)
        set_golden(version_uuid=version.uuid, golden=golden, actor=author, made_at=at)
        impact = plan_impacts.start(version_uuid=version.uuid, actor=author, started_at=at, today=at.date())
        plan_impacts.work(impact_id=impact.pk, now=lambda: at)
        request(version_uuid=version.uuid, actor=author, requested_at=at)
        return approve(version_uuid=version.uuid, actor=approver, approved_at=at)


def _keeper(actor: Actor) -> UUID:
    """Who the actor is. Raises CannotPublish for somebody who keeps no plans."""
    if actor.uuid is None or not actor.has(*KEEPERS):
        raise CannotPublish((f"Only people with one of these roles publish plans: {', '.join(KEEPERS)}.",))
    return actor.uuid


def in_force(*, option_code: str, document: Mapping[str, Any]) -> Published | None:
    """The newest published version over the document's days, when it says the same and nothing newer lies over it."""
    design, option = check(document), PlanOption.objects.filter(code=option_code).first()
    versions = PlanDesignVersion.objects.filter(plan_option=option, published_at__isnull=False)
    latest = versions.filter(start_date=design.start, end_date=design.end).order_by("-version").first()
    if option is None or latest is None or latest.document_sha256 != canonical_sha256(document) or _overlaid(latest):
        return None
    return Published(latest.uuid, latest.version, design.start, design.end, is_new=False)


def _overlaid(version: PlanDesignVersion) -> bool:
    """Whether a newer version covers a day of this one: then publishing this one again changes something."""
    newer = PlanDesignVersion.objects.filter(
        plan_option=version.plan_option_id, version__gt=version.version, published_at__isnull=False
    )
    if version.end_date is not None:
        newer = newer.filter(start_date__lt=version.end_date)
    return newer.exclude(end_date__lte=version.start_date).exists()
