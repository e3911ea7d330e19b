"""277CA (005010X214): what became of each claim of a submission. Accepted, rejected with a repairable reason, or received.

A rejection here means the claim never entered adjudication: no appeal rights, no accumulators, and the filing clock runs on.
It is never used for a benefit decision.

    statuses = [status_of(event) for event in ...]          # ClaimAccepted and ClaimRejected (not those `with_set`)
    write_277ca(out, control_number="0001", source=..., submission=..., statuses=statuses, received_on=..., made_at=...)
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from aso_portal.kernel.money import x12_amount
from aso_portal.kernel.x12.faults import Fault
from aso_portal.kernel.x12.guides import x277ca
from aso_portal.kernel.x12.writer import USUAL, Element, InterchangeWriter, NotWritable, Run, plain
from claims.edi.x837 import ClaimAccepted, ClaimRejected

VERSION = x277ca.GUIDE.versions[0]
RECEIVED, ACCEPTED, MISSING, INVALID, CONFLICT = "A1", "A2", "A6", "A7", "A8"
UNPROCESSABLE = "A3"
CATEGORIES = frozenset({RECEIVED, ACCEPTED, UNPROCESSABLE, "A4", "A5", MISSING, INVALID, CONFLICT})
"""Only acknowledgment categories are allowed in a batch answer (X12 RFI 1942)."""

ACCEPT, REJECT = "WQ", "U"
IN_PROCESS, RECEIPT, INCOMPLETE = "20", "19", "21"
DUPLICATE, NOT_FOUND, PATIENT_NOT_FOUND, PAYER_NUMBER = "54", "33", "97", "464"
PAYER, SUBSCRIBER, PATIENT, BILLING, RENDERING = "PR", "IL", "QC", "85", "82"
MAX_STATUSES = 3

# What a fault is about, by loop, segment and element: (claim status code, entity).
_PLACES = {
    ("2010AA", "NM1", "9"): ("562", BILLING),
    ("2010AA", "NM1", "3"): ("125", BILLING),
    ("2010AA", "N3", ""): ("126", BILLING),
    ("2010AA", "N4", ""): ("126", BILLING),
    ("2010AA", "REF", ""): ("128", BILLING),
    ("2000A", "PRV", ""): ("145", BILLING),
    ("2010BA", "NM1", "9"): ("164", SUBSCRIBER),
    ("2010BA", "NM1", "3"): ("125", SUBSCRIBER),
    ("2010BA", "DMG", "2"): ("158", SUBSCRIBER),
    ("2010BA", "DMG", "3"): ("157", SUBSCRIBER),
    ("2010BA", "DMG", ""): ("158", SUBSCRIBER),
    ("2010BA", "N3", ""): ("126", SUBSCRIBER),
    ("2010BA", "N4", ""): ("126", SUBSCRIBER),
    ("2000B", "SBR", ""): ("32", SUBSCRIBER),
    ("2010CA", "NM1", ""): ("125", PATIENT),
    ("2010CA", "DMG", "2"): ("158", PATIENT),
    ("2010CA", "DMG", "3"): ("157", PATIENT),
    ("2010CA", "DMG", ""): ("158", PATIENT),
    ("2010CA", "N3", ""): ("126", PATIENT),
    ("2010CA", "N4", ""): ("126", PATIENT),
    ("2000C", "PAT", ""): ("156", PATIENT),
    ("2300", "CLM", "2"): ("178", ""),
    ("2300", "CLM", "5"): ("249", ""),
    ("2300", "CLM", "1"): ("478", ""),
    ("2300", "HI", ""): ("255", ""),
    ("2300", "REF", ""): ("464", ""),
    ("2300", "DTP", ""): ("188", ""),
    ("2310B", "NM1", "9"): ("562", RENDERING),
    ("2400", "SV1", "1"): ("454", ""),
    ("2400", "SV1", "2"): ("178", ""),
    ("2400", "SV1", "4"): ("476", ""),
    ("2400", "SV2", "1"): ("455", ""),
    ("2400", "SV2", "2"): ("454", ""),
    ("2400", "SV2", "3"): ("178", ""),
    ("2400", "SV3", "1"): ("454", ""),
    ("2400", "SV3", "2"): ("178", ""),
    ("2400", "DTP", ""): ("187", ""),
    ("2400", "TOO", ""): ("239", ""),
}
_MISSING = {
    "segment-missing",
    "loop-missing",
    "element-missing",
    "element-conditional",
    "situation",
    "element-situation",
}


@dataclass(frozen=True, slots=True)
class Status:
    """One STC composite: category, claim status code, entity ("" when the code needs none)."""

    category: str
    code: str
    entity: str = ""


_GOES_ON, _WAITS = (Status(ACCEPTED, IN_PROCESS),), (Status(RECEIVED, RECEIPT, PAYER),)
_GOES_ON_TEXT = f"{ACCEPTED}:{IN_PROCESS}"


@dataclass(slots=True, kw_only=True)
class ClaimStatus:
    """One claim's answer. charge_cents: as submitted. claim_number: ours, when it has one. service_days: D8 or RD8 text."""

    patient_control_number: str
    charge_cents: int
    statuses: tuple[Status, ...]
    provider_npi: str
    provider_name: str
    provider_tax_id: str = ""
    family_name: str = ""
    given_name: str = ""
    member_number: str = ""
    claim_number: str = ""
    clearinghouse_trace: str = ""
    bill_type: str = ""
    service_days: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the claim goes on: into adjudication, or held until we know whose it is."""
        return self.statuses[0].category in (RECEIVED, ACCEPTED)

    def __reduce__(self) -> tuple[Any, ...]:
        """Between processes as one tuple: many of them go."""
        return _status, tuple(getattr(self, name) for name in self.__slots__)

    def goes_on(self, claim_number: str) -> None:
        """An employer has the claim, under this number."""
        self.statuses, self.claim_number = _GOES_ON, claim_number


def _status(*values: Any) -> ClaimStatus:
    return ClaimStatus(**dict(zip(ClaimStatus.__slots__, values, strict=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """The ST that is answered: BHT03, and who sent it (NM1*41)."""

    reference: str
    submitter_name: str
    submitter_id: str


def reasons_of(faults: Iterable[Fault]) -> tuple[Status, ...]:
    """The first three different reasons among a claim's faults, as a sender can act on them."""
    found = dict.fromkeys(_reason(fault) for fault in faults if fault.rejects)
    return tuple(found)[:MAX_STATUSES] or (Status(UNPROCESSABLE, INCOMPLETE),)


def _reason(fault: Fault) -> Status:
    element = fault.element.partition(".")[0]
    code, entity = _PLACES.get((fault.loop, fault.segment_id, element)) or _PLACES.get(
        (fault.loop, fault.segment_id, ""), (INCOMPLETE, "")
    )
    if fault.code in ("balance", "relation"):
        category = CONFLICT
    elif fault.code in _MISSING:
        category = MISSING
    elif fault.code == "hierarchy" or fault.code.startswith("segment-un"):
        category = UNPROCESSABLE
    else:
        category = INVALID
    return Status(category, fault.status or code, fault.entity or entity)


def status_of(event: ClaimAccepted | ClaimRejected, *, claim_number: str = "", routed: bool = True) -> ClaimStatus:
    """The answer to one event of `read_837`. Not routed: no employer or member found yet, so only receipt is confirmed."""
    if isinstance(event, ClaimRejected):
        return ClaimStatus(
            patient_control_number=event.patient_control_number,
            charge_cents=event.billed_cents or 0,
            statuses=reasons_of(event.faults),
            provider_npi=event.billing_npi,
            provider_name=event.billing_name,
            family_name=event.patient_name[0],
            given_name=event.patient_name[1],
            member_number=event.member_number,
            clearinghouse_trace=event.clearinghouse_trace,
            bill_type=event.bill_type,
            service_days=event.service_days,
        )
    claim = event.claim
    person = claim.patient or claim.subscriber
    days = [line.service_start for line in claim.lines if line.service_start is not None]
    start = claim.statement_start or min(days, default=None)
    return ClaimStatus(
        patient_control_number=claim.patient_control_number,
        charge_cents=claim.billed_cents,
        statuses=_GOES_ON if routed else _WAITS,
        provider_npi=claim.billing.npi,
        provider_name=claim.billing.name,
        provider_tax_id=claim.billing.tin,
        family_name=person.family_name,
        given_name=person.given_name,
        member_number=claim.subscriber.member_number,
        claim_number=claim_number,
        clearinghouse_trace=event.clearinghouse_trace,
        bill_type=f"{claim.facility_code}{claim.frequency}" if claim.kind == "I" else "",
        service_days=start.isoformat().replace("-", "") if start else "",
    )


def refused(status: ClaimStatus, category: str, code: str, entity: str = "") -> ClaimStatus:
    """The same claim, turned away for a reason found after reading: a duplicate, an unknown original claim.

    Raises ValueError for a category that is no rejection.
    """
    if category not in CATEGORIES - {RECEIVED, ACCEPTED}:
        raise ValueError(f"{category} is not a rejection in a claim acknowledgment")
    return replace(status, statuses=(Status(category, code, entity),))


@dataclass(slots=True)
class Totals:
    """Claims and cents, accepted and rejected."""

    accepted: int = 0
    rejected: int = 0
    accepted_cents: int = 0
    rejected_cents: int = 0

    def add(self, status: ClaimStatus) -> None:
        """Count one claim."""
        if status.accepted:
            self.accepted += 1
            self.accepted_cents += status.charge_cents
        else:
            self.rejected += 1
            self.rejected_cents += status.charge_cents


def write_277ca(
    out: InterchangeWriter,
    *,
    control_number: str,
    source: tuple[str, str],
    submission: Submission,
    statuses: Iterable[ClaimStatus],
    received_on: date,
    made_at: datetime,
) -> Totals:
    """One 277CA set into the writer's open group (HN). Returns its totals.

    statuses: iterated twice (totals stand before the claims), so hand over a list or something that begins anew; claims
    of one provider should be neighbours. source: our name and id (46). received_on: day the interchange came.
    """
    totals = Totals()
    by_provider: list[Totals] = []
    for _, claims in _by_provider(statuses):
        mine = Totals()
        for status in claims:
            mine.add(status)
            totals.add(status)
        by_provider.append(mine)
    today = f"{made_at:%Y%m%d}"
    out.begin_set(x277ca.GUIDE, control_number, VERSION)
    out.add("HEADER", "BHT", "0085", "08", f"{made_at:%Y%m%d%H%M%S}{control_number}", today, f"{made_at:%H%M}", "TH")
    _source(out, source, control_number, received_on, today)
    _receiver(out, submission, totals, today, bool(by_provider))
    number = 2
    for mine, (_, claims) in zip(by_provider, _by_provider(statuses), strict=True):
        provider, number = number + 1, number + 1
        for place, status in enumerate(claims):
            if place == 0:
                _provider(out, provider, status, mine)
            number += 1
            _claim(out, number, provider, status, today)
    out.end_set()
    return totals


def _by_provider(statuses: Iterable[ClaimStatus]) -> Iterator[tuple[tuple[str, str], Iterator[ClaimStatus]]]:
    return groupby(statuses, key=lambda status: (status.provider_npi, status.provider_name))


def _source(out: InterchangeWriter, source: tuple[str, str], control: str, received_on: date, today: str) -> None:
    out.add("2000A", "HL", "1", "", "20", "1")
    out.add("2100A", "NM1", "PR", "2", plain(source[0], 60) or "PAYER", "", "", "", "", "46", source[1])
    out.add("2200A", "TRN", "1", control)
    out.add("2200A", "DTP", "050", "D8", f"{received_on:%Y%m%d}")
    out.add("2200A", "DTP", "009", "D8", today)


def _receiver(out: InterchangeWriter, submission: Submission, totals: Totals, today: str, parted: bool) -> None:
    out.add("2000B", "HL", "2", "1", "21", "1" if parted else "0")
    name, number = plain(submission.submitter_name, 60) or "SUBMITTER", _echo(submission.submitter_id) or "00"
    out.add("2100B", "NM1", "41", "2", name, "", "", "", "", "46", number)
    out.add("2200B", "TRN", "2", _echo(submission.reference) or "0")
    charges = x12_amount(totals.accepted_cents + totals.rejected_cents)
    category = (RECEIVED, RECEIPT) if totals.accepted or not totals.rejected else (UNPROCESSABLE, INCOMPLETE)
    action = ACCEPT if totals.accepted or not totals.rejected else REJECT
    out.add("2200B", "STC", (*category, PAYER), today, action, charges)
    if totals.accepted:
        out.add("2200B", "QTY", "90", str(totals.accepted))
    if totals.rejected:
        out.add("2200B", "QTY", "AA", str(totals.rejected))
    if totals.accepted:
        out.add("2200B", "AMT", "YU", x12_amount(totals.accepted_cents))
    if totals.rejected:
        out.add("2200B", "AMT", "YY", x12_amount(totals.rejected_cents))


def _provider(out: InterchangeWriter, number: int, status: ClaimStatus, totals: Totals) -> None:
    out.add("2000C", "HL", str(number), "2", "19", "1")
    name = plain(status.provider_name, 60) or "UNKNOWN PROVIDER"
    identity = ("XX", status.provider_npi) if status.provider_npi else ("FI", status.provider_tax_id or "000000000")
    try:
        out.add("2100C", "NM1", "85", "2", name, "", "", "", "", *identity)
    except NotWritable:
        out.add("2100C", "NM1", "85", "2", name, "", "", "", "", "FI", "000000000")
    out.add("2200C", "TRN", "1", "0")
    if totals.accepted:
        out.add("2200C", "QTY", "QA", str(totals.accepted))
    if totals.rejected:
        out.add("2200C", "QTY", "QC", str(totals.rejected))
    if totals.accepted:
        out.add("2200C", "AMT", "YU", x12_amount(totals.accepted_cents))
    if totals.rejected:
        out.add("2200C", "AMT", "YY", x12_amount(totals.rejected_cents))


_HEAD: Run = (
    ("2000D", "HL", ("", "", "PT")),
    ("2100D", "NM1", ("QC",)),
    ("2200D", "TRN", ("2",)),
    ("2200D", "STC", ()),
)
_NUMBER: Run = (("2200D", "REF", ("1K",)),)
_TRACE: Run = (("2200D", "REF", ("D9",)),)
_BILL_TYPE: Run = (("2200D", "REF", ("BLT",)),)
_DAYS: Run = (("2200D", "DTP", ("472",)),)


def _claim(out: InterchangeWriter, number: int, parent: int, status: ClaimStatus, today: str) -> None:
    """The loops of one claim: at once where it goes on and is plainly faultless, as nearly all are; else one by one."""
    usual = status.statuses == _GOES_ON and out.delimiters == USUAL
    if not (usual and _at_once(out, number, parent, status, today)):
        _one_by_one(out, number, parent, status, today)


def _at_once(out: InterchangeWriter, number: int, parent: int, status: ClaimStatus, today: str) -> bool:
    """The same segments as `_one_by_one` writes, as text; False where that has to look at them."""
    run, member = _HEAD, _echo(status.member_number)
    name = f"NM1*QC*1*{plain(status.family_name, 60) or 'UNKNOWN'}*{plain(status.given_name, 35)}"
    texts = [
        f"HL*{number}*{parent}*PT",
        f"{name}****MI*{member}" if len(member) > 1 else name.rstrip("*"),
        f"TRN*2*{_echo(status.patient_control_number)[:50] or '0'}",
        f"STC*{_GOES_ON_TEXT}*{today}*{ACCEPT}*{x12_amount(status.charge_cents)}",
    ]
    if echoed := _echo(status.claim_number)[:50]:
        run += _NUMBER
        texts.append(f"REF*1K*{echoed}")
    if echoed := _echo(status.clearinghouse_trace)[:50]:
        run += _TRACE
        texts.append(f"REF*D9*{echoed}")
    if echoed := _echo(status.bill_type)[:50]:
        run += _BILL_TYPE
        texts.append(f"REF*BLT*{echoed}")
    if days := status.service_days:
        if not days.isdigit():
            return False
        run += _DAYS
        texts.append(f"DTP*472*D8*{days}")
    return out.add_run(run, texts)


def _one_by_one(out: InterchangeWriter, number: int, parent: int, status: ClaimStatus, today: str) -> None:
    out.add("2000D", "HL", str(number), str(parent), "PT")
    names = (plain(status.family_name, 60) or "UNKNOWN", plain(status.given_name, 35))
    member = _echo(status.member_number)
    identity = ("MI", member) if len(member) > 1 else ()
    out.add("2100D", "NM1", "QC", "1", *names, "", "", "", *identity)
    out.add("2200D", "TRN", "2", _echo(status.patient_control_number)[:50] or "0")
    shown = [(entry.category, entry.code, entry.entity) for entry in status.statuses]
    first, *rest = shown
    action = ACCEPT if status.accepted else REJECT
    more: tuple[Element, ...] = ("", "", "", "", "", *rest) if rest else ()
    out.add("2200D", "STC", first, today, action, x12_amount(status.charge_cents), *more)
    for qualifier, value in (
        ("1K", status.claim_number),
        ("D9", status.clearinghouse_trace),
        ("BLT", status.bill_type),
    ):
        if echoed := _echo(value)[:50]:
            out.add("2200D", "REF", qualifier, echoed)
    if days := status.service_days:
        try:
            out.add("2200D", "DTP", "472", "RD8" if "-" in days else "D8", days)
        except NotWritable:  # the submitted date was itself the fault
            return


def _echo(text: str) -> str:
    """A value given back as it came, as far as our delimiters and the element's character set allow."""
    return _UNECHOED.sub("", text).strip()


_UNECHOED = re.compile("[^ -~]|[*:^~]")
