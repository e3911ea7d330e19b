"""What is on file of decided claims, as the auditor is given it. He takes these values as they are and changes none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

Reason = tuple[str, str]
"""Group and CARC of an adjustment."""

Step = tuple[str, tuple[str, ...]]
"""A step of a trace: its name and its values as written."""


@dataclass(slots=True, kw_only=True)
class Line:
    """One line of a decision. provider: NPI of whoever treated. units: thousandths. steps: the trace of the line."""

    number: int
    day: date
    category: str
    tier: str
    provider: str
    units: int
    billed: int
    allowed: int
    eligible: int
    paid: int
    denied: bool
    adjustments: Mapping[Reason, int]
    steps: Sequence[Step] = ()


@dataclass(slots=True, kw_only=True)
class Entry:
    """One posting to an accumulator. version_id None: of another source (takeover, pharmacy, correction)."""

    version_id: int | None
    line_number: int
    accumulator: str
    person_id: int
    family_id: int
    period_start: date
    amount: int


@dataclass(slots=True, kw_only=True)
class OtherPayer:
    """What another plan said of the lines of a claim: by line what it paid and what it left to the patient (PR)."""

    paid: Mapping[int, int]
    patient: Mapping[int, int]


@dataclass(slots=True, kw_only=True)
class Version:
    """One decision, or the reversal of one (`reverses_id`). Versions of a family follow one another by `version_id`.

    plan_version_id: of the plan document it was decided by, None when none was found. stay_start, stay_days: of an
    inpatient bill. medicare: one of the plans before ours is Medicare. others: the plans before ours, the first payer
    first, where each spoke line by line; None where they did not, and then what came before is taken from the trace.
    """

    version_id: int
    submission_id: int
    person_id: int
    family_id: int
    line_of_coverage: str
    plan_version_id: int | None
    reverses_id: int | None
    billed: int
    allowed: int
    paid: int
    member: int
    lines: Sequence[Line]
    entries: Sequence[Entry]
    stay_start: date | None = None
    stay_days: int = 1
    medicare: bool = False
    others: Sequence[OtherPayer] | None = None
    claim_steps: Sequence[Step] = ()


@dataclass(slots=True, frozen=True, kw_only=True)
class Span:
    """Days [start, end) on which a person has a plan option, in which family and coverage tier."""

    person_id: int
    family_id: int
    plan_option_id: int
    line_of_coverage: str
    tier: str
    start: date
    end: date | None


@dataclass(slots=True, kw_only=True)
class FamilyFile:
    """All that is on file about a family and whoever shares a person with it.

    versions: every decision that may matter, in the order they were made; `to_audit` says which are judged.
    entries: every posting that counted before or with these decisions. standing: those of other sources, and of
    decisions that are not among `versions`, which counted before the first of them. plans: documents by version.
    """

    versions: Sequence[Version]
    to_audit: frozenset[int]
    standing: Sequence[Entry]
    spans: Mapping[int, Sequence[Span]]
    plans: Mapping[int, "PlanDocument"] = field(default_factory=dict)


PlanDocument = Mapping[str, object]


def steps_of(trace: str) -> tuple[tuple[Step, ...], dict[int, tuple[Step, ...]]]:
    """The steps of a stored trace: those about the claim, and those of each line by its number."""
    claim: list[Step] = []
    lines: dict[int, list[Step]] = {}
    here = claim
    for part in trace.split(";")[1:]:
        name, _, written = part.partition(":")
        values = tuple(written.split(",")) if written else ()
        if name == "L":
            here = lines.setdefault(int(values[0]), [])
        elif name == "N":
            here = claim
        here.append((name, values))
    return tuple(claim), {number: tuple(steps) for number, steps in lines.items()}
