"""Claims that wait for a person: why, since when, and how it ended."""

from django.db import models
from django.db.models import Q

from claims.models.columns import cents, linked, public_id


class PendedDecision(models.Model):
    """What the engine would have done with a claim it had to stop on one night. Nothing was paid or counted."""

    submission = linked("claims.ClaimSubmission", indexed=False, related_name="pended_decisions")
    night = linked("claims.Night")
    pended_on = models.DateField()
    plan_option = linked("benefits.PlanOption", indexed=False, null=True, blank=True)
    plan_design_version = linked("benefits.PlanDesignVersion", indexed=False, null=True, blank=True)
    allowed_cents = cents()
    paid_cents = cents()
    member_cents = cents()
    steps = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(name="pended_decision_once_a_night", fields=["submission", "night"])]

    def __str__(self) -> str:
        return f"{self.submission_id} on {self.pended_on}"


class Pend(models.Model):
    """One reason why a claim waits. `code` is a key of `claims.core.reasons`; open until a PendResolution exists."""

    uuid = public_id()
    decision = linked("claims.PendedDecision", related_name="pends")
    submission = linked("claims.ClaimSubmission", related_name="pends")
    code = models.CharField(max_length=8)
    line_no = models.SmallIntegerField(null=True, blank=True)
    facts = models.JSONField(default=dict)
    opened_on = models.DateField()
    due_date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="pend_once_per_reason", fields=["decision", "code", "line_no"], nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.uuid}"


class PendResolution(models.Model):
    """How a pend ended. `release`: decide the claim again, the reason answered; `deny`: deny it with `carc`.

    `rerun`: decide the claim again, nothing answered; the reason may come back as a new pend. `closed`: the claim was
    replaced or voided before anybody answered.
    """

    pend = models.OneToOneField(Pend, models.PROTECT, related_name="resolution")
    kind = models.CharField(max_length=8)
    carc = models.CharField(max_length=5, blank=True)
    note = models.TextField()
    actor_kind = models.CharField(max_length=10)
    actor_uuid = models.UUIDField(null=True, blank=True)
    resolved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pend_resolution_denial_names_carc",
                condition=Q(kind__in=["release", "rerun", "closed"], carc="") | (Q(kind="deny") & ~Q(carc="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pend_id}"
