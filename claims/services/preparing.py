"""Claims of an 837 made ready to be stored and answered, window by window, as plain values another process may send.

for event in in_windows(read_837(...), size):
    ...  # an envelope event, or the next claims of a set: at most `size`
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from aso_portal.kernel.x12.events import (
    FileEnd,
    GroupEnd,
    GroupStart,
    InterchangeEnd,
    InterchangeStart,
    SetEnd,
    SetStart,
)
from claims.edi import x277
from claims.edi.x837 import ClaimAccepted, ClaimRejected, Event, SubmissionStart
from claims.services.storing import Arrived, arrived

SHOWN_FAULTS = 20


class Ready(NamedTuple):
    """A claim without a fault. status: its answer as long as no employer has it. group_number: as sent."""

    claim: Arrived
    group_number: str
    status: x277.ClaimStatus


class Turned(NamedTuple):
    """A claim that is turned away. faults: the first ones, in words. with_set: no 277CA speaks of it."""

    status: x277.ClaimStatus
    with_set: bool
    duplicate: bool
    faults: tuple[str, ...]


class Submitted(NamedTuple):
    """A set of claims begins; what its answer says of it."""

    reference: str
    submitter_name: str
    submitter_id: str


Window = list[Ready | Turned]
Envelope = InterchangeStart | GroupStart | SetStart | Submitted | SetEnd | GroupEnd | InterchangeEnd | FileEnd


def in_windows(events: Iterable[Event], size: int) -> Iterator[Envelope | Window]:
    """The events with claims prepared and gathered: neighbours of one set, at most `size` of them."""
    window: Window = []
    for event in events:
        if isinstance(event, ClaimAccepted | ClaimRejected):
            window.append(_ready(event) if isinstance(event, ClaimAccepted) else _turned(event))
            if len(window) >= size:
                yield window
                window = []
            continue
        if window:
            yield window
            window = []
        if isinstance(event, SubmissionStart):
            yield Submitted(event.reference, event.submitter_name, event.submitter_id)
        else:
            yield event


def _ready(event: ClaimAccepted) -> Ready:
    return Ready(arrived(str(event.key), event.claim), event.group_number, x277.status_of(event, routed=False))


def _turned(event: ClaimRejected) -> Turned:
    duplicate = any(fault.code == "interchange-duplicate" for fault in event.faults)
    shown = () if duplicate else tuple(map(str, islice(event.faults, SHOWN_FAULTS)))
    return Turned(x277.status_of(event), event.with_set, duplicate, shown)
