"""A stored trace told in plain words, step by step. The last step's amount is what the patient may owe."""

from datetime import date
from typing import NamedTuple

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.money import dollars
from claims.core.changes import CAUSES
from claims.core.facts import WHOLE_CLAIM
from claims.core.override_terms import FIELDS, REASONS
from claims.core.reasons import GROUP_WORDS, PENDS, words_of
from claims.core.trace_catalogue import CATALOGUES, DAY, MONEY, RATE, RATIO, TEXT, UNITS, TraceRule

LINE, TOTALS, WAITS = "L", "Y", "N"


class NotATrace(DomainError):
    """The text is no trace, or of a catalogue this portal does not have."""


class Step(NamedTuple):
    """One step. line_number: WHOLE_CLAIM for steps about the claim. values: as stored. source: the rule's page."""

    line_number: int
    rule: str
    values: dict[str, int | str]
    text: str
    source: str


def rules_hash(trace: str) -> str:
    """Which rules decided."""
    return trace.partition(";")[0].partition(":")[2]


def read_trace(trace: str) -> tuple[Step, ...]:
    """The steps in order, the last one saying what the patient may owe in all. Raises NotATrace."""
    header, *parts = trace.split(";")
    number = header.partition(":")[0]
    catalogue = CATALOGUES.get(int(number)) if number.isascii() and number.isdigit() else None
    if catalogue is None:
        raise NotATrace(f"This trace names catalogue {number[:8]!r}; known are {', '.join(map(str, CATALOGUES))}.")
    steps, line_number, owed, waits = [], WHOLE_CLAIM, 0, False
    for part in parts:
        name, _, written = part.partition(":")
        rule = catalogue.get(name)
        if rule is None:
            raise NotATrace(f"This trace has a step {name[:8]!r} that catalogue {number} does not know.")
        values = _values(rule, written, name)
        if name == LINE:
            line_number = int(values["number"])
        elif name == TOTALS:
            owed += int(values["member"])
        elif name == WAITS:
            line_number, waits = int(values["line"]), True
        steps.append(Step(line_number, name, values, _told(rule, values), rule.source))
    sentence = "As it stands the patient would owe {}." if waits else "In all the patient may owe {}."
    total = Step(WHOLE_CLAIM, "TOTAL", {"member": owed}, sentence.format(dollars(owed)), "docs/domain/cost_share.md")
    return (*steps, total)


def _values(rule: TraceRule, written: str, name: str) -> dict[str, int | str]:
    given = written.split(",") if written else []
    if len(given) != len(rule.values):
        raise NotATrace(f"A step {name!r} of this trace has {len(given)} values, not {len(rule.values)}.")
    try:
        return {key: text if kind == TEXT else int(text) for (key, kind), text in zip(rule.values, given, strict=True)}
    except ValueError:
        raise NotATrace(f"A step {name!r} of this trace has a value that is not a number.") from None


def _told(rule: TraceRule, values: dict[str, int | str]) -> str:
    shown: dict[str, str] = {key: _shown(values[key], kind) for key, kind in rule.values}
    if "carc" in shown:
        shown["carc_words"] = words_of(shown["carc"])
        shown["group_words"] = GROUP_WORDS.get(shown["group"], "")
    if "cause" in shown:
        shown["cause_words"] = CAUSES.get(str(values["cause"]), shown["cause"])
    if "code" in shown and "{pend_words}" in rule.sentence:
        shown["pend_words"] = PENDS[shown["code"]].words if shown["code"] in PENDS else shown["code"]
    if "{override_words}" in rule.sentence:
        shown["override_words"] = REASONS.get(str(values["reason"]), shown["reason"])
        shown["field_words"] = FIELDS[str(values["field"])].words if values.get("field") in FIELDS else ""
    return rule.sentence.format(**shown)


def _shown(value: int | str, kind: str) -> str:
    if isinstance(value, str):
        return value.replace("_", " ") or "none"
    if kind == MONEY:
        return dollars(value)
    if kind == DAY:
        return date.fromordinal(value).isoformat()
    if kind == RATE:
        return f"{_decimal(value, 100)} %"
    if kind == RATIO:
        return _decimal(value, 10_000)
    return _decimal(value, 1_000) if kind == UNITS else str(value)


def _decimal(value: int, scale: int) -> str:
    """An integer of `scale`ths without needless zeros: 1500 of thousandths is 1.5."""
    whole, rest = divmod(value, scale)
    return f"{whole}.{str(rest).zfill(len(str(scale)) - 1).rstrip('0')}" if rest else str(whole)
