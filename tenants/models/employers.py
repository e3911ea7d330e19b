"""Employers, the hosts that lead to them, and the SQL new schemas are made from."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_tenants.models import DomainMixin, TenantMixin

from tenants.models.columns import public_id

ACTIVE, SUSPENDED, OFFBOARDED = "active", "suspended", "offboarded"
STATUSES = [(ACTIVE, "active"), (SUSPENDED, "suspended"), (OFFBOARDED, "offboarded")]
SCHEMA_NAME = r"^t_[0-9a-f]{12}$"
SLUG = r"^[a-z][a-z0-9-]{1,40}$"


class Employer(TenantMixin):
    """One employer and its schema.

    `schema_name` is given once, at random, and never changes or comes back: sessions, links and roles rest on it. The
    slug and the name may change. Saving a row makes no schema: tenants.services.onboarding does.
    """

    auto_create_schema = False

    uuid = public_id()
    slug = models.CharField(max_length=41, unique=True, validators=[RegexValidator(SLUG)])
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=40, default="America/New_York")
    status = models.CharField(max_length=10, choices=STATUSES, default=ACTIVE)
    brand_color = models.CharField(max_length=7, default="#0b5394", validators=[RegexValidator(r"^#[0-9a-f]{6}$")])
    cell = models.CharField(max_length=20, default="main")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="employer_schema_name_is_ours", condition=Q(schema_name__regex=SCHEMA_NAME)),
            models.CheckConstraint(name="employer_slug_is_plain", condition=Q(slug__regex=SLUG)),
            models.CheckConstraint(
                name="employer_known_status", condition=Q(status__in=[name for name, _ in STATUSES])
            ),
            models.CheckConstraint(name="employer_brand_color", condition=Q(brand_color__regex=r"^#[0-9a-f]{6}$")),
        ]

    def __str__(self) -> str:
        return self.name


class Domain(DomainMixin):
    """A host name, lower case and without port, that shows one employer's portal."""

    class Meta:
        constraints = [
            models.CheckConstraint(name="domain_is_plain_host", condition=Q(domain__regex=r"^[a-z0-9][a-z0-9.-]*$")),
        ]


class SchemaTemplate(models.Model):
    """A dump of the migrated template schema. Replaying it under another name makes a new employer's schema.

    `fingerprint` names the migrations and append-only tables it holds (tenants.services.fleet). Readable by the owner
    alone.
    """

    fingerprint = models.CharField(max_length=64, primary_key=True)
    sql = models.TextField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return self.fingerprint[:12]
