"""Contracts for tests of prices: terms of the test network, fees, price tables, and claims decided under them."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from claims.core.adjudication import adjudicate_family
from claims.core.claim import Claim, ServiceLine
from claims.core.decision import ClaimDecision
from claims.core.price_tables import KINDS, PriceTables, tables_of
from claims.core.rules import ContractTerm, FeeRate
from tests.factories.engine import (
    DAY,
    LONG_AGO,
    adjustments,
    category,
    claim,
    facts,
    family,
    plan,
    reference,
    rules,
    share,
)

PLAN = plan([category("any", share(deductible=False))])
PLAN["mapping"] = [{"id": "any", "when": {}, "category": "any"}]
POLICY = "SURGERY"


def term(method: str, *, priority: int = 1, **more: Any) -> ContractTerm:
    """A term of the test network since long ago."""
    return ContractTerm(**({"network": "HARBOR", "priority": priority, "method": method, "start": LONG_AGO} | more))


def fee(cents: int, **more: Any) -> FeeRate:
    """A fee of the schedule FS."""
    return FeeRate(**({"schedule": "FS", "code": "ANY", "cents": cents, "start": LONG_AGO} | more))


def tables(**kinds: Iterable[Mapping[str, Any]]) -> PriceTables:
    """Price tables by kind, each row since long ago unless it says otherwise."""
    return tables_of(
        (kind, KINDS[kind].row(**({"start": LONG_AGO} | dict(row)))) for kind, rows in kinds.items() for row in rows
    )


def surgery(
    *reductions: int, ranked: Iterable[str] = (), bilateral: Iterable[str] = (), modifiers: Mapping[str, int] | None = None,
    **kinds: Iterable[Mapping[str, Any]],
) -> PriceTables:  # fmt: skip
    """A policy for procedures: what each place keeps (basis points), which codes are ranked, what modifiers make."""
    ranked, bilateral = set(ranked), set(bilateral)
    return tables(
        policies=[{"policy": POLICY, "reductions_bp": reductions}],
        procedures=[
            {"policy": POLICY, "code": code, "ranked": code in ranked, "bilateral": code in bilateral}
            for code in sorted(ranked | bilateral)
        ],
        modifiers=[
            {"policy": POLICY, "modifier": modifier, "rate_bp": rate} for modifier, rate in (modifiers or {}).items()
        ],
        **kinds,
    )


def decided(
    content: Claim,
    *terms: ContractTerm,
    rates: Iterable[FeeRate] = (),
    prices: PriceTables | None = None,
    document: dict[str, Any] = PLAN,
    **more: Any,
) -> ClaimDecision:
    """The claim decided under these terms."""
    book = rules(document, reference(terms=terms, rates=rates, prices=prices))
    return adjudicate_family(family(facts(content, **more)), book)[0]


def priced(content: Claim, *terms: ContractTerm, **more: Any) -> list[tuple[int, dict[str, int]]]:
    """(allowed, adjustments) of each line of a claim that is paid."""
    answer = decided(content, *terms, **more)
    assert answer.outcome == "pay", answer.pends
    return [(each.allowed_cents, adjustments(each)) for each in answer.lines]


def waits(content: Claim, *terms: ContractTerm, **more: Any) -> list[tuple[str, int, Any]]:
    """(code, line, why) of what the claim waits for."""
    return [(each.code, each.line_number, each.facts.get("why")) for each in decided(content, *terms, **more).pends]


def stay(*lines: ServiceLine, days: int = 6, admitted: date = DAY, **more: Any) -> Claim:
    """An inpatient bill of the clinic from admission to discharge, `days` later."""
    usual: dict[str, Any] = {
        "kind": "I",
        "facility_code": "11",
        "admission_date": admitted,
        "statement_start": admitted,
        "statement_end": admitted + timedelta(days=days + 1),
    }
    return claim(*lines, **(usual | more))
