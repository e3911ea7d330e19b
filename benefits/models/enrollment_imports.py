"""Files of people and coverage: what each did, row by row, and the terminations they propose."""

from django.db import models
from django.db.models import Q

from benefits.models.columns import linked, public_id


class EnrollmentImport(models.Model):
    """One attempt to apply a census or one transaction set of an 834. Never changed: a second attempt is a new row.

    `kind`: "census", "834_change" or "834_full". `status`: "applied", "held" or "refused"; `hold_reasons` says why
    nothing was applied. `control_key`: sender|receiver|ISA13|GS06|ST02 of an 834, empty for a census.
    """

    uuid = public_id()
    kind = models.CharField(max_length=10)
    status = models.CharField(max_length=8)
    content_sha256 = models.CharField(max_length=64)
    file_uuid = models.UUIDField(null=True, blank=True)
    control_key = models.CharField(max_length=80, blank=True, default="")
    reference = models.CharField(max_length=50, blank=True, default="")
    as_of = models.DateField()
    rows = models.IntegerField()
    applied = models.IntegerField()
    unchanged = models.IntegerField()
    rejected = models.IntegerField()
    hold_reasons = models.JSONField(default=list)
    actor_kind = models.CharField(max_length=10)
    actor_uuid = models.UUIDField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="enrollment_import_known_kind", condition=Q(kind__in=["census", "834_change", "834_full"])
            ),
            models.CheckConstraint(
                name="enrollment_import_known_status", condition=Q(status__in=["applied", "held", "refused"])
            ),
        ]
        indexes = [models.Index(name="enrollment_import_by_content", fields=["content_sha256"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class EnrollmentImportRow(models.Model):
    """What became of one row: `result` is "ready", "applied", "warning", "unchanged" or "rejected".

    `position` is the line of a census or the segment of an 834 where the row begins. `reasons` name columns, segments
    and rules, never a person.
    """

    enrollment_import = linked("benefits.EnrollmentImport", indexed=False, related_name="row_results")
    position = models.IntegerField()
    result = models.CharField(max_length=9)
    member = linked("benefits.Member", null=True, blank=True)
    reasons = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="enrollment_import_row_once", fields=["enrollment_import", "position"])
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.result}"


class ProposedTermination(models.Model):
    """A member missing from a full file: coverage would end on `end_date`, once a person accepts it."""

    uuid = public_id()
    enrollment_import = linked("benefits.EnrollmentImport", related_name="proposed_terminations")
    member = linked("benefits.Member", indexed=False, related_name="proposed_terminations")
    end_date = models.DateField()
    status = models.CharField(max_length=8, default="open")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_kind = models.CharField(max_length=10, blank=True, default="")
    decided_by_uuid = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="proposed_termination_known_status", condition=Q(status__in=["open", "accepted", "declined"])
            ),
            models.CheckConstraint(
                name="proposed_termination_decided_with_time",
                condition=Q(status="open", decided_at=None) | (~Q(status="open") & Q(decided_at__isnull=False)),
            ),
            models.UniqueConstraint(
                name="proposed_termination_one_open_per_member", fields=["member"], condition=Q(status="open")
            ),
        ]

    def __str__(self) -> str:
        return f"Proposed termination {self.uuid}"


class FileTolerance(models.Model):
    """How many people a full file may drop before it is held for a person to look at. One row per employer.

    Held when more than `share_bp` basis points of the covered lives, or more than `lives`, would end.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    share_bp = models.IntegerField(default=500)
    lives = models.IntegerField(default=25)

    class Meta:
        constraints = [
            models.CheckConstraint(name="file_tolerance_single_row", condition=Q(id=1)),
            models.CheckConstraint(
                name="file_tolerance_in_range",
                condition=Q(share_bp__gte=0, share_bp__lte=10_000, lives__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.share_bp} basis points or {self.lives} lives"
