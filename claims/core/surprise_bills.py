"""Surprise bills: which services the law protects the patient for, what consent waives, what a dispute's outcome changes.

Emergencies, professionals without contract at a network facility, and air ambulances are shared with the member as in
network, on an amount the law recognises (`claims.core.pricing_recognized`). Sources: 42 U.S.C. 300gg-111, 300gg-112; 45 CFR
149.110 to 149.140, 149.410, 149.420. Worked figures: docs/domain/surprise_bills.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from benefits.core.plan_design_surprise_bills import AIR_AMBULANCE, EMERGENCY, NETWORK_FACILITY
from claims.core.case import Case, LineCase
from claims.core.decision import Adjustment, ClaimDecision, LineDecision
from claims.core.facts import Consent

UNSETTLED = "unsettled"
"""Of a plan without an out-of-network tier: whether a service is protected shows once its category is known."""
AIR_AMBULANCE_CODES = frozenset(("A0430", "A0431", "A0435", "A0436"))
ANCILLARY_SPECIALTIES = (
    *("207L", "367500000X"),  # anaesthesiology, nurse anaesthetists
    *("207P", "207ZP", "2085", "2080N"),  # emergency medicine, pathology, radiology, neonatology
    *("208M", "207RC0200X", "246Q", "291U"),  # hospitalists, critical care, laboratory
)
"""Beginnings of taxonomy codes whose services no consent waives, nor those of assistants: 45 CFR 149.420(b)."""
ASSISTANTS = frozenset(("80", "81", "82", "AS"))
NOTICE_DAYS = 3
ANSWER_DAYS = 30
_WHY = {
    EMERGENCY: "emergency_out_of_network",
    NETWORK_FACILITY: "out_of_network_at_network_facility",
    AIR_AMBULANCE: "air_ambulance_out_of_network",
}


def answer_due(received: date) -> date:
    """The last day for the first payment or the notice that it is denied: 45 CFR 149.110(b)(3)(iv), 149.120(c)(3)."""
    return received + timedelta(days=ANSWER_DAYS)


def protect(case: Case, line: LineCase, protection: str) -> bool:
    """Treat a line as in the best network tier, unless valid consent waives it. Whether it is not waived.

    A plan that does not say how such bills are worked out has them wait (NSA-01), until the day an answer is due.
    """
    if line.design.compiled.design.surprise_bills is None:
        wait(case, line, why=_WHY[protection])
        return True
    if is_waived(case, line, protection):
        line.trace.append(f"SW:{protection}")
        return False
    line.protection = protection
    line.tier, line.network = line.design.compiled.tiers[0], ""
    case.guarded = True
    line.trace.append(f"S:{protection},{line.tier.key}")
    return True


def wait(case: Case, line: LineCase, **facts: int | str) -> None:
    """Have the line wait for the recognised amount, no longer than the law gives for an answer."""
    case.pend("NSA-01", line, due_by=answer_due(case.facts.received_date).isoformat(), **facts)


def is_waived(case: Case, line: LineCase, protection: str) -> bool:
    """Whether the patient agreed in time, to a provider whose services may be waived, to be billed beyond the plan's price.

    Emergencies are never waived, only what follows once the patient is stable; air ambulances and ancillary services
    never.
    """
    if protection == AIR_AMBULANCE or not case.facts.consents:
        return False
    if _specialty(case).startswith(ANCILLARY_SPECIALTIES) or not ASSISTANTS.isdisjoint(line.line.modifiers):
        return False
    return any(
        consent.npi == line.provider_npi
        and consent.start <= line.day < consent.end
        and is_in_time(consent, line.day)
        and (consent.after_emergency or protection == NETWORK_FACILITY)
        for consent in case.facts.consents
    )


def is_in_time(consent: Consent, day: date) -> bool:
    """Whether the notice came 72 hours before the service; for one made later, on the day it was made, three hours before."""
    if consent.notice_date <= day - timedelta(days=NOTICE_DAYS):
        return True
    made_late = consent.scheduled_date > day - timedelta(days=NOTICE_DAYS)
    return made_late and consent.notice_date == consent.scheduled_date and consent.three_hours_before


def _specialty(case: Case) -> str:
    rendering = case.claim.rendering
    return (rendering.taxonomy if rendering is not None else "") or case.claim.billing.taxonomy


@dataclass(frozen=True, slots=True)
class Settlement:
    """What an outcome changes, in cents: what the plan owes beyond what it paid, and the claim as it then stands."""

    more_cents: int
    decision: ClaimDecision


def settle(decision: ClaimDecision, determined: Mapping[int, int]) -> Settlement:
    """A decision with protected lines after negotiation or arbitration set their whole price (cents, by line number).

    The member's share stays; the plan pays the rest of the price, never less than nothing. Raises KeyError for a line that
    is not a protected one of the decision.
    """
    protected = {each.line_number for each in decision.protected}
    unknown = sorted(set(determined) - protected)
    if unknown:
        raise KeyError(f"line {unknown[0]} of claim {decision.claim_number} is not protected")
    lines = tuple(
        _settled(line, determined[line.number]) if line.number in determined else line for line in decision.lines
    )
    allowed, paid = sum([line.allowed_cents for line in lines]), sum([line.paid_cents for line in lines])
    return Settlement(
        paid - decision.paid_cents, replace(decision, lines=lines, allowed_cents=allowed, paid_cents=paid)
    )


def _settled(line: LineDecision, price: int) -> LineDecision:
    """The line at its determined price. What its provider may not bill (CO-45) gives way, or OA-94 where it is above."""
    remarks = next((each.rarcs for each in line.adjustments if (each.group, each.carc) == ("CO", "45")), ())
    kept = [each for each in line.adjustments if (each.group, each.carc) not in (("CO", "45"), ("OA", "94"))]
    borne = sum([each.cents for each in kept])
    paid = max(0, price - borne)
    beyond = line.billed_cents - paid - borne
    if beyond:
        kept.insert(0, Adjustment("CO", "45", beyond, remarks) if beyond > 0 else Adjustment("OA", "94", beyond))
    return replace(line, allowed_cents=max(price, borne), paid_cents=paid, adjustments=tuple(kept))
