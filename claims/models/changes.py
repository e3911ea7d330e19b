"""Decisions changed after the fact: who ordered it and why, and what a night made of the order. Appended, never edited."""

from django.db import models
from django.db.models import Q

from claims.core.changes import BY_PROVIDER, CHANGED, CLOSED, KINDS, OUTCOMES, REVERSED, UNCHANGED
from claims.models.columns import linked, public_id


class ClaimChange(models.Model):
    """An order to take back what was decided on `submission`, and what takes its place.

    kind and cause are those of `claims.core.changes`. A provider's replacement or void names its own claim as
    `successor` and is written while that claim is stored; a claim has one such successor at most. The plan's own orders
    have none and say who ordered and why. `filed_date`: when the first claim of the line came in (filing limits).
    """

    uuid = public_id()
    kind = models.CharField(max_length=8)
    cause = models.CharField(max_length=20)
    submission = linked("claims.ClaimSubmission", related_name="changes")
    successor = models.OneToOneField(
        "claims.ClaimSubmission", models.PROTECT, null=True, blank=True, related_name="correction"
    )
    filed_date = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_uuid = models.UUIDField(null=True, blank=True)
    ordered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="claim_change_known_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(
                name="claim_change_provider_names_successor",
                condition=Q(kind__in=BY_PROVIDER, successor__isnull=False, filed_date__isnull=False)
                | (~Q(kind__in=BY_PROVIDER) & Q(successor__isnull=True)),
            ),
            models.UniqueConstraint(
                name="claim_change_one_successor", fields=["submission"], condition=Q(successor__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.submission_id}"


class ClaimChangeResult(models.Model):
    """What one night made of a ClaimChange: the reversal and the new decision it appended, each where there is one."""

    change = models.OneToOneField(ClaimChange, models.PROTECT, primary_key=True, related_name="result")
    night = linked("claims.Night")
    outcome = models.CharField(max_length=9)
    reversal = models.OneToOneField(
        "claims.ClaimVersion", models.PROTECT, null=True, blank=True, related_name="taken_back_by"
    )
    decision = models.OneToOneField(
        "claims.ClaimVersion", models.PROTECT, null=True, blank=True, related_name="decided_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="claim_change_result_known_outcome", condition=Q(outcome__in=OUTCOMES)),
            models.CheckConstraint(
                name="claim_change_result_names_versions",
                condition=Q(outcome=REVERSED, reversal__isnull=False, decision__isnull=True)
                | Q(outcome=CHANGED, reversal__isnull=False, decision__isnull=False)
                | Q(outcome=UNCHANGED, reversal__isnull=True, decision__isnull=True)
                | Q(outcome=CLOSED, reversal__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change_id} {self.outcome}"
