"""One business night of one employer: what it may see, its chunks of families, and what came out."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from claims.models.columns import linked, public_id

STEPS = ["planned", "adjudicate", "pay", "stop_loss", "close", "closed"]
CHUNK_STATES = ["ready", "leased", "done", "split", "quarantined"]


class Night(models.Model):
    """A run with frozen inputs: claims up to `cutoff_seq`, the plan versions published by `pinned_at`, one release.

    `step` only moves forward. `digest` is set at the close, over natural keys, so it is the same for any number of
    workers, crashes or reruns. `own_tables`: the last OwnTableLoad it reads, by number,
    0 for none. `error`: why the step in hand cannot be taken, empty as soon as it was.
    """

    uuid = public_id()
    business_date = models.DateField()
    run_no = models.SmallIntegerField(default=1)
    after_seq = models.BigIntegerField()
    cutoff_seq = models.BigIntegerField()
    pinned_at = models.DateTimeField()
    design_version_ids = ArrayField(models.BigIntegerField(), default=list)
    reference_release = models.CharField(max_length=20)
    own_tables = models.IntegerField(default=0)
    rules_hash = models.CharField(max_length=16)
    step = models.CharField(max_length=10, default="planned")
    planned_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    figures = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True)
    error_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="night_once", fields=["business_date", "run_no"]),
            models.CheckConstraint(name="night_known_step", condition=Q(step__in=STEPS)),
            models.CheckConstraint(name="night_closed_has_digest", condition=~Q(step="closed") | ~Q(digest="")),
            models.CheckConstraint(name="night_cutoff_forward", condition=Q(cutoff_seq__gte=models.F("after_seq"))),
        ]

    def __str__(self) -> str:
        return f"{self.business_date} run {self.run_no}"


class NightChunk(models.Model):
    """A piece of one step worked in one transaction under a lease.

    adjudicate: whole units of families (`family_ids`, cut into units by `unit_sizes`), some thousands of claims: those
    that arrived for this night and, of earlier ones, those in `again_ids`. pay: whole payees (`payee_keys`) of one
    funding account (`funding_account_id`).
    `attempt` is counted in its own commit before the work; `fence` is checked inside the work transaction.
    """

    night = linked("claims.Night", indexed=False, related_name="chunks")
    step = models.CharField(max_length=10, default="adjudicate")
    number = models.IntegerField()
    parent = linked("claims.NightChunk", null=True, blank=True, indexed=False)
    family_ids = ArrayField(models.BigIntegerField(), default=list)
    unit_sizes = ArrayField(models.IntegerField(), default=list)
    again_ids = ArrayField(models.BigIntegerField(), default=list)
    funding_account = linked("benefits.FundingAccount", null=True, blank=True, indexed=False)
    payee_keys = ArrayField(models.CharField(max_length=60), default=list)
    claims = models.IntegerField()
    state = models.CharField(max_length=12, default="ready")
    attempt = models.SmallIntegerField(default=0)
    fence = models.BigIntegerField(default=0)
    worker = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)
    figures = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="night_chunk_number", fields=["night", "step", "number"]),
            models.CheckConstraint(
                name="night_chunk_work_fits_step",
                condition=Q(step="adjudicate", payee_keys=[])
                | Q(step="pay", family_ids=[], again_ids=[], funding_account__isnull=False),
            ),
            models.CheckConstraint(name="night_chunk_known_state", condition=Q(state__in=CHUNK_STATES)),
            models.CheckConstraint(
                name="night_chunk_lease_has_end", condition=~Q(state="leased") | Q(lease_until__isnull=False)
            ),
        ]
        indexes = [
            models.Index(
                name="night_chunk_open", fields=["night", "step", "number"], condition=Q(state__in=["ready", "leased"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.night_id}/{self.number}"


class Quarantine(models.Model):
    """A family that failed alone three times on one night. Its claims stay undecided until a person releases it."""

    uuid = public_id()
    night = linked("claims.Night")
    family = linked("benefits.Family")
    error = models.CharField(max_length=200)
    quarantined_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    released_by_uuid = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="quarantine_once", fields=["night", "family"])]

    def __str__(self) -> str:
        return f"{self.night_id} family {self.family_id}"
