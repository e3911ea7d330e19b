"""Files that move accumulators between us and others, what each of their records came to, and fills of drugs.

Kinds: `claims.core.pharmacy.FILE_KINDS`. Everything is appended; how far a file is follows from its rows.
"""

from django.db import models
from django.db.models import F, Q

from claims.core.pharmacy import FILE_KINDS, POSTED, REJECTED, RESULTS, TRANSACTIONS
from claims.models.columns import cents, linked, public_id


class AccumulatorFile(models.Model):
    """One file that came or was written. `reference`: the sender's own name for it, which never means another content.

    partner: the other side: a pharmacy manager, or a prior administrator. day: the day its header gives (of a takeover:
    as of when its balances are true). document_uuid: its bytes. night: of a written one.
    """

    uuid = public_id()
    kind = models.CharField(max_length=16)
    partner = models.CharField(max_length=15)
    reference = models.CharField(max_length=40)
    day = models.DateField()
    content_sha256 = models.CharField(max_length=64)
    document_uuid = models.UUIDField()
    night = linked("claims.Night", null=True, blank=True)
    records = models.IntegerField()
    actor_kind = models.CharField(max_length=10)
    actor_uuid = models.UUIDField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="accumulator_file_known_kind", condition=Q(kind__in=FILE_KINDS)),
            models.UniqueConstraint(name="accumulator_file_once", fields=["kind", "partner", "reference"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.partner} {self.reference}"


class AccumulatorFileRecord(models.Model):
    """What one record of a file came to. `over_cents`: by how much it went past a limit that was used up already.

    record_id: the sender's name of the record; posted once for good. content_sha256: of its cells. In an answer about a
    file of ours a record names one of ours, and `posted` is what the other side did.
    """

    file = linked("claims.AccumulatorFile", indexed=False, related_name="told")
    line = models.IntegerField()
    kind = models.CharField(max_length=16)
    partner = models.CharField(max_length=15)
    record_id = models.CharField(max_length=60)
    content_sha256 = models.CharField(max_length=64)
    result = models.CharField(max_length=9)
    reason = models.CharField(max_length=30, blank=True)
    over_cents = cents(default=0)
    person = linked("benefits.Person", indexed=False, null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="accumulator_file_record_line_once", fields=["file", "line"]),
            models.UniqueConstraint(
                name="accumulator_file_record_posted_once",
                fields=["kind", "partner", "record_id"],
                condition=Q(result=POSTED),
            ),
            models.CheckConstraint(name="accumulator_file_record_known_result", condition=Q(result__in=RESULTS)),
            models.CheckConstraint(
                name="accumulator_file_record_rejected_says_why",
                condition=(Q(result=REJECTED) & ~Q(reason="")) | (~Q(result=REJECTED) & Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.line}"


class AccumulatorFileEnd(models.Model):
    """That a file is wholly taken in: its counts, and the answer that goes back."""

    file = models.OneToOneField(AccumulatorFile, models.PROTECT, primary_key=True, related_name="end")
    posted = models.IntegerField()
    unchanged = models.IntegerField()
    rejected = models.IntegerField()
    over = models.IntegerField()
    over_cents = cents()
    answer_uuid = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"end of {self.file_id}"


class AccumulatorPosting(models.Model):
    """Which record an accumulator entry comes from."""

    record = linked("claims.AccumulatorFileRecord")
    entry = models.OneToOneField("claims.AccumulatorEntry", models.PROTECT, related_name="posting")

    def __str__(self) -> str:
        return f"{self.record_id} {self.entry_id}"


class PharmacyFill(models.Model):
    """One transaction of a fill as its manager told it: paid, reversed (amounts taken back) or adjusted (new amounts).

    manager and claim_id name the fill; sequence counts its transactions from 1. quantity in thousandths. The member's
    parts: deductible, copay, coinsurance; `uncounted` is what he bears that counts toward nothing (the difference to a
    generic, a coupon).
    """

    record = models.OneToOneField(AccumulatorFileRecord, models.PROTECT, primary_key=True, related_name="fill")
    manager = models.CharField(max_length=15)
    claim_id = models.CharField(max_length=40)
    sequence = models.IntegerField()
    transaction = models.CharField(max_length=8)
    person = linked("benefits.Person")
    family = linked("benefits.Family", indexed=False)
    fill_date = models.DateField()
    paid_date = models.DateField()
    rx_number = models.CharField(max_length=20)
    fill_number = models.SmallIntegerField()
    ndc = models.CharField(max_length=11)
    quantity_thousandths = models.BigIntegerField()
    days_supply = models.SmallIntegerField()
    generic = models.BooleanField()
    pharmacy_npi = models.CharField(max_length=10)
    ingredient_cents = cents()
    dispensing_cents = cents()
    tax_cents = cents()
    plan_paid_cents = cents()
    deductible_cents = cents()
    copay_cents = cents()
    coinsurance_cents = cents()
    uncounted_cents = cents()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="pharmacy_fill_sequence_once", fields=["manager", "claim_id", "sequence"]),
            models.CheckConstraint(name="pharmacy_fill_known_transaction", condition=Q(transaction__in=TRANSACTIONS)),
            models.CheckConstraint(
                name="pharmacy_fill_balances",
                condition=Q(
                    plan_paid_cents=F("ingredient_cents")
                    + F("dispensing_cents")
                    + F("tax_cents")
                    - F("deductible_cents")
                    - F("copay_cents")
                    - F("coinsurance_cents")
                    - F("uncounted_cents")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.manager} {self.claim_id}-{self.sequence}"
