"""One coverage instruction against what the member holds: the enrollment rules, line by line.

Rules and a worked table: docs/domain/enrollment.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from aso_portal.kernel.errors import DomainError
from benefits.core import instructions
from benefits.core.instructions import CoverageInstruction, MemberInstruction
from benefits.core.stretches import Stretch, Stretches, end_all, in_effect, in_state, ordered, place, reopen, void_all
from benefits.core.tiers import is_self_only

ONE_DAY = timedelta(days=1)

UNSTATED = ""
"""Tier of a new family until everybody of the file is known."""


class CannotApply(DomainError):
    """The member's instruction breaks a rule; nothing of it is applied."""


@dataclass(frozen=True, slots=True)
class Option:
    """A plan option one can enroll in."""

    option_id: int
    code: str
    line_of_coverage: str


class Options:
    """The employer's plan options, found by line and code (any case)."""

    def __init__(self, options: Mapping[str, Option]) -> None:
        self.by_code = {code.upper(): option for code, option in options.items()}
        self.by_id = {option.option_id: option for option in options.values()}

    def named(self, code: str, line: str) -> Option:
        """Raises CannotApply for an unknown code or one of another line."""
        option = self.by_code.get(code.upper())
        if option is None:
            raise CannotApply(f"Plan option {code[:50]!r} is not set up. Correct the code or add the option.")
        if option.line_of_coverage != line:
            raise CannotApply(f"Plan option {option.code!r} is {option.line_of_coverage}, not {line}.")
        return option

    def only(self, line: str) -> Option:
        """The single option of a line. Raises CannotApply when there is none or a choice."""
        found = [option for option in self.by_id.values() if option.line_of_coverage == line]
        if len(found) != 1:
            count = "no" if not found else str(len(found))
            raise CannotApply(f"The plan option is not named, and {count} {line} options are set up. Name one.")
        return found[0]


@dataclass(slots=True)
class Held:
    """What a member and his subscriber hold in one line before the instruction; `cautions` is added to."""

    mine: Stretches
    subscribers: Stretches
    is_subscriber: bool
    cautions: list[str] = field(default_factory=list)


def apply_coverage(told: CoverageInstruction, member: MemberInstruction, held: Held, options: Options) -> Stretches:
    """The member's stretches of that line after the instruction. Raises CannotApply."""
    match told.action:
        case instructions.ADD | instructions.CHANGE | instructions.AUDIT:
            return _enroll(told, member, held, options)
        case instructions.CORRECT:
            return _correct(told, member, held, options)
        case instructions.TERMINATE:
            return _terminate(told, member, held)
        case instructions.REINSTATE:
            return _reinstate(told, member, held, options)
        case instructions.VOID:
            return void_all(held.mine)
        case instructions.MARK:
            return _mark(told, held)
    raise CannotApply(f"{told.action!r} is not something that can be done with coverage.")


def end_line(stretches: Stretches, end: date, member: MemberInstruction) -> Stretches:
    """Ends a line on `end`; a line that began on the last covered day itself never took effect (unless by death)."""
    if member.same_day_voids and not member.died:
        stretches = ordered(
            void_all((old,))[0] if old.start == end - ONE_DAY and (old.end is None or old.end > end) else old
            for old in stretches
        )
    return end_all(stretches, end)


def _enroll(told: CoverageInstruction, member: MemberInstruction, held: Held, options: Options) -> Stretches:
    new = _stated(told, member, held, options)
    if new is None:
        return held.mine
    if new.is_void:
        held.cautions.append(f"{told.line_of_coverage}: begins and ends on {new.start}, so it never took effect")
        return void_all(held.mine, starting=new.start)
    current = _on(held.mine, new.start)
    if (
        current is not None
        and current.start < new.start
        and current.continues(new)
        and told.action != instructions.CHANGE
    ):
        held.cautions.append(f"{told.line_of_coverage}: covered since {current.start}; the later begin is not taken")
    if not held.is_subscriber:
        _caution_dependant(told.line_of_coverage, new, held)
    return place(held.mine, new)


def _correct(told: CoverageInstruction, member: MemberInstruction, held: Held, options: Options) -> Stretches:
    new = _stated(told, member, held, options)
    if new is None or any(old.continues(new) and (old.start, old.end) == (new.start, new.end) for old in held.mine):
        return held.mine
    overlapped = [
        old
        for old in in_effect(held.mine)
        if (new.end is None or old.start < new.end) and (old.end or date.max) > new.start
    ]
    emptied = ordered(void_all((old,))[0] if old in overlapped else old for old in held.mine)
    return emptied if new.is_void else place(emptied, new)


def _terminate(told: CoverageInstruction, member: MemberInstruction, held: Held) -> Stretches:
    end = told.end or member.eligibility_end
    if end is None:
        raise CannotApply(f"{told.line_of_coverage}: the last day of coverage is missing.")
    if not in_effect(held.mine):
        held.cautions.append(f"{told.line_of_coverage}: nothing to end")
    return end_line(held.mine, end, member)


def _reinstate(told: CoverageInstruction, member: MemberInstruction, held: Held, options: Options) -> Stretches:
    start = told.start or member.eligibility_start
    if start is None:
        raise CannotApply(f"{told.line_of_coverage}: the day the reinstated coverage begins is missing.")
    if not held.mine:
        raise CannotApply(f"{told.line_of_coverage}: there is no earlier coverage to reinstate. Send an addition.")
    again = reopen(held.mine, start)
    last = in_effect(again)[-1]
    option_id = (
        options.named(told.option_code, told.line_of_coverage).option_id if told.option_code else last.plan_option_id
    )
    other = Stretch(option_id, told.tier or last.tier, start, None, last.state)
    return again if last.continues(other) else place(again, other)


def _mark(told: CoverageInstruction, held: Held) -> Stretches:
    if told.start is None:
        raise CannotApply(f"{told.line_of_coverage}: the first day of the state is missing.")
    marked = in_state(held.mine, told.state, told.start, told.end)
    if not any(one.state == told.state and one.covers(max(one.start, told.start)) for one in in_effect(marked)):
        raise CannotApply(f"{told.line_of_coverage}: there is no coverage from {told.start}.")
    return marked


def _stated(told: CoverageInstruction, member: MemberInstruction, held: Held, options: Options) -> Stretch | None:
    """The stretch the instruction states, gaps filled from what is held. None when a change states nothing new."""
    line = told.line_of_coverage
    start = told.start or member.eligibility_start
    end = told.end or member.eligibility_end
    current = _on(held.mine, start) if start else (in_effect(held.mine)[-1:] or (None,))[0]
    model = current or _on(held.subscribers, start or date.max) or (in_effect(held.subscribers)[-1:] or (None,))[0]
    if told.option_code:
        option_id = options.named(told.option_code, line).option_id
    else:
        option_id = model.plan_option_id if model else options.only(line).option_id
    tier = told.tier or (model.tier if model else UNSTATED)
    if start is None:
        if current is not None and (current.plan_option_id, current.tier) == (option_id, tier):
            return None
        raise CannotApply(f"{line}: the day the coverage begins is missing.")
    if member.person.birth_date is not None and start < member.person.birth_date:
        raise CannotApply(f"{line}: coverage begins on {start}, before the member was born.")
    if end is not None and end <= start:
        if end < start or not member.same_day_voids:
            raise CannotApply(f"{line}: coverage from {start} ends before it begins.")
        return Stretch(option_id, tier, start, start, told.state)
    if end == start + ONE_DAY and member.same_day_voids and not member.died:
        end = start
    return Stretch(option_id, tier, start, end, told.state)


def _caution_dependant(line: str, new: Stretch, held: Held) -> None:
    subscriber = _on(held.subscribers, new.start)
    if subscriber is None:
        held.cautions.append(f"{line}: the subscriber has no {line} coverage on {new.start}")
    elif subscriber.plan_option_id != new.plan_option_id:
        held.cautions.append(f"{line}: the subscriber is in another option on {new.start}")
    elif subscriber.tier and is_self_only(subscriber.tier):
        held.cautions.append(f"{line}: the subscriber's tier {subscriber.tier!r} takes in no dependants")


def _on(stretches: Stretches, day: date | None) -> Stretch | None:
    return next((one for one in stretches if day is not None and one.covers(day)), None)
