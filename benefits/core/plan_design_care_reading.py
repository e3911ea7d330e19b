"""Reading the sections `frequencies` and `dental` of a plan design: sense checks, and the values they become."""

from collections.abc import Iterator, Mapping
from typing import Any

from benefits.core.plan_design_care import (
    MONTHS,
    YEARLY_WINDOWS,
    Alternate,
    DentalRules,
    Frequency,
    MedicalFirst,
    MissingTooth,
    Orthodontics,
    Ranges,
    Services,
)
from benefits.core.plan_design_conditions import code_range

ONE_LETTER, LAST_TOOTH = "ABCDEFGHIJKLMNOPQRST", 32
Faults = Iterator[tuple[str, str]]
Document = Mapping[str, Any]


def care_faults(content: Document) -> Faults:
    """(JSON pointer, what is wrong) of both sections; their shape, keys and `codes` are looked at elsewhere."""
    for place, rule in enumerate(content.get("frequencies", [])):
        yield from _frequency_faults(rule, f"/frequencies/{place}")
    dental = content.get("dental")
    if dental is None:
        return
    if content["line_of_coverage"] != "dental":
        yield "/dental", "only a dental design has a dental section"
    yield from _alternate_faults(dental.get("alternates", []))
    for name, part in (("missing_tooth", "extractions"), ("orthodontics", "periodic_codes")):
        yield from _range_faults(dental.get(name, {}).get(part, []), f"/dental/{name}/{part}")
    yield from _orthodontic_faults(dental.get("orthodontics"))


def authorization_faults(rules: list[dict[str, Any]]) -> Faults:
    """What does not fit together in rules about authorisations that are verified."""
    for place, rule in enumerate(rules):
        at = f"/authorizations/{place}"
        only = {"provider_duty", "retro_days", "urgent_retro_days", "if_late", "if_exceeded"}.intersection(rule)
        if only and rule["quoted_number"] != "verify":
            yield at, f"{', '.join(sorted(only))} go with quoted_number verify"
        if rule.get("if_late") == "reduce" and rule["if_absent"] != "reduce":
            yield f"{at}/if_late", "reduce goes with if_absent reduce, which says by how much"


def frequencies_of(content: Document) -> tuple[Frequency, ...]:
    return tuple(_frequency(rule) for rule in content.get("frequencies", []))


def dental_of(content: Document) -> DentalRules | None:
    section = content.get("dental")
    if section is None:
        return None
    missing, braces, first = (section.get(name) for name in ("missing_tooth", "orthodontics", "medical_first"))
    return DentalRules(
        alternates=tuple(_alternate(row) for row in section.get("alternates", [])),
        missing_tooth=MissingTooth(**_ranged(missing, "codes", "extractions")) if missing else None,
        orthodontics=_orthodontics(braces) if braces else None,
        predetermination_days=section.get("predetermination", {}).get("valid_days", 0),
        medical_first=MedicalFirst(**_ranged(first, "codes")) if first else None,
    )


def teeth_named(text: str) -> list[str]:
    """The teeth of "3" or "1-5", "C" or "A-E"; empty when it names none."""
    low, _, high = text.partition("-")
    high = high or low
    if low in ONE_LETTER and high in ONE_LETTER and low and low <= high:
        return list(ONE_LETTER[ONE_LETTER.index(low) : ONE_LETTER.index(high) + 1])
    if low.isdigit() and high.isdigit() and 1 <= int(low) <= int(high) <= LAST_TOOTH:
        return [str(number) for number in range(int(low), int(high) + 1)]
    return []


def _frequency_faults(rule: Document, at: str) -> Faults:
    if ("months" in rule) != (rule["window"] == MONTHS):
        yield at, "months goes with window months, and only with it"
    if "periods" in rule and rule["window"] not in YEARLY_WINDOWS:
        yield f"{at}/periods", f"periods goes with a window of {', '.join(YEARLY_WINDOWS)}"


def _alternate_faults(rows: list[dict[str, Any]]) -> Faults:
    for place, row in enumerate(rows):
        at = f"/dental/alternates/{place}"
        for text in row.get("teeth", []):
            if not teeth_named(text):
                yield f"{at}/teeth", f"{text!r} names no teeth: 1 to 32, A to T, or a range of either"


def _orthodontic_faults(section: Document | None) -> Faults:
    if section is None:
        return
    at, listed = "/dental/orthodontics", section.get("installments")
    if listed is None:
        if "initial_bp" not in section:
            yield at, "say how the fee falls due: installments, or initial_bp with every_months"
        return
    together = {"initial_bp", "every_months", "usual_months", "most_months"}.intersection(section)
    if together:
        yield at, f"installments stand alone, without {', '.join(sorted(together))}"
    months = [row["after_months"] for row in listed]
    if months[0] != 0 or sorted(set(months)) != months:
        yield f"{at}/installments", "installments begin at 0 months and follow each other in time"


def _range_faults(codes: list[str], at: str) -> Faults:
    for text in codes:
        low, high = code_range(text)
        if len(low) != len(high) or high < low:
            yield at, f"{text!r} is not a range: both ends equally long, the lower first"


def _ranges(codes: list[str]) -> Ranges:
    return tuple(code_range(text) for text in codes)


def _ranged(row: Document, *names: str) -> dict[str, Any]:
    return dict(row) | {name: _ranges(row[name]) for name in names if name in row}


def _services(row: Document) -> Services:
    return Services(codes=_ranges(row.get("codes", [])), categories=tuple(row.get("categories", [])))


def _frequency(rule: Document) -> Frequency:
    counts = _services(rule["counts"]) if "counts" in rule else None
    return Frequency(**(dict(rule) | {"of": _services(rule["of"]), "counts": counts}))


def _alternate(row: Document) -> Alternate:
    teeth = frozenset(tooth for text in row.get("teeth", []) for tooth in teeth_named(text))
    return Alternate(**(_ranged(row, "codes") | {"teeth": teeth}))


def _orthodontics(row: Document) -> Orthodontics:
    listed = tuple((each["after_months"], each["parts"]) for each in row.get("installments", []))
    return Orthodontics(**(_ranged(row, "codes", "periodic_codes") | {"installments": listed}))
