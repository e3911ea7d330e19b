"""The periods one member holds in one line of coverage, and what adding, ending and reinstating do to them.

Every function takes the present stretches and returns the new ones, oldest first. A later instruction wins over what
it overlaps; nothing ever overlaps afterwards. A stretch keeps its `row_id`, so a caller sees what moved.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from aso_portal.kernel.errors import DomainError
from benefits.core.coverage import ACTIVE

Stretches = tuple["Stretch", ...]


class NeverCovered(DomainError):
    """There is no earlier coverage to go back to."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from `start` up to, not including, `end` (None: open) in one plan option, tier and state.

    An `end` equal to `start` was enrolled and never took effect. row_id: the stored row, None while new.
    """

    plan_option_id: int
    tier: str
    start: date
    end: date | None
    state: str = ACTIVE
    row_id: int | None = None

    @property
    def is_void(self) -> bool:
        """Whether it holds no day."""
        return self.end is not None and self.end <= self.start

    def covers(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return self.start <= day and (self.end is None or day < self.end)

    def continues(self, other: "Stretch") -> bool:
        """Whether the two are the same enrollment: option, tier and state."""
        return (self.plan_option_id, self.tier, self.state) == (other.plan_option_id, other.tier, other.state)


def ordered(stretches: Iterable[Stretch]) -> Stretches:
    """Oldest first; void ones keep their place by start."""
    return tuple(sorted(stretches, key=lambda stretch: (stretch.start, stretch.end or date.max)))


def in_effect(stretches: Iterable[Stretch]) -> Stretches:
    """Those that hold at least one day."""
    return tuple(stretch for stretch in stretches if not stretch.is_void)


def place(stretches: Stretches, new: Stretch) -> Stretches:
    """The member is in `new` from its start (to its end). What ran before is cut at that start.

    What would run past it is dropped; what begins after its end stays. The same enrollment told again keeps its
    earlier start and its row: telling it twice changes nothing.
    """
    if new.is_void:
        return stretches
    kept: list[Stretch] = []
    same: Stretch | None = None
    for old in stretches:
        before = old.end is not None and old.end < new.start
        after = new.end is not None and old.start >= new.end
        if old.is_void or before or after:
            kept.append(old)
        elif old.continues(new) and (same is None or old.start < same.start):
            if same is not None:
                kept.append(_void(same))
            same = old
        elif old.continues(new):
            kept.append(_void(old))
        else:
            kept.append(replace(old, end=max(old.start, new.start)))
    if same is None:
        return ordered([*kept, new])
    return ordered([*kept, replace(same, start=min(same.start, new.start), end=new.end)])


def end_all(stretches: Stretches, end: date) -> Stretches:
    """No day from `end` on is covered. What had not begun by then never took effect."""
    return ordered(
        replace(old, end=max(old.start, end)) if not old.is_void and (old.end is None or old.end > end) else old
        for old in stretches
    )


def void_all(stretches: Stretches, *, starting: date | None = None) -> Stretches:
    """Never effective: those starting on `starting`, or all that hold a day."""
    return ordered(_void(old) if starting is None or old.start == starting else old for old in stretches)


def reopen(stretches: Stretches, start: date) -> Stretches:
    """The last enrollment goes on from `start`: without a gap in its own row, else in a new one.

    Raises NeverCovered when nothing was ever enrolled.
    """
    held = in_effect(stretches) or stretches
    if not held:
        raise NeverCovered("There is no earlier coverage to reinstate. Send an addition instead.")
    last = held[-1]
    if last.end is None:
        return stretches
    if start <= last.end and not last.is_void:
        reopened = replace(last, end=None)
        return ordered(reopened if old is last else old for old in stretches)
    return ordered([*stretches, replace(last, start=start, end=None, row_id=None)])


def in_state(stretches: Stretches, state: str, start: date, end: date | None) -> Stretches:
    """From `start` up to `end` what is covered is in `state`; days without coverage stay without."""
    result: list[Stretch] = []
    for old in stretches:
        first = max(old.start, start)
        last = min((day for day in (old.end, end) if day is not None), default=None)
        if old.is_void or old.state == state or (last is not None and last <= first):
            result.append(old)
            continue
        pieces = [
            replace(old, end=first),
            replace(old, start=first, end=last, state=state, row_id=None),
            replace(old, start=last, row_id=None) if last is not None and last != old.end else None,
        ]
        held = [piece for piece in pieces if piece is not None and not piece.is_void]
        result += [replace(held[0], row_id=old.row_id), *held[1:]]
    return ordered(result)


def first_day_lost(before: Stretches, after: Stretches) -> date | None:
    """The earliest day that was covered and no longer is."""
    return _first_day_only_in(before, after)


def first_day_gained(before: Stretches, after: Stretches) -> date | None:
    """The earliest day that is covered and was not."""
    return _first_day_only_in(after, before)


def first_day_changed(before: Stretches, after: Stretches) -> date | None:
    """The earliest day that is covered otherwise than it was: another option, tier or state, or not on both sides."""
    borders = {day for one in (*before, *after) for day in (one.start, one.end) if day is not None}
    for day in sorted(borders):
        was, is_now = ([one for one in side if one.covers(day)] for side in (before, after))
        if bool(was) != bool(is_now) or (was and not was[0].continues(is_now[0])):
            return day
    return None


def _first_day_only_in(some: Stretches, other: Stretches) -> date | None:
    gaps = []
    for stretch in in_effect(some):
        day: date | None = stretch.start
        for rival in in_effect(other):
            if day is not None and rival.covers(day):
                day = rival.end
        if day is not None and stretch.covers(day):
            gaps.append(day)
    return min(gaps, default=None)


def _void(stretch: Stretch) -> Stretch:
    return stretch if stretch.is_void else replace(stretch, end=stretch.start)
