"""A partner's rule table as a file: read whole or refused whole, with every fault and its line. Format: docs/partner_rules.md."""

import csv
import io
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from aso_portal.kernel.x12.guides import BY_NAME
from aso_portal.kernel.x12.situations import KINDS, Rule, compile_rule
from claims.edi.x837_rules import BY_ARITHMETIC
from claims.edi.x837_situations import GUIDES, RULES
from claims.services.table_files import END, START, BadTable, Column, Fault, one_of, read_table, shaped, word
from tenants.core.partner_rules import MODES, OFF, REJECT, PartnerRule

SNIP = 7
LISTED = frozenset(rule.id for rule in RULES) | frozenset(BY_ARITHMETIC)
MOST_ROWS = 2_000
_OWN = ("of", "loop", "when", "needs", "at", "answer", "words")
_ANSWER = re.compile(rf"({'|'.join(KINDS)})(?: (\d{{1,4}})(?: ([A-Z0-9]{{2,3}}))?)?")


def _kinds(text: str) -> str:
    letters = text.replace(" ", "").upper()
    if set(letters) - set(GUIDES) or len(set(letters)) != len(letters):
        raise ValueError(f"{text[:20]!r} must be letters of {''.join(GUIDES)}")
    return letters


def _answer(text: str) -> str:
    if not _ANSWER.fullmatch(text):
        raise ValueError(f"{text[:40]!r} must be {', '.join(KINDS)}, a claim status code and perhaps an entity")
    return text


COLUMNS = (
    Column("rule", "rule_id", shaped(r"[A-Z][A-Z0-9]{0,5}-\d{1,4}", "ACME-1"), key=True),
    Column("of", "of", _kinds, ""),
    Column("loop", "loop", word(12), ""),
    Column("when", "when", word(400), ""),
    Column("needs", "needs", word(400), ""),
    Column("at", "at", word(40), ""),
    Column("answer", "answer", _answer, ""),
    Column("does", "does", one_of(*MODES), REJECT),
    Column("words", "words", word(200), ""),
)


def read_rule_table(content: bytes, *, is_json: bool) -> list[PartnerRule]:
    """The rows of a table. Raises BadTable with every fault; of JSON the "line" of a fault counts items from 1."""
    if not is_json:
        return _read(content)
    try:
        return _read(_as_csv(content))
    except BadTable as refusal:
        told = [Fault(0, f"item {fault.line - 1}: {fault.message}" if fault.line > 1 else fault.message)
                for fault in refusal.faults]  # fmt: skip
        raise BadTable(told) from None


def _read(content: bytes) -> list[PartnerRule]:
    if content.count(b"\n") > MOST_ROWS + 1:
        raise BadTable([Fault(0, f"the file has more than {MOST_ROWS:,} rows.")])

    def build(values: dict[str, Any], start: date, end: date | None) -> PartnerRule:
        return PartnerRule(start=start, end=end, **values)

    return [row.values for row in read_table(content, COLUMNS, check=_wrong, build=build)]


def _wrong(values: Mapping[str, Any]) -> str | None:
    """What is wrong with a row as a whole."""
    given = [name for name in _OWN if values[name]]
    if values["rule_id"] in LISTED:
        return f"{given[0]} is filled, but a listed rule only takes what it does." if given else None
    if values["rule_id"][1:2].isdigit() and values["rule_id"][0] == "S":
        return f"there is no listed rule {values['rule_id']}; a rule of your own does not begin with S and a digit."
    missing = [name for name in ("of", "loop", "needs", "at", "answer", "words") if not values[name]]
    if missing:
        return f"{missing[0]} is blank."
    if values["does"] == OFF:
        return "a rule of your own that is off says nothing; end its days instead."
    for letter in values["of"]:
        try:
            compile_rule(rule_of(PartnerRule(start=date.min, end=None, **values)), BY_NAME[GUIDES[letter]])
        except ValueError as fault:
            return f"{fault}."
    return None


def rule_of(row: PartnerRule) -> Rule:
    """A partner's own rule as the reader takes it."""
    kind, status, entity = (*row.answer.split(), "", "")[:3]
    return Rule(
        id=row.rule_id,
        snip=SNIP,
        guides=tuple(GUIDES[letter] for letter in row.of),
        loop=row.loop,
        when=row.when,
        needs=row.needs,
        at=row.at,
        kind=kind,
        words=row.words,
        status=status,
        entity=entity,
    )


def _as_csv(content: bytes) -> bytes:
    """A JSON list of objects as the CSV of the same table."""
    try:
        items = json.loads(content.decode("utf-8-sig"))
    except ValueError as fault:
        raise BadTable([Fault(0, f"this is no JSON ({type(fault).__name__}).")]) from None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BadTable([Fault(0, "the file is a list of objects, one for each rule.")])
    names = [*(column.name for column in COLUMNS), START, END]
    faults = [
        Fault(place, f"there is no field {str(name)[:40]!r} here.")
        for place, item in enumerate(items, 2)
        for name in item
        if name not in names
    ]
    faults += [
        Fault(place, f"{name} must be a text on one line.")
        for place, item in enumerate(items, 2)
        for name, value in item.items()
        if name in names and not (isinstance(value, str) and "\n" not in value and "\r" not in value)
    ]
    if faults:
        raise BadTable(faults)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([item.get(name, "") for name in names] for item in items)
    return text.getvalue().encode()
