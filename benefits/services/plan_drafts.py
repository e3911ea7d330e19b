"""Drafts of plan versions and their golden claims. A draft never changes: what is to be corrected is drafted anew."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from aso_portal.kernel.errors import DomainError
from benefits.core.plan_design import PlanDesign
from benefits.core.plan_design_law import UnlawfulDesign, check_lawful
from benefits.core.plan_design_reading import BadPlanDesign, canonical_sha256, read_plan_design
from benefits.core.plan_gate import hash_of
from benefits.models import GoldenRun, GoldenSet, PlanDesignVersion, PlanOption
from benefits.services.plan_engine import engine
from tenants import facade as tenants
from tenants.core.roles import Actor

LARGEST_BYTES = 4_000_000


class CannotPublish(DomainError):
    """The design may not be published, or not drafted. `reasons` lists every one, each with its place where it has one."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reasons))


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


@transaction.atomic
def draft(*, option_code: str, document: Mapping[str, Any], actor: Actor, drafted_at: datetime) -> PlanDesignVersion:
    """A new draft of an option's design, for the days its document names. The newest draft of the same words is kept.

    Raises CannotPublish for an unknown option, a document that is no design, one of another line, an unlawful one, and an
    actor who is no person: somebody must have written it.
    """
    if actor.uuid is None:
        raise CannotPublish(("A draft has an author. Name the person who wrote it.",))
    option = PlanOption.objects.select_for_update().filter(code=option_code).first()
    if option is None:
        raise CannotPublish((f"Plan option {option_code[:50]!r} is not set up. Add it before its design.",))
    design = check(document)
    if design.line_of_coverage != option.line_of_coverage:
        reason = f"/line_of_coverage: {design.line_of_coverage}, but option {option.code} is {option.line_of_coverage}"
        raise CannotPublish((reason,))
    sha256 = canonical_sha256(document)
    newest = PlanDesignVersion.objects.filter(plan_option=option).order_by("-version").first()
    if newest is not None and (newest.published_at, newest.document_sha256) == (None, sha256):
        return newest
    version = PlanDesignVersion.objects.create(
        plan_option=option,
        version=1 + (PlanDesignVersion.objects.filter(plan_option=option).aggregate(last=Max("version"))["last"] or 0),
        start_date=design.start,
        end_date=design.end,
        document=document,
        document_sha256=sha256,
        drafted_at=drafted_at,
        drafted_by_kind=actor.kind,
        drafted_by_uuid=actor.uuid,
    )
    version.refresh_from_db(fields=["uuid"])
    tell(actor, "plan_design.drafted", version)
    return version


def read_golden(*, version_uuid: UUID, text: str) -> Mapping[str, Any]:
    """Golden claims out of the text of a JSON or CSV file, for this version. Raises CannotPublish."""
    if len(text) > LARGEST_BYTES:
        raise CannotPublish((f"The file of golden claims is larger than {LARGEST_BYTES // 1_000_000} MB.",))
    version = draft_of(version_uuid)
    try:
        return engine().read_golden(text=text, document=version.document)
    except DomainError as refusal:
        raise CannotPublish((str(refusal),)) from refusal


@transaction.atomic
def set_golden(*, version_uuid: UUID, golden: Mapping[str, Any], actor: Actor, made_at: datetime) -> GoldenRun:
    """These golden claims are the version's from now on, with the engine's answers. Raises CannotPublish for no such."""
    version = draft_of(version_uuid, lock=True)
    sha256 = hash_of(golden)
    before = version.golden_sets.order_by("-number").first()
    if before is None or before.document_sha256 != sha256:
        before = GoldenSet.objects.create(
            design_version=version,
            number=1 if before is None else before.number + 1,
            document=golden,
            document_sha256=sha256,
            made_at=made_at,
            made_by_kind=actor.kind,
            made_by_uuid=actor.uuid,
        )
        tell(actor, "plan_design.golden_claims_set", version, golden_sha256=sha256, number=before.number)
    return _run(version, before, at=made_at)


@transaction.atomic
def run_golden(*, version_uuid: UUID, at: datetime) -> GoldenRun:
    """The engine's answers of today to the version's golden claims. Raises CannotPublish where it has none."""
    version = draft_of(version_uuid, lock=True)
    newest = version.golden_sets.order_by("-number").first()
    if newest is None:
        raise CannotPublish(("The version has no golden claims. Add a file of them.",))
    return _run(version, newest, at=at)


def _run(version: PlanDesignVersion, golden: GoldenSet, *, at: datetime) -> GoldenRun:
    try:
        proved = engine().prove(document=version.document, golden=golden.document)
    except DomainError as refusal:
        raise CannotPublish((str(refusal),)) from refusal
    return GoldenRun.objects.create(
        golden_set=golden,
        rules_hash=proved.rules_hash,
        passed=proved.passed,
        faults=list(proved.faults),
        answers=list(proved.answers),
        ran_at=at,
    )


def draft_of(version_uuid: UUID, *, lock: bool = False) -> PlanDesignVersion:
    """A version nobody published yet. Raises CannotPublish."""
    versions = PlanDesignVersion.objects.select_for_update(of=("self",)) if lock else PlanDesignVersion.objects
    version = versions.filter(uuid=version_uuid).select_related("plan_option").first()
    if version is None:
        raise CannotPublish(("There is no such plan version.",))
    if version.published_at is not None:
        raise CannotPublish((f"Version {version.version} is published already; it never changes.",))
    return version


def tell(actor: Actor, action: str, version: PlanDesignVersion, **detail: Any) -> None:
    """Put what happened to a version on the trail."""
    tenants.record_audit(
        actor=actor,
        action=action,
        subject_kind="plan_design_version",
        subject_uuid=version.uuid,
        detail={
            "version": version.version,
            "start": version.start_date,
            "end": version.end_date,
            "sha256": version.document_sha256,
            **detail,
        },
    )
