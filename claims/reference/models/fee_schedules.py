"""What a contract allows: terms by network and, where they differ, by provider; rates of fee schedules."""

from django.db import models
from django.db.models import Q

from claims.reference.models.releases import ReleasedRow, spans_hold_days

METHODS = ["fee_schedule", "percent_of_billed", "per_diem", "case_rate", "repriced"]


class ContractTerm(ReleasedRow):
    """One way of pricing under a network contract. The matching term with the lowest priority number prices a line.

    `npi` blank: every provider of the network. `kind` blank: every claim kind (P, I, D). `codes`: comma-separated
    codes or ranges it applies to, blank for all; `revenues` and `bill_types` likewise. `amount_cents`: per day
    (per_diem) or per case (case_rate). `rate_bp`: of the fee (fee_schedule) or the charge (percent_of_billed).
    """

    network = models.CharField(max_length=20)
    npi = models.CharField(max_length=10, blank=True)
    priority = models.IntegerField()
    kind = models.CharField(max_length=1, blank=True)
    codes = models.CharField(max_length=400, blank=True)
    revenues = models.CharField(max_length=200, blank=True)
    bill_types = models.CharField(max_length=100, blank=True)
    method = models.CharField(max_length=20)
    schedule = models.CharField(max_length=20, blank=True)
    rate_bp = models.IntegerField(default=10_000)
    amount_cents = models.BigIntegerField(default=0)
    lesser_of_billed = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="contract_term_once_a_release", fields=["network", "npi", "priority", "start_date", "release"]
            ),
            models.CheckConstraint(name="contract_term_known_method", condition=Q(method__in=METHODS)),
            models.CheckConstraint(
                name="contract_term_schedule_named", condition=~Q(method="fee_schedule") | ~Q(schedule="")
            ),
            spans_hold_days("contract_term_span_holds_days"),
        ]

    def __str__(self) -> str:
        return f"{self.network} {self.priority}"


class FeeRate(ReleasedRow):
    """The fee of one code in one schedule, in cents per unit. `facility`: the rate for facility places of service."""

    schedule = models.CharField(max_length=20)
    code = models.CharField(max_length=8)
    modifier = models.CharField(max_length=2, blank=True)
    facility = models.BooleanField(null=True, blank=True)
    cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="fee_rate_once_a_release",
                fields=["schedule", "code", "modifier", "facility", "start_date", "release"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="fee_rate_not_negative", condition=Q(cents__gte=0)),
            spans_hold_days("fee_rate_span_holds_days"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule} {self.code}"
