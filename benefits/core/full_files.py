"""When a file is not applied but held for a person to look at."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

_ANNOUNCED = {"TO": "members", "ET": "employees", "DT": "dependants"}


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How many covered people a full file may leave out: `share_bp` basis points of them, at most `lives`."""

    share_bp: int = 500
    lives: int = 25

    def exceeded(self, *, proposed: int, covered: int) -> bool:
        """Whether so many proposed terminations among `covered` people are too many to pass without a look."""
        return proposed > self.lives or proposed * 10_000 > covered * self.share_bp


def hold_for_absentees(*, proposed: int, covered: int, tolerance: Tolerance) -> list[str]:
    """The reason to hold a full file that leaves out too many people, or none."""
    if not tolerance.exceeded(proposed=proposed, covered=covered):
        return []
    return [
        f"{proposed} of {covered} covered people are missing from this full file. More than {tolerance.lives}, or "
        f"{tolerance.share_bp // 100}.{tolerance.share_bp % 100:02d} % needs a person to release it."
    ]


def hold_for_counts(announced: Mapping[str, int], *, employees: int, dependants: int) -> list[str]:
    """A reason for each count the file announces (QTY) that is not what it holds."""
    held = {"TO": employees + dependants, "ET": employees, "DT": dependants}
    return [
        f"The file announces {count} {_ANNOUNCED[key]} (QTY*{key}) and holds {held[key]}."
        for key, count in sorted(announced.items())
        if key in held and count != held[key]
    ]


def hold_for_groups(named: Collection[str], known: Collection[str]) -> list[str]:
    """A reason for each group number the file names that is not this employer's; one for a file that names none."""
    if not named:
        return ["The file names no group (REF*38 or REF*1L)."]
    return [f"Group {group!r} is not one of this employer's." for group in sorted(set(named) - set(known))]
