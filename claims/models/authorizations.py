"""Prior authorisations: what was asked for, what became of it, what claims used of it. All of it is only added to."""

from django.db import models
from django.db.models import F, Q

from claims.core.authorization_standing import APPROVED, CLOSED, EVENT_KINDS, EXTENDED, REFUSED
from claims.core.care_values import MEASURES
from claims.models.columns import linked, public_id


class Authorization(models.Model):
    """Care somebody asked the plan to authorise, as it was asked.

    provider_npi, provider_tin: "" for any. codes: comma-separated codes or inclusive ranges; categories: keys of the plan
    design, comma-separated; one of both is not "". requested_on: when it was asked for. family: whose lock guards it.
    """

    uuid = public_id()
    number = models.CharField(max_length=30, unique=True)
    person = linked("benefits.Person")
    family = linked("benefits.Family", indexed=False)
    provider_npi = models.CharField(max_length=10, blank=True, default="")
    provider_tin = models.CharField(max_length=9, blank=True, default="")
    codes = models.CharField(max_length=400, blank=True, default="")
    categories = models.CharField(max_length=400, blank=True, default="")
    measure = models.CharField(max_length=6)
    urgent = models.BooleanField(default=False)
    requested_on = models.DateField()
    source = models.CharField(max_length=8)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="authorization_plain_number", condition=Q(number__regex=r"^[A-Z0-9][A-Z0-9-]{0,29}$")
            ),
            models.CheckConstraint(name="authorization_known_measure", condition=Q(measure__in=list(MEASURES))),
            models.CheckConstraint(name="authorization_names_services", condition=~Q(codes="", categories="")),
            models.CheckConstraint(name="authorization_known_source", condition=Q(source__in=["staff", "file"])),
        ]

    def __str__(self) -> str:
        return self.number


class AuthorizationEvent(models.Model):
    """What became of an authorisation; the sum of its events is what stands.

    approved: for [start_date, end_date) (None: open) and `amount` of its measure. extended: `amount` more, until end_date
    where that is set. refused. closed: nothing from end_date on. decided_by: who decided it, as the payer calls them.
    """

    uuid = public_id()
    authorization = linked("claims.Authorization", related_name="events")
    kind = models.CharField(max_length=8)
    start_date = models.DateField(null=True, blank=True)
    end_date = models.DateField(null=True, blank=True)
    amount = models.IntegerField(default=0)
    decided_on = models.DateField()
    decided_by = models.CharField(max_length=80, blank=True, default="")
    note = models.TextField(blank=True, default="")
    actor_kind = models.CharField(max_length=10)
    actor_uuid = models.UUIDField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="authorization_event_known_kind", condition=Q(kind__in=list(EVENT_KINDS))),
            models.CheckConstraint(
                name="authorization_event_says_its_days",
                condition=Q(kind=APPROVED, start_date__isnull=False, amount__gte=0)
                | Q(kind=EXTENDED, start_date__isnull=True, amount__gte=0)
                | Q(kind=REFUSED, start_date__isnull=True, end_date__isnull=True, amount=0)
                | Q(kind=CLOSED, start_date__isnull=True, end_date__isnull=False, amount=0),
            ),
            models.CheckConstraint(
                name="authorization_event_days_in_order",
                condition=Q(start_date__isnull=True) | Q(end_date__isnull=True) | Q(end_date__gt=F("start_date")),
            ),
            models.UniqueConstraint(
                name="authorization_approved_or_refused_once",
                fields=["authorization"],
                condition=Q(kind__in=[APPROVED, REFUSED]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authorization_id} {self.kind}"


class AuthorizationUse(models.Model):
    """What a line of a ClaimVersion used of an authorisation, by day and treating provider. A reversal is the negative."""

    authorization = linked("claims.Authorization", related_name="uses")
    version = linked("claims.ClaimVersion")
    line_no = models.SmallIntegerField()
    service_date = models.DateField()
    provider_npi = models.CharField(max_length=10)
    amount = models.IntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="authorization_use_not_zero", condition=~Q(amount=0))]

    def __str__(self) -> str:
        return f"{self.authorization_id} {self.version_id}/{self.line_no}"
