"""Writes what a Roster changed: people, families, places, work, coverage and the events that tell of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from benefits.core.instructions import EmploymentDetails, PersonDetails
from benefits.core.relationships import SELF
from benefits.core.roster import Place, Roster
from benefits.core.stretches import Stretches, first_day_changed, in_effect
from benefits.models import (
    Coverage,
    Division,
    EmployeeClass,
    Employment,
    EnrollmentEvent,
    EnrollmentImport,
    Family,
    FamilyMembership,
    LegalEntity,
    Member,
    Person,
)
from benefits.services.roster_loading import Loaded
from tenants.core.roles import Actor

BATCH = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who changes what is on file, when, and where it came from. as_of: the employer's business day."""

    actor: Actor
    source: str
    recorded_at: datetime
    as_of: date
    enrollment_import: EnrollmentImport | None = None


def store(loaded: Loaded, *, deed: Deed, ssns: Mapping[str, str]) -> dict[int, Member]:
    """Stores every change and appends its events. Returns the member row of each place key.

    ssns: the nine digits behind each token the roster was told. Statements do not grow with the number of new rows;
    corrected people are saved one by one, because their sealed columns are.
    """
    people = _store_people(loaded, ssns)
    members = _store_places(loaded, people, deed)
    _store_work(loaded, people)
    _store_coverage(loaded, members)
    _append_events(loaded.roster, members, deed)
    return members


def _store_people(loaded: Loaded, ssns: Mapping[str, str]) -> dict[int, Person]:
    people = dict(loaded.people)
    fresh = {key: Person() for key in loaded.roster.humans if key not in people}
    for key, human in loaded.roster.humans.items():
        person = fresh.get(key) or people[key]
        changed = _take_over(person, human.details, ssns)
        if changed and key in people:
            person.save(update_fields=changed)
    Person.objects.bulk_create(fresh.values(), batch_size=BATCH)
    return people | fresh


def _take_over(person: Person, details: PersonDetails, ssns: Mapping[str, str]) -> list[str]:
    """Sets what differs and names the columns set."""
    changed = []
    for name in ("given_name", "middle_name", "family_name", "birth_date", "sex", "death_date"):
        if getattr(person, name) != getattr(details, name):
            setattr(person, name, getattr(details, name))
            changed.append(name)
    if details.ssn and details.ssn != (person.ssn_bidx.hex() if person.ssn_bidx else ""):
        person.ssn = ssns[details.ssn]
        person.ssn_last4 = person.ssn[-4:]
        changed += ["ssn", "ssn_bidx", "ssn_last4"]
    return changed


def _store_places(loaded: Loaded, people: Mapping[int, Person], deed: Deed) -> dict[int, Member]:
    """Places, families and memberships. Subscribers first: their families and keys are what dependants hang on."""
    members = dict(loaded.members)
    fresh = [place for place in loaded.roster.places.values() if place.place_id not in members]
    subscribers = [place for place in fresh if place.relationship == SELF]
    homeless = [place for place in subscribers if people[place.person_id].pk not in loaded.homes]
    families = dict(
        zip(
            (place.place_id for place in homeless),
            Family.objects.bulk_create([Family() for _ in homeless], batch_size=BATCH),
            strict=True,
        )
    )
    for place in subscribers:
        person = people[place.person_id]
        family = families[place.place_id].pk if place.place_id in families else loaded.homes[person.pk]
        members[place.place_id] = _member(place, person, family, None)
    Member.objects.bulk_create([members[place.place_id] for place in subscribers], batch_size=BATCH)
    dependants = [place for place in fresh if place.relationship != SELF]
    for place in dependants:
        subscriber = members[_subscriber_key(loaded.roster, place)]
        members[place.place_id] = _member(place, people[place.person_id], subscriber.family_id, subscriber)
    Member.objects.bulk_create([members[place.place_id] for place in dependants], batch_size=BATCH)
    _store_memberships(fresh, people, members, deed)
    return members


def _subscriber_key(roster: Roster, place: Place) -> int:
    subscriber = roster.subscriber(place.subscriber_number)
    if subscriber is None:
        raise LookupError(f"place {place.place_id} has no subscriber")
    return subscriber.place_id


def _member(place: Place, person: Person, family_id: int, subscriber: Member | None) -> Member:
    return Member(
        person=person,
        family_id=family_id,
        subscriber=subscriber,
        member_number=place.subscriber_number,
        relationship=place.relationship,
    )


def _store_memberships(
    fresh: list[Place], people: Mapping[int, Person], members: Mapping[int, Member], deed: Deed
) -> None:
    """A new place makes its family the person's from the first day of coverage there.

    A child enrolled under both parents stays with the family where he is still covered.
    """
    held = {
        row.person_id: row
        for row in FamilyMembership.objects.filter(
            person__in=[people[place.person_id].pk for place in fresh if place.person_id > 0]
        ).order_by("person", "start_date")
    }
    added: list[FamilyMembership] = []
    for place in sorted(fresh, key=lambda place: place.relationship != SELF):
        person, family_id = people[place.person_id], members[place.place_id].family_id
        start = _first_day(place, deed.as_of)
        current = held.get(person.pk)
        if current is not None and (
            current.family_id == family_id or (place.relationship != SELF and _still_covered(person, current, start))
        ):
            continue
        if current is not None and current.end_date is None:
            current.end_date = max(start, current.start_date)
            start = current.end_date
            if current.end_date == current.start_date:
                current.delete()
            else:
                current.save(update_fields=["end_date"])
        row = held[person.pk] = FamilyMembership(family_id=family_id, person=person, start_date=start)
        added.append(row)
    FamilyMembership.objects.bulk_create(added, batch_size=BATCH)


def _first_day(place: Place, otherwise: date) -> date:
    days = [stretch.start for stretches in place.lines.values() for stretch in in_effect(stretches)]
    return min(days, default=otherwise)


def _still_covered(person: Person, membership: FamilyMembership, day: date) -> bool:
    return (
        Coverage.objects.filter(member__person=person, member__family=membership.family_id, start_date__lte=day)
        .exclude(end_date__lte=day)
        .exists()
    )


def _store_work(loaded: Loaded, people: Mapping[int, Person]) -> None:
    """A changed employment: another company or a new hire is a new row, everything else a correction of the last."""
    told = {
        key: human.employment
        for key, human in loaded.roster.humans.items()
        if human.employment is not None and human.employment != loaded.work.get(key)
    }
    if not told:
        return
    entities = {row.ein: row for row in LegalEntity.objects.all()}
    divisions = {(row.legal_entity_id, row.code): row for row in Division.objects.all()}
    classes = {row.code: row for row in EmployeeClass.objects.all()}
    added = []
    for key, work in told.items():
        if work.start is None:
            continue
        row = loaded.employments.get(key)
        entity = entities[work.ein]
        if row is not None and (row.legal_entity_id != entity.pk or _hired_again(row, work)):
            if row.end_date is None:
                row.end_date = max(row.start_date, work.start)
                row.save(update_fields=["end_date"])
            row = None
        if row is None:
            added.append(row := Employment(person=people[key]))
        row.legal_entity = entity
        row.division = divisions.get((entity.pk, work.division))
        row.employee_class = classes.get(work.employee_class)
        row.employee_number = work.employee_number
        row.start_date, row.end_date = work.start, work.end
        if row.pk:
            row.save()
    Employment.objects.bulk_create(added, batch_size=BATCH)


def _hired_again(row: Employment, work: EmploymentDetails) -> bool:
    return row.end_date is not None and work.start is not None and work.start >= row.end_date


def _store_coverage(loaded: Loaded, members: Mapping[int, Member]) -> None:
    """Moved rows in one statement, new rows in batches; the database checks that nothing overlaps."""
    moved, added = [], []
    for place in loaded.roster.places.values():
        before = loaded.coverage.get(place.place_id, {})
        for line, stretches in place.lines.items():
            known = {one.row_id: one for one in before.get(line, ())}
            for one in stretches:
                if one.row_id is None:
                    added.append(
                        Coverage(
                            member=members[place.place_id],
                            plan_option_id=one.plan_option_id,
                            line_of_coverage=line,
                            tier=one.tier,
                            state=one.state,
                            start_date=one.start,
                            end_date=one.end,
                        )
                    )
                elif known[one.row_id] != one:
                    moved.append((one.row_id, one.tier, one.state, one.start, one.end))
    if moved:
        with connection.cursor() as cursor:
            cursor.execute(_MOVE, [list(column) for column in zip(*moved, strict=True)])
    Coverage.objects.bulk_create(added, batch_size=BATCH)


_MOVE = """
UPDATE benefits_coverage coverage
SET tier = moved.tier, state = moved.state, start_date = moved.start_date, end_date = moved.end_date
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::date[], %s::date[])
     AS moved (id, tier, state, start_date, end_date)
WHERE coverage.id = moved.id
"""


def _append_events(roster: Roster, members: Mapping[int, Member], deed: Deed) -> None:
    codes = {key: option.code for key, option in roster.options.by_id.items()}
    EnrollmentEvent.objects.bulk_create(
        [
            EnrollmentEvent(
                member=members[one.place_id],
                kind=one.kind,
                line_of_coverage=one.line_of_coverage,
                effective_date=first_day_changed(one.before, one.after) or deed.as_of,
                before=_told(one.before, codes),
                after=list(one.fields) or _told(one.after, codes),
                reason_code=one.reason_code,
                source=deed.source,
                enrollment_import=deed.enrollment_import,
                actor_kind=deed.actor.kind,
                actor_uuid=deed.actor.uuid,
                recorded_at=deed.recorded_at,
            )
            for one in roster.happenings
        ],
        batch_size=BATCH,
    )


def _told(stretches: Stretches, codes: Mapping[int, str]) -> list[dict[str, str | None]]:
    return [
        {
            "option": codes[one.plan_option_id],
            "tier": one.tier,
            "start": one.start.isoformat(),
            "end": one.end.isoformat() if one.end else None,
            "state": one.state,
        }
        for one in stretches
    ]
