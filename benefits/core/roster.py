"""The people and coverage a file speaks of, in memory, and what each of its rows does to them.

A Roster knows nothing of rows in a database beyond their keys: a service loads one, applies instructions in order and
stores what changed. New people and places get negative keys. A row that breaks a rule changes nothing at all.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from benefits.core import instructions
from benefits.core.coverage_rules import UNSTATED, CannotApply, Held, Options, apply_coverage, end_line
from benefits.core.happenings import (
    ADDED,
    APPLIED,
    CORRECTED,
    EMPLOYED,
    REJECTED,
    UNCHANGED,
    Happening,
    Outcome,
    kind_of,
)
from benefits.core.identity import absorb, absorb_employment, missing_details, same_human
from benefits.core.instructions import EmploymentDetails, MemberInstruction, PersonDetails
from benefits.core.organisation import Organisation, UnknownOrganisation
from benefits.core.relationships import SELF
from benefits.core.stretches import Stretches, in_effect, void_all
from benefits.core.tiers import tier_of


@dataclass(slots=True)
class Human:
    """A person as known now. details.ssn is the token of the number."""

    person_id: int
    details: PersonDetails
    employment: EmploymentDetails | None = None


@dataclass(slots=True)
class Place:
    """A member place: a person under a subscriber, and the stretches held per line of coverage."""

    place_id: int
    person_id: int
    subscriber_number: str
    relationship: str
    lines: dict[str, Stretches] = field(default_factory=dict)


class Roster:
    """People, places and options; `apply` one instruction after the other, then `finish`.

    ssn_token: turns nine digits into the token under which a stored number is compared (its blind index).
    """

    def __init__(
        self,
        *,
        humans: Iterable[Human],
        places: Iterable[Place],
        options: Options,
        organisation: Organisation,
        ssn_token: Callable[[str], str],
    ) -> None:
        self.humans = {human.person_id: human for human in humans}
        self.places = {place.place_id: place for place in places}
        self.options = options
        self.organisation = organisation
        self.ssn_token = ssn_token
        self.happenings: list[Happening] = []
        self.seen: set[int] = set()
        self._families: dict[str, list[Place]] = {}
        for place in self.places.values():
            self._families.setdefault(place.subscriber_number, []).append(place)
        self._by_ssn = {human.details.ssn: human for human in self.humans.values() if human.details.ssn}
        self._unstated: set[tuple[str, str]] = set()
        self._next_key = -1

    def apply(self, instruction: MemberInstruction) -> Outcome:
        """Does what the row asks, or nothing. Never raises for what a row says."""
        mark = len(self.happenings)
        try:
            place, cautions = self._apply(instruction)
        except CannotApply as refusal:
            return Outcome(position=instruction.position, result=REJECTED, place_id=None, reasons=(str(refusal),))
        self.seen.add(place.place_id)
        result = APPLIED if len(self.happenings) > mark else UNCHANGED
        reasons = (*instruction.cautions, *cautions)
        return Outcome(position=instruction.position, result=result, place_id=place.place_id, reasons=reasons)

    def finish(self) -> None:
        """Gives families whose file named no tier the tier of the people it covers."""
        for number, line in sorted(self._unstated):
            places = [place for place in self._families[number] if self._unstated_stretches(place, line)]
            tier = tier_of([place.relationship for place in places if in_effect(place.lines[line])])
            for place in places:
                place.lines[line] = tuple(
                    replace(one, tier=tier) if one.tier == UNSTATED else one for one in place.lines[line]
                )
        self.happenings = [self._with_tiers(happening) for happening in self.happenings]
        self._unstated.clear()

    def subscriber(self, number: str) -> Place | None:
        """The subscriber's own place under a member number."""
        return next((place for place in self._families.get(number, ()) if place.relationship == SELF), None)

    def family(self, number: str) -> list[Place]:
        """Every place under a member number."""
        return self._families.get(number, [])

    def employment_of(self, place: Place) -> EmploymentDetails | None:
        """What is known of the work of the person in a place."""
        human = self.humans.get(place.person_id)
        return human.employment if human else None

    def _apply(self, instruction: MemberInstruction) -> tuple[Place, list[str]]:
        place, known = self._find(instruction)
        if place is None:
            return self._add(instruction, known)
        human = self.humans[place.person_id]
        details, employment = self._checked_details(human, instruction)
        lines, kinds, cautions = self._lines(place, instruction)
        happenings = self._personal(place, human, details, employment, instruction)
        self._set(human, details, employment)
        self.happenings += happenings
        self._store(place, lines, kinds, instruction)
        return place, cautions

    def _add(self, instruction: MemberInstruction, known: Human | None) -> tuple[Place, list[str]]:
        if instruction.action not in (instructions.ADD, instructions.AUDIT):
            raise CannotApply("The member is not on file. Send an addition first.")
        if missing := missing_details(instruction.person):
            raise CannotApply(f"The member is new and {missing} is missing.")
        blank = Human(self._new_key(), PersonDetails())
        human = known or blank
        details, employment = self._checked_details(human, instruction)
        place = Place(self._new_key(), human.person_id, instruction.subscriber_number, instruction.relationship)
        lines, kinds, cautions = self._lines(place, instruction)
        if known is not None:
            cautions.append("the person is on file already and gets a further member place")
        self.humans[human.person_id] = human
        self.places[place.place_id] = place
        self._families.setdefault(place.subscriber_number, []).append(place)
        self._set(human, details, employment)
        self.happenings.append(
            Happening(
                position=instruction.position,
                place_id=place.place_id,
                kind=ADDED,
                reason_code=instruction.reason_code,
            )
        )
        self._store(place, lines, kinds, instruction)
        return place, cautions

    def _find(self, instruction: MemberInstruction) -> tuple[Place | None, Human | None]:
        """The place the row means (or None), and the human already known by social security number (or None)."""
        token = self._token(instruction.person)
        known = self._by_ssn.get(token) if token else None
        subscriber = self.subscriber(instruction.subscriber_number)
        if instruction.relationship == SELF:
            if subscriber is not None and not same_human(self.humans[subscriber.person_id].details, instruction, token):
                raise CannotApply(
                    "The subscriber number belongs to somebody else: name and birth date differ from the file."
                )
            return subscriber, known
        if subscriber is None:
            raise CannotApply(
                "No subscriber has this number. A dependant needs the subscriber's number and comes after him."
            )
        dependants = [place for place in self.family(instruction.subscriber_number) if place.relationship != SELF]
        fitting = [one for one in dependants if same_human(self.humans[one.person_id].details, instruction, token)]
        if len(fitting) > 1:
            fitting = [one for one in fitting if one.relationship == instruction.relationship] or fitting
        if len(fitting) > 1:
            raise CannotApply(f"{len(fitting)} dependants of this subscriber fit. Send the social security number.")
        return (fitting[0] if fitting else None), known

    def _checked_details(
        self, human: Human, instruction: MemberInstruction
    ) -> tuple[PersonDetails, EmploymentDetails | None]:
        """The human after the instruction; an employment without its first day is not kept.

        Raises CannotApply when the number told belongs to another person, or the employer has no such company.
        """
        token = self._token(instruction.person)
        owner = self._by_ssn.get(token) if token else None
        if owner is not None and owner.person_id != human.person_id:
            raise CannotApply("The social security number is on file for another person.")
        if owner is not None and not same_human(replace(owner.details, ssn=""), instruction, ""):
            raise CannotApply("The social security number is on file with another name and birth date.")
        details = absorb(human.details, replace(instruction.person, ssn=token))
        if details.death_date and details.birth_date and details.death_date < details.birth_date:
            raise CannotApply("The date of death lies before the birth date.")
        employment = instruction.employment if instruction.relationship == SELF else None
        if employment is not None:
            try:
                employment = self.organisation.checked(absorb_employment(human.employment, employment))
            except UnknownOrganisation as refusal:
                raise CannotApply(str(refusal)) from refusal
            if employment.start is None:
                return details, human.employment
        return details, employment or human.employment

    def _lines(
        self, place: Place, instruction: MemberInstruction
    ) -> tuple[dict[str, Stretches], dict[str, str], list[str]]:
        """The place's lines after the instruction, the action behind each, and what to caution about."""
        subscriber = self.subscriber(place.subscriber_number)
        is_subscriber = place.relationship == SELF
        lines, kinds, cautions = dict(place.lines), {}, []
        for coverage in instruction.coverages:
            line = coverage.line_of_coverage
            held = Held(
                mine=lines.get(line, ()),
                subscribers=() if is_subscriber or subscriber is None else subscriber.lines.get(line, ()),
                is_subscriber=is_subscriber,
            )
            lines[line] = apply_coverage(coverage, instruction, held, self.options)
            kinds[line] = coverage.action
            cautions += held.cautions
        told = instruction.employment
        if told is not None and is_subscriber and told.start is None and self.employment_of(place) is None:
            cautions.append("the hire date is missing, so nothing about the work is stored")
        if instruction.action == instructions.TERMINATE:
            self._end_every_line(lines, kinds, instruction)
        if instruction.action == instructions.REINSTATE and not instruction.coverages:
            raise CannotApply("A reinstatement must name the coverage that goes on.")
        return lines, kinds, cautions

    def _end_every_line(
        self, lines: dict[str, Stretches], kinds: dict[str, str], instruction: MemberInstruction
    ) -> None:
        _last_end(instruction)
        for line, stretches in lines.items():
            if kinds.get(line) != instructions.TERMINATE:
                end = _end_told(line, instruction)
                lines[line], kinds[line] = end_line(stretches, end, instruction), instructions.TERMINATE

    def _store(
        self, place: Place, lines: dict[str, Stretches], kinds: dict[str, str], instruction: MemberInstruction
    ) -> None:
        """Takes over the new lines; ends the dependants' coverage where the subscriber's own was ended."""
        for line, after in lines.items():
            before = place.lines.get(line, ())
            if after != before:
                self._record(place, line, before, after, kinds[line], instruction)
                place.lines[line] = after
                if place.relationship == SELF and kinds[line] == instructions.VOID:
                    self._follow(place, line, instruction, void_all)
            if place.relationship == SELF and kinds.get(line) == instructions.TERMINATE:
                ending = partial(end_line, end=_end_told(line, instruction), member=instruction)
                self._follow(place, line, instruction, ending)

    def _follow(
        self,
        subscriber: Place,
        line: str,
        instruction: MemberInstruction,
        change: Callable[[Stretches], Stretches],
    ) -> None:
        """What ended for the subscriber ends for everybody under him."""
        for place in self.family(subscriber.subscriber_number):
            before = place.lines.get(line, ())
            after = change(before)
            if place is not subscriber and after != before:
                self._record(place, line, before, after, instructions.TERMINATE, instruction)
                place.lines[line] = after

    def _record(
        self, place: Place, line: str, before: Stretches, after: Stretches, action: str, instruction: MemberInstruction
    ) -> None:
        if any(one.tier == UNSTATED for one in after):
            self._unstated.add((place.subscriber_number, line))
        self.happenings.append(
            Happening(
                position=instruction.position,
                place_id=place.place_id,
                kind=kind_of(before, after, action),
                line_of_coverage=line,
                before=before,
                after=after,
                reason_code=instruction.reason_code,
            )
        )

    def _personal(
        self,
        place: Place,
        human: Human,
        details: PersonDetails,
        employment: EmploymentDetails | None,
        instruction: MemberInstruction,
    ) -> list[Happening]:
        found = []
        for kind, before, after in ((CORRECTED, human.details, details), (EMPLOYED, human.employment, employment)):
            if after is None or before == after:
                continue
            blank = type(after)() if before is None else before
            fields = tuple(name for name in after.__slots__ if getattr(blank, name) != getattr(after, name))
            found.append(
                Happening(
                    position=instruction.position,
                    place_id=place.place_id,
                    kind=kind,
                    fields=fields,
                    reason_code=instruction.reason_code,
                )
            )
        return found

    def _set(self, human: Human, details: PersonDetails, employment: EmploymentDetails | None) -> None:
        human.details, human.employment = details, employment
        if details.ssn:
            self._by_ssn[details.ssn] = human

    def _token(self, person: PersonDetails) -> str:
        return self.ssn_token(person.ssn) if person.ssn else ""

    def _new_key(self) -> int:
        self._next_key -= 1
        return self._next_key

    def _unstated_stretches(self, place: Place, line: str) -> bool:
        return any(one.tier == UNSTATED for one in place.lines.get(line, ()))

    def _with_tiers(self, happening: Happening) -> Happening:
        if not any(one.tier == UNSTATED for one in happening.after):
            return happening
        number = self.places[happening.place_id].subscriber_number
        final = {
            one.start: one.tier
            for place in self.family(number)
            for one in place.lines.get(happening.line_of_coverage, ())
        }
        after = tuple(
            replace(one, tier=final.get(one.start, one.tier)) if not one.tier else one for one in happening.after
        )
        return replace(happening, after=after)


def _last_end(instruction: MemberInstruction) -> date:
    """The day the member's coverage ends: his own, else the latest told for a line. Raises CannotApply."""
    ends = [coverage.end for coverage in instruction.coverages if coverage.end]
    end = instruction.eligibility_end or max(ends, default=None)
    if end is None:
        raise CannotApply("The last day of coverage is missing.")
    return end


def _end_told(line: str, instruction: MemberInstruction) -> date:
    """The day one line ends: its own, else the member's."""
    own = [one.end for one in instruction.coverages if one.line_of_coverage == line and one.end]
    return own[-1] if own else _last_end(instruction)
