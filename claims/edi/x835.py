"""Writes the 835 (005010X221A1) of one payment. The facts are checked first, so what leaves always balances."""

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from aso_portal.kernel.money import x12_amount
from claims.core.remittance import REVERSAL, Party, Remittance, RemittedClaim, RemittedLine, check_balance

VERSION = "005010X221A1"
CAS_TRIPLETS = 6
# Candidates of (element, component, repetition, segment); the first whose characters are in no echoed value is used.
DELIMITERS = (("*", ":", "^", "~"), ("|", ">", "!", "~"), ("\x1d", "\x1f", "\x1e", "\x1c"))
_METHODS = {"ach": ("I", "ACH", "CCP"), "check": ("I", "CHK", ""), "non": ("H", "NON", "")}


@lru_cache(maxsize=65_536)
def plain(text: str, limit: int = 60) -> str:
    """The text in the X12 basic character set: upper case, accents folded, delimiters of any candidate as blanks."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    kept = "".join(" " if character in "*:^~|>!" or character < " " else character for character in text.upper())
    return " ".join(kept.split())[:limit]


@lru_cache(maxsize=4_096)
def _units(thousandths: int) -> str:
    whole, rest = divmod(abs(thousandths), 1000)
    sign = "-" if thousandths < 0 else ""
    return f"{sign}{whole}" if not rest else f"{sign}{whole}.{rest:03d}".rstrip("0")


def _delimiters(remittance: Remittance) -> tuple[str, str, str, str]:
    """A set of delimiters that occurs in nothing we echo as it came: whatever others wrote and `plain` does not fold."""
    echoed = [remittance.payee.npi, remittance.payee.tin]
    for claim in remittance.claims:
        echoed += (claim.patient_control_number, claim.facility_code, claim.frequency, claim.subscriber_id)
        for line in claim.lines:
            echoed += (line.code, line.revenue, line.control_number, *line.modifiers)
    written = set().union(*echoed)
    for candidate in DELIMITERS:
        if written.isdisjoint(candidate):
            return candidate
    raise ValueError(f"Remittance {remittance.trace_number}: every set of delimiters occurs in a value to echo.")


@lru_cache(maxsize=4_096)
def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _address(party: Party) -> Iterator[list[str]]:
    if party.street:
        yield ["N3", plain(party.street, 55)]
        yield ["N4", plain(party.city, 30), party.state, party.postal_code]


def _service(line: RemittedLine, component: str) -> Iterator[list[str]]:
    procedure = component.join([line.qualifier, line.code, *line.modifiers])
    revenue = line.revenue if line.qualifier != "NU" else ""
    yield ["SVC", procedure, x12_amount(line.billed), x12_amount(line.paid), revenue, _units(line.units_thousandths)]
    if line.service_start == line.service_last:
        yield ["DTM", "472", _day(line.service_start)]
    else:
        yield ["DTM", "150", _day(line.service_start)]
        yield ["DTM", "151", _day(line.service_last)]
    yield from _reasons(line.adjustments)
    if line.control_number:
        yield ["REF", "6R", line.control_number]
    if line.allowed:
        yield ["AMT", "B6", x12_amount(line.allowed)]
    for rarc in line.rarcs:
        yield ["LQ", "HE", rarc]


def _reasons(adjustments: Sequence[tuple[str, str, int]]) -> Iterator[list[str]]:
    """CAS: one segment a group with up to six reasons (835-11)."""
    groups: dict[str, list[tuple[str, int]]] = {}
    for group, carc, cents in adjustments:
        groups.setdefault(group, []).append((carc, cents))
    for group, reasons in groups.items():
        for start in range(0, len(reasons), CAS_TRIPLETS):
            cas = ["CAS", group]
            for carc, cents in reasons[start : start + CAS_TRIPLETS]:
                cas += [carc, x12_amount(cents), ""]
            yield cas


def _claim(claim: RemittedClaim, filing: str, component: str) -> Iterator[list[str]]:
    yield [
        "CLP",
        claim.patient_control_number,
        claim.status,
        x12_amount(claim.billed),
        x12_amount(claim.paid),
        x12_amount(claim.member_owes) if claim.member_owes and claim.status != REVERSAL else "",
        filing,
        claim.claim_number,
        claim.facility_code,
        claim.frequency,
    ]
    yield from _reasons(claim.adjustments)
    name = ["NM1", "QC", "1", plain(claim.patient_last_name), plain(claim.patient_first_name, 35)]
    yield [*name, "", "", "", "MI", claim.subscriber_id]
    if claim.original_number:
        yield ["REF", "F8", claim.original_number]
    if claim.lines:
        yield ["DTM", "232", _day(min([line.service_start for line in claim.lines]))]
        yield ["DTM", "233", _day(max([line.service_last for line in claim.lines]))]
    yield ["DTM", "050", _day(claim.received)]
    if claim.interest:
        yield ["AMT", "I", x12_amount(claim.interest)]
    if claim.patient_paid:
        yield ["AMT", "F5", x12_amount(claim.patient_paid)]
    for line in claim.lines:
        yield from _service(line, component)


def _transaction(remittance: Remittance, filing: str, component: str) -> Iterator[list[str]]:
    """Segments between ST and SE."""
    handling, method, form = _METHODS[remittance.method]
    payer, payee = remittance.payer, remittance.payee
    # Bank identifiers travel in the payment file only; an 835 may leave BPR06-BPR15 empty for CHK and NON.
    yield ["BPR", handling, x12_amount(remittance.paid), "C", method, form, *[""] * 10, f"{remittance.paid_on:%Y%m%d}"]
    yield ["TRN", "1", remittance.trace_number, f"1{payer.tin}"]
    yield ["DTM", "405", f"{remittance.paid_on:%Y%m%d}"]
    yield ["N1", "PR", plain(payer.name)]
    yield from _address(payer)
    yield ["PER", "BL", plain(remittance.payer_contact), "TE", remittance.payer_phone]
    yield ["N1", "PE", plain(payee.name), "XX", payee.npi]
    yield from _address(payee)
    yield ["REF", "TJ", payee.tin]
    yield ["LX", "1"]
    for claim in remittance.claims:
        yield from _claim(claim, filing, component)
    adjustments = remittance.provider_adjustments
    for start in range(0, len(adjustments), CAS_TRIPLETS):
        plb = ["PLB", payee.npi, f"{remittance.paid_on:%Y}1231"]
        for item in adjustments[start : start + CAS_TRIPLETS]:
            plb += [component.join([item.reason, plain(item.reference, 50)]), x12_amount(item.cents)]
        yield plb


def write_835(
    remittance: Remittance, *, sender: str, receiver: str, written_on: date, filing: str = "12", usage: str = "P"
) -> str:
    """The whole interchange as text: ISA, GS, one ST, GE, IEA, one segment a line.

    sender, receiver: interchange ids (at most 15 characters). filing: CLP06 claim filing indicator. usage: P or T.
    Raises OutOfBalance when the facts do not add up, WrongAdjustment when a PLB amount breaks its rule.
    """
    check_balance(remittance)
    element, component, repetition, terminator = _delimiters(remittance)
    control = remittance.control_number.zfill(9)
    end = terminator + "\n"
    isa = [
        "ISA",
        "00",
        " " * 10,
        "00",
        " " * 10,
        "ZZ",
        f"{sender:<15}",
        "ZZ",
        f"{receiver:<15}",
        f"{written_on:%y%m%d}",
        "0000",
    ]
    isa += [repetition, "00501", control, "0", usage, component]
    number = str(int(control))
    written = f"{written_on:%Y%m%d}"
    out = [
        element.join(isa),
        element.join(["GS", "HP", sender, receiver, written, "0000", number, "X", VERSION]),
        element.join(["ST", "835", "0001"]),
    ]
    body = [element.join(segment).rstrip(element) for segment in _transaction(remittance, filing, component)]
    out += body
    out += [
        element.join(["SE", str(len(body) + 2), "0001"]),
        element.join(["GE", "1", number]),
        element.join(["IEA", "1", control]),
    ]
    return end.join(out) + end
