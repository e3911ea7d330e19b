"""Worked examples of every code edit: tests/golden/code_edits.csv, with the tables of tests/examples/edit_tables.

Each row of the golden table is one line with its whole ledger. Claims of one night are decided together; the next night
sees what the night before decided. `findings` lists pends (of the line or claim), else what is listed of earlier claims.
"""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from claims.core.adjudication import adjudicate_family
from claims.core.claim import ProviderRef
from claims.core.facts import WHOLE_CLAIM
from claims.core.trace_reading import read_trace
from tests.factories import edits
from tests.factories.engine import ALMA, BEN, adjustments, claim, facts, family, history_lines, line, person

GOLDEN = Path(__file__).parents[2] / "golden" / "code_edits.csv"
PEOPLE = {"Alma": ALMA, "Ben": BEN}
ROWS = list(csv.DictReader(GOLDEN.open(newline="")))
EXAMPLES = list(dict.fromkeys(row["example"] for row in ROWS))


def switches(text):
    return dict(each.split("=") for each in text.split())


def cents(text):
    parts = text.split()
    return {reason: int(amount) for reason, amount in zip(parts[::2], parts[1::2], strict=True)}


def content(rows):
    first = rows[0]
    npi, tin, _ = edits.PROVIDERS[first["provider"]]
    lines = [
        line(
            int(row["line"]),
            row["service"],
            int(row["billed"]),
            int(row["allowed"]),
            day=date.fromisoformat(row["day"]),
            modifiers=tuple(row["modifiers"].split()),
            units_thousandths=1_000 * int(row["units"]),
        )
        for row in rows
    ]
    more = {"kind": "P"}
    if first["kind"] in ("I", "S"):
        more = {"kind": "I", "facility_code": "11" if first["kind"] == "S" else "13"}
    if first["kind"] == "S":
        more["admission_date"] = date.fromisoformat(first["day"])
    diagnoses = tuple(first["diagnoses"].split())
    return claim(*lines, billing=ProviderRef(npi=npi, tin=tin), diagnoses=diagnoses, **more)


def decided(example):
    """{claim: ClaimDecision} of an example, night after night."""
    own = [row for row in ROWS if row["example"] == example]
    book = edits.rules(**switches(own[0]["edits"]))
    people = [person(ALMA), person(BEN, sex="M")]
    past, found = [], {}
    for night in sorted({row["night"] for row in own}):
        by_claim = defaultdict(list)
        for row in own:
            if row["night"] == night:
                by_claim[int(row["claim"])].append(row)
        tonight = {seq: facts(content(rows), seq=seq, who=PEOPLE[rows[0]["person"]]) for seq, rows in by_claim.items()}
        for answer in adjudicate_family(family(*tonight.values(), history=past, people=people), book):
            found[answer.submission_id] = answer
            past += history_lines(answer, tonight[answer.submission_id])
    return found


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_line_is_decided_as_the_example_says(example):
    found = decided(example)
    for row in ROWS:
        if row["example"] != example:
            continue
        answer, number = found[int(row["claim"])], int(row["line"])
        pends = [each.code for each in answer.pends if each.line_number in (number, WHOLE_CLAIM)]
        listed = [f"{each.edit} {each.submission_id} {each.code}" for each in answer.findings]
        assert answer.outcome == row["outcome"]
        assert " ".join(pends or listed) == row["findings"]
        for decided_line in answer.lines:
            if decided_line.number == number:
                assert (decided_line.paid_cents, adjustments(decided_line)) == (
                    int(row["paid"]),
                    cents(row["adjustments"]),
                )


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_foots_and_can_be_told(example):
    for row in ROWS:
        if row["example"] == example and row["paid"]:
            assert int(row["billed"]) == int(row["paid"]) + sum(cents(row["adjustments"]).values())
    for answer in decided(example).values():
        assert read_trace(answer.trace)[-1].values == {"member": answer.member_cents}
