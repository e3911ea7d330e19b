"""What a person may set by hand on a claim, why, and in which shape. Words and checks; applied by `overrides`."""

from collections.abc import Mapping
from typing import NamedTuple

from aso_portal.kernel.errors import DomainError
from benefits.core.plan_design_compiled import CompiledDesign
from claims.core.authority import NO_REFUSAL
from claims.core.claim import Claim
from claims.core.decision import TO_MEMBER, TO_PROVIDER
from claims.core.facts import WHOLE_CLAIM, Override
from claims.core.reasons import CARCS

MONEY, RATE, KEY, REFUSAL, FLAG = "money", "rate", "key", "refusal", "flag"
"""Shapes of a value: whole cents, basis points, a key of the plan design, a CARC, nothing to choose."""

CATEGORY, TIER, ALLOWED = "category", "tier", "allowed"
COPAY, COINSURANCE, NO_DEDUCTIBLE = "copay", "coinsurance", "no_deductible"
PAY_DESPITE, REFUSE, PAYEE = "pay_despite", "refuse", "payee"
WAIVED = "waived"

_NOT_OURS_TO_WAIVE = frozenset(("13", "16", "24", "26", "27", "31", "32", "33", "200", "204", "239", "242", "B7"))
_MOST_CENTS, _WHOLE = 10**11, 10_000


class BadOverride(DomainError):
    """What was typed cannot be set on this claim. The message says what can."""


class Field(NamedTuple):
    """One thing a person may set: our words, the shape of its value, whether it may be set for all lines at once, and
    the reasons to wait that it settles.
    """

    words: str
    shape: str
    whole_claim: bool = False
    settles: frozenset[str] = frozenset()


FIELDS: Mapping[str, Field] = {
    ALLOWED: Field("allowed amount", MONEY, settles=frozenset(("PRC-01", "PRC-02", "NSA-01"))),
    CATEGORY: Field("benefit category", KEY, settles=frozenset(("BEN-01",))),
    TIER: Field("network tier", KEY, settles=frozenset(("NSA-01",))),
    COPAY: Field("copay", MONEY),
    COINSURANCE: Field("coinsurance", RATE),
    NO_DEDUCTIBLE: Field("deductible", FLAG),
    PAY_DESPITE: Field("refusal to lift", REFUSAL, whole_claim=True),
    REFUSE: Field("refusal", REFUSAL, whole_claim=True),
    PAYEE: Field("payee", KEY, whole_claim=True),
}

REASONS: Mapping[str, str] = {
    "agreement": "an agreement with the provider",
    "plan_terms": "what the plan says",
    "clinical": "a clinical review",
    "corrected_facts": "facts put right",
    "network_gap": "no network provider was to be had",
    "employer": "the employer's instruction",
    "appeal": "an appeal",
    "law": "what the law asks",
}
"""Why, in our words. The note beside it says more."""

WAIVABLE = tuple(code for code, carc in CARCS.items() if carc.rank < NO_REFUSAL and code not in _NOT_OURS_TO_WAIVE)
"""Refusals a person may lift: none that says there was no coverage, no benefit or no provider who may be paid.

For 242 the network tier is set instead.
"""
REFUSALS = tuple(code for code, carc in CARCS.items() if carc.rank < NO_REFUSAL)
PAYEES = (TO_PROVIDER, TO_MEMBER)


def check(override: Override, claim: Claim, design: CompiledDesign | None) -> None:
    """Whether this can be set on this claim. design: the one in force, None where none was found. Raises BadOverride."""
    field = FIELDS.get(override.field)
    if field is None or override.reason not in REASONS:
        raise BadOverride("Choose what to set and why from the lists.")
    if override.line_number == WHOLE_CLAIM:
        if not field.whole_claim:
            raise BadOverride(f"The {field.words} is set line by line. Choose a line.")
    elif override.field == PAYEE:
        raise BadOverride("A claim has one payee. Choose the whole claim.")
    elif all(line.number != override.line_number for line in claim.lines):
        raise BadOverride(f"The claim has no line {override.line_number}.")
    allowed = choices(override.field, design)
    if allowed is not None and override.value not in allowed:
        raise BadOverride(f"{override.value[:40]!r} is no {field.words} here. Known: {', '.join(allowed) or 'none'}.")
    if field.shape in (MONEY, RATE):
        most = _MOST_CENTS if field.shape == MONEY else _WHOLE
        if not (override.value.isascii() and override.value.isdigit() and int(override.value) <= most):
            raise BadOverride(f"The {field.words} must be a whole number from 0 to {most:,}.")


def choices(field: str, design: CompiledDesign | None) -> tuple[str, ...] | None:
    """The values a field may take; None where it is a number."""
    if field == CATEGORY:
        return tuple(design.categories) if design is not None else ()
    if field == TIER:
        return tuple(tier.key for tier in design.tiers) if design is not None else ()
    return {PAY_DESPITE: WAIVABLE, REFUSE: REFUSALS, PAYEE: PAYEES, NO_DEDUCTIBLE: (WAIVED,)}.get(field)
