"""Changing who is covered when. One act or a whole file: the same rules, events, audit row and news.

draft = enrollment.draft(instructions)            # what would happen, in memory
enrollment.commit(draft, deed=...)                # stores it
enrollment.enroll(member_uuid=..., ...)           # a single act is a file of one row
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from aso_portal.kernel.errors import DomainError
from benefits import events
from benefits.core import instructions
from benefits.core.happenings import REJECTED, Outcome
from benefits.core.instructions import CoverageInstruction, MemberInstruction, PersonDetails
from benefits.core.relationships import SELF
from benefits.core.stretches import first_day_gained, first_day_lost
from benefits.models import Member
from benefits.services import roster_loading, roster_storing
from benefits.services.roster_loading import Loaded
from benefits.services.roster_storing import Deed
from tenants import facade as tenants
from tenants.core.roles import Actor


class CannotEnroll(DomainError):
    """The act breaks an enrollment rule, or there is no such member or coverage."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What instructions would do: a roster not stored yet, and the outcome of each, by position."""

    loaded: Loaded
    outcomes: tuple[Outcome, ...]
    ssns: dict[str, str]


def draft(told: Sequence[MemberInstruction], *, every: int = 0, progress: Callable[[int], None] | None = None) -> Draft:
    """Reads what is on file and applies the instructions in memory, subscribers before dependants.

    Call inside the transaction that commits it: from here on it is the employer's only writer. `progress` is called
    with the number of instructions done, each `every`.
    """
    loaded = roster_loading.load(told)
    roster = loaded.roster
    outcomes = []
    for count, instruction in enumerate(sorted(told, key=lambda one: one.relationship != SELF), start=1):
        outcomes.append(roster.apply(instruction))
        if progress and every and count % every == 0:
            progress(count)
    roster.finish()
    ssns = {roster.ssn_token(one.person.ssn): one.person.ssn for one in told if one.person.ssn}
    return Draft(loaded, tuple(sorted(outcomes, key=lambda outcome: outcome.position)), ssns)


def commit(drafted: Draft, *, deed: Deed) -> dict[int, Member]:
    """Stores a draft, appends its events and sends the news. Returns the member row of each place key."""
    members = roster_storing.store(drafted.loaded, deed=deed, ssns=drafted.ssns)
    tenants.publish_news(_moved(drafted.loaded, members, deed.as_of), consumers=(events.CLAIMS,))
    return members


def _moved(loaded: Loaded, members: dict[int, Member], as_of: date) -> Iterable["tenants.News"]:
    """What changed for days before `as_of`, once per place and line. Somebody new had no claims to look at again."""
    for place in loaded.roster.places.values():
        if place.place_id not in loaded.members:
            continue
        before = loaded.coverage.get(place.place_id, {})
        for line, stretches in place.lines.items():
            lost = first_day_lost(before.get(line, ()), stretches)
            gained = first_day_gained(before.get(line, ()), stretches)
            lost, gained = (day if day and day < as_of else None for day in (lost, gained))
            if lost or gained:
                member = members[place.place_id]
                moved = events.CoverageMoved(
                    person_uuid=member.person.uuid,
                    member_uuid=member.uuid,
                    line_of_coverage=line,
                    first_day_lost=lost,
                    first_day_gained=gained,
                )
                yield tenants.News(events.COVERAGE_MOVED, "person", moved.person_uuid, moved.payload())


def enroll(
    *,
    member_uuid: UUID,
    option_code: str,
    line_of_coverage: str,
    start: date,
    tier: str = "",
    end: date | None = None,
    actor: Actor,
    recorded_at: datetime,
    as_of: date,
) -> Outcome:
    """Covers the member by an option from `start`; what he held in that line ends there. Raises CannotEnroll."""
    coverage = CoverageInstruction(
        action=instructions.ADD,
        line_of_coverage=line_of_coverage,
        option_code=option_code,
        tier=tier,
        start=start,
        end=end,
    )
    return _act(member_uuid, instructions.CHANGE, coverage, actor, recorded_at, as_of)


def change_tier(
    *,
    member_uuid: UUID,
    line_of_coverage: str,
    tier: str,
    start: date,
    actor: Actor,
    recorded_at: datetime,
    as_of: date,
) -> Outcome:
    """The same option in another tier from `start`. Raises CannotEnroll."""
    coverage = CoverageInstruction(
        action=instructions.CHANGE, line_of_coverage=line_of_coverage, tier=tier, start=start
    )
    return _act(member_uuid, instructions.CHANGE, coverage, actor, recorded_at, as_of)


def terminate(
    *, member_uuid: UUID, line_of_coverage: str, end: date, actor: Actor, recorded_at: datetime, as_of: date
) -> Outcome:
    """No coverage of the line from `end` on; for a subscriber, nor for anybody under him. Raises CannotEnroll."""
    coverage = CoverageInstruction(action=instructions.TERMINATE, line_of_coverage=line_of_coverage, end=end)
    return _act(member_uuid, instructions.CHANGE, coverage, actor, recorded_at, as_of)


def terminate_every_line(
    *, member_uuid: UUID, end: date, actor: Actor, recorded_at: datetime, as_of: date, reason_code: str = ""
) -> Outcome:
    """No coverage at all from `end` on; for a subscriber, nor for anybody under him. Raises CannotEnroll."""
    return _act(member_uuid, instructions.TERMINATE, None, actor, recorded_at, as_of, end=end, reason_code=reason_code)


def reinstate(
    *, member_uuid: UUID, line_of_coverage: str, start: date, actor: Actor, recorded_at: datetime, as_of: date
) -> Outcome:
    """The last enrollment of the line goes on from `start`, without a gap when it ended then. Raises CannotEnroll."""
    coverage = CoverageInstruction(action=instructions.REINSTATE, line_of_coverage=line_of_coverage, start=start)
    return _act(member_uuid, instructions.CHANGE, coverage, actor, recorded_at, as_of)


def mark_state(
    *,
    member_uuid: UUID,
    line_of_coverage: str,
    state: str,
    start: date,
    end: date | None,
    actor: Actor,
    recorded_at: datetime,
    as_of: date,
) -> Outcome:
    """Continuation premium is owed for these days ("cobra_unpaid"), or was paid after all ("active").

    Raises CannotEnroll when the member has no coverage of the line from `start` on.
    """
    coverage = CoverageInstruction(
        action=instructions.MARK, line_of_coverage=line_of_coverage, state=state, start=start, end=end
    )
    return _act(member_uuid, instructions.CHANGE, coverage, actor, recorded_at, as_of)


@transaction.atomic
def _act(
    member_uuid: UUID,
    action: str,
    coverage: CoverageInstruction | None,
    actor: Actor,
    recorded_at: datetime,
    as_of: date,
    end: date | None = None,
    reason_code: str = "",
) -> Outcome:
    coverages = () if coverage is None else (coverage,)
    told = _instruction(member_uuid, action, coverages, end=end, reason_code=reason_code)
    drafted = draft([told])
    outcome = drafted.outcomes[0]
    if outcome.result == REJECTED:
        raise CannotEnroll(outcome.reasons[0])
    commit(drafted, deed=Deed(actor=actor, source=_source(actor), recorded_at=recorded_at, as_of=as_of))
    day = end or (coverage.start or coverage.end if coverage else None)
    verb = coverage.action if coverage else action
    _audit(actor, f"coverage.{verb}", member_uuid, coverage.line_of_coverage if coverage else None, day)
    return outcome


def _instruction(
    member_uuid: UUID,
    action: str,
    coverages: tuple[CoverageInstruction, ...],
    *,
    end: date | None = None,
    reason_code: str = "",
) -> MemberInstruction:
    """The act as an instruction for the member on file, told with his own details. Raises CannotEnroll."""
    member = Member.objects.select_related("person").filter(uuid=member_uuid).first()
    if member is None:
        raise CannotEnroll(f"There is no member {member_uuid}.")
    person = member.person
    return MemberInstruction(
        position=0,
        action=action,
        subscriber_number=member.member_number,
        relationship=member.relationship,
        person=PersonDetails(
            given_name=person.given_name, family_name=person.family_name, birth_date=person.birth_date, sex=person.sex
        ),
        coverages=coverages,
        eligibility_end=end,
        reason_code=reason_code,
        same_day_voids=False,
    )


def _source(actor: Actor) -> str:
    return actor.kind if actor.kind in ("staff", "hr", "member") else "system"


def _audit(actor: Actor, action: str, member_uuid: UUID, line: str | None, day: date | None) -> None:
    tenants.record_audit(
        actor=actor,
        action=action,
        subject_kind="member",
        subject_uuid=member_uuid,
        detail={"line_of_coverage": line, "day": day},
    )
