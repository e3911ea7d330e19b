"""A first, fast pass over a file: its interchanges, groups and sets, and whether their headers, trailers and counts agree.

Running it before anything is stored makes every later verdict final: a wrong count at the end of a set is known before
the set's first claim is handed out. It looks at envelope segments only and counts the rest.
"""

import re
from dataclasses import dataclass, field
from typing import BinaryIO

from aso_portal.kernel.x12.delimiters import LENIENT_MAX, Delimiters, find_isa, read_header
from aso_portal.kernel.x12.dictionary import SEGMENT_TYPES
from aso_portal.kernel.x12.elements import TIME, is_day
from aso_portal.kernel.x12.faults import NOTE, REJECT, Fault
from aso_portal.kernel.x12.window import Window

MAX_SEGMENTS = 5_000_000
MAX_SEGMENT = 64 * 1024
MAX_FAULTY_SETS = 10_000
INTERCHANGE_VERSIONS = ("00401", "00501")
AUTHORIZATIONS, SECURITIES = ("00", "03"), ("00", "01")
PARTY_KINDS = ("01", "14", "20", "27", "28", "29", "30", "33", "ZZ")
FUNCTIONAL_IDS = ("BE", "FA", "HB", "HC", "HI", "HN", "HP", "HR", "HS", "RA")


@dataclass(slots=True, eq=False)
class Group:
    """A functional group. `fields[k]` is GS0k. received: sets found; included: what GE01 says."""

    fields: tuple[str, ...]
    ordinal: int
    offset: int
    faults: list[Fault] = field(default_factory=list)
    received: int = 0
    included: str = ""

    @property
    def rejected(self) -> bool:
        """Whether nothing in this group counts."""
        return any(fault.rejects for fault in self.faults)


@dataclass(slots=True, eq=False)
class Interchange:
    """An interchange. `fields[k]` is ISA0k with its padding. `end`: file offset after it. `broken_at`: offset from which
    it cannot be read, or None."""

    fields: tuple[str, ...]
    delimiters: Delimiters | None
    ordinal: int
    offset: int
    end: int = 0
    fixed: bool = True
    faults: list[Fault] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    broken_at: int | None = None
    has_ta1: bool = False
    header_length: int = 0

    @property
    def rejected(self) -> bool:
        """Whether nothing in this interchange counts."""
        return any(fault.rejects for fault in self.faults)

    def field(self, number: int) -> str:
        """ISA element without padding, "" when the header could not be read."""
        return self.fields[number].strip() if number < len(self.fields) else ""


@dataclass(slots=True)
class Survey:
    """All of a file. `bad_sets` maps a set's place in the file (from 0) to its faults; the other sets are sound."""

    interchanges: list[Interchange] = field(default_factory=list)
    bad_sets: dict[int, tuple[Fault, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    sets: int = 0
    segments: int = 0


def survey(stream: BinaryIO, *, lenient: bool = False, max_segments: int = MAX_SEGMENTS) -> Survey:
    """Read `stream` to its end. `lenient` and `max_segments`: see `delimiters.read_header` and the partner's settings."""
    return _Surveyor(Window(stream), lenient, max_segments).run()


class _Surveyor:
    def __init__(self, window: Window, lenient: bool, max_segments: int) -> None:
        self.window = window
        self.lenient = lenient
        self.max_segments = max_segments
        self.result = Survey()
        self.ordinal = 0
        self.interchange = Interchange((), None, 0, 0)
        self.group: Group | None = None
        self.set_faults: list[Fault] | None = None
        self.set_control = ""
        self.set_started = 0
        self.group_number = 0
        self.seen_sets: set[str] = set()
        self.seen_groups: set[str] = set()

    def run(self) -> Survey:
        at = 0
        while (at := self._next_isa(at)) != -1:
            at = self._interchange(at)
        self.result.segments = self.ordinal
        return self.result

    # --- finding interchanges -------------------------------------------------------------------------------------

    def _next_isa(self, at: int) -> int:
        """Index in the window of the next ISA, or -1. What lies before it, other than blanks and a BOM, is a fault."""
        window, interchanges = self.window, self.result.interchanges
        first, unread = not interchanges, bool(interchanges) and interchanges[-1].broken_at is not None
        junk: int | None = None
        while True:
            found = find_isa(window.text, at)
            before = window.text[at:found] if found != -1 else window.text[at:]
            stray = before.lstrip(" \t\r\n\x1a").removeprefix("\xef\xbb\xbf").strip(" \t\r\n\x1a")
            if stray and not unread and not (found == -1 and not window.ended and len(stray) < 4):
                junk = window.base + at + before.find(stray[0]) if junk is None else junk
            if found != -1:
                if junk is not None:
                    self._file_fault(junk, "data that belongs to no interchange stands before this ISA")
                if len(window.text) - found < LENIENT_MAX:
                    window.grow(found)
                    found = 0
                return found
            if not window.grow(max(at, len(window.text) - 3)):
                if first and window.base + len(window.text) == 0:
                    self._file_fault(0, "the file is empty")
                elif first:
                    self._file_fault(junk or 0, "no ISA segment was found: this is not an X12 interchange")
                elif junk is not None:
                    self._file_fault(junk, "data that belongs to no interchange stands after the last IEA")
                return -1
            at = 0

    def _file_fault(self, offset: int, message: str) -> None:
        self.result.faults.append(Fault("not-x12", self.ordinal + 1, 0, offset, "ISA", "", "", message, 1))

    # --- one interchange ------------------------------------------------------------------------------------------

    def _interchange(self, at: int) -> int:
        """Read the interchange whose ISA is at `at`; the index in the window after it."""
        window = self.window
        offset = window.base + at
        self.ordinal += 1
        header = read_header(window.text, at, lenient=self.lenient)
        self.seen_groups = set()
        if isinstance(header, str):
            fields = tuple(window.text[at : at + 105].split(window.text[at + 3]))
            interchange = Interchange(fields, None, self.ordinal, offset)
            interchange.faults.append(Fault("isa-structure", self.ordinal, 0, offset, "ISA", "", "", header, 1))
            interchange.broken_at = offset
            self.result.interchanges.append(interchange)
            interchange.end = offset + 3
            return at + 3
        interchange = Interchange(header.fields, header.delimiters, self.ordinal, offset, fixed=header.fixed)
        interchange.header_length = header.length
        self.interchange = interchange
        self.result.interchanges.append(interchange)
        self._check_isa(interchange)
        return self._segments(at + header.length - 1, header.delimiters)

    def _segments(self, at: int, delimiters: Delimiters) -> int:
        """Walk the envelope segments from the ISA's terminator at `at` to IEA, the next ISA or the end of the file."""
        window = self.window
        terminator, separator = delimiters.terminator, delimiters.element
        ids = rf"{re.escape(terminator)}\s*(ISA|IEA|TA1|G[SE]|S[TE]){re.escape(separator)}"
        search = re.compile(ids).search
        counted = at
        while True:
            found = search(window.text, at)
            close = window.text.find(terminator, found.start(1)) if found else -1
            if found and close == -1 and window.ended:
                close = len(window.text)
            if found is None or close == -1:
                last = window.text.rfind(terminator, at)
                keep = last if last != -1 else at
                self.ordinal += window.text.count(terminator, counted + 1, keep + 1) if keep > counted else 0
                if len(window.text) - keep > MAX_SEGMENT:
                    return self._broken(keep, "segment-too-long", f"a segment is longer than {MAX_SEGMENT} bytes")
                at, counted = 0, max(0, counted - keep)
                if not window.grow(keep) and (search(window.text, counted) is None or counted >= len(window.text)):
                    return self._cut_off(delimiters, counted)
                continue
            start = found.start(1)
            segment_id = found[1]
            if segment_id == "ISA" and not _header_follows(window.text, start):
                at = start
                continue
            self.ordinal += window.text.count(terminator, counted + 1, start)
            counted = start
            if self.ordinal > self.max_segments:
                return self._broken(start, "cap-exceeded", f"more than {self.max_segments} segments")
            if segment_id == "ISA":
                self._end_set_and_group(start)
                self._interchange_fault("iea-missing", start, "the interchange has no IEA before the next ISA", "IEA")
                self._finish(start)
                return start
            self.ordinal += 1
            elements = window.text[start:close].split(separator)
            counted = close
            if self._envelope(segment_id, elements, start):
                self._finish(min(close + 1, len(window.text)))
                return min(close + 1, len(window.text))
            at = close

    def _broken(self, index: int, code: str, message: str) -> int:
        window = self.window
        self._end_set_and_group(index)
        named = window.text[index : index + 8].lstrip(self._cuts() + "\r\n ")[:3]
        self._interchange_fault(code, index, message, named if named.isalnum() else "ISA")
        self.interchange.broken_at = window.base + index
        self._finish(index)
        at = index + 1
        while (found := find_isa(window.text, at)) == -1:
            if not window.grow(max(at, len(window.text) - 3)):
                return len(window.text)
            at = 0
        return found

    def _cuts(self) -> str:
        found = self.interchange.delimiters
        return found.terminator + found.element if found is not None else ""

    def _cut_off(self, delimiters: Delimiters, counted: int) -> int:
        """The file ended inside the interchange; segments up to `counted` are counted."""
        window = self.window
        if window.text[counted:].strip(delimiters.terminator + "\r\n\t \x1a"):
            self.ordinal += 1
        self._end_set_and_group(len(window.text))
        self._interchange_fault("iea-missing", len(window.text), "the file ends before the interchange's IEA", "IEA")
        self._finish(len(window.text))
        return len(window.text)

    def _finish(self, index: int) -> None:
        self.interchange.end = self.window.base + index

    # --- envelope segments ----------------------------------------------------------------------------------------

    def _envelope(self, segment_id: str, elements: list[str], start: int) -> bool:
        """Take one envelope segment; True when it is the IEA."""
        elements += [""] * (9 - len(elements))
        if segment_id == "ST":
            self._start_set(elements, start)
        elif segment_id == "SE":
            self._end_set(elements, start)
        elif segment_id == "GS":
            self._start_group(elements, start)
        elif segment_id == "GE":
            self._end_group(elements, start)
        elif segment_id == "TA1":
            self.interchange.has_ta1 = True
        else:
            self._end_interchange(elements, start)
            return True
        return False

    def _start_set(self, elements: list[str], start: int) -> None:
        if self.set_faults is not None:
            self._set_fault("se-missing", "ST", "", start, "this set begins before the SE of the one before it")
            self._close_set()
        if self.group is None:
            self._interchange_fault(
                "interchange-content", start, "a transaction set stands outside a functional group", "ST"
            )
            self.group = Group(("",) * 9, self.ordinal, self.window.base + start)
            self.interchange.groups.append(self.group)
            self.seen_sets = set()
        self.group.received += 1
        self.set_faults, self.set_started, self.set_control = [], self.ordinal, elements[2]
        if not 4 <= len(elements[2]) <= 9:
            self._set_fault("st-control-number", "ST", "2", start, "ST02 must have 4 to 9 characters")
        if elements[2] in self.seen_sets:
            self._set_fault("st-duplicate", "ST", "2", start, "ST02 occurred before in this group")
        if len(self.seen_sets) < MAX_SEGMENTS // 50:
            self.seen_sets.add(elements[2])

    def _end_set(self, elements: list[str], start: int) -> None:
        if self.set_faults is None:
            self._interchange_fault("interchange-content", start, "an SE stands outside a transaction set", "SE")
            return
        count = self.ordinal - self.set_started + 1
        if elements[2] != self.set_control:
            self._set_fault("se-control-number", "SE", "2", start, "SE02 differs from ST02")
        if not elements[1].isdigit() or int(elements[1][:12]) != count:
            said = elements[1][:12] if elements[1].isdigit() else "no number"
            self._set_fault("se-segment-count", "SE", "1", start, f"SE01 says {said}, the set has {count} segments")
        self._close_set()

    def _close_set(self) -> None:
        if self.set_faults:
            if len(self.result.bad_sets) >= MAX_FAULTY_SETS:
                self._interchange_fault("cap-exceeded", 0, f"more than {MAX_FAULTY_SETS} faulty transaction sets", "SE")
            else:
                self.result.bad_sets[self.result.sets] = tuple(self.set_faults)
        self.set_faults = None
        self.result.sets += 1

    def _start_group(self, elements: list[str], start: int) -> None:
        self._end_set_and_group(start)
        self.group = Group(tuple(elements[:9]), self.ordinal, self.window.base + start)
        self.interchange.groups.append(self.group)
        self.seen_sets = set()
        self._check_gs(elements, start)
        if elements[6] in self.seen_groups:
            self._group_fault("gs-duplicate", "GS", "6", start, "GS06 occurred before in this interchange")
        self.seen_groups.add(elements[6])

    def _end_group(self, elements: list[str], start: int) -> None:
        if self.set_faults is not None:
            self._set_fault("se-missing", "GE", "", start, "the set has no SE before the group's GE")
            self._close_set()
        if self.group is None:
            self._interchange_fault("interchange-content", start, "a GE stands outside a functional group", "GE")
            return
        self.group.included = elements[1]
        if elements[2] != self.group.fields[6]:
            self._group_fault("ge-control-number", "GE", "2", start, "GE02 differs from GS06")
        if not elements[1].isdigit() or int(elements[1][:9]) != self.group.received:
            said = elements[1][:9] if elements[1].isdigit() else "no number"
            text = f"GE01 says {said}, the group has {self.group.received} sets"
            self._group_fault("ge-set-count", "GE", "1", start, text)
        self.group = None

    def _end_interchange(self, elements: list[str], start: int) -> None:
        self._end_set_and_group(start)
        interchange = self.interchange
        if elements[2].strip() != interchange.field(13):
            self._interchange_fault("iea-control-number", start, "IEA02 differs from ISA13", "IEA", "2")
        groups = len(interchange.groups)
        if not elements[1].isdigit() or int(elements[1][:9]) != groups:
            said = elements[1][:9] if elements[1].isdigit() else "no number"
            text = f"IEA01 says {said}, the interchange has {groups} groups"
            self._interchange_fault("iea-group-count", start, text, "IEA", "1")

    def _end_set_and_group(self, start: int) -> None:
        if self.set_faults is not None:
            self._set_fault("se-missing", "SE", "", start, "the transaction set has no SE")
            self._close_set()
        if self.group is not None:
            self._group_fault("ge-missing", "GE", "", start, "the functional group has no GE")
            self.group = None

    # --- fields ---------------------------------------------------------------------------------------------------

    def _check_isa(self, interchange: Interchange) -> None:
        fields, at = interchange.fields, interchange.offset - self.window.base
        if not interchange.fixed:
            text = "the ISA is not of fixed width; its separators were counted, as this partner's settings allow"
            self._interchange_fault("isa-structure", at, text, "ISA", "", NOTE)
        for number, code, allowed in (
            (1, "isa-authorization", AUTHORIZATIONS),
            (3, "isa-security", SECURITIES),
            (5, "isa-sender", PARTY_KINDS),
            (7, "isa-receiver", PARTY_KINDS),
            (12, "isa-version", INTERCHANGE_VERSIONS),
            (14, "isa-acknowledgment", ("0", "1")),
            (15, "isa-usage", ("P", "T")),
        ):
            if fields[number].strip() not in allowed:
                self._interchange_fault(
                    code, at, f"ISA{number:02d} is not one of {', '.join(allowed)}", "ISA", str(number)
                )
        for number, code in ((6, "isa-sender"), (8, "isa-receiver")):
            if not fields[number].strip():
                self._interchange_fault(code, at, f"ISA{number:02d} is blank", "ISA", str(number))
        if not fields[13].isdigit():
            self._interchange_fault("isa-control-number", at, "ISA13 is not a number", "ISA", "13")
        if not is_day("20" + fields[9]):
            self._interchange_fault("isa-date", at, "ISA09 is not a date YYMMDD", "ISA", "9", NOTE)
        if not TIME.fullmatch(fields[10]):
            self._interchange_fault("isa-time", at, "ISA10 is not a time HHMM", "ISA", "10", NOTE)
        if fields[12] >= "00402" and interchange.delimiters and not interchange.delimiters.repetition:
            text = "ISA11 is no usable repetition separator; repeated elements cannot be told apart"
            self._interchange_fault("isa-repetition", at, text, "ISA", "11", NOTE)

    def _check_gs(self, elements: list[str], start: int) -> None:
        if elements[1] not in FUNCTIONAL_IDS:
            self._group_fault("group-not-supported", "GS", "1", start, "GS01 is no functional identifier we take")
        if not is_day(elements[4]):
            self._group_fault("gs-field", "GS", "4", start, "GS04 is not a date CCYYMMDD", NOTE)
        if not TIME.fullmatch(elements[5]):
            self._group_fault("gs-field", "GS", "5", start, "GS05 is not a time HHMM", NOTE)
        if not (elements[6].isdigit() and len(elements[6]) <= SEGMENT_TYPES["GS"].elements[5].high):
            self._group_fault("gs-control-number", "GS", "6", start, "GS06 is not a number of 1 to 9 digits")

    def _interchange_fault(
        self, code: str, index: int, message: str, segment_id: str, element: str = "", severity: str = REJECT
    ) -> None:
        faults = self.interchange.faults
        if len(faults) < 100:
            place = self.window.base + index
            faults.append(Fault(code, self.ordinal, 0, place, segment_id, element, "", message, 1, severity))

    def _group_fault(
        self, code: str, segment_id: str, element: str, index: int, message: str, severity: str = REJECT
    ) -> None:
        place = self.window.base + index
        if self.group is not None:
            self.group.faults.append(Fault(code, self.ordinal, 0, place, segment_id, element, "", message, 1, severity))

    def _set_fault(self, code: str, segment_id: str, element: str, index: int, message: str) -> None:
        set_ordinal = self.ordinal - self.set_started + 1
        place = self.window.base + index
        if self.set_faults is not None:
            self.set_faults.append(Fault(code, self.ordinal, set_ordinal, place, segment_id, element, "", message, 1))


def _header_follows(text: str, start: int) -> bool:
    return start + 3 < len(text) and not text[start + 3].isalnum()
