"""What claims are decided with: designs in force and reference tables, frozen for a night, as plain dictionaries."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from benefits.core.designs import PublishedDesign
from benefits.core.plan_design import Condition
from benefits.core.plan_design_compiled import CompiledDesign, compile_design
from benefits.core.plan_design_conditions import RuleBook, code_range
from benefits.core.plan_design_reading import read_plan_design
from claims.core.code_sets import NO_CODES, CodeSets
from claims.core.edit_tables import NO_TABLES, EditTables
from claims.core.price_tables import PriceTables, with_own

ENGINE = 5
FEE_SCHEDULE, PERCENT_OF_BILLED, PER_DIEM, CASE_RATE, REPRICED = (
    "fee_schedule",
    "percent_of_billed",
    "per_diem",
    "case_rate",
    "repriced",
)
RELATIVE_VALUE, ANESTHESIA, OUTPATIENT_GROUPS, DRG = "relative_value", "anesthesia", "outpatient_groups", "drg"
METHODS = (
    *(FEE_SCHEDULE, PERCENT_OF_BILLED, PER_DIEM, CASE_RATE, REPRICED),
    *(RELATIVE_VALUE, ANESTHESIA, OUTPATIENT_GROUPS, DRG),
)

_WORKED = frozenset((RELATIVE_VALUE, ANESTHESIA, OUTPATIENT_GROUPS))


@dataclass(slots=True, kw_only=True)
class Provider:
    """A provider in the days [start, end) (`end` None: open), under one tax number. `sanctioned`: may not be paid."""

    npi: str
    tin: str
    start: date
    end: date | None = None
    taxonomy: str = ""
    is_facility: bool = False
    sanctioned: bool = False


@dataclass(slots=True, kw_only=True)
class NetworkSpan:
    """Days a provider takes part in a network, under one tax number or (`tin` "") any."""

    network: str
    npi: str
    start: date
    end: date | None = None
    tin: str = ""


@dataclass(slots=True, kw_only=True)
class ContractTerm:
    """One way of pricing under a network's contract; the fitting term with the lowest `priority` prices a line.

    npi "": every provider. kind "": every claim. codes, revenues, bill_types: comma-separated codes or inclusive ranges
    (bill types: beginnings), "" for all. triggers: codes of which some line of the claim must bear one. threshold_cents:
    the lines of the claim that the term fits must come to more than this. amount_cents: per day, per case, or what a
    weight or unit is multiplied by. rate_bp: of the fee or the charge. policy: modifiers, ranking and unusual stays.
    locality "": the provider's. lesser_of_claim: price and charge are compared on the claim, not line by line.

    special: whether more than condition, provider and day is asked before it speaks. worked: whether its price is only
    known once the other lines of the claim are.
    """

    network: str
    priority: int
    method: str
    start: date
    end: date | None = None
    npi: str = ""
    kind: str = ""
    codes: str = ""
    revenues: str = ""
    bill_types: str = ""
    schedule: str = ""
    rate_bp: int = 10_000
    amount_cents: int = 0
    lesser_of_billed: bool = True
    triggers: str = ""
    threshold_cents: int = 0
    policy: str = ""
    locality: str = ""
    lesser_of_claim: bool = False
    special: bool = field(init=False, default=False)
    worked: bool = field(init=False, default=False)
    trigger_codes: tuple[tuple[str, str], ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        self.special = bool(self.triggers or self.threshold_cents)
        self.worked = bool(self.policy or self.lesser_of_claim or self.method in _WORKED)
        self.trigger_codes = tuple(code_range(text) for text in _listed(self.triggers))


@dataclass(slots=True, kw_only=True)
class FeeRate:
    """Cents per unit of a code in a schedule. `facility`: only for facility (True) or other (False) places.

    locality: only for providers there, "" for all.
    """

    schedule: str
    code: str
    cents: int
    start: date
    end: date | None = None
    modifier: str = ""
    facility: bool | None = None
    locality: str = ""


@dataclass(slots=True, kw_only=True)
class Reference:
    """Reference tables of one release, looked up by natural key. contracts: the rows behind `terms`, in their order."""

    release: str
    providers: Mapping[str, tuple[Provider, ...]]
    networks: Mapping[str, tuple[NetworkSpan, ...]]
    terms: Mapping[str, RuleBook[ContractTerm]]
    rates: Mapping[tuple[str, str], tuple[FeeRate, ...]]
    contracts: Mapping[str, tuple[ContractTerm, ...]] = field(default_factory=dict)
    prices: PriceTables = field(default_factory=PriceTables)


@dataclass(slots=True, kw_only=True)
class OwnContracts:
    """An employer's own terms, fees and price tables as of one of its releases; they win over the shared ones.

    name: of what was loaded, the same wherever the same was.
    """

    name: str
    terms: tuple[ContractTerm, ...] = ()
    rates: tuple[FeeRate, ...] = ()
    networks: tuple[NetworkSpan, ...] = ()
    prices: PriceTables = field(default_factory=PriceTables)


@dataclass(slots=True, kw_only=True)
class DesignInForce:
    """One published version, compiled, with the days it is for."""

    version_id: int
    plan_option_id: int
    funding_account_id: int | None
    start: date
    end: date | None
    compiled: CompiledDesign


@dataclass(slots=True, kw_only=True)
class Rules:
    """Everything but the facts. `designs`: by plan option, the newest version first.

    auto_pay_limit_cents: a claim the plan would pay more for waits for a person; None: no such limit.
    care_lines: lines of coverage with frequencies or dental rules. verifies_authorizations: some plan does.
    edit_tables, codes: what code edits look up; empty where no design has edits on.
    """

    designs: Mapping[int, tuple[DesignInForce, ...]]
    reference: Reference
    auto_pay_limit_cents: int | None
    rules_hash: str
    care_lines: frozenset[str] = frozenset()
    verifies_authorizations: bool = False
    edit_tables: EditTables = NO_TABLES
    codes: CodeSets = NO_CODES

    def design_on(self, plan_option_id: int, day: date) -> DesignInForce | None:
        """The newest published version of the option that covers a day of service."""
        for design in self.designs.get(plan_option_id, ()):
            if design.start <= day and (design.end is None or day < design.end):
                return design
        return None


def reference_of(
    *,
    release: str,
    providers: Iterable[Provider],
    networks: Iterable[NetworkSpan],
    terms: Iterable[ContractTerm],
    rates: Iterable[FeeRate],
    prices: PriceTables | None = None,
) -> Reference:
    """The tables of one release. Where two rows fit one day the first given wins (terms: the lowest priority)."""
    by_npi: dict[str, list[Provider]] = {}
    for provider in providers:
        by_npi.setdefault(provider.npi, []).append(provider)
    contracts = _by_network(terms)
    return Reference(
        release=release,
        providers={npi: tuple(rows) for npi, rows in by_npi.items()},
        networks=_by_provider(networks),
        terms={network: _book(rows) for network, rows in contracts.items()},
        rates=_by_code(rates),
        contracts=contracts,
        prices=prices or PriceTables(),
    )


def with_own_contracts(shared: Reference, own: OwnContracts) -> Reference:
    """Shared reference tables with an employer's own over them. The shared value stays as it is.

    Its terms for a network are tried before the shared ones; a fee schedule of its own takes the place of the shared one
    of that name as a whole; so do its price tables (`price_tables.with_own`).
    """
    contracts = dict(shared.contracts)
    terms = dict(shared.terms)
    for network, rows in _by_network(own.terms).items():
        contracts[network] = (*rows, *contracts.get(network, ()))
        terms[network] = _book(contracts[network])
    schedules = {rate.schedule for rate in own.rates}
    rates = shared.rates
    if schedules:
        rates = {key: found for key, found in shared.rates.items() if key[0] not in schedules} | _by_code(own.rates)
    networks = dict(shared.networks)
    for npi, spans in _by_provider(own.networks).items():
        networks[npi] = (*spans, *networks.get(npi, ()))
    return Reference(
        release=shared.release,
        providers=shared.providers,
        networks=networks,
        terms=terms,
        rates=rates,
        contracts=contracts,
        prices=with_own(shared.prices, own.prices),
    )


def _by_provider(networks: Iterable[NetworkSpan]) -> dict[str, tuple[NetworkSpan, ...]]:
    spans: dict[str, list[NetworkSpan]] = {}
    for span in networks:
        spans.setdefault(span.npi, []).append(span)
    return {npi: tuple(rows) for npi, rows in spans.items()}


def _by_network(terms: Iterable[ContractTerm]) -> dict[str, tuple[ContractTerm, ...]]:
    """The terms of each network in the order they are tried."""
    by_network: dict[str, list[ContractTerm]] = {}
    for term in terms:
        by_network.setdefault(term.network, []).append(term)
    return {network: tuple(sorted(rows, key=_term_order)) for network, rows in by_network.items()}


def _by_code(rates: Iterable[FeeRate]) -> dict[tuple[str, str], tuple[FeeRate, ...]]:
    by_code: dict[tuple[str, str], list[FeeRate]] = {}
    for rate in rates:
        by_code.setdefault((rate.schedule, rate.code), []).append(rate)
    return {key: tuple(rows) for key, rows in by_code.items()}


def _book(terms: Iterable[ContractTerm]) -> RuleBook[ContractTerm]:
    return RuleBook([(_term_condition(term), term) for term in terms])


def rules_of(
    designs: Iterable[PublishedDesign],
    reference: Reference,
    *,
    auto_pay_limit_cents: int | None = None,
    edit_tables: EditTables = NO_TABLES,
    codes: CodeSets = NO_CODES,
    own_tables: str = "",
) -> Rules:
    """Published designs read and compiled, with the tables they are used with. Raises BadPlanDesign.

    own_tables: names what the employer's own tables hold; shared ones are named by the reference's release.
    """
    by_option: dict[int, list[DesignInForce]] = {}
    sums = []
    for published in sorted(designs, key=lambda each: -each.version_id):
        design = read_plan_design(published.document)
        sums.append(f"{published.option_code} {published.start} {published.end} {design.sha256}")
        by_option.setdefault(published.plan_option_id, []).append(
            DesignInForce(
                version_id=published.version_id,
                plan_option_id=published.plan_option_id,
                funding_account_id=published.funding_account_id,
                start=published.start,
                end=published.end,
                compiled=compile_design(design),
            )
        )
    compiled = [each.compiled for versions in by_option.values() for each in versions]
    return Rules(
        designs={option: tuple(versions) for option, versions in by_option.items()},
        care_lines=frozenset(each.design.line_of_coverage for each in compiled if each.care is not None),
        verifies_authorizations=any(each.verifies_authorizations for each in compiled),
        reference=reference,
        auto_pay_limit_cents=auto_pay_limit_cents,
        rules_hash=_hash(
            [
                f"engine {ENGINE}",
                reference.release,
                str(auto_pay_limit_cents),
                *([own_tables] if own_tables else []),
                *sums,
            ]
        ),
        edit_tables=edit_tables,
        codes=codes,
    )


def _term_order(term: ContractTerm) -> tuple[int, bool]:
    """Lowest priority number first; of equals, a provider's own term before everybody's."""
    return term.priority, not term.npi


def _term_condition(term: ContractTerm) -> Condition:
    """What a term asks of a line, apart from provider and day."""
    return Condition(
        kinds=(term.kind,) if term.kind else (),
        bill_types=tuple(_listed(term.bill_types)),
        codes=tuple(code_range(text) for text in _listed(term.codes)),
        revenues=tuple(code_range(text) for text in _listed(term.revenues)),
    )


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _hash(parts: list[str]) -> str:
    """16 hex digits that name a set of rules by natural keys, the same on every machine."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
