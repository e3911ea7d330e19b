"""Answers one question of a provider: finds the employer and the one person meant, looks, and says what may be said.

Which employers are asked: the one its group number leads to, or else those the partner may ask about without one. Nobody
else's people are looked at. Each look at a person is logged in his employer's schema, before the answer leaves.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django_tenants.utils import schema_context

from benefits import facade as benefits
from benefits.core.searching import Misfit, PersonAsked, Place
from claims.core.benefit_answers import LineStanding, benefits_told, refused_day
from claims.core.claim_statuses import CANNOT_READ, CLAIM_NOT_FOUND, MEMBER_NOT_FOUND, PROVIDER_NOT_FOUND
from claims.core.service_types import GENERAL, TOLD_WITH_GENERAL, line_asked
from claims.edi.x270 import DEPENDANT, SUBSCRIBER, EligibilityQuestion
from claims.edi.x271 import EligibilityAnswer, Refusal
from claims.edi.x276 import StatusQuestion
from claims.edi.x277_status import StatusAnswer
from claims.selectors import claim_status, eligibility
from tenants import facade as tenants
from tenants.core.services_bought import Service

PARTNER = "partner"
"""The role under which a partner's looks are logged."""

_AAA = {
    SUBSCRIBER: {
        Misfit.NUMBER_UNKNOWN: Refusal(SUBSCRIBER, "72"),
        Misfit.NUMBER_MISSING: Refusal(SUBSCRIBER, "72"),
        Misfit.NAME_MISSING: Refusal(SUBSCRIBER, "73"),
        Misfit.BIRTH_DATE_MISSING: Refusal(SUBSCRIBER, "58"),
        Misfit.NAME: Refusal(SUBSCRIBER, "73"),
        Misfit.BIRTH_DATE: Refusal(SUBSCRIBER, "71"),
        Misfit.NOBODY: Refusal(SUBSCRIBER, "75", request_is_valid=True),
        Misfit.SEVERAL: Refusal(SUBSCRIBER, "76", request_is_valid=True),
    },
    DEPENDANT: {
        Misfit.NAME_MISSING: Refusal(DEPENDANT, "65"),
        Misfit.BIRTH_DATE_MISSING: Refusal(DEPENDANT, "58"),
        Misfit.NAME: Refusal(DEPENDANT, "65"),
        Misfit.BIRTH_DATE: Refusal(DEPENDANT, "71"),
        Misfit.NOBODY: Refusal(DEPENDANT, "77", request_is_valid=True),
        Misfit.SEVERAL: Refusal(DEPENDANT, "68", request_is_valid=True),
    },
}
_TOLD_FIRST = (Misfit.SEVERAL, Misfit.BIRTH_DATE, Misfit.NAME)
"""Of what several employers say of one question, where none has the person."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a partner, by a key or a file of his. who: its id, for the log. request_id: ties looks to the question."""

    partner: "tenants.Partner"
    who: UUID
    request_id: str


class Found(NamedTuple):
    """The person meant, the subscriber he is under, and the employer both are of."""

    employer: "tenants.EmployerFacts"
    holder: Place
    patient: Place


class NotFound(NamedTuple):
    """Why nobody is told of, and at which level."""

    level: str
    misfit: Misfit


class Answering:
    """Answers the questions of one asker at one moment. Works from the public schema."""

    def __init__(self, asker: Asker, at: datetime) -> None:
        self.asker, self.at = asker, at

    def eligibility(self, question: EligibilityQuestion) -> EligibilityAnswer:
        """What a 271 says to one question. Raises tenants.ReadNotLogged."""
        level = DEPENDANT if question.dependant else SUBSCRIBER
        if question.fault:
            return EligibilityAnswer(question=question, refusals=(Refusal(question.fault_at, question.fault),))
        days = [asked.start or question.start for asked in question.asked]
        born = (question.dependant or question.subscriber).birth_date
        today = timezone.localdate(self.at)
        for day in days:
            if code := refused_day(day or today, today=today, birth_date=born):
                return EligibilityAnswer(question=question, refusals=(Refusal(level, code),))
        found = self._find(question.group_number, question.subscriber, question.dependant)
        if isinstance(found, NotFound):
            return EligibilityAnswer(question=question, refusals=(_AAA[found.level][found.misfit],))
        asked = [
            (each.service_types, day or self._today(found.employer))
            for each, day in zip(question.asked, days, strict=True)
        ]
        needed: dict[date, set[str]] = {}
        for codes, day in asked:
            needed.setdefault(day, set()).update(line_asked(code) for code in _codes(codes))
        lines = {day: self._look(found, day, wanted) for day, wanted in needed.items()}
        told = [benefit for codes, day in asked for benefit in benefits_told(codes, lines[day])]
        (codes, day), *_ = asked
        first = lines[day].get(line_asked(codes[0]))
        return EligibilityAnswer(
            question=question,
            holder=found.holder,
            patient=found.patient,
            benefits=tuple(dict.fromkeys(told)),
            begins=first.begins if first else None,
            ends=first.ends if first else None,
        )

    def status(self, question: StatusQuestion) -> StatusAnswer:
        """What a 277 says to one question. Raises tenants.ReadNotLogged."""
        if question.faulty:
            return StatusAnswer(question=question, refusal=CANNOT_READ)
        if not any(party.number for party in question.providers):
            return StatusAnswer(question=question, refusal=PROVIDER_NOT_FOUND)
        found = self._find(question.group_number, question.subscriber, question.dependant)
        if isinstance(found, NotFound):
            return StatusAnswer(question=question, refusal=MEMBER_NOT_FOUND)
        with schema_context(found.employer.schema_name):
            told = claim_status.claims_asked(
                self._actor(found.employer), question, found.patient, request_id=self.asker.request_id
            )
        if not told:
            return StatusAnswer(question=question, refusal=CLAIM_NOT_FOUND)
        return StatusAnswer(question=question, told=told, holder=found.holder, patient=found.patient)

    @cached_property
    def _employers(self) -> dict[str, "tenants.EmployerFacts"]:
        """By schema, active ones whose claims we administer."""
        active = tenants.active_employers(self.at.date())
        return {facts.schema_name: facts for facts in active if facts.bought(Service.CLAIMS)}

    @cached_property
    def _routes(self) -> dict[str, str]:
        return tenants.group_routes()

    def _asked_employers(self, group_number: str) -> list["tenants.EmployerFacts"]:
        """The one a group number leads to; without a number those the partner may ask about."""
        if group_number:
            schemas: Iterable[str] = [self._routes.get(tenants.normal_group(group_number), "")]
        else:
            schemas = sorted(set(self.asker.partner.asks_about))
        return [self._employers[schema] for schema in schemas if schema in self._employers]

    def _find(self, group_number: str, subscriber: PersonAsked, dependant: PersonAsked | None) -> Found | NotFound:
        """The one person meant among the employers asked; never one of several."""
        hits: list[Found] = []
        misses: list[NotFound] = []
        for employer in self._asked_employers(group_number):
            with schema_context(employer.schema_name):
                found = _search(employer, subscriber, dependant)
            if isinstance(found, Found):
                hits.append(found)
            else:
                misses.append(found)
        several = NotFound(SUBSCRIBER, Misfit.SEVERAL)
        if len(hits) > 1 or (hits and several in misses):
            return several
        if hits:
            return hits[0]
        below = [miss for miss in misses if miss.level == DEPENDANT]
        for misfit in _TOLD_FIRST:
            if telling := [miss for miss in (*below, *misses) if miss.misfit == misfit]:
                return telling[0]
        return (*below, *misses, NotFound(SUBSCRIBER, Misfit.NOBODY))[0]

    def _look(self, found: Found, day: date, lines: set[str]) -> dict[str, LineStanding]:
        with schema_context(found.employer.schema_name):
            return eligibility.lines_on(
                self._actor(found.employer), found.patient, day=day, lines=lines, request_id=self.asker.request_id
            )

    def _actor(self, employer: "tenants.EmployerFacts") -> "tenants.Actor":
        return tenants.Actor("api", self.asker.who, frozenset({PARTNER}), employer.schema_name)

    def _today(self, employer: "tenants.EmployerFacts") -> date:
        return self.at.astimezone(ZoneInfo(employer.time_zone)).date()


def _search(
    employer: "tenants.EmployerFacts", subscriber: PersonAsked, dependant: PersonAsked | None
) -> Found | NotFound:
    """The person meant at one employer, in whose schema the connection is."""
    if dependant is None:
        patient = benefits.search_person(subscriber)
        if isinstance(patient, Misfit):
            return NotFound(SUBSCRIBER, patient)
        return Found(employer, benefits.holder_of(patient), patient)
    holder = benefits.search_holder(subscriber)
    if isinstance(holder, Misfit):
        return NotFound(SUBSCRIBER, holder)
    patient = benefits.search_dependant(holder, replace(dependant, member_number=holder.member_number))
    return NotFound(DEPENDANT, patient) if isinstance(patient, Misfit) else Found(employer, holder, patient)


def _codes(service_types: tuple[str, ...]) -> tuple[str, ...]:
    return (*service_types, *TOLD_WITH_GENERAL) if GENERAL in service_types else service_types
