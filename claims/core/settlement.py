"""What a payee is sent when some of his claims were taken back: never less than nothing; the rest is carried forward.

Rule 835-9 (X12 RFI 222): a total below zero is paid as 0 and carried by a PLB FB of that negative amount; the next
payment shows the same amount positive, under the trace number of the first. Worked: docs/domain/reversals.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from claims.core.provider_adjustments import ProviderAdjustment, brought_forward, carried_forward


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


def settle(claims_cents: int, owed: Sequence[Carried], *, trace: str) -> Settlement:
    """The payment for claims that come to `claims_cents` (below zero when more was taken back than paid).

    Open amounts are brought in, each whole and under its own reference, as soon as there is money to take them from;
    what that money does not cover is carried forward again under `trace`, this payment's own number.
    """
    if claims_cents <= 0:
        carried = (carried_forward(trace, -claims_cents),) if claims_cents else ()
        return Settlement(0, carried)
    brought = tuple(brought_forward(each.reference, each.cents) for each in owed)
    left = claims_cents - sum(each.cents for each in owed)
    if left >= 0:
        return Settlement(left, brought)
    return Settlement(0, (*brought, carried_forward(trace, -left)))
