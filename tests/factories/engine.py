"""Facts and rules for tests of the engine: small plans, one clinic, families with names."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from aso_portal.kernel.identifiers import npi_with_check_digit
from benefits.core.coverage import CoverageSpan, PersonFacts
from benefits.core.designs import PublishedDesign
from claims.core.changes import Change
from claims.core.claim import Claim, ProviderRef, ServiceLine, SubscriberRef
from claims.core.decision import ClaimDecision, LineDecision
from claims.core.facts import PAYABLE, REFUSED, Balance, ClaimFacts, FamilyFacts, HistoryLine, Ruling
from claims.core.price_tables import PriceTables
from claims.core.rules import (
    ContractTerm,
    FeeRate,
    NetworkSpan,
    Provider,
    Reference,
    Rules,
    reference_of,
    rules_of,
)

CLINIC = npi_with_check_digit("123456789")
HOSPITAL = npi_with_check_digit("198765432")
STRANGER = npi_with_check_digit("111111111")
TIN = "123456789"
OPTION, VERSION, ACCOUNT, FAMILY = 7, 70, 5, 40
ALMA, BEN, CARA, DAN = 1, 2, 3, 4
LONG_AGO = date(2020, 1, 1)
DAY = date(2026, 3, 2)


def share(**changes: Any) -> dict[str, Any]:
    """A cost share that takes the deductible and nothing else."""
    return {"deductible": True, "coinsurance_bp": 0} | changes


def category(
    key: str, inside: dict[str, Any] | None = None, outside: dict[str, Any] | None = None, **more: Any
) -> dict:
    """A benefit category for tiers in and out."""
    inside = share() if inside is None else inside
    return {"key": key, "name": key, "cost_share": {"in": inside, "out": outside or dict(inside)}} | more


def accumulator(
    key: str,
    kind: str,
    self_only: int,
    family: int,
    *,
    tiers: Sequence[str] = ("in",),
    rule: str = "embedded",
    **more: Any,
) -> dict:
    """A deductible or out-of-pocket limit."""
    amounts = {"self_only_cents": self_only, "family_cents": family, "family_rule": rule}
    return {"key": key, "name": key, "kind": kind, "tiers": list(tiers)} | amounts | more


def plan(categories: Iterable[dict], accumulators: Iterable[dict] = (), **changes: Any) -> dict[str, Any]:
    """A dental-law plan (nothing for the law to refuse) whose services are coded like its categories, in capitals."""
    categories = list(categories)
    return {
        "schema": "aso.plan_design/1",
        "name": "Test plan",
        "line_of_coverage": "medical",
        "grandfathered": True,
        "effective": {"start": "2026-01-01"},
        "tiers": [
            {"key": "in", "name": "In network", "networks": ["HARBOR"], "payee": "provider"},
            {
                "key": "out",
                "name": "Out of network",
                "out_of_network": True,
                "payee": "assignment",
                "allowed": {"basis": "fee_schedule", "schedule": "OUTSIDE"},
            },
        ],
        "accumulators": list(accumulators),
        "categories": categories,
        "mapping": [
            {"id": each["key"], "when": {"codes": [code_of(each["key"])]}, "category": each["key"]}
            for each in categories
        ],
        "timely_filing": {"days": 365},
    } | changes


def code_of(category_key: str) -> str:
    """The made-up service code of a category in `plan`."""
    return category_key.upper().replace("_", "")[:8]


def reference(
    *,
    terms: Iterable[ContractTerm] | None = None,
    rates: Iterable[FeeRate] = (),
    providers: Iterable[Provider] | None = None,
    networks: Iterable[NetworkSpan] | None = None,
    prices: PriceTables | None = None,
) -> Reference:
    """A clinic and a hospital in the network and a stranger outside; prices are what the claim's repricer says."""
    everybody = [Provider(npi=npi, tin=TIN, start=LONG_AGO) for npi in (CLINIC, HOSPITAL, STRANGER)]
    inside = [NetworkSpan(network="HARBOR", npi=npi, start=LONG_AGO) for npi in (CLINIC, HOSPITAL)]
    repriced = [
        ContractTerm(network="HARBOR", priority=1, method="repriced", start=LONG_AGO),
        ContractTerm(network="HARBOR", priority=9, method="percent_of_billed", start=LONG_AGO),
    ]
    return reference_of(
        release="test",
        providers=everybody if providers is None else providers,
        networks=inside if networks is None else networks,
        terms=repriced if terms is None else terms,
        rates=rates,
        prices=prices,
    )


def rules(document: dict[str, Any], tables: Reference | None = None, **options: Any) -> Rules:
    """One plan option with one published version of the document."""
    published = PublishedDesign(
        version_id=VERSION,
        plan_option_id=OPTION,
        option_code="TEST",
        line_of_coverage=document["line_of_coverage"],
        funding_account_id=ACCOUNT,
        start=date.fromisoformat(document["effective"]["start"]),
        end=None,
        document=document,
    )
    return rules_of([published], tables or reference(), **options)


def person(
    person_id: int, *, family_id: int = FAMILY, birth_date: date = date(1985, 6, 1), sex: str = "F", **more: Any
) -> PersonFacts:
    """Somebody of the family."""
    facts = {"death_date": None} | more
    return PersonFacts(
        person_id=person_id, uuid=UUID(int=person_id), family_id=family_id, birth_date=birth_date, sex=sex, **facts
    )


def span(person_id: int, **changes: Any) -> CoverageSpan:
    """Coverage in the test option since long ago."""
    usual = {
        "person_id": person_id,
        "member_id": person_id * 10,
        "family_id": FAMILY,
        "plan_option_id": OPTION,
        "line_of_coverage": "medical",
        "tier": "FAM",
        "start": LONG_AGO,
        "end": None,
        "state": "active",
    }
    return CoverageSpan(**(usual | changes))


def line(
    number: int = 1, code: str = "ANY", billed: int = 10_000, allowed: int | None = None, **more: Any
) -> ServiceLine:
    """A service on DAY; `allowed` is what a repricer says."""
    day = more.pop("day", DAY)
    usual: dict[str, Any] = {"service_start": day, "service_end": date.fromordinal(day.toordinal() + 1)}
    usual |= {"repriced_allowed_cents": allowed}
    return ServiceLine(number=number, code=code, charge_cents=billed, **(usual | more))


def claim(*lines: ServiceLine, **more: Any) -> Claim:
    """A professional claim of the clinic."""
    usual: dict[str, Any] = {
        "kind": "P",
        "patient_control_number": "ACCT-1",
        "facility_code": "11",
        "benefits_assigned": "Y",
        "subscriber": SubscriberRef(member_number="M100", group_number="G1"),
        "billing": ProviderRef(npi=CLINIC, tin=TIN),
    }
    lines = lines or (line(),)
    return Claim(billed_cents=sum(each.charge_cents for each in lines), lines=lines, **(usual | more))


def facts(
    content: Claim, *, seq: int = 1, who: int = ALMA, received: date | None = None, rulings: Sequence[Ruling] = ()
) -> ClaimFacts:
    """The claim as it came in."""
    days = [each.service_end for each in content.lines if each.service_end] or [DAY]
    return ClaimFacts(
        submission_id=seq,
        claim_number=f"C{seq}",
        intake_seq=seq,
        received_date=received or max(days),
        person_id=who,
        family_id=FAMILY,
        claim=content,
        rulings=tuple(rulings),
    )


def family(
    *claims: ClaimFacts,
    balances: Sequence[Balance] = (),
    history: Sequence[HistoryLine] = (),
    spans: Sequence[CoverageSpan] | None = None,
    people: Sequence[PersonFacts] | None = None,
    changes: Sequence[Change] = (),
) -> FamilyFacts:
    """Alma, Ben, Cara and Dan with family coverage, and the claims to decide."""
    everybody = [person(each) for each in (ALMA, BEN, CARA, DAN)] if people is None else people
    covered = [span(each.person_id) for each in everybody] if spans is None else spans
    return FamilyFacts(
        family_ids=tuple(sorted({each.family_id for each in everybody})),
        persons={each.person_id: each for each in everybody},
        coverage={
            each.person_id: tuple(held for held in covered if held.person_id == each.person_id) for each in everybody
        },
        claims=claims,
        balances=balances,
        history=history,
        changes=changes,
    )


def adjustments(decided: LineDecision) -> dict[str, int]:
    """{"PR-1": cents} of a line."""
    return {f"{each.group}-{each.carc}": each.cents for each in decided.adjustments}


def entries(decision: ClaimDecision) -> dict[str, int]:
    """{accumulator: amount} of a decision."""
    total: dict[str, int] = {}
    for each in decision.entries:
        total[each.accumulator] = total.get(each.accumulator, 0) + each.amount
    return total


def history_lines(decision: ClaimDecision, given: ClaimFacts, state: str = PAYABLE) -> list[HistoryLine]:
    """What stays on file of a decided claim, as the shell would read it back."""
    return [
        HistoryLine(
            submission_id=given.submission_id,
            intake_seq=given.intake_seq,
            person_id=given.person_id,
            service_date=decided.service_date,
            code=decided.code,
            revenue=decided.revenue,
            modifiers=decided.modifiers,
            units_thousandths=decided.units_thousandths,
            charge_cents=decided.billed_cents,
            provider_npi=decided.rendering_npi or given.claim.billing.npi,
            billing_tin=given.claim.billing.tin,
            state=REFUSED if decided.denials else state,
            category=decided.category,
            eligible_cents=decided.eligible_cents,
            copay_cents=decided.copay_cents,
            kind=given.claim.kind,
            billing_npi=given.claim.billing.npi,
        )
        for decided in decision.lines
    ]
