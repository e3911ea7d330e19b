"""How many people are enrolled, for the employer's pages: counts of enrollment, never of care."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Q

from benefits.core.relationships import SELF
from benefits.models import Coverage
from tenants.facade import Actor


@dataclass(frozen=True, slots=True)
class OptionCount:
    """People in one plan option on a day: employees (subscribers) and everybody."""

    name: str
    line_of_coverage: str
    employees: int
    people: int


@dataclass(frozen=True, slots=True)
class Headcount:
    """Everybody covered on a day, and coverage that began or ended in its month up to that day."""

    employees: int
    people: int
    began: int
    ended: int
    options: tuple[OptionCount, ...]


def headcount(actor: Actor, *, day: date) -> Headcount:
    """Enrollment of the employer on `day`, in three statements. Nobody is counted but for HR, staff and the system."""
    if actor.schema_name != connection.schema_name or not (actor.is_hr or actor.kind in ("staff", "system")):
        return Headcount(0, 0, 0, 0, ())
    on_day = Q(start_date__lte=day) & (Q(end_date=None) | Q(end_date__gt=day))
    employee = Q(member__relationship=SELF)
    people = Count("member__person", distinct=True)
    employees = Count("member__person", filter=employee, distinct=True)
    covered = Coverage.objects.filter(on_day)
    total = covered.aggregate(people=people, employees=employees)
    month = day.replace(day=1)
    moved = Coverage.objects.aggregate(
        began=Count("member__person", filter=Q(start_date__gte=month, start_date__lte=day), distinct=True),
        ended=Count("member__person", filter=Q(end_date__gt=month, end_date__lte=day), distinct=True),
    )
    rows = (
        covered.values_list("plan_option__name", "plan_option__line_of_coverage")
        .annotate(employees=employees, people=people)
        .order_by("plan_option__line_of_coverage", "plan_option__name")
    )
    return Headcount(**total, **moved, options=tuple(OptionCount(*row) for row in rows))
