"""What a payee is sent when some of his claims were taken back: never less than nothing; the rest is carried forward.

Rule 835-9 (X12 RFI 222): a total below zero is paid as 0 and carried by a PLB FB of that negative amount; the next
payment shows the same amount positive, under the trace number of the first. What may not be taken from him yet (a
recovery that waits, RFI 1756) is given back by a PLB WO under the claim's number and taken by a later one. Money he sent
himself (72), and what was written off (CS), goes against what he owes before anything is taken from his payment.
Worked: docs/domain/reversals.md, overpayments.md. Interest (L6) and tax kept (IR): docs/domain/paying_providers.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from aso_portal.kernel.money import percent_of
from claims.core.provider_adjustments import (
    ADJUSTMENT,
    FORWARD,
    REFUND,
    ProviderAdjustment,
    adjusted,
    brought_forward,
    carried_forward,
    interest_paid,
    interest_taken_back,
    recovery_deferred,
    recovery_taken,
    refund_acknowledged,
    tax_withheld,
)

NO_INTEREST: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Carried:
    """An amount a payee still owes (cents > 0): under the trace number of the remittance that carried it forward (FB), or
    under the claim whose recovery was put off (WO)."""

    reference: str
    cents: int
    reason: str = FORWARD


@dataclass(frozen=True, slots=True)
class Credit:
    """Cents (> 0) that lower what a payee owes without his payment: REFUND, his own money under his check's number, or
    ADJUSTMENT, written off."""

    reason: str
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
    credits: Sequence[Credit] = (),
    taken_back: int = 0,
    deferred: Sequence[Carried] = (),
) -> Settlement:
    """The payment for claims that come to `claims_cents` (below zero when more was taken back than paid).

    interest: cents by claim number, added to what claims come to (below zero: taken back). Open amounts are brought in,
    each whole and under its own reference, as soon as there is money to take them from; what that money does not cover
    is carried forward again under `trace`, this payment's own number. Of what would then be sent, `keep_bp` is kept for
    the IRS, rounded half up once.
    credits: what of them fits is used for `owed` and for `taken_back`, what these claims took back and may be offset.
    deferred: what they took back and may not be offset yet. Both with their interest.
    """
    if not interest and not keep_bp:
        return _offset(claims_cents, owed, trace, credits, taken_back, deferred)
    moved = tuple(
        interest_paid(number, cents) if cents > 0 else interest_taken_back(number, -cents)
        for number, cents in sorted(interest.items())
        if cents
    )
    found = _offset(claims_cents + sum(interest.values()), owed, trace, credits, taken_back, deferred)
    kept = percent_of(found.cents, keep_bp)
    taxed = (tax_withheld(trace, kept),) if kept else ()
    return Settlement(found.cents - kept, (*moved, *found.adjustments, *taxed))


def _offset(
    cents: int,
    owed: Sequence[Carried],
    trace: str,
    credits: Sequence[Credit],
    taken_back: int,
    deferred: Sequence[Carried],
) -> Settlement:
    used = _used(credits, at_most=sum([each.cents for each in owed]) + taken_back) if credits else []
    money = cents + sum([each.cents for each in used]) + sum([each.cents for each in deferred])
    made = [recovery_deferred(each.reference, each.cents) for each in deferred]
    made += [_credited(each) for each in used]
    left = money
    if money > 0:
        made += [_brought(each) for each in owed]
        left -= sum([each.cents for each in owed])
    if left < 0:
        made.append(carried_forward(trace, -left))
    return Settlement(max(0, left), tuple(_merged(made)))


def _used(credits: Iterable[Credit], *, at_most: int) -> list[Credit]:
    """Credits, the oldest first, as far as there is something to set them against."""
    used = []
    for each in credits:
        cents = min(each.cents, at_most)
        if cents > 0:
            used.append(Credit(each.reason, each.reference, cents))
            at_most -= cents
    return used


def _credited(credit: Credit) -> ProviderAdjustment:
    if credit.reason == REFUND:
        return refund_acknowledged(credit.reference, credit.cents)
    if credit.reason != ADJUSTMENT:
        raise ValueError(f"{credit.reason!r} credits nobody.")
    return adjusted(credit.reference, -credit.cents)


def _brought(owed: Carried) -> ProviderAdjustment:
    take = brought_forward if owed.reason == FORWARD else recovery_taken
    return take(owed.reference, owed.cents)


def _merged(made: Iterable[ProviderAdjustment]) -> Iterable[ProviderAdjustment]:
    """Each reason and reference once: a claim taken back again while its first recovery falls due has one WO."""
    sums: dict[tuple[str, str], int] = {}
    for each in made:
        sums[each.reason, each.reference] = sums.get((each.reason, each.reference), 0) + each.cents
    return [ProviderAdjustment(*at, cents) for at, cents in sums.items() if cents]
