"""Reviews of decisions something has moved under, and changes of many claims at once: previewed, approved, ordered.

Everything is appended. What a change would do is worked out part by part; a part without its PartPreviewed is still to be
looked at. Rules: docs/domain/mass_changes.md.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from claims.core.affected import POLICIES, WAITS
from claims.core.changes import OUTCOMES, REDECIDE, REVERSE
from claims.core.reviews import SOURCES, WHYS
from claims.models.columns import cents, linked, public_id
from claims.models.examining import APPROVED, DECLINED, WITHDRAWN

ORDERED, STALE, NOTHING = "ordered", "stale", "nothing"


class ChangeReview(models.Model):
    """Decided claims to look at because coverage, prices or contracts changed for days gone by.

    family and line_of_coverage: whose coverage moved; none where prices did. first_day: the first day that is meant.
    claims: how many were listed when it was opened.
    """

    uuid = public_id()
    cause = models.CharField(max_length=20)
    family = linked("benefits.Family", null=True, blank=True)
    line_of_coverage = models.CharField(max_length=10, blank=True)
    first_day = models.DateField()
    claims = models.IntegerField()
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"review {self.uuid}"


class ReviewSource(models.Model):
    """Something that moved and was looked into, once: news of coverage, a load of own tables, a release. review: what it
    opened, if any claim was touched."""

    kind = models.CharField(max_length=10)
    reference = models.CharField(max_length=60)
    review = linked("claims.ChangeReview", null=True, blank=True, related_name="sources")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="review_source_once", fields=["kind", "reference"]),
            models.CheckConstraint(name="review_source_known_kind", condition=Q(kind__in=SOURCES)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class ReviewedClaim(models.Model):
    """A claim a review lists. why: of `claims.core.reviews.WHYS`."""

    review = linked("claims.ChangeReview", related_name="listed", indexed=False)
    submission = linked("claims.ClaimSubmission")
    why = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reviewed_claim_once", fields=["review", "submission"]),
            models.CheckConstraint(name="reviewed_claim_known_why", condition=Q(why__in=WHYS)),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.submission_id}"


class MassChange(models.Model):
    """Many decided claims to be changed for one cause: which, how, and what is to happen to claims they affect.

    kind: REDECIDE or REVERSE. chosen_by: the filters, in words of `claims.core.reviews`. claims: chosen ones. maker: who
    asked; somebody else approves.
    """

    uuid = public_id()
    kind = models.CharField(max_length=8)
    cause = models.CharField(max_length=20)
    note = models.TextField()
    chosen_by = models.JSONField()
    policy = models.CharField(max_length=14)
    least_cents = cents()
    review = linked("claims.ChangeReview", null=True, blank=True, related_name="mass_changes")
    claims = models.IntegerField()
    maker_uuid = models.UUIDField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="mass_change_known_kind", condition=Q(kind__in=[REDECIDE, REVERSE])),
            models.CheckConstraint(name="mass_change_known_policy", condition=Q(policy__in=POLICIES)),
            models.CheckConstraint(name="mass_change_least_not_negative", condition=Q(least_cents__gte=0)),
            models.CheckConstraint(name="mass_change_has_claims", condition=Q(claims__gt=0)),
        ]

    def __str__(self) -> str:
        return f"mass change {self.uuid}"


class MassChangePart(models.Model):
    """Whole units of families of a mass change, with the claims chosen among theirs; worked out in one go."""

    mass_change = linked("claims.MassChange", related_name="parts", indexed=False)
    number = models.IntegerField()
    family_ids = ArrayField(models.BigIntegerField())
    unit_sizes = ArrayField(models.IntegerField())
    submission_ids = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [models.UniqueConstraint(name="mass_change_part_number", fields=["mass_change", "number"])]

    def __str__(self) -> str:
        return f"{self.mass_change_id}/{self.number}"


class PartPreviewed(models.Model):
    """A part was worked out. facts_sha256: over the decisions in force it looked at and everything that would be done."""

    part = models.OneToOneField(MassChangePart, models.PROTECT, primary_key=True, related_name="previewed")
    facts_sha256 = models.CharField(max_length=64)
    rules_hash = models.CharField(max_length=16)
    previewed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.part_id}"


class MassChangeClaim(models.Model):
    """What a mass change would do to one claim: `claims.core.affected.Effect`, stored."""

    uuid = public_id()
    mass_change = linked("claims.MassChange", related_name="effects", indexed=False)
    part = linked("claims.MassChangePart", indexed=False)
    submission = linked("claims.ClaimSubmission")
    chosen = models.BooleanField()
    ordered = models.BooleanField()
    kind = models.CharField(max_length=8)
    outcome = models.CharField(max_length=9)
    old_paid_cents = cents()
    new_paid_cents = cents()
    old_member_cents = cents()
    new_member_cents = cents()
    counted = models.JSONField(default=dict)
    pends = models.CharField(max_length=200, blank=True)
    payee_moves = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="mass_change_claim_once", fields=["mass_change", "submission"]),
            models.CheckConstraint(name="mass_change_claim_known_outcome", condition=Q(outcome__in=[*OUTCOMES, WAITS])),
            models.CheckConstraint(
                name="mass_change_claim_that_stays_moves_nothing",
                condition=Q(outcome__in=["changed", "reversed"])
                | Q(old_paid_cents=F("new_paid_cents"), old_member_cents=F("new_member_cents")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mass_change_id} {self.submission_id}"


class MassChangeRuling(models.Model):
    """A second person approved or declined a mass change, or its maker withdrew it. Once.

    It repeats the maker (a foreign key in the database holds it to the change's). preview_sha256: of what was shown.
    """

    mass_change = models.OneToOneField(MassChange, models.PROTECT, primary_key=True, related_name="ruling")
    kind = models.CharField(max_length=10)
    maker_uuid = models.UUIDField()
    actor_uuid = models.UUIDField()
    preview_sha256 = models.CharField(max_length=64, blank=True)
    note = models.TextField(blank=True)
    ruled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mass_change_ruling_known_kind", condition=Q(kind__in=[APPROVED, DECLINED, WITHDRAWN])
            ),
            models.CheckConstraint(
                name="mass_change_ruling_maker_is_not_checker",
                condition=Q(kind=WITHDRAWN) | ~Q(actor_uuid=F("maker_uuid")),
            ),
            models.CheckConstraint(
                name="mass_change_ruling_names_preview",
                condition=~Q(kind=APPROVED) | Q(preview_sha256__regex="^[0-9a-f]{64}$"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mass_change_id}"


class MassChangeEnd(models.Model):
    """What came of an approved mass change: ordered, or refused because the facts had moved since the preview."""

    mass_change = models.OneToOneField(MassChange, models.PROTECT, primary_key=True, related_name="end")
    kind = models.CharField(max_length=8)
    orders = models.IntegerField()
    ended_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mass_change_end_known_kind", condition=Q(kind=ORDERED) | Q(kind=STALE, orders=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mass_change_id}"


class ReviewEnd(models.Model):
    """A review was answered: by a mass change that was ordered, or by somebody who found nothing to do and said why."""

    review = models.OneToOneField(ChangeReview, models.PROTECT, primary_key=True, related_name="end")
    kind = models.CharField(max_length=8)
    mass_change = linked("claims.MassChange", null=True, blank=True)
    note = models.TextField(blank=True)
    actor_uuid = models.UUIDField()
    ended_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="review_end_known_kind",
                condition=Q(kind=ORDERED, mass_change__isnull=False) | (Q(kind=NOTHING) & ~Q(note="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.review_id}"
