"""What an employer bought, from when to when, and what it pays the ASO for it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from tenants.core.services_bought import Service
from tenants.models.columns import public_id

FEE_BASES = [
    ("per_employee_month", "per employee and month"),
    ("per_claim", "per claim decided"),
    ("flat_month", "flat per month"),
]


class ServiceAgreement(models.Model):
    """One service over `[start_date, end_date)`; a null end is open. `fee_cents` per unit of `fee_basis`."""

    uuid = public_id()
    employer = models.ForeignKey("tenants.Employer", on_delete=models.PROTECT, related_name="agreements")
    service = models.CharField(max_length=20, choices=[(name, name) for name in Service])
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    fee_cents = models.BigIntegerField(default=0)
    fee_basis = models.CharField(max_length=20, choices=FEE_BASES, default="per_employee_month")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="agreement_known_service", condition=Q(service__in=[str(name) for name in Service])
            ),
            models.CheckConstraint(
                name="agreement_known_basis", condition=Q(fee_basis__in=[name for name, _ in FEE_BASES])
            ),
            models.CheckConstraint(name="agreement_fee_not_negative", condition=Q(fee_cents__gte=0)),
            models.CheckConstraint(
                name="agreement_span", condition=Q(end_date__isnull=True) | Q(end_date__gt=F("start_date"))
            ),
            ExclusionConstraint(
                name="agreement_once_per_day",
                expressions=[
                    ("employer", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    (
                        Func(
                            F("start_date"),
                            F("end_date"),
                            Value("[)"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} from {self.start_date}"
