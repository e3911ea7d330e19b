"""Plan versions on their way to publication: what is on file of each, and what is still missing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from benefits.core.plan_gate import ComparedClaim
from benefits.models import GoldenRun, GoldenSet, PlanDesignVersion, PlanImpact, PublicationRequest

LARGEST_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Evidence:
    """The newest of everything that speaks for a version. request: None once it rests on something older."""

    golden: GoldenSet | None
    run: GoldenRun | None
    impact: PlanImpact | None
    request: PublicationRequest | None


def evidence_of(version: PlanDesignVersion) -> Evidence:
    """What is on file of a version."""
    golden = version.golden_sets.order_by("-number").first()
    run = golden.runs.order_by("-pk").first() if golden is not None else None
    impact = version.impacts.order_by("-pk").first()
    request = version.publication_requests.select_related("golden_run").order_by("-pk").first()
    if request is not None and (
        golden is None
        or impact is None
        or request.golden_run.golden_set_id != golden.pk
        or request.impact_id != impact.pk
    ):
        request = None
    return Evidence(golden, run, impact, request)


def missing_for_request(version: PlanDesignVersion, evidence: Evidence, *, now: datetime) -> tuple[str, ...]:
    """What is missing before somebody may ask for publication, one sentence each."""
    found: list[str] = []
    if evidence.golden is None or evidence.run is None:
        found.append("It has no golden claims. Add a file with at least one for each category of the plan.")
    elif not evidence.run.passed:
        found += evidence.run.faults or ["Its golden claims do not pass."]
    return (*found, *_impact_missing(version, evidence.impact, now))


def _impact_missing(version: PlanDesignVersion, impact: PlanImpact | None, now: datetime) -> tuple[str, ...]:
    if impact is None:
        return ("Its effect on real claims is not known. Start the comparison.",)
    if impact.error:
        return (f"The comparison with real claims could not be finished: {impact.error}",)
    if impact.finished_at is None:
        return ("The comparison with real claims is not finished yet.",)
    if impact.document_sha256 != version.document_sha256:
        return ("The comparison was made with another document. Start it again.",)
    if now - impact.started_at > timedelta(days=settings.PLAN_IMPACT_DAYS):
        return (f"The comparison is older than {settings.PLAN_IMPACT_DAYS} days. Start it again.",)
    siblings = PlanDesignVersion.objects.filter(plan_option=version.plan_option_id, published_at__gte=impact.started_at)
    if siblings.exclude(pk=version.pk).exists():
        return ("Another version of this option was published after the comparison. Start it again.",)
    return ()


def compared_claims(impact: PlanImpact) -> list[ComparedClaim]:
    """Every claim the draft decides otherwise, by its key."""
    return [
        ComparedClaim(
            claim_id=row.claim_id,
            claim_number=row.claim_number,
            person_id=row.person_id,
            outcome_now=row.outcome_now,
            outcome_draft=row.outcome_draft,
            plan_now=row.plan_now,
            plan_draft=row.plan_draft,
            member_now=row.member_now,
            member_draft=row.member_draft,
            categories={category: (more[0], more[1]) for category, more in row.categories.items()},
        )
        for row in impact.rows.order_by("claim_id")
    ]


def largest(claims: list[ComparedClaim], *, most: int = LARGEST_SHOWN) -> list[ComparedClaim]:
    """The claims that move most money, the largest first."""
    return sorted(claims, key=lambda each: (-each.moved, each.claim_id))[:most]


def versions() -> QuerySet[PlanDesignVersion]:
    """Every version of every option, the newest first."""
    return PlanDesignVersion.objects.select_related("plan_option").order_by("-pk")
