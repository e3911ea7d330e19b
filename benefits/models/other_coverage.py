"""What other plans cover a person, what he answered when asked, and how many people our companies employ."""

from django.db import models
from django.db.models import Q

from benefits.core import other_coverage as told
from benefits.core.coverage import LINES_OF_COVERAGE
from benefits.models.columns import ends_after_start, linked, never_overlapping, public_id, sealing_id
from tenants.fields import EncryptedTextField

SOURCES = ("834", "staff", "member", "system")


class OtherCoverage(models.Model):
    """Another plan covers a person on these days, as far as it is known. Fields: `benefits.core.other_coverage.OtherPlan`.

    A blank is a fact nobody has told. A row is corrected in place and ended, never deleted; the audit trail tells who did.
    `payer_name` keeps two plans of one kind apart. `stated_sequence`: the order its teller claims (P, S, T, U), never used.
    """

    uuid = sealing_id()
    person = linked("benefits.Person", indexed=False, related_name="other_coverages")
    line_of_coverage = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    payer_name = models.CharField("plan or insurer", max_length=60, blank=True, default="")
    policy_number = EncryptedTextField(null=True, blank=True)
    basis = models.CharField(max_length=8, blank=True, default="")
    role = models.CharField(max_length=10, blank=True, default="")
    holder = models.CharField(max_length=10, blank=True, default="")
    holder_birth_month = models.SmallIntegerField(null=True, blank=True)
    holder_birth_day = models.SmallIntegerField(null=True, blank=True)
    covered_since = models.DateField(null=True, blank=True)
    coordinates = models.BooleanField(default=True)
    employees = models.IntegerField(null=True, blank=True)
    medicare_reason = models.CharField(max_length=10, blank=True, default="")
    esrd_since = models.DateField("ESRD since", null=True, blank=True)
    parents = models.CharField(max_length=8, blank=True, default="")
    custody = models.CharField(max_length=13, blank=True, default="")
    decree = models.CharField(max_length=6, blank=True, default="")
    decree_known_on = models.DateField(null=True, blank=True)
    stated_sequence = models.CharField(max_length=1, blank=True, default="")
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=6)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "other coverage"
        constraints = [
            models.CheckConstraint(
                name="other_coverage_known_line", condition=Q(line_of_coverage__in=list(LINES_OF_COVERAGE))
            ),
            models.CheckConstraint(name="other_coverage_known_kind", condition=Q(kind__in=list(told.KINDS))),
            models.CheckConstraint(
                name="other_coverage_known_facts",
                condition=Q(basis__in=["", *told.BASES])
                & Q(role__in=["", *told.ROLES])
                & Q(holder__in=["", *told.HOLDERS])
                & Q(medicare_reason__in=["", *told.MEDICARE_REASONS])
                & Q(parents__in=["", *told.PARENTS])
                & Q(custody__in=["", *told.CUSTODIES])
                & Q(decree__in=["", *told.DECREES]),
            ),
            models.CheckConstraint(
                name="other_coverage_reason_of_medicare",
                condition=Q(medicare_reason="") | Q(kind=told.MEDICARE),
            ),
            models.CheckConstraint(
                name="other_coverage_start_of_esrd", condition=Q(esrd_since=None) | Q(medicare_reason=told.ESRD)
            ),
            models.CheckConstraint(
                name="other_coverage_whole_birthday",
                condition=Q(holder_birth_month=None, holder_birth_day=None)
                | Q(holder_birth_month__range=(1, 12), holder_birth_day__range=(1, 31)),
            ),
            models.CheckConstraint(name="other_coverage_employees", condition=Q(employees=None) | Q(employees__gte=0)),
            models.CheckConstraint(name="other_coverage_known_source", condition=Q(source__in=list(SOURCES))),
            ends_after_start("other_coverage_ends_after_start"),
            never_overlapping(
                "other_coverage_once_a_day", "person", "line_of_coverage", "kind", "medicare_reason", "payer_name"
            ),
        ]

    def __str__(self) -> str:
        return f"Other coverage {self.uuid}"


class OtherCoverageAnswer(models.Model):
    """A person, or whoever speaks for him, was asked on a day whether he has other coverage. Only ever added to."""

    uuid = public_id()
    person = linked("benefits.Person", indexed=False)
    asked_on = models.DateField()
    has_other = models.BooleanField()
    source = models.CharField(max_length=6)
    actor_kind = models.CharField(max_length=10)
    actor_uuid = models.UUIDField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="other_coverage_answer_known_source", condition=Q(source__in=list(SOURCES)))
        ]
        indexes = [models.Index(name="other_coverage_answer_person", fields=["person", "asked_on"])]

    def __str__(self) -> str:
        return f"Answer {self.uuid}"


class EmployerSize(models.Model):
    """How many people a company employs on these days, as the tests of 42 CFR 411.170 and 411.204 count them."""

    uuid = public_id()
    legal_entity = linked("benefits.LegalEntity", indexed=False, related_name="sizes")
    employees = models.IntegerField()
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="employer_size_not_negative", condition=Q(employees__gte=0)),
            ends_after_start("employer_size_ends_after_start"),
            never_overlapping("employer_size_once_a_day", "legal_entity"),
        ]

    def __str__(self) -> str:
        return f"Employer size {self.uuid}"
