"""Member pages about people and coverage."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from benefits.portal import words
from benefits.selectors import enrolled
from tenants.core.roles import Role
from tenants.web.guards import member_only
from tenants.web.request_ids import request_id
from tenants.web.today import today


@dataclass(frozen=True, slots=True)
class Row:
    """One coverage as the page shows it. last_day: None while open. begins_later: not in force yet."""

    line: str | Promise
    plan: str
    tier: str | Promise
    start: date
    last_day: date | None
    note: str | Promise
    begins_later: bool


@dataclass(slots=True)
class PersonRows:
    """A person of the family and what covers him."""

    name: str
    relationship: str | Promise
    rows: list[Row] = field(default_factory=list)


@require_safe
@member_only
def coverage(request: HttpRequest) -> HttpResponse:
    """Who of the family is covered by what, today and from a day to come. Even HR sees only his own family here."""
    day = today(request)
    as_member = replace(request.actor, kind="member", roles=frozenset({Role.MEMBER}))
    people: dict[int, PersonRows] = {}
    for span in enrolled.current_and_coming(as_member, day=day, request_id=request_id(request)):
        person = span.member.person
        name = f"{person.given_name} {person.family_name}"
        told = people.setdefault(span.member_id, PersonRows(name, words.relationship(span.member.relationship)))
        told.rows.append(
            Row(
                line=words.LINES[span.line_of_coverage],
                plan=span.plan_option.name,
                tier=words.TIERS[span.tier],
                start=span.start_date,
                last_day=span.end_date and span.end_date - timedelta(days=1),
                note=words.STATES.get(span.state, ""),
                begins_later=span.start_date > day,
            )
        )
    return render(request, "benefits/member/coverage.html", {"day": day, "people": list(people.values())})
