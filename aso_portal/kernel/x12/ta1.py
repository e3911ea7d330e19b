"""TA1: the answer to an interchange's envelope. Codes A accepted, E accepted with errors, R rejected."""

from aso_portal.kernel.x12.envelopes import Interchange

NO_ERROR = "000"


def is_due(interchange: Interchange) -> bool:
    """Whether to answer: on any error, and when ISA14 asks. A TA1 is never answered with a TA1."""
    if interchange.has_ta1 and not interchange.groups:
        return False
    return bool(interchange.faults) or interchange.field(14) == "1"


def elements(interchange: Interchange) -> tuple[str, str, str, str, str]:
    """TA101 to TA105: control number, date and time of the ISA, verdict, note code of the gravest fault."""
    rejecting = [fault for fault in interchange.faults if fault.rejects]
    verdict = "R" if rejecting else "E" if interchange.faults else "A"
    told = rejecting or interchange.faults
    note = told[0].ack.code if told else NO_ERROR
    return (
        _digits(interchange.field(13), 9),
        _digits(interchange.field(9), 6),
        _digits(interchange.field(10), 4),
        verdict,
        note,
    )


def _digits(text: str, width: int) -> str:
    """A field of digits echoed, or zeros where the header could not be read."""
    return text if len(text) == width and text.isascii() and text.isdigit() else "0" * width
