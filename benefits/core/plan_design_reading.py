"""Reading a plan design document: shape by JSON Schema, sense by the checks below, every fault with its place."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator

from aso_portal.kernel.errors import DomainError
from benefits.core.plan_design import (
    DEDUCTIBLE,
    EMBEDDED,
    LIFETIME,
    OUT_OF_POCKET,
    Accumulator,
    AuthorizationRule,
    BenefitLimit,
    Category,
    CodeEdits,
    Condition,
    Coordination,
    CostShare,
    Exclusion,
    MappingRule,
    NetworkTier,
    OutOfNetworkAllowed,
    PlanDesign,
    WaitingPeriod,
    Yearly,
)
from benefits.core.plan_design_care_reading import authorization_faults, care_faults, dental_of, frequencies_of
from benefits.core.plan_design_conditions import code_range
from benefits.core.plan_design_pharmacy import pharmacy_faults, pharmacy_of
from benefits.core.plan_design_surprise_bills import SurpriseBills


class Fault(NamedTuple):
    """One thing wrong with a document: where (JSON pointer, "" for the whole) and what."""

    pointer: str
    message: str


class BadPlanDesign(DomainError):
    """The document is not a plan design. `faults` lists every one found."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.pointer or '/'}: {fault.message}" for fault in faults))


def read_plan_design(document: str | Mapping[str, Any]) -> PlanDesign:
    """The design written in JSON text or an already loaded document. Raises BadPlanDesign with every fault found.

    Whether the law allows it is another question: `plan_design_law.refusals`.
    """
    content = _loaded(document) if isinstance(document, str) else document
    if not isinstance(content, dict):
        raise BadPlanDesign([Fault("", "a plan design is an object")])
    faults = list(_shape_faults(content))
    if not faults:
        faults = list(_sense_faults(content))
    if faults:
        raise BadPlanDesign(faults)
    return _built(content)


def canonical_sha256(document: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the document with sorted keys and no spaces: equal designs have equal sums."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def plan_design_schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    schema: dict[str, Any] = json.loads(files("benefits.core").joinpath("plan_design.schema.json").read_text("utf-8"))
    return schema


def _loaded(text: str) -> Any:
    def no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        twice = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]
        if twice:
            raise BadPlanDesign([Fault("", f"an object names {twice[0]!r} twice")])
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=no_key_twice)
    except RecursionError:
        raise BadPlanDesign([Fault("", "this is nested too deeply to be a plan design")]) from None
    except ValueError as fault:
        raise BadPlanDesign([Fault("", f"this is not JSON: {fault}")]) from None


def _shape_faults(content: dict[str, Any]) -> Iterator[Fault]:
    errors = Draft202012Validator(plan_design_schema()).iter_errors(content)
    for error in sorted(errors, key=lambda error: [str(part) for part in error.absolute_path]):
        yield Fault("".join(f"/{part}" for part in error.absolute_path), error.message[:200])
    yield from _decimal_numbers(content, "")


def _decimal_numbers(value: Any, at: str) -> Iterator[Fault]:
    """JSON Schema takes 1.0 for an integer; money does not."""
    if isinstance(value, float):
        yield Fault(at, "write a whole number without a decimal point")
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _decimal_numbers(item, f"{at}/{key}")


def _sense_faults(content: dict[str, Any]) -> Iterator[Fault]:
    """What a schema cannot say: days that exist, keys that are known and used once, amounts that fit together."""
    yield from _day_faults(content["effective"])
    for room, key in (("tiers", "key"), ("categories", "key"), ("mapping", "id"), ("exclusions", "id")):
        yield from _twice(content.get(room, []), room, key)
    yield from _twice(content.get("waiting_periods", []), "waiting_periods", "id")
    for room in ("authorizations", "frequencies"):
        yield from _twice(content.get(room, []), room, "id")
    yield from _twice([*content["accumulators"], *content.get("limits", [])], "accumulators", "key")
    tiers = [tier["key"] for tier in content["tiers"]]
    categories = [category["key"] for category in content["categories"]]
    yield from _tier_faults(content["tiers"])
    yield from _reference_faults(content, "", set(tiers), set(categories))
    for place, category in enumerate(content["categories"]):
        yield from _cost_share_faults(category["cost_share"], f"/categories/{place}/cost_share", tiers)
    for place, accumulator in enumerate(content["accumulators"]):
        yield from _amount_faults(accumulator, f"/accumulators/{place}")
    yield from _doubled_accumulators(content, tiers, categories)
    for place, rule in enumerate(content.get("authorizations", [])):
        yield from _reduction_faults(rule, f"/authorizations/{place}")
    authorizations = authorization_faults(content.get("authorizations", []))
    for pointer, message in (*authorizations, *care_faults(content), *pharmacy_faults(content)):
        yield Fault(pointer, message)
    for place, row in enumerate(content.get("waiting_periods", [])):
        if row.get("late_entrant_months", row["months"]) < row["months"]:
            yield Fault(f"/waiting_periods/{place}", "a late entrant waits no shorter than others")


def _reduction_faults(rule: dict[str, Any], at: str) -> Iterator[Fault]:
    if (rule["if_absent"] == "reduce") != bool({"reduce_bp", "reduce_cents"} & set(rule)):
        yield Fault(at, "reduce_bp or reduce_cents goes with if_absent reduce, and only with it")
    if {"reduce_bp", "reduce_cents"} <= set(rule):
        yield Fault(at, "the plan pays less by a share or by an amount, not both")
    if "reduce_most_cents" in rule and "reduce_bp" not in rule:
        yield Fault(at, "reduce_most_cents goes with reduce_bp")


def _day_faults(effective: dict[str, str]) -> Iterator[Fault]:
    days = {}
    for name, text in effective.items():
        try:
            days[name] = date.fromisoformat(text)
        except ValueError:
            yield Fault(f"/effective/{name}", f"there is no day {text}")
    if "end" in days and "start" in days and days["end"] <= days["start"]:
        yield Fault("/effective/end", "the design would be in force on no day: its end must come after its start")


def _twice(rows: list[dict[str, Any]], room: str, key: str) -> Iterator[Fault]:
    for name, times in Counter(row[key] for row in rows).items():
        if times > 1:
            yield Fault(f"/{room}", f"{key} {name!r} is used {times} times")


def _tier_faults(tiers: list[dict[str, Any]]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for place, tier in enumerate(tiers):
        at, out = f"/tiers/{place}", tier.get("out_of_network", False)
        if out and place != len(tiers) - 1:
            yield Fault(at, "the out-of-network tier comes last, and there is one at most")
        if out == bool(tier.get("networks")):
            yield Fault(at, "a tier names its networks, unless it is the out-of-network tier")
        if out != ("allowed" in tier):
            yield Fault(at, "the out-of-network tier says what is allowed; other tiers follow their contracts")
        allowed = tier.get("allowed", {})
        if allowed and (allowed["basis"] == "fee_schedule") != ("schedule" in allowed):
            yield Fault(f"{at}/allowed", "schedule goes with basis fee_schedule, and only with it")
        if allowed and (allowed["basis"] == "contract_terms") != ("network" in allowed):
            yield Fault(f"{at}/allowed", "network goes with basis contract_terms, and only with it")
        if allowed.get("basis") == "contract_terms" and "rate_bp" in allowed:
            yield Fault(f"{at}/allowed/rate_bp", "the terms of that network say their own rates")
        for network in tier.get("networks", []):
            if seen.setdefault(network, tier["key"]) != tier["key"]:
                yield Fault(f"{at}/networks", f"network {network!r} is already in tier {seen[network]!r}")


def _reference_faults(value: Any, at: str, tiers: set[str], categories: set[str]) -> Iterator[Fault]:
    """Every `tiers`, `categories` and `category` inside the document names something that exists."""
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from _reference_faults(item, f"{at}/{place}", tiers, categories)
    if not isinstance(value, dict):
        return
    known = {"tiers": tiers, "categories": categories, "category": categories} if at else {}
    for key, item in value.items():
        if key not in known:
            yield from _reference_faults(item, f"{at}/{key}", tiers, categories)
            continue
        for name in [item] if isinstance(item, str) else item:
            if name not in known[key]:
                yield Fault(f"{at}/{key}", f"{name!r} is not defined. Defined are: {', '.join(sorted(known[key]))}")
    yield from _range_faults(value, at)


def _range_faults(condition: dict[str, Any], at: str) -> Iterator[Fault]:
    for name in ("codes", "revenues"):
        for text in condition.get(name, []):
            low, high = code_range(text)
            if len(low) != len(high) or high < low:
                yield Fault(f"{at}/{name}", f"{text!r} is not a range: both ends equally long, the lower first")
    if "age_from" in condition and "age_under" in condition and condition["age_under"] <= condition["age_from"]:
        yield Fault(at, "no age is from age_from and under age_under")


def _cost_share_faults(shares: dict[str, Any], at: str, tiers: list[str]) -> Iterator[Fault]:
    for tier in tiers:
        if tier not in shares:
            yield Fault(at, f'tier {tier!r} is missing. Write {{"covered": false}} where nothing is covered')
    for tier, share in shares.items():
        if tier not in tiers:
            yield Fault(f"{at}/{tier}", f"there is no tier {tier!r}")
        if "copay_days" in share and share.get("copay_basis") != "day":
            yield Fault(f"{at}/{tier}/copay_days", "copay_days goes with copay_basis day")
        if "overage_discount_bp" in share and "allowance_cents" not in share:
            yield Fault(f"{at}/{tier}/overage_discount_bp", "overage_discount_bp goes with allowance_cents")


def _amount_faults(accumulator: dict[str, Any], at: str) -> Iterator[Fault]:
    inside = accumulator.get("person_in_family_cents")
    if accumulator["family_rule"] != EMBEDDED and inside is not None:
        yield Fault(f"{at}/person_in_family_cents", "an aggregate family has no limit for one person")
    if accumulator["family_cents"] < max(accumulator["self_only_cents"], inside or 0):
        yield Fault(f"{at}/family_cents", "the family's amount is below one person's")


def _doubled_accumulators(content: dict[str, Any], tiers: list[str], categories: list[str]) -> Iterator[Fault]:
    for kind in (DEDUCTIBLE, OUT_OF_POCKET):
        for tier in tiers:
            for category in categories:
                found = [
                    each["key"]
                    for each in content["accumulators"]
                    if each["kind"] == kind and tier in each["tiers"] and category in each.get("categories", categories)
                ]
                if len(found) > 1:
                    yield Fault("/accumulators", f"{' and '.join(found)} both apply to {category!r} in tier {tier!r}")


def _built(content: dict[str, Any]) -> PlanDesign:
    effective, filing = content["effective"], content["timely_filing"]
    tiers = tuple(tier["key"] for tier in content["tiers"])
    return PlanDesign(
        name=content["name"],
        line_of_coverage=content["line_of_coverage"],
        start=date.fromisoformat(effective["start"]),
        end=date.fromisoformat(effective["end"]) if "end" in effective else None,
        plan_year=Yearly(**content.get("plan_year", {})),
        benefit_period=Yearly(**content.get("benefit_period", {})),
        hdhp=content.get("hdhp", False),
        grandfathered=content.get("grandfathered", False),
        self_only_tiers=tuple(content.get("self_only_tiers", ["EMP"])),
        tiers=tuple(_tier(tier) for tier in content["tiers"]),
        accumulators=tuple(_accumulator(each) for each in content["accumulators"]),
        crossing=dict(content.get("cross_accumulation", {})),
        limits=tuple(_limit(each, tiers) for each in content.get("limits", [])),
        categories=tuple(_category(each, content["line_of_coverage"]) for each in content["categories"]),
        mapping=tuple(MappingRule(**_with_condition(rule)) for rule in content["mapping"]),
        exclusions=tuple(Exclusion(**_with_condition(rule)) for rule in content.get("exclusions", [])),
        waiting_periods=tuple(WaitingPeriod(**_tupled(each)) for each in content.get("waiting_periods", [])),
        authorizations=tuple(AuthorizationRule(**_with_condition(rule)) for rule in content.get("authorizations", [])),
        filing_days=filing["days"],
        filing_group=filing.get("group", "CO"),
        accident=content.get("accident", "pend"),
        work_related=content.get("work_related", "pend"),
        new_family_starts_with=content.get("new_family_starts_with", "own_amounts"),
        edits=CodeEdits(**content["edits"]) if content.get("edits") else None,
        sha256=canonical_sha256(content),
        surprise_bills=_surprise_bills(content),
        pharmacy=pharmacy_of(content),
        coordination=Coordination(**content["coordination"]) if "coordination" in content else None,
        frequencies=frequencies_of(content),
        dental=dental_of(content),
        appeal_levels=content.get("appeal_levels", 1),
    )


def _surprise_bills(content: dict[str, Any]) -> SurpriseBills | None:
    given = content.get("surprise_bills")
    return SurpriseBills(given["remark_codes"]) if given is not None else None


def _tupled(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(item) if isinstance(item, list) else item for key, item in row.items()}


def _tier(row: dict[str, Any]) -> NetworkTier:
    allowed = OutOfNetworkAllowed(**row["allowed"]) if "allowed" in row else None
    return NetworkTier(**(_tupled(row) | {"allowed": allowed}))


def _accumulator(row: dict[str, Any]) -> Accumulator:
    inside = row.get("person_in_family_cents", row["self_only_cents"]) if row["family_rule"] == EMBEDDED else None
    return Accumulator(**(_tupled(row) | {"person_in_family_cents": inside}))


def _limit(row: dict[str, Any], tiers: tuple[str, ...]) -> BenefitLimit:
    usual = {"tiers": tiers, "carc": "149" if row["period"] == LIFETIME else "119"}
    return BenefitLimit(**(usual | _tupled(row)))


def _category(row: dict[str, Any], line_of_coverage: str) -> Category:
    shares = {tier: CostShare(**share) for tier, share in row["cost_share"].items()}
    return Category(**({"essential": line_of_coverage == "medical"} | _tupled(row) | {"cost_share": shares}))


def _with_condition(row: dict[str, Any]) -> dict[str, Any]:
    when = _tupled(row["when"])
    for name in ("codes", "revenues"):
        if name in when:
            when[name] = tuple(code_range(text) for text in when[name])
    return _tupled(row) | {"when": Condition(**when)}
