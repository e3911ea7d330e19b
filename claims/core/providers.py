"""Rule 4: who treated, who is paid, and in which network tier of the plan."""

from collections.abc import Sequence
from datetime import date

from aso_portal.kernel.identifiers import is_npi
from benefits.core.plan_design import NetworkTier
from benefits.core.plan_design_surprise_bills import NETWORK_FACILITY
from claims.core.case import DESIGNED, PLACED, Case, LineCase
from claims.core.claim import PROFESSIONAL
from claims.core.rules import NetworkSpan, Provider
from claims.core.surprise_bills import UNSETTLED, protect

_FACILITY_PLACES = frozenset(("19", "21", "22", "23", "24"))


def resolve_provider(case: Case) -> None:
    """Find billing and treating providers on file for the day and the tier they are in.

    Unknown: PRV-01. Known under another tax number: PRV-02. A different pay-to provider: PRV-03. Sanctioned: refused
    (B7).
    """
    claim = case.claim
    pay_to = claim.pay_to
    if pay_to is not None and (
        (pay_to.npi and pay_to.npi != claim.billing.npi) or (pay_to.tin and pay_to.tin != claim.billing.tin)
    ):
        case.pend("PRV-03", npi=pay_to.npi)
    checked: dict[tuple[str, date], bool] = {}
    billing = claim.billing.npi
    for line in case.lines:
        day, rendering = line.day, line.rendering_npi
        if (billing, day) not in checked:
            checked[billing, day] = _sanctioned(case, billing, day, True)
        if rendering and (rendering, day) not in checked:
            checked[rendering, day] = _sanctioned(case, rendering, day, False)
        if checked[billing, day] or (rendering and checked[rendering, day]):
            line.deny("CO", "B7")
        if line.reached == DESIGNED:
            _find_tier(case, line)


def _sanctioned(case: Case, npi: str, day: date, billing: bool) -> bool:
    """Whether the provider may not be paid on `day`; one not found there makes the claim wait."""
    if not is_npi(npi):
        case.pend("PRV-01", npi=npi, why="check_digit")
        return False
    rows = [row for row in case.rules.reference.providers.get(npi, ()) if _in_force(row, day)]
    if not rows:
        case.pend("PRV-01", npi=npi, service_date=day.isoformat())
        return False
    tin = case.claim.billing.tin
    if billing and tin and not [row for row in rows if row.tin == tin or not row.tin]:
        case.pend("PRV-02", npi=npi)
    return True in [row.sanctioned for row in rows]


def _find_tier(case: Case, line: LineCase) -> None:
    """The best tier of the billing provider, else of the treating one under its tax number, else out of network."""
    compiled = line.design.compiled
    reference, tin = case.rules.reference.networks, case.claim.billing.tin
    found = None
    for npi in (case.claim.billing.npi, line.rendering_npi):
        found = _best(reference.get(npi, ()), tin, line.day, compiled.tier_of_network, compiled.tiers)
        if found is not None:
            break
    if found is not None:
        line.tier, line.network = found
        line.reached = PLACED
    elif compiled.out_of_network is not None:
        line.tier, line.reached = compiled.out_of_network, PLACED
        if case.claim.kind == PROFESSIONAL and _in_network_facility(case, line):
            protect(case, line, NETWORK_FACILITY)
    elif compiled.design.surprise_bills is not None:
        line.tier, line.reached, line.protection = compiled.tiers[0], PLACED, UNSETTLED
        if case.claim.kind == PROFESSIONAL and _in_network_facility(case, line):
            protect(case, line, NETWORK_FACILITY)
    else:
        line.deny("PR", "242")
        return
    line.trace.append(f"T:{line.tier.key},{line.network}")


def _best(
    spans: Sequence[NetworkSpan],
    tin: str,
    day: date,
    tier_of_network: dict[str, NetworkTier],
    tiers: tuple[NetworkTier, ...],
) -> tuple[NetworkTier, str] | None:
    best: tuple[NetworkTier, str] | None = None
    for span in spans:
        tier = tier_of_network.get(span.network)
        if tier is None or not _in_force(span, day) or (span.tin and tin and span.tin != tin):
            continue
        if best is None or tiers.index(tier) < tiers.index(best[0]):
            best = tier, span.network
    return best


def _in_network_facility(case: Case, line: LineCase) -> bool:
    """Whether an out-of-network professional worked in a network facility, where 45 CFR 149.120 protects."""
    facility = case.claim.facility
    if facility is None or (line.line.place or case.claim.facility_code) not in _FACILITY_PLACES:
        return False
    compiled = line.design.compiled
    spans = case.rules.reference.networks.get(facility.npi, ())
    return _best(spans, "", line.day, compiled.tier_of_network, compiled.tiers) is not None


def _in_force(row: Provider | NetworkSpan, day: date) -> bool:
    return row.start <= day and (row.end is None or day < row.end)
