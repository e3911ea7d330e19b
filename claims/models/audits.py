"""The audit of a night's decisions by the second evaluator, and the figures of how the work goes. Only ever added to.

Ids, counts and cents; nothing about a person. Rules: docs/domain/audit.md.
"""

from django.db import models
from django.db.models import Q

from claims.models.columns import cents, linked, public_id

ENGINE_FAULT, AUDITOR_FAULT, FACTS_CHANGED, BY_HAND = "engine_fault", "auditor_fault", "facts_changed", "by_hand"
REASONS = {
    ENGINE_FAULT: "The decision is wrong; it was or will be corrected",
    AUDITOR_FAULT: "The decision is right; the auditor's rule is wrong",
    FACTS_CHANGED: "Coverage or another fact was changed after the decision",
    BY_HAND: "A person decided so on purpose",
}
"""Why a finding is closed. Only the first stays an error in the figures of accuracy."""


class AuditShare(models.Model):
    """Which part of the decisions is audited from now on, in basis points; the last row counts, none means all."""

    share_bp = models.IntegerField()
    set_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_uuid = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="audit_share_in_range", condition=Q(share_bp__range=(0, 10_000)))]

    def __str__(self) -> str:
        return f"{self.share_bp} bp"


class AuditRun(models.Model):
    """One audit of one closed night. It is done when its last page stands."""

    uuid = public_id()
    night = linked("claims.Night", related_name="audits")
    run_no = models.SmallIntegerField(default=1)
    share_bp = models.IntegerField()
    begun_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="audit_run_once", fields=["night", "run_no"]),
            models.CheckConstraint(name="audit_run_share_in_range", condition=Q(share_bp__range=(0, 10_000))),
        ]

    def __str__(self) -> str:
        return f"audit {self.run_no} of night {self.night_id}"


class AuditPage(models.Model):
    """Families (after, through] of a run, audited in one transaction. `not_judged`: lines by reason."""

    run = linked("claims.AuditRun", indexed=False, related_name="pages")
    after_family = models.BigIntegerField()
    through_family = models.BigIntegerField()
    is_last = models.BooleanField()
    decisions = models.IntegerField()
    lines = models.IntegerField()
    wrong = models.IntegerField()
    paid_cents = cents()
    not_judged = models.JSONField(default=dict)
    audited_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="audit_page_once", fields=["run", "after_family"]),
            models.UniqueConstraint(name="audit_page_one_last", fields=["run"], condition=Q(is_last=True)),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} through {self.through_family}"


class AuditFinding(models.Model):
    """A decision the auditor comes to other figures for. `off_cents`: paid, as on file less as worked out.

    `paid_wrong`: a payment differs, on some line; otherwise only a ledger, a posting or a step does.
    """

    uuid = public_id()
    run = linked("claims.AuditRun", related_name="findings")
    version = linked("claims.ClaimVersion")
    off_cents = cents()
    absolute_off_cents = cents()
    paid_wrong = models.BooleanField()
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="audit_finding_once", fields=["run", "version"]),
            models.CheckConstraint(name="audit_finding_absolute", condition=Q(absolute_off_cents__gte=0)),
        ]

    def __str__(self) -> str:
        return f"finding {self.uuid}"


class AuditDifference(models.Model):
    """One figure that differs. `kind` and `subject` as in `claims.audit.findings`; `line_no` 0: of the decision."""

    finding = linked("claims.AuditFinding", related_name="differences")
    line_no = models.SmallIntegerField()
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=60)
    expected = models.BigIntegerField()
    recorded = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.kind} of {self.finding_id}"


class AuditClosing(models.Model):
    """A person looked at a finding and says what it was."""

    finding = models.OneToOneField(AuditFinding, models.PROTECT, related_name="closing")
    reason = models.CharField(max_length=20)
    note = models.TextField()
    actor_uuid = models.UUIDField()
    closed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="audit_closing_known_reason", condition=Q(reason__in=list(REASONS)))]

    def __str__(self) -> str:
        return f"{self.reason} {self.finding_id}"


class QualityFigure(models.Model):
    """One figure of one night: a count or cents under a name of `tenants.core.quality`, `bucket` "" for the whole.

    Written once when the night's audit is done; the same night always gives the same figures.
    """

    night = linked("claims.Night", indexed=False)
    day = models.DateField()
    name = models.CharField(max_length=30)
    bucket = models.CharField(max_length=30, blank=True)
    amount = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="quality_figure_once", fields=["night", "name", "bucket"])]
        indexes = [models.Index(name="quality_figure_day", fields=["day", "name"])]

    def __str__(self) -> str:
        return f"{self.day} {self.name} {self.bucket}"
