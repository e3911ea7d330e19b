"""A trace tells every step of a decision, always in the same words, and ends in what the patient may owe."""

from datetime import date
from pathlib import Path

import pytest

from claims.core.adjudication import adjudicate_family
from claims.core.changes import CAUSES
from claims.core.facts import Balance
from claims.core.reasons import CARCS, GROUP_WORDS, PENDS
from claims.core.trace import CATALOGUE
from claims.core.trace_catalogue import CATALOGUES
from claims.core.trace_reading import NotATrace, read_trace, rules_hash
from tests.factories.engine import (
    ALMA,
    FAMILY,
    accumulator,
    category,
    claim,
    facts,
    family,
    line,
    plan,
    rules,
    share,
)

KEPT = (
    "1:737e4176b51767c2;L:1,739677,ANY,150000;C:7,739677;T:in,HARBOR;K:any;A5:110000;D:ded,60000,60000;O:2000,10000;"
    "J:CO,45,40000;J:PR,1,60000;J:PR,2,10000;Y:110000,40000,70000"
)
TOLD = [
    "Line 1: service ANY on 2026-03-02 was billed at $1,500.00.",
    "On 2026-03-02 the patient was covered by plan option 7.",
    "The provider is in the plan's tier in, network HARBOR.",
    "The plan treats this as any.",
    "The network priced it at $1,100.00.",
    "$600.00 of the deductible ded was open; $600.00 is taken.",
    "The member's coinsurance is 20 % of the rest: $100.00.",
    "$400.00 is not paid (CO-45: above the price the plan allows); the provider may not bill it.",
    "$600.00 is not paid (PR-1: deductible); the patient may owe it.",
    "$100.00 is not paid (PR-2: coinsurance); the patient may owe it.",
    "$1,100.00 is allowed, the plan pays $400.00, the patient may owe $700.00.",
    "In all the patient may owe $700.00.",
]
GOLDEN = Path(__file__).parents[2] / "golden"


def example_one():
    book = rules(
        plan(
            [category("any", share(coinsurance_bp=2000))],
            [accumulator("ded", "deductible", 100_000, 200_000), accumulator("oop", "out_of_pocket", 400_000, 800_000)],
        )
    )
    met = Balance(accumulator="ded", person_id=ALMA, family_id=FAMILY, period_start=date(2026, 1, 1), amount=40_000)
    return adjudicate_family(family(facts(claim(line(billed=150_000, allowed=110_000))), balances=[met]), book)[0]


def test_a_kept_trace_is_told_in_the_same_words_for_ever():
    assert [step.text for step in read_trace(KEPT)] == TOLD


def test_a_decision_writes_the_trace_it_always_wrote():
    assert example_one().trace.partition(";")[2] == KEPT.partition(";")[2]


def form_of(number):
    """Every sentence of a catalogue and every word list it draws on, a line each."""
    yield from (f"{name} {rule}" for name, rule in CATALOGUES[number].items())
    yield from (f"{code} {known.words}" for code, known in {**CARCS, **PENDS}.items())
    yield from (f"{group} {words}" for group, words in GROUP_WORDS.items())
    yield from (f"{cause} {words}" for cause, words in CAUSES.items())


@pytest.mark.parametrize("number", CATALOGUES)
def test_a_catalogue_keeps_its_first_form(number):
    """Words may be added. To change one, start the next catalogue and keep this one as it was."""
    kept = (GOLDEN / f"trace_catalogue_{number}.txt").read_text().splitlines()
    assert [line for line in kept if line not in set(form_of(number))] == []


def test_the_newest_catalogue_is_the_one_written():
    assert max(CATALOGUES) == CATALOGUE


def test_the_last_step_is_what_the_patient_may_owe():
    decision = example_one()
    assert read_trace(decision.trace)[-1].values == {"member": decision.member_cents}
    assert rules_hash(decision.trace) == decision.rules_hash


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names catalogue ''"),
        ("99:abc", "names catalogue '99'"),
        ("1:abc;QQ:1", "a step 'QQ' that catalogue 1 does not know"),
        ("1:abc;A5:1,2", "a step 'A5' of this trace has 2 values, not 1"),
        ("1:abc;A5:x", "a value that is not a number"),
    ],
)
def test_what_is_no_trace_is_refused_with_the_place(text, message):
    with pytest.raises(NotATrace) as refusal:
        read_trace(text)
    assert message.casefold() in str(refusal.value).casefold()
