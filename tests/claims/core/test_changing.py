"""Claims changed after the fact: worked examples in tests/golden/changes.csv, and what holds for any of them.

Each row of the table is one decision with the whole of its split and what it counts, amounts in cents; a row without a
version is a claim that is never decided. Rows of one night are decided together.
"""

import csv
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.core.adjudication import adjudicate_family
from claims.core.changes import CHANGED, CLOSED, REVERSED, UNCHANGED
from claims.core.decision import PEND
from claims.core.facts import Balance
from claims.core.trace_reading import read_trace
from tests.claims.core.test_adjudication_examples import GOLDEN, amounts, document
from tests.factories.engine import (
    ALMA,
    BEN,
    FAMILY,
    accumulator,
    adjustments,
    category,
    code_of,
    entries,
    family,
    plan,
    reference,
    rules,
    share,
)
from tests.factories.on_file import OnFile, arrives

with (GOLDEN / "changes.csv").open(newline="") as file:
    ROWS = list(csv.DictReader(file))
EXAMPLES = list(dict.fromkeys(row["example"] for row in ROWS))
MARCH_1, MARCH_2, MARCH_20 = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 20)
FREQUENCY = {"bills": "1", "replaces": "7", "voids": "8"}


def on_file(first):
    """A family with the example's plan and what was used of it before."""
    met = Balance(
        accumulator="ded", person_id=ALMA, family_id=FAMILY, period_start=date(2026, 1, 1), amount=int(first["opening"])
    )
    return OnFile(rules(document(first["plan"]), reference()), opening=[met] if met.amount else [])


def played(example):
    """The example's nights, one after the other."""
    own = [row for row in ROWS if row["example"] == example]
    files = on_file(own[0])
    for night in sorted({row["night"] for row in own}):
        tonight = [row for row in own if row["night"] == night]
        new = [
            arrives(
                int(row["claim"]), int(row["billed"]), int(row["allowed"]), date.fromisoformat(row["day"]),
                code=code_of(row["service"]), frequency=FREQUENCY[row["does"]],
            )
            for row in tonight if row["does"] in FREQUENCY
        ]  # fmt: skip
        files.night(
            *new,
            replaces={int(row["claim"]): int(row["of"]) for row in tonight if row["does"] == "replaces"},
            voids={int(row["claim"]): int(row["of"]) for row in tonight if row["does"] == "voids"},
            redecides=[int(row["claim"]) for row in tonight if row["does"] == "redecides"],
        )
    return files


def told(row):
    """A decided row as the table writes it."""
    return (
        int(row["claim"]), int(row["version"]), int(row["billed"]), int(row["allowed"]), int(row["paid"]),
        amounts(row["adjustments"]), amounts(row["counted"]),
    )  # fmt: skip


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_decision_is_split_and_counted_as_the_example_says(example):
    found = [
        (
            each.submission_id, each.version, each.billed_cents, each.allowed_cents, each.paid_cents,
            adjustments(each.lines[0]), entries(each),
        )
        for each in played(example).decisions
    ]  # fmt: skip
    expected = [told(row) for row in ROWS if row["example"] == example and row["version"]]
    assert sorted(found, key=lambda row: row[:2]) == sorted(expected, key=lambda row: row[:2])


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_line_of_the_table_foots(example):
    for row in ROWS:
        if row["example"] == example and row["version"]:
            assert int(row["billed"]) == int(row["paid"]) + sum(amounts(row["adjustments"]).values())


def test_the_reversal_stands_before_the_decision_that_follows_it():
    order = [(each.submission_id, each.version) for each in played("A28 two adjustments").decisions]
    assert order == [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1)]


def test_the_traces_say_what_took_the_place_of_what_and_why():
    first, undone, corrected = played("A22 replacement").decisions
    assert [step.text for step in read_trace(undone.trace)][:-1] == [
        "Decision 1 is taken back because the provider sent a corrected claim."
    ]
    assert read_trace(corrected.trace)[0].text == "It takes the place of claim C1."
    assert undone.rules_hash == first.rules_hash and undone.reverses_id == 1001
    again = played("A21 the affected claim decided again on order").decisions[-1]
    assert read_trace(again.trace)[0].text == (
        "The claim was decided again because an audit found an error; decision 1 no longer counts."
    )


THOUSAND = rules(
    plan(
        [category("any", share(coinsurance_bp=2_000)), category("visit", share(coinsurance_bp=1_000))],
        [accumulator("ded", "deductible", 100_000, 200_000), accumulator("oop", "out_of_pocket", 300_000, 600_000)],
        limits=[
            {
                "key": "visits", "name": "Visits", "measure": "visits", "period": "benefit_period", "per_person": 2,
                "categories": ["visit"],
            }
        ],
    ),
    auto_pay_limit_cents=500_000,
)  # fmt: skip


def test_a_replacement_that_has_to_wait_leaves_the_claim_it_corrects_as_it_is():
    files = OnFile(THOUSAND)
    files.night(arrives(1, 50_000, 50_000, MARCH_2))
    before = files.totals()
    result = files.night(arrives(2, 900_000, 900_000, MARCH_2, frequency="7"), replaces={2: 1})
    assert [(each.outcome, each.pends[0].code) for each in result.decisions] == [(PEND, "HIGH-01")]
    assert result.made == [] and files.totals() == before
    assert [each.submission_id for each in files.alive()] == [1]
    # What would be decided is worked out without the claim it corrects: the whole deductible was open.
    assert result.decisions[0].paid_cents == (900_000 - 100_000) * 80 // 100


def test_a_claim_decided_again_with_the_same_result_appends_nothing():
    files = OnFile(THOUSAND)
    files.night(arrives(1, 50_000, 50_000, MARCH_2))
    result = files.night(redecides=[1])
    assert result.decisions == [] and [each.outcome for each in result.made] == [UNCHANGED]


def test_a_void_frees_a_visit_for_a_claim_of_the_same_night():
    files = OnFile(THOUSAND)
    days = [date(2026, 3, day) for day in (2, 3, 4)]
    files.night(*[arrives(seq, 10_000, 10_000, day, code="VISIT") for seq, day in enumerate(days[:2], 1)])
    files.night(
        arrives(3, 10_000, 10_000, days[2], code="VISIT"),
        arrives(4, 10_000, 10_000, days[0], code="VISIT", frequency="8"),
        voids={4: 1},
    )
    assert files.totals()["visits", ALMA] == 2
    assert "PR-119" not in adjustments(files.in_force(3).decision.lines[0])


def test_a_claim_replaced_twice_before_it_was_decided_is_decided_once_as_it_was_sent_last():
    files = OnFile(THOUSAND)
    result = files.night(
        arrives(1, 50_000, 50_000, MARCH_2),
        arrives(2, 40_000, 40_000, MARCH_2, frequency="7"),
        arrives(3, 30_000, 30_000, MARCH_2, frequency="7"),
        replaces={2: 1, 3: 2},
    )
    assert [each.submission_id for each in result.decisions] == [3]
    assert {each.change_id: each.outcome for each in result.made} == {3: CLOSED, 2: CLOSED}


def test_the_void_of_a_waiting_replacement_takes_back_what_it_would_have_replaced():
    files = OnFile(THOUSAND)
    files.night(arrives(1, 50_000, 50_000, MARCH_2))
    files.night(arrives(2, 900_000, 900_000, MARCH_2, frequency="7"), replaces={2: 1})
    result = files.night(arrives(3, 900_000, 900_000, MARCH_2, frequency="8"), voids={3: 2})
    assert [(each.submission_id, each.version) for each in result.decisions] == [(1, 2)]
    assert {each.change_id: each.outcome for each in result.made} == {3: REVERSED, 2: CLOSED}
    assert files.alive() == [] and files.totals() == {}


def test_the_same_service_billed_again_is_compared_with_the_corrected_claim_and_not_with_the_old_one():
    files = OnFile(THOUSAND)
    files.night(arrives(1, 50_000, 50_000, MARCH_2))
    files.night(arrives(2, 45_000, 45_000, MARCH_2, frequency="7"), replaces={2: 1})
    files.night(arrives(3, 45_000, 45_000, MARCH_2))
    assert adjustments(files.in_force(3).decision.lines[0]) == {"CO-18": 45_000}


def test_a_correction_nobody_could_link_waits_as_before():
    lone = arrives(1, 50_000, 50_000, MARCH_2, frequency="7")
    decision = adjudicate_family(family(lone), THOUSAND)[0]
    assert [each.code for each in decision.pends] == ["ADJ-01"]


cents = st.integers(1, 90_000)
days = st.sampled_from([MARCH_1, MARCH_2, MARCH_20])
who = st.sampled_from([ALMA, BEN])
codes = st.sampled_from(["ANY", "VISIT"])
bills = st.lists(st.tuples(cents, days, who, codes), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(bills=bills, chosen=st.randoms(use_true_random=False))
def test_taking_everything_back_leaves_nothing_behind(bills, chosen):
    files = OnFile(THOUSAND)
    files.night(*[arrives(seq, b, b, day, code=code, who=w) for seq, (b, day, w, code) in enumerate(bills, 1)])
    order = [each.submission_id for each in files.alive()]
    chosen.shuffle(order)
    for claim in order:
        result = files.night(reverses=[claim])
        assert [each.outcome for each in result.made] == [REVERSED]
    assert files.alive() == [] and files.totals() == {}
    assert sum(each.paid_cents for each in files.decisions) == 0


@settings(max_examples=60, deadline=None)
@given(bills=bills, corrections=st.lists(st.tuples(st.integers(0, 5), cents, st.booleans()), max_size=6))
def test_no_two_decisions_of_one_line_of_claims_are_ever_alive(bills, corrections):
    """Whatever is replaced and voided, and whatever waits: one decision at most is in force of a claim and all that
    correct it, none once it is voided, and balances are the sum of what is in force."""
    files = OnFile(THOUSAND)
    files.night(*[arrives(seq, b, b, day, code=code, who=w) for seq, (b, day, w, code) in enumerate(bills, 1)])
    heads = list(range(1, len(bills) + 1))
    lines_of_claims, voided = {seq: seq for seq in heads}, set()
    seq = len(bills)
    for place, billed, is_void in corrections:
        if not heads:
            break
        about = heads.pop(place % len(heads))
        seq += 1
        was = files.claims[about]
        line = was.claim.lines[0]
        new = arrives(
            seq,
            billed,
            billed,
            line.service_start,
            code=line.code,
            who=was.person_id,
            frequency="8" if is_void else "7",
        )
        result = files.night(new, **{"voids" if is_void else "replaces": {seq: about}})
        assert {each.outcome for each in result.made} <= {REVERSED, CHANGED, CLOSED}
        lines_of_claims[seq] = lines_of_claims[about]
        if is_void:
            voided.add(lines_of_claims[seq])
        else:
            heads.append(seq)
    alive = [lines_of_claims[each.submission_id] for each in files.alive()]
    assert len(alive) == len(set(alive)) and voided.isdisjoint(alive)
    total: dict = {}
    for decision in files.alive():
        for each in decision.entries:
            at = each.accumulator, each.person_id
            total[at] = total.get(at, 0) + each.amount
    assert {at: amount for at, amount in sorted(total.items()) if amount} == files.totals()


@settings(max_examples=40, deadline=None)
@given(bills=bills, billed=cents)
def test_a_replaced_claim_leaves_the_balances_of_the_replacement_alone(bills, billed):
    """Replacing the last claim decided gives what deciding the replacement in its stead would have given."""
    first = [arrives(seq, b, b, day, code=code, who=w) for seq, (b, day, w, code) in enumerate(bills, 1)]
    seq = len(first) + 1
    one, other = OnFile(THOUSAND), OnFile(THOUSAND)
    for files in (one, other):
        files.night(*first)
    day = date(2026, 3, 25)
    one.night(arrives(seq, 77_700, 77_700, day))
    one.night(arrives(seq + 1, billed, billed, day, frequency="7"), replaces={seq + 1: seq})
    other.night(arrives(seq + 1, billed, billed, day))
    assert one.totals() == other.totals()
    assert one.in_force(seq + 1).decision.lines == other.in_force(seq + 1).decision.lines
