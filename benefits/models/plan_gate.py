"""What stands between a drafted plan version and its publication: golden claims, their answers, the effect on real claims.

Rules: docs/domain/plan_publishing.md. All rows are only ever added, but for the progress of an impact that is under way.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from benefits.models.columns import linked, public_id


class GoldenSet(models.Model):
    """The golden claims of a version, as one document (docs/golden_claims.md). The newest of a version counts."""

    uuid = public_id()
    design_version = linked("benefits.PlanDesignVersion", indexed=False, related_name="golden_sets")
    number = models.IntegerField()
    document = models.JSONField()
    document_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by_kind = models.CharField(max_length=10)
    made_by_uuid = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="golden_set_once", fields=["design_version", "number"])]

    def __str__(self) -> str:
        return f"golden claims {self.number} of version {self.design_version_id}"


class GoldenRun(models.Model):
    """The engine's answers to a set of golden claims. The newest of a set counts.

    faults: why it did not pass, a sentence each. answers: claim by claim, what was expected and what came out.
    rules_hash: of design, the set's reference and engine.
    """

    uuid = public_id()
    golden_set = linked("benefits.GoldenSet", related_name="runs")
    rules_hash = models.CharField(max_length=16)
    passed = models.BooleanField()
    faults = models.JSONField()
    answers = models.JSONField()
    ran_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"run {self.pk} of golden set {self.golden_set_id}"


class PlanImpact(models.Model):
    """Real claims with first service in [since, until) decided again, on the designs in force and with a draft instead.

    A job: pieces are worked one by one, by any process, until `finished_at`. error: why it can never finish. in_force_hash,
    draft_hash: the rules of both sides. inputs_sha256: over document, both rules and every claim; result_sha256: over every
    row as well. figures: what was counted.
    """

    uuid = public_id()
    design_version = linked("benefits.PlanDesignVersion", related_name="impacts")
    document_sha256 = models.CharField(max_length=64)
    since = models.DateField()
    until = models.DateField()
    claims = models.IntegerField()
    in_force_hash = models.CharField(max_length=16)
    draft_hash = models.CharField(max_length=16)
    inputs_sha256 = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    started_by_kind = models.CharField(max_length=10)
    started_by_uuid = models.UUIDField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True, default="")
    figures = models.JSONField(default=dict)
    result_sha256 = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="plan_impact_days", condition=Q(until__gt=F("since"))),
            models.CheckConstraint(
                name="plan_impact_finished_has_result",
                condition=Q(finished_at=None, result_sha256="") | Q(finished_at__isnull=False, error=""),
            ),
        ]

    def __str__(self) -> str:
        return f"impact of version {self.design_version_id} since {self.since}"


class PlanImpactPiece(models.Model):
    """Whole families whose claims are decided again in one transaction. figures: what was counted of them."""

    impact = linked("benefits.PlanImpact", indexed=False, related_name="pieces")
    number = models.IntegerField()
    family_ids = ArrayField(models.BigIntegerField())
    unit_sizes = ArrayField(models.IntegerField())
    claim_ids = ArrayField(models.BigIntegerField())
    done_at = models.DateTimeField(null=True, blank=True)
    figures = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(name="plan_impact_piece_once", fields=["impact", "number"])]

    def __str__(self) -> str:
        return f"piece {self.number} of impact {self.impact_id}"


class PlanImpactRow(models.Model):
    """A claim the draft decides otherwise; cents. categories: by category, what the plan and the member bear more.

    claim_id: key of the claim's submission; claim_number: as people know it.
    """

    impact = linked("benefits.PlanImpact", indexed=False, related_name="rows")
    claim_id = models.BigIntegerField()
    claim_number = models.CharField(max_length=20)
    person_id = models.BigIntegerField()
    outcome_now = models.CharField(max_length=5)
    outcome_draft = models.CharField(max_length=5)
    plan_now = models.BigIntegerField()
    plan_draft = models.BigIntegerField()
    member_now = models.BigIntegerField()
    member_draft = models.BigIntegerField()
    categories = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(name="plan_impact_row_once", fields=["impact", "claim_id"])]

    def __str__(self) -> str:
        return f"claim {self.claim_number} in impact {self.impact_id}"


class PublicationRequest(models.Model):
    """Somebody asks that a version be published, on this evidence. A second person approves (or nobody does)."""

    uuid = public_id()
    design_version = linked("benefits.PlanDesignVersion", related_name="publication_requests")
    golden_run = linked("benefits.GoldenRun")
    impact = linked("benefits.PlanImpact")
    requested_at = models.DateTimeField()
    requested_by_kind = models.CharField(max_length=10)
    requested_by_uuid = models.UUIDField()

    def __str__(self) -> str:
        return f"request to publish version {self.design_version_id}"
