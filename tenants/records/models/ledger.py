"""The employer's books: double entry, integer cents, appended and never changed. Rules: docs/domain/ledger.md."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class LedgerAccount(models.Model):
    """One account of the chart (`records.core.chart`): a role, and the funding account and benefit line it is for."""

    code = models.CharField(max_length=120, unique=True)
    role = models.CharField(max_length=40)
    kind = models.CharField(max_length=9)
    funding_account_uuid = models.UUIDField(null=True)
    benefit_line = models.CharField(max_length=20, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ledger_account_known_kind", condition=Q(kind__in=["asset", "liability", "income", "expense"])
            )
        ]
        indexes = [models.Index(name="ledger_account_by_role", fields=["role"])]

    def __str__(self) -> str:
        return self.code


class LedgerJournal(models.Model):
    """Why money moved, once per `key` (a uuid5 of the deed).

    `opened_xact` and `opened_at` are set by the database: entries are accepted only from the transaction they name.
    `content_sha256` tells a repeated posting from another one under the same key.
    """

    key = models.UUIDField(unique=True)
    posted_on = models.DateField()
    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=120)
    content_sha256 = models.BinaryField(max_length=32)
    opened_xact = models.BigIntegerField(editable=False, db_default=0)
    opened_at = models.DateTimeField(editable=False, db_default=Now())

    class Meta:
        indexes = [models.Index(name="ledger_journal_by_day", fields=["posted_on"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class LedgerEntry(models.Model):
    """Cents into (debit, > 0) or out of (credit, < 0) an account. The entries of a journal add up to zero."""

    journal = models.ForeignKey(LedgerJournal, models.PROTECT, related_name="entries", db_index=False)
    ordinal = models.SmallIntegerField()
    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="+", db_index=False)
    posted_on = models.DateField()
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="ledger_entry_once", fields=["journal", "ordinal"], include=["amount_cents"]),
            models.CheckConstraint(name="ledger_entry_moves_money", condition=~Q(amount_cents=0)),
        ]
        indexes = [
            models.Index(name="ledger_entry_by_account", fields=["account", "posted_on"], include=["amount_cents"])
        ]

    def __str__(self) -> str:
        return f"{self.journal_id}/{self.ordinal}"


class LedgerSnapshot(models.Model):
    """An account's balance at the end of a day: kept so that later sums are short, dropped by any earlier posting."""

    on_date = models.DateField()
    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="+", db_index=False)
    balance_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ledger_snapshot_once", fields=["on_date", "account"], include=["balance_cents"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} on {self.on_date}"
