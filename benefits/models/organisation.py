"""How the employer is organised, and who works where."""

from django.db import models

from benefits.models.columns import ends_after_start, linked, never_overlapping, public_id


class LegalEntity(models.Model):
    """A company of the employer: what an EIN stands for. An employer may have several."""

    uuid = public_id()
    ein = models.CharField("EIN", max_length=9, unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        verbose_name_plural = "legal entities"

    def __str__(self) -> str:
        return self.name


class Division(models.Model):
    """A part of a legal entity that reports or bills apart."""

    uuid = public_id()
    legal_entity = linked("benefits.LegalEntity", indexed=False, related_name="divisions")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(name="division_code_once", fields=["legal_entity", "code"])]

    def __str__(self) -> str:
        return self.name


class EmployeeClass(models.Model):
    """A group of employees whom the plan treats alike: full-time, part-time, union ..."""

    uuid = public_id()
    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        verbose_name_plural = "employee classes"

    def __str__(self) -> str:
        return self.name


class Employment(models.Model):
    """A person works for a legal entity from `start_date` up to, not including, `end_date`."""

    uuid = public_id()
    person = linked("benefits.Person", indexed=False, related_name="employments")
    legal_entity = linked("benefits.LegalEntity", related_name="employments")
    division = linked("benefits.Division", null=True, blank=True)
    employee_class = linked("benefits.EmployeeClass", null=True, blank=True)
    employee_number = models.CharField(max_length=30, blank=True, default="")
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            ends_after_start("employment_ends_after_start", may_be_empty=True),
            never_overlapping("employment_once_a_day_per_entity", "person", "legal_entity"),
        ]
        indexes = [models.Index(name="employment_by_person", fields=["person", "start_date"])]

    def __str__(self) -> str:
        return f"Employment {self.uuid}"
