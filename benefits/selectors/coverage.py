"""Who is covered when: for pages by `visible_to`, for the engine in bulk."""

from collections.abc import Collection
from datetime import date

from django.db import connection
from django.db.models import F, Q, QuerySet

from benefits.core.coverage import CoverageSpan
from benefits.models import Coverage, EnrollmentEvent
from benefits.selectors.visibility import members_visible_to
from tenants.core.roles import Actor
from tenants.core.scopes import Scope

_SCOPES = frozenset({Scope.PEOPLE_READ, Scope.COVERAGE_READ})


def visible_to(actor: Actor) -> QuerySet[Coverage]:
    """The coverage the actor may see that holds at least one day."""
    return Coverage.objects.filter(_takes_effect(), member__in=members_visible_to(actor, scopes=_SCOPES))


def in_force(actor: Actor, day: date) -> QuerySet[Coverage]:
    """The visible coverage of one day, with member, person and option."""
    covered = visible_to(actor).filter(Q(end_date=None) | Q(end_date__gt=day), start_date__lte=day)
    return covered.select_related("member__person", "plan_option")


def current_and_coming(actor: Actor, day: date) -> QuerySet[Coverage]:
    """The visible coverage that has not ended before `day`, subscribers first, with member, person and option."""
    lasting = visible_to(actor).filter(Q(end_date=None) | Q(end_date__gt=day))
    ordered = lasting.order_by(
        F("member__subscriber").asc(nulls_first=True), "member__person__birth_date", "member_id", "start_date", "pk"
    )
    return ordered.select_related("member__person", "plan_option")


def events_visible_to(actor: Actor) -> QuerySet[EnrollmentEvent]:
    """What happened to the enrollment of people the actor may see."""
    return EnrollmentEvent.objects.filter(member__in=members_visible_to(actor))


def coverage_of(person_ids: Collection[int]) -> dict[int, tuple[CoverageSpan, ...]]:
    """Every span of each person that holds a day, by line and start. People without coverage are absent."""
    spans: dict[int, list[CoverageSpan]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SPANS, [list(person_ids)])
        for row in cursor:
            spans.setdefault(row[0], []).append(CoverageSpan(*row))
    return {person_id: tuple(found) for person_id, found in spans.items()}


_SPANS = """
SELECT member.person_id, member.id, member.family_id, coverage.plan_option_id, coverage.line_of_coverage,
       coverage.tier, coverage.start_date, coverage.end_date, coverage.state
FROM benefits_member member JOIN benefits_coverage coverage ON coverage.member_id = member.id
WHERE member.person_id = ANY(%s::bigint[]) AND (coverage.end_date IS NULL OR coverage.end_date > coverage.start_date)
ORDER BY member.person_id, coverage.line_of_coverage, coverage.start_date, member.id
"""


def _takes_effect() -> Q:
    return Q(end_date=None) | Q(end_date__gt=F("start_date"))
