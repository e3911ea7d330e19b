"""Rules 2, 3 and 9: what a claim says about itself and other claims: corrections, duplicates, filing limit."""

from claims.core.case import PLACED, Case, LineCase
from claims.core.claim import INTERIM, LATE_CHARGE, ORIGINAL
from claims.core.coordination import decided_before_on
from claims.core.facts import REFUSED, WAITING, HistoryLine

REPEATS = frozenset(("59", "76", "77", "91", "XE", "XP", "XS", "XU"))
SIDES_AND_DIGITS = frozenset(
    ("LT", "RT", "FA", "TA", *[f"E{n}" for n in range(1, 5)], *[f"{limb}{n}" for limb in "FT" for n in range(1, 10)])
)
SEPARATES = REPEATS | SIDES_AND_DIGITS
_ADDS_OR_OPENS = frozenset((ORIGINAL, LATE_CHARGE, *INTERIM, ""))


def check_linkage(case: Case) -> None:
    """A claim that changes another waits (ADJ-01) unless that one is known and closed or taken back: nothing is paid twice."""
    if case.claim.frequency not in _ADDS_OR_OPENS and not case.facts.corrects:
        case.pend("ADJ-01", frequency=case.claim.frequency)
    if case.claim.encounter:
        case.deny_all("CO", "24")


def check_duplicates(case: Case) -> None:
    """Compare each line with other claims of the day: the same again is refused (18), nearly so waits (DUP-02)."""
    skipped = case.claim.predetermination or case.claim.is_installment
    if skipped or (case.claim.frequency not in _ADDS_OR_OPENS and not case.facts.corrects):
        return
    for line in case.lines:
        if line.denials or not line.reached:
            continue
        suspect = None
        for other in case.history.on(case.facts.person_id, line.day):
            if not _may_be_base(case, other):
                continue
            likeness = _likeness(case, line, other)
            if likeness == "same":
                line.deny("CO", "18")
                break
            if likeness == "near" and suspect is None and case.claim.frequency not in INTERIM:
                suspect = other
        else:
            if suspect is not None:
                case.pend("DUP-02", line, submission_id=suspect.submission_id)


def check_filing_limit(case: Case) -> None:
    """Refuse lines received too late (29); network providers bear it. A stated delay reason waits (TF-02).

    A plan that comes later can be billed once the plan before it has decided.
    """
    received = case.facts.received_date
    before = decided_before_on(case) if case.claim.other_payers else None
    for line in case.lines:
        if line.reached < PLACED:
            continue
        design = line.design.compiled.design
        days = (received - (line.last_day if before is None else max(line.last_day, before))).days
        if days <= design.filing_days or line.denials:
            continue
        line.trace.append(f"F:{days},{design.filing_days}")
        if case.claim.delay_reason and case.pend("TF-02", line, days=days, delay_reason=case.claim.delay_reason):
            continue
        if not case.claim.delay_reason:
            line.deny(design.filing_group if line.tier.out_of_network else "CO", "29")


def _may_be_base(case: Case, other: HistoryLine) -> bool:
    """Refused lines are no base; claims that wait count only when they came in earlier."""
    if other.state == REFUSED:
        return False
    return other.state != WAITING or other.intake_seq < case.facts.intake_seq


def _likeness(case: Case, line: LineCase, other: HistoryLine) -> str:
    """same, near or "" for two lines of one person and day."""
    service = line.line
    if other.code != line.code or (other.revenue != service.revenue and not line.code):
        return ""
    same_provider = other.provider_npi == line.provider_npi
    if not same_provider and other.billing_tin != case.claim.billing.tin:
        return ""
    if other.tooth is not None and other.tooth != line.tooth:
        return ""
    if other.modifiers != line.modifiers:
        differing = set(service.modifiers).symmetric_difference(other.modifiers.split(":"))
        return "" if differing & SEPARATES else "near"
    exact = (
        same_provider
        and other.tooth is not None
        and other.revenue == service.revenue
        and other.billing_tin == case.claim.billing.tin
        and other.charge_cents == line.billed
        and other.units_thousandths == service.units_thousandths
        and not REPEATS.intersection(service.modifiers)
    )
    return "same" if exact else "near"
