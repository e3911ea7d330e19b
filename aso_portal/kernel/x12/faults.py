"""What can be wrong with a file, as values: bad input is never an exception.

`CODES` is the catalogue: our stable code, and where the X12 acknowledgments have a code of their own, that code.
Messages name places and rules only. They never repeat what the file says, since that may be about a person; `bad`
keeps the offending text for the 999 (IK404), which goes back to its sender, and stays out of `repr`.
"""

from dataclasses import dataclass, field

REJECT, PEND, NOTE = "reject", "pend", "note"


@dataclass(frozen=True, slots=True)
class AckCode:
    """The code an acknowledgment uses. where: TA1, AK9, IK5, IK3 (segment), IK4 (element), or 277CA only."""

    where: str
    code: str


CODES: dict[str, AckCode] = {
    # the file and its interchanges
    "not-x12": AckCode("TA1", "024"),
    "isa-structure": AckCode("TA1", "022"),
    "isa-field": AckCode("TA1", "024"),
    "isa-authorization": AckCode("TA1", "010"),
    "isa-security": AckCode("TA1", "012"),
    "isa-sender": AckCode("TA1", "005"),
    "isa-receiver": AckCode("TA1", "007"),
    "isa-date": AckCode("TA1", "014"),
    "isa-time": AckCode("TA1", "015"),
    "isa-repetition": AckCode("TA1", "016"),
    "isa-version": AckCode("TA1", "017"),
    "isa-control-number": AckCode("TA1", "018"),
    "isa-acknowledgment": AckCode("TA1", "019"),
    "isa-usage": AckCode("TA1", "020"),
    "isa-delimiter": AckCode("TA1", "026"),
    "iea-control-number": AckCode("TA1", "001"),
    "iea-group-count": AckCode("TA1", "021"),
    "iea-missing": AckCode("TA1", "023"),
    "interchange-content": AckCode("TA1", "024"),
    "interchange-duplicate": AckCode("TA1", "025"),
    "cap-exceeded": AckCode("TA1", "024"),
    # functional groups
    "group-not-supported": AckCode("AK9", "1"),
    "group-version": AckCode("AK9", "2"),
    "ge-missing": AckCode("AK9", "3"),
    "ge-control-number": AckCode("AK9", "4"),
    "ge-set-count": AckCode("AK9", "5"),
    "gs-control-number": AckCode("AK9", "6"),
    "gs-duplicate": AckCode("AK9", "19"),
    "gs-field": AckCode("AK9", "1"),
    # transaction sets
    "set-not-supported": AckCode("IK5", "I6"),
    "set-version-differs": AckCode("IK5", "I6"),
    "se-missing": AckCode("IK5", "2"),
    "se-control-number": AckCode("IK5", "3"),
    "se-segment-count": AckCode("IK5", "4"),
    "st-control-number": AckCode("IK5", "7"),
    "st-identifier": AckCode("IK5", "6"),
    "st-duplicate": AckCode("IK5", "23"),
    # segments
    "segment-unknown": AckCode("IK3", "1"),
    "segment-unexpected": AckCode("IK3", "2"),
    "segment-missing": AckCode("IK3", "3"),
    "loop-too-many": AckCode("IK3", "4"),
    "segment-too-many": AckCode("IK3", "5"),
    "segment-not-in-guide": AckCode("IK3", "6"),
    "segment-out-of-order": AckCode("IK3", "7"),
    "segment-too-long": AckCode("IK3", "8"),
    "loop-missing": AckCode("IK3", "I7"),
    "hierarchy": AckCode("IK3", "8"),
    "situation": AckCode("IK3", "I6"),
    # elements
    "element-missing": AckCode("IK4", "1"),
    "element-conditional": AckCode("IK4", "2"),
    "element-too-many": AckCode("IK4", "3"),
    "element-too-short": AckCode("IK4", "4"),
    "element-too-long": AckCode("IK4", "5"),
    "element-character": AckCode("IK4", "6"),
    "element-code": AckCode("IK4", "7"),
    "element-date": AckCode("IK4", "8"),
    "element-time": AckCode("IK4", "9"),
    "element-exclusion": AckCode("IK4", "10"),
    "element-repetitions": AckCode("IK4", "12"),
    "element-components": AckCode("IK4", "13"),
    "element-not-used": AckCode("IK4", "I10"),
    "element-pattern": AckCode("IK4", "I12"),
    "element-situation": AckCode("IK4", "I9"),
    # balances, outside code sets, listed rules: the syntax is right, so only the claim acknowledgment speaks of them
    "balance": AckCode("277CA", "A8"),
    "code-set": AckCode("277CA", "A7"),
    "relation": AckCode("277CA", "A8"),
    "rule": AckCode("277CA", "A7"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, and where.

    ordinal: segment's place in the file, from 1. set_ordinal: the same counted from its ST (0 outside a set), as 999
    IK302 wants it. offset: byte of the segment's first character in the file. element: "" for the whole segment, else
    "2" or "5.3". snip: 1 syntax, 2 guide, 3 balance, 4 situation, 5 outside code sets, 6 line of business,
    7 a partner's own rule. severity: `reject`, `pend` for what a person must look at, or `note` for what is reported and
    tolerated. status: claim status code for a 277CA, when the fault knows a better one than its kind. rule: id of the
    listed rule that is broken.
    """

    code: str
    ordinal: int
    set_ordinal: int
    offset: int
    segment_id: str
    element: str
    loop: str
    message: str
    snip: int
    severity: str = REJECT
    bad: str = field(default="", repr=False)
    unit: str = field(default="", repr=False)
    status: str = ""
    entity: str = ""
    rule: str = ""

    @property
    def rejects(self) -> bool:
        """Whether what holds this fault is turned away."""
        return self.severity == REJECT

    @property
    def ack(self) -> AckCode:
        """The acknowledgment and code that report this fault."""
        return CODES[self.code]

    def __str__(self) -> str:
        place = self.segment_id + (f"-{self.element}" if self.element else "") or "file"
        inside = f", loop {self.loop}" if self.loop else ""
        where = f"segment {self.ordinal} ({place}{inside}) at byte {self.offset}"
        named = f"rule {self.rule}" if self.rule else self.code
        return f"{where}: {self.message} [{named}, SNIP {self.snip}]"
