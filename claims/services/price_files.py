"""Files of price tables: the columns of each kind, and the rows that are stored. Formats: docs/pricing_tables.md.

A file is read whole or refused whole, with every fault and its line.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from benefits.core.plan_design_conditions import code_range
from claims.core.code_sets import LICENSED, PROCEDURE, system_of
from claims.core.price_books import PRICE_KINDS, PriceRow
from claims.core.price_tables import (
    ALL_PAYER,
    BACKUP,
    CLEARED,
    COMPREHENSIVE,
    CONFIRMED,
    EXACT,
    FULL_BP,
    NO_W9,
    OVER_CHARGES,
    OVER_PRICE,
    PACKAGED,
    RANKED,
    SEPARATELY,
    SETTINGS,
    STATE_LAW,
    TENTH,
    TIME_MINUTES,
    TRUSTED,
    UP,
)
from claims.core.rules import FEE_SCHEDULE, METHODS, PER_DIEM
from claims.services.edit_files import TableFile
from claims.services.table_files import Column, cents, flag, one_of, percent, read_table, scaled, shaped, whole, word

_NPI, _TIN = shaped(r"\d{10}", "1234567893"), shaped(r"\d{9}", "123456789")
_E4 = scaled(4)
_name, _code = word(20), shaped(r"[0-9A-Z]{1,8}", "A0425")
_PLACES = {"facility": True, "office": False}


def _place(text: str) -> bool:
    return _PLACES[one_of(*_PLACES)(text)]


def _ranges(text: str) -> str:
    """Codes and ranges, separated by blanks; kept separated by commas."""
    parts = text.replace(",", " ").split()
    for part in parts:
        low, high = code_range(part)
        if len(low) != len(high) or high < low:
            raise ValueError(f"{part[:20]!r} is no code or range of codes, like A0425-A0436")
    return ",".join(parts)


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _rates(text: str) -> list[int]:
    """Percentages separated by blanks or slashes: 100/50/25."""
    return [percent(part) for part in text.replace("/", " ").split()]


def _year(text: str) -> int:
    found = whole(text)
    if not 2000 <= found <= 2100:
        raise ValueError(f"{text[:20]!r} is no year")
    return found


def _key(name: str, read: Callable[[str], Any], field: str = "", **more: Any) -> Column:
    return Column(name, field or name, read, key=True, **more)


_SCHEDULE, _POLICY = _key("schedule", _name), _key("policy", _name)
_CODE, _MODIFIER = _key("code", _code), _key("modifier", word(2), default="")
_AMOUNT = Column("amount", "amount_cents", cents)
_WHERE = (
    _MODIFIER,
    _key("place", one_of("facility", "office"), default=""),
    _key("region", _name, default=""),
)

COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "terms": (
        _key("network", _name),
        _key("npi", _NPI, default=""),
        _key("priority", whole),
        Column("kind", "kind", one_of("P", "I", "D"), ""),
        Column("codes", "codes", _ranges, ""),
        Column("revenues", "revenues", _ranges, ""),
        Column("bill_types", "bill_types", _ranges, ""),
        Column("triggers", "triggers", _ranges, ""),
        Column("method", "method", one_of(*METHODS)),
        Column("schedule", "schedule", _name, ""),
        Column("locality", "locality", _name, ""),
        Column("policy", "policy", _name, ""),
        Column("rate", "rate_bp", percent, FULL_BP),
        Column("amount", "amount_cents", cents, 0),
        Column("threshold", "threshold_cents", cents, 0),
        Column("lesser_of", "lesser_of", one_of("line", "claim", "no"), "line"),
    ),
    "fees": (
        _SCHEDULE,
        _CODE,
        _MODIFIER,
        _key("place", _place, "facility", default=None),
        _key("locality", _name, default=""),
        Column("amount", "cents", cents),
    ),
    "networks": (_key("network", _name), _key("npi", _NPI), _key("tin", _TIN, default="")),
    "policies": (
        _POLICY,
        Column("reductions", "reductions_bp", _rates, ()),
        Column("time_minutes", "time_minutes", whole, TIME_MINUTES),
        Column("time_rounding", "time_rounding", one_of(EXACT, TENTH, UP), EXACT),
        Column("drg", "drg", one_of(TRUSTED, CONFIRMED), TRUSTED),
        Column("outlier_threshold", "outlier_cents", cents, 0),
        Column("outlier_share", "outlier_bp", percent, 0),
        Column("outlier_over", "outlier_over", one_of(OVER_PRICE, OVER_CHARGES), OVER_PRICE),
        Column("transfer_statuses", "transfer_statuses", _words, ()),
        Column("short_stay_days", "short_stay_days", whole, 0),
    ),
    "modifiers": (
        _POLICY,
        _key("modifier", word(2)),
        Column("rate", "rate_bp", percent, FULL_BP),
        Column("units", "units", whole, 0),
    ),
    "procedures": (
        _POLICY,
        _CODE,
        Column("ranked", "ranked", flag, False),
        Column("bilateral", "bilateral", flag, False),
    ),
    "relative_values": (
        _SCHEDULE,
        _CODE,
        _MODIFIER,
        Column("work", "work_e4", _E4),
        Column("practice", "practice_e4", _E4),
        Column("practice_facility", "practice_facility_e4", _E4),
        Column("liability", "liability_e4", _E4),
    ),
    "indices": (
        _SCHEDULE,
        _key("locality", _name, default=""),
        Column("work", "work_e4", _E4),
        Column("practice", "practice_e4", _E4),
        Column("liability", "liability_e4", _E4),
    ),
    "factors": (_SCHEDULE, _key("locality", _name, default=""), Column("factor", "factor_e4", _E4)),
    "localities": (
        _key("npi", _NPI),
        Column("locality", "locality", _name, ""),
        Column("region", "region", _name, ""),
    ),
    "drg_weights": (
        _SCHEDULE,
        _key("drg", shaped(r"[0-9A-Z]{3,4}", "470")),
        Column("weight", "weight_e4", _E4),
        Column("mean_days", "mean_days_e2", scaled(2), 0),
    ),
    "facility_rates": (
        _SCHEDULE,
        _key("npi", _NPI),
        Column("amount", "amount_e4", _E4),
        Column("wage_index", "wage_index_e4", _E4, 10_000),
        Column("labor_share", "labor_bp", percent, 0),
        Column("cost_ratio", "cost_ratio_bp", percent, FULL_BP),
    ),
    "groups": (
        _SCHEDULE,
        _CODE,
        Column("group", "group", _name, ""),
        Column("pays", "pays", one_of(SEPARATELY, RANKED, PACKAGED, COMPREHENSIVE), SEPARATELY),
    ),
    "group_rates": (
        _SCHEDULE,
        _key("group", _name),
        Column("amount", "amount_cents", cents, None),
        Column("weight", "weight_e4", _E4, 0),
    ),
    "base_units": (_SCHEDULE, _CODE, Column("units", "units_thousandths", scaled(3))),
    "qualifying_amounts": (
        _key("code", shaped(r"[0-9A-Z]{1,8}", "A0431 or DRG470")),
        *_WHERE,
        _AMOUNT,
        Column("year", "year", _year),
        Column("source", "source", one_of("contracts", "database", "related_code")),
        Column("base_units", "base_units", _name, ""),
    ),
    "qualifying_indices": (
        _key("since", _year),
        Column("year", "year", _year),
        Column("factor", "factor_e10", scaled(10)),
    ),
    "recognized_amounts": (
        _key("code", shaped(r"[0-9A-Z]{1,8}", "A0431 or DRG470")),
        *_WHERE,
        _AMOUNT,
        Column("basis", "basis", one_of(STATE_LAW, ALL_PAYER)),
    ),
    "payment_terms": (
        _key("network", _name),
        _key("npi", _NPI, default=""),
        Column("withhold", "withhold_bp", percent, 0),
        Column("interest", "interest_bp", percent, 0),
        Column("interest_after_days", "interest_after_days", whole, 30),
        Column("year_days", "year_days", whole, 365),
    ),
    "tax_statuses": (_key("tin", _TIN), Column("status", "status", one_of(NO_W9, BACKUP, CLEARED))),
    "authority": (_key("role", word(20)), Column("limit", "limit_cents", cents)),
    "settings": (_key("name", one_of(*SETTINGS)), Column("value", "value", word(20))),
}
_TABLES_NAMED_BY_METHOD = frozenset(METHODS) - {"percent_of_billed", PER_DIEM, "case_rate", "repriced"}


def read_price_table(kind: str, content: bytes) -> TableFile:
    """The rows of a file of `kind` (`PRICE_KINDS`). Raises BadTable with every fault."""
    lines = read_table(content, COLUMNS[kind], check=lambda values: _wrong(kind, values))
    names = PRICE_KINDS[kind].key
    licensed = [line.line for line in lines if system_of(PROCEDURE, str(line.values.get("code", ""))) in LICENSED]
    rows = [_row(kind, names, line.values, line.start, line.end) for line in lines]
    return TableFile(kind, rows, tuple(licensed))


def _row(kind: str, names: Sequence[str], values: dict[str, Any], start: date, end: date | None) -> PriceRow:
    content = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    if kind == "terms":
        lesser = content.pop("lesser_of")
        content |= {"lesser_of_billed": lesser != "no", "lesser_of_claim": lesser == "claim"}
    return PriceRow(kind, "|".join(str(values[name]) for name in names), content, start, end)


def _wrong(kind: str, values: dict[str, Any]) -> str | None:
    """What does not fit together in a row."""
    if kind == "terms":
        if (values["method"] in _TABLES_NAMED_BY_METHOD) != bool(values["schedule"]):
            return f"a term by {values['method']} names its schedule" if not values["schedule"] else (
                f"a term by {values['method']} has no schedule"
            )  # fmt: skip
        if values["method"] in (PER_DIEM, "case_rate") and not values["amount_cents"]:
            return f"a term by {values['method']} needs an amount"
        if values["method"] == FEE_SCHEDULE and values["amount_cents"]:
            return "a fee schedule has no amount of its own"
    if kind == "group_rates" and (values["amount_cents"] is None) == (not values["weight_e4"]):
        return "a group has an amount or a weight, one of the two"
    if kind == "groups" and (values["pays"] == PACKAGED) == bool(values["group"]):
        return "a code names its group, unless it is packaged"
    if kind == "localities" and not (values["locality"] or values["region"]):
        return "a provider has a locality, a region, or both"
    if kind == "qualifying_indices" and values["year"] <= values["since"]:
        return "the index leads from a year to a later one"
    if kind == "payment_terms" and (values["withhold_bp"] > FULL_BP or values["year_days"] not in (360, 365)):
        return "what is withheld is at most 100 %, and a year has 360 or 365 days"
    if kind == "policies" and not values["time_minutes"]:
        return "a time unit has at least a minute"
    if kind == "policies" and any(rate > FULL_BP for rate in values["reductions_bp"]):
        return "no procedure keeps more than 100 %"
    if kind == "facility_rates" and values["labor_bp"] > FULL_BP:
        return "the labour share is at most 100 %"
    if kind == "settings" and values["value"] not in SETTINGS[values["name"]]:
        return f"{values['name']} is one of {', '.join(SETTINGS[values['name']])}"
    return None
