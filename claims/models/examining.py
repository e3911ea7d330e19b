"""What a person adds to a claim: notes, and values set by hand with the word of a second person. Only ever added."""

from django.db import models
from django.db.models import F, Q

from claims.models.columns import cents, linked, public_id

APPROVED, DECLINED, WITHDRAWN = "approved", "declined", "withdrawn"


class ClaimNote(models.Model):
    """What a member of staff wrote down about a claim. A mistake is put right by another note."""

    uuid = public_id()
    submission = linked("claims.ClaimSubmission", related_name="notes")
    text = models.TextField()
    actor_uuid = models.UUIDField()
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"note {self.uuid}"


class ClaimOverride(models.Model):
    """A value set by hand on a claim not yet decided. `field`, `reason`: keys of `claims.core.override_terms`.

    value_before, value: as the trace writes them. The effects are what the core said it would change, in memory, when it
    was saved; above `limit_cents` a second person must approve before it counts. `shown_sha256`: of the two decisions
    that were shown. `maker_uuid` who set it. It counts until an OverrideRuling ends it or a later one of the same field
    and line takes its place.
    """

    uuid = public_id()
    submission = linked("claims.ClaimSubmission", related_name="overrides")
    line_no = models.SmallIntegerField(null=True, blank=True)
    field = models.CharField(max_length=20)
    value_before = models.CharField(max_length=40, blank=True)
    value = models.CharField(max_length=40)
    reason = models.CharField(max_length=20)
    note = models.TextField()
    paid_effect_cents = cents()
    member_effect_cents = cents()
    limit_cents = cents()
    needs_second = models.BooleanField()
    shown_sha256 = models.CharField(max_length=64)
    maker_uuid = models.UUIDField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="claim_override_large_needs_second",
                condition=Q(needs_second=True)
                | Q(
                    paid_effect_cents__lte=F("limit_cents"),
                    paid_effect_cents__gte=-F("limit_cents"),
                    member_effect_cents__lte=F("limit_cents"),
                    member_effect_cents__gte=-F("limit_cents"),
                ),
            ),
            models.CheckConstraint(name="claim_override_limit_not_negative", condition=Q(limit_cents__gte=0)),
        ]

    def __str__(self) -> str:
        return f"override {self.field} {self.uuid}"


class OverrideRuling(models.Model):
    """What became of an override: approved or declined by a second person, or withdrawn.

    It repeats the maker (a foreign key in the database holds it to the override's), and whoever approves or declines is
    somebody else.
    """

    override = linked("claims.ClaimOverride", related_name="rulings")
    kind = models.CharField(max_length=10)
    maker_uuid = models.UUIDField()
    actor_uuid = models.UUIDField()
    note = models.TextField(blank=True)
    ruled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="override_ruling_once_a_kind", fields=["override", "kind"]),
            models.CheckConstraint(
                name="override_ruling_known_kind", condition=Q(kind__in=[APPROVED, DECLINED, WITHDRAWN])
            ),
            models.CheckConstraint(
                name="override_ruling_maker_is_not_checker",
                condition=Q(kind=WITHDRAWN) | ~Q(actor_uuid=F("maker_uuid")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.override_id}"
