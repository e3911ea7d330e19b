"""Files about accumulators in one envelope: a header, the names of the columns, the records, a trailer that adds them up.

A file with a wrong column, total or doubled record is refused whole, each fault with its line. Described column by column
in docs/pharmacy_files.md.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from aso_portal.kernel.identifiers import is_npi
from aso_portal.kernel.money import NotMoney, parse_cents
from claims.core.pharmacy import (
    ACCUMULATOR_KINDS,
    ACCUMULATORS_IN,
    ANSWER_IN,
    CLAIMS_IN,
    PAID,
    REJECTED,
    TAKEOVER_IN,
    TRANSACTIONS,
    FillMoney,
)
from claims.services.table_files import REQUIRED, BadTable, Column, Fault, day, one_of, scaled, shaped, whole, word

HEADER, TRAILER = "HEADER", "TRAILER"
CLAIMS_FORMAT, ACCUMULATORS_FORMAT = "aso.pharmacy_claims/1", "aso.accumulator_deltas/1"
ANSWER_FORMAT, BALANCES_FORMAT = "aso.accumulator_answer/1", "aso.accumulator_balances/1"
PHARMACY, MEDICAL = "pharmacy", "medical"
ACCEPTED = "accepted"
_MOST_FAULTS = 1_000
Row = TypeVar("Row")


def signed_cents(text: str) -> int:
    """An amount in dollars that may be negative."""
    try:
        found = parse_cents(text)
    except NotMoney:
        raise ValueError(f"{text[:20]!r} is no amount. Write dollars like 1234.56 or -0.05") from None
    if abs(found) >= 10**12:
        raise ValueError(f"{text[:20]!r} is out of range")
    return found


def npi(text: str) -> str:
    """A provider's number with its check digit."""
    if not is_npi(text):
        raise ValueError(f"{text[:20]!r} is no NPI: ten digits, the last a check digit")
    return text


_WHO = (
    Column("member_number", "member_number", word(40)),
    Column("given_name", "given_name", word(60)),
    Column("birth_date", "birth_date", day),
)
_RECORD_ID = shaped(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,59}", "A1002-1")
CLAIM = (
    Column("claim_id", "claim_id", shaped(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,39}", "A1002")),
    Column("sequence", "sequence", whole),
    Column("transaction", "transaction", one_of(*TRANSACTIONS)),
    *_WHO,
    Column("rx_number", "rx_number", shaped(r"[A-Za-z0-9-]{1,20}", "7001234")),
    Column("fill_number", "fill_number", whole),
    Column("ndc", "ndc", shaped(r"\d{11}", "00000000000")),
    Column("fill_date", "fill_date", day),
    Column("paid_date", "paid_date", day),
    Column("quantity", "quantity_thousandths", scaled(3)),
    Column("days_supply", "days_supply", whole),
    Column("drug_kind", "drug_kind", one_of("brand", "generic")),
    Column("pharmacy_npi", "pharmacy_npi", npi),
    Column("ingredient_cost", "ingredient", signed_cents),
    Column("dispensing_fee", "dispensing", signed_cents),
    Column("tax", "tax", signed_cents),
    Column("gross", "gross", signed_cents),
    Column("plan_paid", "plan_paid", signed_cents),
    Column("deductible", "deductible", signed_cents),
    Column("copay", "copay", signed_cents),
    Column("coinsurance", "coinsurance", signed_cents),
    Column("uncounted", "uncounted", signed_cents, 0),
)
DELTA = (
    Column("record_id", "record_id", _RECORD_ID),
    *_WHO,
    Column("accumulator", "accumulator", one_of(*ACCUMULATOR_KINDS)),
    Column("period_start", "period_start", day),
    Column("amount", "amount", signed_cents),
    Column("origin", "origin", one_of(PHARMACY, MEDICAL)),
)
ANSWER = (
    Column("record_id", "record_id", _RECORD_ID),
    Column("result", "result", one_of(ACCEPTED, REJECTED)),
    Column("over", "over", signed_cents, 0),
    Column("reason", "reason", word(200), ""),
)
BALANCE = (
    *_WHO,
    Column("accumulator", "accumulator", shaped(r"[a-z0-9_.]{1,40}", "medical.deductible.in")),
    Column("period_start", "period_start", day),
    Column("balance", "balance", signed_cents),
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """The header: who wrote for whom, the sender's own name of the file, its day."""

    sender: str
    receiver: str
    reference: str
    day: date


@dataclass(frozen=True, slots=True)
class Record:
    """One record. line: its place in the file, from 1; sha256: of its cells. `record_id` names it for good."""

    line: int
    record_id: str
    sha256: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A whole file that could be read."""

    envelope: Envelope
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How one kind of file is written. totals: what its trailer gives after the count, by name."""

    name: str
    columns: tuple[Column, ...]
    record_id: Callable[[Mapping[str, Any]], str]
    totals: tuple[tuple[str, Callable[[Mapping[str, Any]], int]], ...]
    check: Callable[[Mapping[str, Any]], str | None] = lambda values: None


def money_of(values: Mapping[str, Any]) -> FillMoney:
    """The amounts of a claims record."""
    return FillMoney(**{name: values[name] for name in FillMoney.__slots__})


def _check_claim(values: Mapping[str, Any]) -> str | None:
    money = money_of(values)
    if money.gross != values["gross"]:
        return "gross is not ingredient cost, dispensing fee and tax together."
    if not money.balances:
        return "gross is not what plan and member paid together."
    if not 1 <= values["sequence"] <= 10_000:
        return "sequence counts the transactions of a claim from 1."
    if values["transaction"] == PAID and values["paid_date"] < values["fill_date"]:
        return "it was paid before it was filled."
    if not 0 <= values["fill_number"] <= 99 or not 0 < values["days_supply"] <= 999:
        return "fill_number is 0 to 99 and days_supply 1 to 999."
    return None


def _total(kind: str) -> Callable[[Mapping[str, Any]], int]:
    return lambda values: values["amount"] if values["accumulator"] == kind else 0


LAYOUTS = {
    CLAIMS_IN: Layout(
        CLAIMS_FORMAT,
        CLAIM,
        lambda values: f"{values['claim_id']}/{values['sequence']}",
        (
            ("gross", lambda values: values["gross"]),
            ("plan_paid", lambda values: values["plan_paid"]),
            ("member_paid", lambda values: money_of(values).member_paid),
        ),
        _check_claim,
    ),
    ACCUMULATORS_IN: Layout(
        ACCUMULATORS_FORMAT,
        DELTA,
        lambda values: values["record_id"],
        (("deductible", _total("deductible")), ("out_of_pocket", _total("out_of_pocket"))),
        lambda values: (
            "an amount of nothing says nothing."
            if not values["amount"]
            else "amounts of medical origin are ours; send those of the pharmacy only."
            if values["origin"] != PHARMACY
            else None
        ),
    ),
    ANSWER_IN: Layout(
        ANSWER_FORMAT,
        ANSWER,
        lambda values: values["record_id"],
        (
            ("accepted", lambda values: int(values["result"] == ACCEPTED)),
            ("rejected", lambda values: int(values["result"] == REJECTED)),
        ),
    ),
    TAKEOVER_IN: Layout(
        BALANCES_FORMAT,
        BALANCE,
        lambda values: hashlib.sha256(
            "|".join(str(values[name]) for name in (*(c.field for c in _WHO), "accumulator", "period_start")).encode()
        ).hexdigest()[:40],
        (("balance", lambda values: values["balance"]),),
        lambda values: "a balance is not negative." if values["balance"] < 0 else None,
    ),
}
_COUNTED = {"accepted", "rejected"}


def read_file(kind: str, content: bytes) -> ReadFile:
    """The file of a kind. Raises BadTable with every fault and its line."""
    layout, faults = LAYOUTS[kind], list[Fault]()
    rows = list(_rows(content))
    envelope = _envelope(rows[0], layout, faults) if rows else None
    trailer = rows[-1] if len(rows) > 1 and rows[-1][1][0].strip() == TRAILER else None
    if envelope is None and not faults:
        faults.append(Fault(0, "the file is empty."))
    if trailer is None:
        faults.append(Fault(0, f"the last line must be a {TRAILER} that counts and adds up the records."))
    if faults or envelope is None or trailer is None:
        raise BadTable(faults)
    headings = rows[1] if len(rows) > 2 else None
    places = _places(headings, layout, faults) if headings else {}
    if headings is None:
        faults.append(Fault(2, "the names of the columns are missing."))
    if faults:
        raise BadTable(faults)
    records = list(_records(rows[2:-1], places, layout, faults))
    _check_once(records, faults)
    if not faults:
        _check_trailer(trailer, records, layout, faults)
    if faults:
        raise BadTable(faults[:_MOST_FAULTS])
    return ReadFile(envelope, tuple(records))


def _rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise BadTable([Fault(line, "this is not UTF-8. Save the file as CSV UTF-8.")]) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield reader.line_num, cells
    except csv.Error as fault:
        raise BadTable([Fault(reader.line_num, f"this cannot be read as CSV ({fault}).")]) from None


def _envelope(row: tuple[int, list[str]], layout: Layout, faults: list[Fault]) -> Envelope | None:
    line, cells = row[0], [cell.strip() for cell in row[1]]
    shape = f"{HEADER},{layout.name},sender,receiver,reference,day"
    if len(cells) < 6 or cells[0] != HEADER or cells[1] != layout.name or any(cells[6:]):
        faults.append(Fault(line, f"the first line must be {shape}."))
        return None
    read = (
        ("sender", shaped(r"[A-Z0-9]{2,15}", "RXONE")),
        ("receiver", shaped(r"[A-Za-z0-9-]{1,63}", "HARBOR")),
        ("reference", shaped(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", "RX-2026-03-09")),
        ("day", day),
    )
    found: list[Any] = []
    for (name, how), text in zip(read, cells[2:6], strict=True):
        try:
            found.append(how(text))
        except ValueError as wrong:
            faults.append(Fault(line, f"{name} {wrong}."))
    return Envelope(*found) if not faults else None


def _places(row: tuple[int, list[str]], layout: Layout, faults: list[Fault]) -> dict[str, int]:
    line, given = row[0], [cell.strip().lower() for cell in row[1]]
    known = [column.name for column in layout.columns]
    for name in dict.fromkeys(given):
        if name not in known:
            faults.append(Fault(line, f"there is no column {name[:40]!r} here. Known: {', '.join(known)}."))
        elif given.count(name) > 1:
            faults.append(Fault(line, f"the column {name!r} comes twice."))
    for column in layout.columns:
        if column.default is REQUIRED and column.name not in given:
            faults.append(Fault(line, f"the column {column.name!r} is missing."))
    return {name: place for place, name in enumerate(given)}


def _records(
    rows: Sequence[tuple[int, list[str]]], places: Mapping[str, int], layout: Layout, faults: list[Fault]
) -> Iterator[Record]:
    for line, cells in rows:
        if len(cells) != len(places):
            faults.append(Fault(line, f"it has {len(cells)} cells, the heading has {len(places)}."))
            continue
        values: dict[str, Any] = {}
        before = len(faults)
        for column in layout.columns:
            text = cells[places[column.name]].strip() if column.name in places else ""
            if text:
                try:
                    values[column.field] = column.read(text)
                except ValueError as wrong:
                    faults.append(Fault(line, f"{column.name} {wrong}."))
            elif column.default is REQUIRED:
                faults.append(Fault(line, f"{column.name} is blank."))
            else:
                values[column.field] = column.default
        if len(faults) > before:
            continue
        if told_wrong := layout.check(values):
            faults.append(Fault(line, told_wrong))
            continue
        told = "\x1f".join(str(values[column.field]) for column in layout.columns)
        yield Record(line, layout.record_id(values), hashlib.sha256(told.encode()).hexdigest(), values)


def _check_once(records: Sequence[Record], faults: list[Fault]) -> None:
    first: dict[str, Record] = {}
    for record in records:
        other = first.setdefault(record.record_id, record)
        if other is not record:
            told = "says the same as" if other.sha256 == record.sha256 else "has the name of, and says other than,"
            faults.append(Fault(record.line, f"it {told} line {other.line}."))


def _check_trailer(row: tuple[int, list[str]], records: Sequence[Record], layout: Layout, faults: list[Fault]) -> None:
    line, cells = row[0], [cell.strip() for cell in row[1]]
    while cells and not cells[-1]:
        cells.pop()
    names = ["records", *(name for name, _ in layout.totals)]
    if len(cells) != 1 + len(names):
        faults.append(Fault(line, f"the trailer must be {TRAILER},{','.join(names)}."))
        return
    found = [len(records), *(sum(add(record.values) for record in records) for _, add in layout.totals)]
    for name, text, total in zip(names, cells[1:], found, strict=True):
        counts = name == "records" or name in _COUNTED
        try:
            given = whole(text) if counts else signed_cents(text)
        except ValueError as wrong:
            faults.append(Fault(line, f"{name} {wrong}."))
            continue
        if given != total:
            right = total if counts else in_dollars(total)
            faults.append(Fault(line, f"{name} is {text[:20]}, the records come to {right}."))


def blocks(rows: Sequence[Row], most: int) -> Iterator[Sequence[Row]]:
    """The rows in pieces of at most so many."""
    return (rows[start : start + most] for start in range(0, len(rows), most))


def in_dollars(cents: int) -> str:
    """An amount as these files write it: "1234.50", "-0.05"."""
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{cents // 100}.{cents % 100:02d}"


def written(
    envelope: Envelope, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], totals: Sequence[Any]
) -> bytes:
    """A file in the same envelope. The same rows give the same bytes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((HEADER, name, envelope.sender, envelope.receiver, envelope.reference, envelope.day.isoformat()))
    writer.writerow(columns)
    writer.writerows(rows)
    writer.writerow((TRAILER, len(rows), *totals))
    return out.getvalue().encode()
