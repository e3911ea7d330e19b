"""999: what became of each transaction set of a group, and where its faults are. Written while the group is read.

One bad claim does not sink its set: a set with located faults below its header is E, accepted with errors noted, and the
claims concerned are turned away one by one by the 277CA. R is for the set's own envelope, header or guide.
"""

from collections.abc import Iterator
from itertools import groupby

from aso_portal.kernel.x12.envelopes import Group
from aso_portal.kernel.x12.faults import Fault
from aso_portal.kernel.x12.guides import x999
from aso_portal.kernel.x12.reader import GroupEnd, SetEnd
from aso_portal.kernel.x12.writer import InterchangeWriter, NotWritable

SEGMENT_HAS_ERRORS = "8"
MAX_CODES = 5
MAX_ERRORS = 1_000
# X12 data element numbers of the elements that fail most often, for IK402.
REFERENCES = {
    ("BHT", "3"): "127", ("BHT", "4"): "373", ("CLM", "1"): "1028", ("CLM", "2"): "782", ("CLM", "5.1"): "1331",
    ("CLM", "5.2"): "1332", ("CLM", "5.3"): "1325", ("DMG", "2"): "1251", ("DMG", "3"): "1068", ("DTP", "1"): "374",
    ("DTP", "2"): "1250", ("DTP", "3"): "1251", ("HI", "1.1"): "1270", ("HI", "1.2"): "1271", ("HL", "1"): "628",
    ("HL", "2"): "734", ("HL", "3"): "735", ("HL", "4"): "736", ("LX", "1"): "554", ("N3", "1"): "166", ("N4", "1"): "19",
    ("N4", "2"): "156", ("N4", "3"): "116", ("NM1", "1"): "98", ("NM1", "2"): "1065", ("NM1", "3"): "1035",
    ("NM1", "8"): "66", ("NM1", "9"): "67", ("PAT", "1"): "1069", ("REF", "1"): "128", ("REF", "2"): "127",
    ("SBR", "1"): "1138", ("SBR", "2"): "1069", ("SBR", "9"): "1032", ("SV1", "1.2"): "234", ("SV1", "2"): "782",
    ("SV1", "4"): "380", ("SV2", "1"): "234", ("SV2", "3"): "782", ("SV3", "2"): "782",
}  # fmt: skip


class Acknowledgment:
    """One 999 set for one group; the writer's group (FA) is open. Feed it events in order: begin, each set, end."""

    def __init__(self, out: InterchangeWriter, control_number: str) -> None:
        self._out = out
        self._control = control_number
        self.received = self.accepted = 0

    def begin(self, group: Group) -> None:
        """ST and AK1."""
        self._out.begin_set(x999.GUIDE, self._control)
        control = group.fields[6] if group.fields[6].isdigit() and group.fields[6].isascii() else "0"
        kind = group.fields[1] if len(group.fields[1]) == 2 and _plain(group.fields[1]) else "HC"
        self._add("HEADER", "AK1", kind.upper(), control[:9], group.fields[8][:12])

    def add_set(self, end: SetEnd) -> None:
        """AK2 to IK5 of one set."""
        start, out = end.start, self._out
        self.received += 1
        self.accepted += end.verdict in ("A", "E")
        control = start.control_number.strip()
        control = control.rjust(4, "0")[:9] if _plain(control) else "0000"
        identifier = start.identifier if len(start.identifier) == 3 and _plain(start.identifier) else "837"
        self._add("2000", "AK2", identifier.upper(), control, start.version[:35])
        codes = []
        located = sorted(_located(end.faults), key=lambda fault: fault.set_ordinal)
        written = 0
        for _, faults in groupby(located, key=lambda fault: (fault.set_ordinal, fault.segment_id, fault.loop)):
            if written < MAX_ERRORS:
                written += self._segment_errors(list(faults))
        for fault in end.faults:
            if fault.ack.where == "IK5":
                codes.append(fault.ack.code)
        if located:
            codes.append("5" if any(fault.snip == 1 for fault in located) else "I5")
        if end.verdict == "R" and not codes:
            codes.append("5")
        shown = list(dict.fromkeys(codes))[:MAX_CODES]
        out.add("2190", "IK5", end.verdict, *(shown if end.verdict != "A" else ()))

    def end(self, end: GroupEnd) -> None:
        """AK9 and SE. The counts are the group's own."""
        codes = list(dict.fromkeys(fault.ack.code for fault in end.group.faults if fault.ack.where == "AK9"))[
            :MAX_CODES
        ]
        counts = (str(end.included)[:6], str(end.received)[:6], str(end.accepted)[:6])
        self._out.add("SUMMARY", "AK9", end.verdict, *counts, *codes)
        self._out.end_set()

    def _segment_errors(self, faults: list[Fault]) -> int:
        """One IK3 for each structural fault, and one with code 8 for all element faults of the segment."""
        elements = [fault for fault in faults if fault.ack.where == "IK4"]
        count = 0
        for fault in faults:
            if fault.ack.where == "IK3":
                count += 1
                self._segment_error(fault, fault.ack.code)
        if elements:
            count += 1
            self._segment_error(elements[0], SEGMENT_HAS_ERRORS)
            for fault in elements:
                self._element_error(fault)
        return count

    def _segment_error(self, fault: Fault, code: str) -> None:
        segment_id = fault.segment_id if 2 <= len(fault.segment_id) <= 3 and _plain(fault.segment_id) else "ZZZ"
        self._add("2100", "IK3", segment_id.upper(), str(fault.set_ordinal), fault.loop[:6], code)
        if fault.unit:
            name, _, value = fault.unit.partition(":")
            try:
                self._out.add("2100", "CTX", (name, value))
            except NotWritable:  # the sender's number cannot be echoed between our delimiters
                self._out.add("2100", "CTX", (name,))

    def _element_error(self, fault: Fault) -> None:
        position, _, component = fault.element.partition(".")
        where = (position, component) if component else (position,)
        reference = REFERENCES.get((fault.segment_id, fault.element), "")
        try:
            self._out.add("2110", "IK4", where, reference, fault.ack.code, fault.bad)
        except NotWritable:
            self._out.add("2110", "IK4", where, reference, fault.ack.code)

    def _add(self, loop_id: str, segment_id: str, *elements: str) -> None:
        """Add; where something echoed cannot be written, leave the echoes out."""
        try:
            self._out.add(loop_id, segment_id, *elements)
        except NotWritable:
            self._out.add(loop_id, segment_id, *(element if _plain(element) else "" for element in elements))


def _plain(text: str) -> bool:
    """Letters and digits that any receiver can read."""
    return text.isascii() and text.isalnum()


def _located(faults: list[Fault]) -> Iterator[Fault]:
    return (fault for fault in faults if fault.ack.where in ("IK3", "IK4"))
