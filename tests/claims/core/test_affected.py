"""What a change does to claims decided later: worked examples in tests/golden/affected.csv, and what holds for any."""

import csv
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.core.affected import ALL, FAVOURS_MEMBER, NONE, POLICIES, REPORT, WAITS, Choice, decided_after, effects_of
from claims.core.changes import CHANGED, REDECIDE, REVERSE, REVERSED, UNCHANGED
from tests.claims.core.test_adjudication_examples import GOLDEN, amounts, document
from tests.claims.core.test_changing import MARCH_1, MARCH_2, MARCH_20, THOUSAND
from tests.factories import engine
from tests.factories.engine import ALMA, BEN, reference, rules
from tests.factories.on_file import OnFile, arrives

with (GOLDEN / "affected.csv").open(newline="") as file:
    ROWS = list(csv.DictReader(file))
EXAMPLES = list(dict.fromkeys(row["example"] for row in ROWS))


def asked(files, choice, *, redecides=(), reverses=()):
    """What orders for these claims would do, as the shell asks."""
    chosen = [files._change(kind, "audit", about, None) for kind, several in ((REDECIDE, redecides), (REVERSE, reverses))
              for about in several]  # fmt: skip
    named = {each.submission_id for each in chosen}
    standing = [claim for claim in files.claims if claim not in named and files.in_force(claim) is not None]
    later = decided_after(chosen, [files._change(REDECIDE, "audit", claim, None) for claim in standing])
    about = [files.claims[key] for key in sorted({*named, *(each.submission_id for each in later)})]
    unit = engine.family(*about, balances=files.balances(), history=files._history())
    return effects_of(unit, chosen, later, choice, files.rules)


def carried_out(files, effects):
    """The night that carries out what is ordered."""
    ordered = [each for each in effects if each.ordered]
    return files.night(
        redecides=[each.submission_id for each in ordered if each.kind == REDECIDE],
        reverses=[each.submission_id for each in ordered if each.kind == REVERSE],
    )


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_come_out_to_the_cent(example):
    own = [row for row in ROWS if row["example"] == example]
    files = OnFile(rules(document("deductible 1000"), reference()))
    files.night(arrives(1, 120_000, 120_000, MARCH_20))
    files.night(arrives(2, 60_000, 60_000, MARCH_1))
    found = asked(files, Choice(policy=own[0]["policy"], least_cents=int(own[0]["least"])), reverses=[1])
    assert [
        (each.submission_id, each.chosen, each.ordered, each.outcome, each.old_paid, each.new_paid, each.old_member,
         each.new_member, dict(each.counted))
        for each in found
    ] == [
        (int(row["claim"]), row["chosen"] == "1", row["ordered"] == "1", row["outcome"], int(row["old_paid"]),
         int(row["new_paid"]), int(row["old_member"]), int(row["new_member"]), amounts(row["counted"]))
        for row in own
    ]  # fmt: skip


def test_telling_is_what_holds_where_nothing_is_chosen():
    assert POLICIES[0] == REPORT


def test_an_affected_claim_that_would_wait_is_told_and_never_ordered():
    files = OnFile(THOUSAND)
    files.night(arrives(1, 100_000, 100_000, MARCH_2))
    files.night(arrives(2, 500_000, 500_000, MARCH_20, code="VISIT"))
    tight = rules(_thousand(), auto_pay_limit_cents=1)
    files.rules = tight
    told = asked(files, Choice(policy=ALL), reverses=[1])
    assert [(each.submission_id, each.outcome, each.ordered) for each in told] == [
        (1, REVERSED, True),
        (2, WAITS, False),
    ]
    assert told[1].pends == ("HIGH-01",) and told[1].old_paid == told[1].new_paid


def _thousand():
    return engine.plan(
        [
            engine.category("any", engine.share(coinsurance_bp=2_000)),
            engine.category("visit", engine.share(coinsurance_bp=1_000)),
        ],
        [
            engine.accumulator("ded", "deductible", 100_000, 200_000),
            engine.accumulator("oop", "out_of_pocket", 300_000, 600_000),
        ],
    )


def test_claims_decided_again_together_come_out_as_if_the_first_had_always_been_so():
    """Claim 1 grows and takes the deductible claims 2 and 3 had; one by one it would find none left."""
    files = OnFile(THOUSAND)
    for seq, cents in enumerate((20_000, 40_000, 90_000), 1):
        files.night(arrives(seq, cents, cents, date(2026, 3, 10 + seq)))
    files.claims[1] = arrives(1, 90_000, 90_000, date(2026, 3, 11))
    told = asked(files, Choice(policy=ALL), redecides=[1])
    assert [(each.submission_id, each.counted.get("ded", 0)) for each in told] == [
        (1, 70_000),
        (2, -30_000),
        (3, -40_000),
    ]
    carried_out(files, told)
    assert {claim: ded(files.in_force(claim).decision) for claim in (1, 2, 3)} == {1: 90_000, 2: 10_000, 3: 0}


def ded(decision):
    return sum(each.amount for each in decision.entries if each.accumulator == "ded")


cents = st.integers(1, 90_000)
days = st.integers(0, 3)
bill = st.tuples(cents, days, st.sampled_from([ALMA, BEN]), st.sampled_from(["ANY", "VISIT"]))
evenings = st.lists(st.lists(bill, min_size=1, max_size=3), min_size=1, max_size=4)


def filed(evenings, but=(), instead=None):
    """The evenings' claims decided night by night, without those in `but`; instead: {claim: another amount}."""
    files, seq = OnFile(THOUSAND), 0
    for bills in evenings:
        tonight = []
        for billed, weeks, who, code in bills:
            seq += 1
            day = MARCH_1 + timedelta(20 * weeks + seq)  # its own: no claim is taken for a duplicate of another
            charge = (instead or {}).get(seq, billed)
            if seq not in but:
                tonight.append(arrives(seq, charge, charge, day, code=code, who=who))
        files.night(*tonight)
    return files, seq


def results(files):
    return {
        each.submission_id: (
            each.outcome, each.paid_cents, each.member_cents, sorted((e.accumulator, e.amount) for e in each.entries)
        )
        for each in files.alive()
    }  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(evenings=evenings, data=st.data())
def test_taking_a_claim_back_with_all_that_follows_equals_deciding_everything_without_it(evenings, data):
    files, count = filed(evenings)
    gone = data.draw(st.integers(1, count))
    carried_out(files, asked(files, Choice(policy=ALL), reverses=[gone]))
    scratch, _ = filed(evenings, but={gone})
    assert results(files) == results(scratch) and files.totals() == scratch.totals()


@settings(max_examples=80, deadline=None)
@given(evenings=evenings, amount=cents, data=st.data())
def test_changing_a_claim_with_all_that_follows_equals_deciding_everything_with_the_change(evenings, amount, data):
    files, count = filed(evenings)
    which = data.draw(st.integers(1, count))
    was = files.claims[which]
    line = was.claim.lines[0]
    files.claims[which] = arrives(which, amount, amount, line.service_start, code=line.code, who=was.person_id)
    carried_out(files, asked(files, Choice(policy=ALL), redecides=[which]))
    scratch, _ = filed(evenings, instead={which: amount})
    assert results(files) == results(scratch) and files.totals() == scratch.totals()


@settings(max_examples=60, deadline=None)
@given(
    evenings=evenings, policy=st.sampled_from([NONE, REPORT, FAVOURS_MEMBER, ALL]), least=st.integers(0, 50_000),
    data=st.data(),
)  # fmt: skip
def test_the_night_makes_of_the_orders_exactly_what_was_told(evenings, policy, least, data):
    files, count = filed(evenings)
    chosen = data.draw(st.lists(st.integers(1, count), min_size=1, max_size=3, unique=True))
    kind = data.draw(st.sampled_from(["redecides", "reverses"]))
    before = results(files)
    told = asked(files, Choice(policy=policy, least_cents=least), **{kind: chosen})
    carried_out(files, told)
    after = results(files)
    ordered = {each.submission_id: each for each in told if each.ordered}
    assert set(chosen) <= set(ordered)
    for claim, was in before.items():
        if claim not in ordered:
            assert after[claim] == was
            continue
        effect = ordered[claim]
        stands = after.get(claim, (None, 0, 0))
        assert (effect.old_paid, effect.new_paid) == (was[1], stands[1])
        assert (effect.old_member, effect.new_member) == (was[2], stands[2])
        assert effect.outcome == (REVERSED if claim not in after else UNCHANGED if stands == was else CHANGED)
        if not effect.chosen:
            assert policy in (FAVOURS_MEMBER, ALL)
            assert policy == ALL or effect.new_member <= effect.old_member
    if policy == NONE:
        assert len(told) == len(chosen)


@settings(max_examples=40, deadline=None)
@given(evenings=evenings, data=st.data())
def test_asking_changes_nothing_and_answers_the_same_again(evenings, data):
    files, count = filed(evenings)
    before = files.totals()
    which = data.draw(st.integers(1, count))
    told = asked(files, Choice(policy=ALL), reverses=[which])
    assert told == asked(files, Choice(policy=ALL), reverses=[which]) and files.totals() == before
