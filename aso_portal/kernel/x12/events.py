"""What a reader tells of a file: starts and ends of interchanges, groups and sets, with their verdicts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aso_portal.kernel.x12.envelopes import MAX_SEGMENTS, Group, Interchange
from aso_portal.kernel.x12.faults import Fault
from aso_portal.kernel.x12.guide import Guide
from aso_portal.kernel.x12.guides import BY_VERSION


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """How a sender's files are read. guides: what ST03 (or GS08) may say. lenient_isa: see `delimiters.read_header`.

    reads: which sets with a guide give blocks; the others only start and end. Whoever leaves a set out and knows what
    another reader found in it adds that to the `SetStart`, and later verdicts follow.
    """

    guides: Mapping[str, Guide] = field(default_factory=lambda: BY_VERSION)
    lenient_isa: bool = False
    max_segments: int = MAX_SEGMENTS
    reads: Callable[["SetStart"], bool] | None = None


@dataclass(slots=True, eq=False)
class InterchangeStart:
    """An ISA. `interchange.rejected` is already the last word."""

    interchange: Interchange


@dataclass(slots=True, eq=False)
class GroupStart:
    """A GS."""

    interchange: Interchange
    group: Group


@dataclass(slots=True, eq=False)
class SetStart:
    """An ST. rejected: nothing in it counts, because of its own envelope, its group's or its interchange's.

    guide: None when we do not read this kind of set; then no blocks follow. number: its place in the file, from 0.
    """

    interchange: Interchange
    group: Group
    number: int
    identifier: str
    control_number: str
    version: str
    guide: Guide | None
    rejected: bool
    ordinal: int
    offset: int
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class SetEnd:
    """The verdict on a set: A accepted, E accepted with errors noted, R rejected. `faults`: at most 2,000, all located."""

    start: SetStart
    verdict: str
    faults: list[Fault]
    segments: int


@dataclass(slots=True, eq=False)
class GroupEnd:
    """The verdict on a group: A, E, P (some sets accepted), R; and the counts AK9 reports."""

    group: Group
    verdict: str
    included: int
    received: int
    accepted: int


@dataclass(slots=True, eq=False)
class InterchangeEnd:
    """The verdict on an interchange: A, E (errors noted), R."""

    interchange: Interchange
    verdict: str


@dataclass(slots=True, eq=False)
class FileEnd:
    """The end. faults: what lay outside every interchange, or that there was none."""

    faults: list[Fault]
    segments: int
