"""Reads 835s: our own back to the values they were written from, and those of other payers as far as they can be read.

    for read in read_835(text):
        read.remittance, read.findings, list(imbalances(read.remittance))

A small reader: it takes the loops of `claims.core.remittance` and passes over the rest. What it cannot read is told
with the number of its segment and never raises.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from aso_portal.kernel.money import NotMoney, parse_cents
from aso_portal.kernel.x12.delimiters import Delimiters, Header, find_isa, read_header
from claims.core.provider_adjustments import ProviderAdjustment
from claims.core.remittance import Party, Remittance, RemittedClaim, RemittedLine

_WITHOUT_HEADER = Delimiters(element="*", component=":", terminator="~")
"""How a transaction that comes without an ISA is cut: the trade's usual characters."""

_METHODS = {"ACH": "ach", "CHK": "check", "NON": "non"}
_ADJUSTED_FROM, _TRIPLET = 2, 3


@dataclass(slots=True)
class ReadRemittance:
    """One 835 as read. sender, receiver: GS02, GS03. findings: what could not be read, by segment, in words."""

    remittance: Remittance
    sender: str = ""
    receiver: str = ""
    filing: str = ""
    findings: tuple[str, ...] = ()


def read_835(text: str) -> list[ReadRemittance]:
    """Every 835 of the text, whatever delimiters its ISA declares."""
    found: list[ReadRemittance] = []
    sender = receiver = control = ""
    reading: _Reading | None = None
    for number, (elements, component) in enumerate(_segments(text), start=1):
        name = elements[0]
        if name == "ISA":
            control = _at(elements, 13).strip()
        elif name == "GS":
            sender, receiver = _at(elements, 2), _at(elements, 3)
        elif name == "ST" and _at(elements, 1) == "835":
            reading = _Reading(control)
        elif name == "SE" and reading is not None:
            found.append(reading.done(sender, receiver))
            reading = None
        elif reading is not None:
            reading.take(number, elements, component)
    return found


def _segments(text: str) -> Iterator[tuple[list[str], str]]:
    """Each segment's elements, with the component separator in force."""
    at = find_isa(text)
    if at == -1:
        yield from _cut(text, _WITHOUT_HEADER)
        return
    while at != -1:
        header = read_header(text, at, lenient=True)
        delimiters = header.delimiters if isinstance(header, Header) else _WITHOUT_HEADER
        following = find_isa(text, at + 3)
        yield from _cut(text[at : following if following != -1 else None], delimiters)
        at = following


def _cut(text: str, delimiters: Delimiters) -> Iterator[tuple[list[str], str]]:
    for segment in text.split(delimiters.terminator):
        if stripped := segment.strip("\r\n"):
            yield stripped.split(delimiters.element), delimiters.component


def _at(elements: Sequence[str], number: int) -> str:
    return elements[number] if number < len(elements) else ""


@dataclass(slots=True)
class _Reading:
    """One transaction while it is read: parts of the value to come, and the loop in hand."""

    control: str
    facts: dict[str, Any] = field(default_factory=dict)
    parties: dict[str, dict[str, str]] = field(default_factory=dict)
    claims: list[dict[str, Any]] = field(default_factory=list)
    adjustments: list[ProviderAdjustment] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    party: dict[str, str] = field(default_factory=dict)
    filing: str = ""
    number: int = 0

    def take(self, number: int, elements: list[str], component: str) -> None:
        """One segment; those without a reader are passed over."""
        self.number = number
        reader = _READERS.get(elements[0])
        if reader is not None:
            reader(self, elements, component)

    def note(self, elements: Sequence[str], what: str) -> None:
        self.findings.append(f"Segment {self.number} ({elements[0]}): {what}.")

    def cents(self, elements: Sequence[str], place: int, *, needed: bool = True) -> int:
        """An amount, 0 where there is none."""
        text = _at(elements, place)
        if not text:
            if needed:
                self.note(elements, f"element {place} holds no amount")
            return 0
        try:
            return parse_cents(text)
        except NotMoney:
            self.note(elements, f"element {place} is no amount of dollars")
            return 0

    def day(self, elements: Sequence[str], place: int) -> date | None:
        text = _at(elements, place)
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if text else None
        except ValueError:
            self.note(elements, f"element {place} is no day")
            return None

    @property
    def line(self) -> dict[str, Any] | None:
        """The service line in hand, if the claim in hand has begun one."""
        return self.claims[-1]["lines"][-1] if self.claims and self.claims[-1]["lines"] else None

    def done(self, sender: str, receiver: str) -> ReadRemittance:
        """Everything read, as one value."""
        paid_on = self.facts.get("paid_on") or date.min
        payer, payee = self.parties.get("PR", {}), self.parties.get("PE", {})
        remittance = Remittance(
            payer=Party(**{"name": "", "tin": self.facts.get("payer_tin", "")} | payer),
            payer_contact=self.facts.get("contact", ""),
            payer_phone=self.facts.get("phone", ""),
            payee=Party(**{"name": "", "tin": ""} | payee),
            method=self.facts.get("method", ""),
            trace_number=self.facts.get("trace", ""),
            control_number=self.control,
            paid=self.facts.get("paid", 0),
            paid_on=paid_on,
            claims=tuple(_claim(claim, paid_on) for claim in self.claims),
            provider_adjustments=tuple(self.adjustments),
        )
        return ReadRemittance(remittance, sender, receiver, self.filing, tuple(self.findings))


def _claim(told: dict[str, Any], paid_on: date) -> RemittedClaim:
    lines = tuple(_line(number, line, paid_on) for number, line in enumerate(told["lines"], start=1))
    rest = {name: value for name, value in told.items() if name != "lines"}
    return RemittedClaim(**{"received": paid_on} | rest | {"adjustments": tuple(told["adjustments"])}, lines=lines)


def _line(number: int, told: dict[str, Any], paid_on: date) -> RemittedLine:
    start = told.pop("day", None) or told.pop("start", None) or paid_on
    last = told.pop("last", None) or start
    told.pop("start", None)
    reasons = {"adjustments": tuple(told["adjustments"]), "rarcs": tuple(told["rarcs"])}
    return RemittedLine(number=number, service_start=start, service_last=last, **told | reasons)


def _bpr(reading: _Reading, elements: list[str], component: str) -> None:
    method = _at(elements, 4)
    if method not in _METHODS:
        reading.note(elements, f"payment method {method!r} is not one of {', '.join(_METHODS)}")
    reading.facts |= {
        "paid": reading.cents(elements, 2),
        "method": _METHODS.get(method, ""),
        "paid_on": reading.day(elements, 16),
    }


def _trn(reading: _Reading, elements: list[str], component: str) -> None:
    reading.facts |= {"trace": _at(elements, 2), "payer_tin": _at(elements, 3)[1:]}


def _n1(reading: _Reading, elements: list[str], component: str) -> None:
    reading.party = reading.parties.setdefault(_at(elements, 1), {})
    reading.party["name"] = _at(elements, 2)
    if _at(elements, 3) == "XX":
        reading.party["npi"] = _at(elements, 4)
    elif _at(elements, 3) == "FI":
        reading.party["tin"] = _at(elements, 4)


def _n3(reading: _Reading, elements: list[str], component: str) -> None:
    reading.party["street"] = _at(elements, 1)


def _n4(reading: _Reading, elements: list[str], component: str) -> None:
    reading.party |= {"city": _at(elements, 1), "state": _at(elements, 2), "postal_code": _at(elements, 3)}


def _per(reading: _Reading, elements: list[str], component: str) -> None:
    if _at(elements, 1) == "BL":
        reading.facts |= {"contact": _at(elements, 2), "phone": _at(elements, 4)}


def _ref(reading: _Reading, elements: list[str], component: str) -> None:
    qualifier, value = _at(elements, 1), _at(elements, 2)
    if qualifier == "TJ" and not reading.claims:
        reading.party["tin"] = value
    elif qualifier == "6R" and reading.line is not None:
        reading.line["control_number"] = value
    elif qualifier == "F8" and reading.claims and reading.line is None:
        reading.claims[-1]["original_number"] = value


def _clp(reading: _Reading, elements: list[str], component: str) -> None:
    reading.filing = reading.filing or _at(elements, 6)
    reading.claims.append(
        {
            "patient_control_number": _at(elements, 1),
            "status": _at(elements, 2),
            "billed": reading.cents(elements, 3),
            "paid": reading.cents(elements, 4),
            "member_owes": reading.cents(elements, 5, needed=False),
            "claim_number": _at(elements, 7),
            "facility_code": _at(elements, 8),
            "frequency": _at(elements, 9),
            "patient_last_name": "",
            "patient_first_name": "",
            "subscriber_id": "",
            "adjustments": [],
            "lines": [],
        }
    )


def _cas(reading: _Reading, elements: list[str], component: str) -> None:
    if not reading.claims:
        reading.note(elements, "it belongs to no claim")
        return
    target = reading.claims[-1] if reading.line is None else reading.line
    for place in range(_ADJUSTED_FROM, len(elements) - 1, _TRIPLET):
        target["adjustments"].append((_at(elements, 1), elements[place], reading.cents(elements, place + 1)))


def _nm1(reading: _Reading, elements: list[str], component: str) -> None:
    if _at(elements, 1) == "QC" and reading.claims:
        names = {"patient_last_name": _at(elements, 3), "patient_first_name": _at(elements, 4)}
        reading.claims[-1] |= names | {"subscriber_id": _at(elements, 9)}


def _svc(reading: _Reading, elements: list[str], component: str) -> None:
    if not reading.claims:
        reading.note(elements, "it belongs to no claim")
        return
    qualifier, *procedure = _at(elements, 1).split(component)
    if not procedure:
        reading.note(elements, "element 1 names no service in its parts")
    code, modifiers = "".join(procedure[:1]), tuple(procedure[1:5])
    reading.claims[-1]["lines"].append(
        {
            "qualifier": qualifier,
            "code": code,
            "modifiers": modifiers,
            "revenue": code if qualifier == "NU" else _at(elements, 4),
            "billed": reading.cents(elements, 2),
            "paid": reading.cents(elements, 3),
            "allowed": 0,
            "units_thousandths": _thousandths(_at(elements, 5)),
            "control_number": "",
            "adjustments": [],
            "rarcs": [],
        }
    )


def _thousandths(text: str) -> int:
    """Units as thousandths; one where the payer says none."""
    whole, _, rest = text.removeprefix("-").partition(".")
    if not (whole + rest).isdigit():
        return 1_000
    units = int(whole or "0") * 1_000 + int((rest + "000")[:3])
    return -units if text.startswith("-") else units


def _dtm(reading: _Reading, elements: list[str], component: str) -> None:
    names = {"472": "day", "150": "start", "151": "last"}
    qualifier = _at(elements, 1)
    if qualifier in names and reading.line is not None:
        reading.line[names[qualifier]] = reading.day(elements, 2)
    elif qualifier == "050" and reading.claims and (received := reading.day(elements, 2)) is not None:
        reading.claims[-1]["received"] = received


def _amt(reading: _Reading, elements: list[str], component: str) -> None:
    if _at(elements, 1) == "B6" and reading.line is not None:
        reading.line["allowed"] = reading.cents(elements, 2)
    elif reading.claims and reading.line is None and _at(elements, 1) in _TOLD_OF_CLAIM:
        reading.claims[-1][_TOLD_OF_CLAIM[_at(elements, 1)]] = reading.cents(elements, 2)


_TOLD_OF_CLAIM = {"I": "interest", "F5": "patient_paid"}


def _lq(reading: _Reading, elements: list[str], component: str) -> None:
    if _at(elements, 1) == "HE" and reading.line is not None:
        reading.line["rarcs"].append(_at(elements, 2))


def _plb(reading: _Reading, elements: list[str], component: str) -> None:
    for place in range(3, len(elements) - 1, 2):
        reason, _, reference = elements[place].partition(component)
        reading.adjustments.append(ProviderAdjustment(reason, reference, reading.cents(elements, place + 1)))


_READERS = {
    "BPR": _bpr, "TRN": _trn, "N1": _n1, "N3": _n3, "N4": _n4, "PER": _per, "REF": _ref, "CLP": _clp, "CAS": _cas,
    "NM1": _nm1, "SVC": _svc, "DTM": _dtm, "AMT": _amt, "LQ": _lq, "PLB": _plb,
}  # fmt: skip
