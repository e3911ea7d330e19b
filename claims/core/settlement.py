"""What a payee is sent when some of his claims were taken back: never less than nothing; the rest is carried forward.

Rule 835-9 (X12 RFI 222): a total below zero is paid as 0 and carried by a PLB FB of that negative amount; the next
payment shows the same amount positive, under the trace number of the first. Worked: docs/domain/reversals.md. Interest
(L6) and tax kept (IR): docs/domain/paying_providers.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from aso_portal.kernel.money import percent_of
from claims.core.provider_adjustments import (
    ProviderAdjustment,
    brought_forward,
    carried_forward,
    interest_paid,
    interest_taken_back,
    tax_withheld,
)

NO_INTEREST: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Carried:
    """An amount a payee still owes (cents > 0), under the trace number of the remittance that carried it forward."""

    reference: str
    cents: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """One payment: cents sent (>= 0) and the PLB amounts that lead to it: Σ claims − Σ PLB = `cents`."""

    cents: int
    adjustments: tuple[ProviderAdjustment, ...]


def settle(
    claims_cents: int,
    owed: Sequence[Carried],
    *,
    trace: str,
    interest: Mapping[str, int] = NO_INTEREST,
    keep_bp: int = 0,
) -> Settlement:
    """The payment for claims that come to `claims_cents` (below zero when more was taken back than paid).

    interest: cents by claim number, added to what claims come to (below zero: taken back). Open amounts are brought in,
    each whole and under its own reference, as soon as there is money to take them from; what that money does not cover
    is carried forward again under `trace`, this payment's own number. Of what would then be sent, `keep_bp` is kept for
    the IRS, rounded half up once.
    """
    if not interest and not keep_bp:
        return _offset(claims_cents, owed, trace)
    moved = tuple(
        interest_paid(number, cents) if cents > 0 else interest_taken_back(number, -cents)
        for number, cents in sorted(interest.items())
        if cents
    )
    found = _offset(claims_cents + sum(interest.values()), owed, trace)
    kept = percent_of(found.cents, keep_bp)
    taxed = (tax_withheld(trace, kept),) if kept else ()
    return Settlement(found.cents - kept, (*moved, *found.adjustments, *taxed))


def _offset(cents: int, owed: Sequence[Carried], trace: str) -> Settlement:
    if cents <= 0:
        carried = (carried_forward(trace, -cents),) if cents else ()
        return Settlement(0, carried)
    brought = tuple(brought_forward(each.reference, each.cents) for each in owed)
    left = cents - sum(each.cents for each in owed)
    if left >= 0:
        return Settlement(left, brought)
    return Settlement(0, (*brought, carried_forward(trace, -left)))
