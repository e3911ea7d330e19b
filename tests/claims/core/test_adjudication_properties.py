"""What holds for every claim: no cent is lost, no limit passed, nobody bears less than nothing, order is no matter."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from claims.core.adjudication import adjudicate_family
from claims.core.claim import ProviderRef
from claims.core.facts import Balance
from claims.core.reversals import reverse
from claims.core.rules import ContractTerm, FeeRate
from claims.core.trace_reading import read_trace
from tests.factories.engine import (
    ALMA,
    BEN,
    CARA,
    CLINIC,
    FAMILY,
    HOSPITAL,
    LONG_AGO,
    STRANGER,
    TIN,
    accumulator,
    category,
    claim,
    facts,
    family,
    line,
    person,
    plan,
    reference,
    rules,
    share,
    span,
)

CODES = ("VISIT", "LAB", "THERAPY", "CROWN", "UNKNOWN")
LIMITS = {
    "ded.in": (20_000, 30_000),
    "ded.out": (40_000, 60_000),
    "oop.in": (50_000, 80_000),
    "oop.out": (90_000, 120_000),
}
BENEFITS = {"visits": 3, "maximum": 30_000}
DOCUMENT = plan(
    [
        category("visit", share(deductible=False, copay_cents=3_000), share(coinsurance_bp=4_000)),
        category("lab", share(coinsurance_bp=2_000), share(coinsurance_bp=4_000)),
        category("therapy", share(copay_cents=2_500, copay_timing="after_deductible", coinsurance_bp=1_000)),
        category("crown", share(coinsurance_bp=5_000), share(coinsurance_bp=5_000, out_of_pocket=False)),
    ],
    [
        accumulator(key, "deductible" if key.startswith("ded") else "out_of_pocket", *amounts, tiers=[key[4:]])
        for key, amounts in LIMITS.items()
    ],
    cross_accumulation={"deductible": "two_way", "out_of_pocket": "better"},
    limits=[
        {
            "key": "visits",
            "name": "v",
            "measure": "visits",
            "period": "benefit_period",
            "per_person": 3,
            "categories": ["therapy"],
        },
        {
            "key": "maximum",
            "name": "m",
            "measure": "plan_paid_cents",
            "period": "benefit_period",
            "per_person": 30_000,
            "categories": ["crown"],
        },
    ],
)
BOOK = rules(
    DOCUMENT,
    reference(
        terms=[
            ContractTerm(network="HARBOR", priority=1, method="fee_schedule", schedule="FS", start=LONG_AGO),
            ContractTerm(network="HARBOR", priority=2, method="percent_of_billed", rate_bp=7_777, start=LONG_AGO),
        ],
        rates=[
            FeeRate(schedule="FS", code="LAB", cents=4_321, start=LONG_AGO),
            *[FeeRate(schedule="OUTSIDE", code=code, cents=9_999, start=LONG_AGO) for code in CODES],
        ],
    ),
)

lines = st.builds(
    lambda code, billed, units, day: (code, billed, units, day),
    st.sampled_from(CODES),
    st.integers(0, 60_000),
    st.sampled_from((500, 1_000, 3_000)),
    st.integers(0, 500),
)
claims_made = st.lists(
    st.tuples(
        st.sampled_from((ALMA, BEN, CARA)),
        st.sampled_from((CLINIC, HOSPITAL, STRANGER)),
        st.lists(lines, min_size=1, max_size=4),
    ),
    max_size=8,
)
START = date(2026, 1, 5)


def unit_of(made, number=0):
    """A family of three with its claims; `number` tells families apart."""
    people = [person(who + 100 * number, family_id=FAMILY + number) for who in (ALMA, BEN, CARA)]
    spans = [span(each.person_id, family_id=each.family_id) for each in people]
    found = []
    for place, (who, npi, made_lines) in enumerate(made):
        content = claim(
            *[
                line(at + 1, code, billed, day=START + timedelta(days=day), units_thousandths=units)
                for at, (code, billed, units, day) in enumerate(made_lines)
            ],
            billing=ProviderRef(npi=npi, tin=TIN),
        )
        given_facts = facts(content, seq=1_000 * number + place + 1, who=who + 100 * number, received=date(2027, 7, 1))
        found.append(replace(given_facts, family_id=FAMILY + number))
    return family(*found, people=people, spans=spans)


@settings(deadline=None)
@given(claims_made)
def test_no_cent_is_lost_and_nobody_bears_less_than_nothing(made):
    for decision in adjudicate_family(unit_of(made), BOOK):
        for each in decision.lines:
            assert each.billed_cents == each.paid_cents + sum(reason.cents for reason in each.adjustments)
            assert min(each.paid_cents, each.member_cents, each.deductible_cents, each.copay_cents) >= 0
            assert min(each.coinsurance_cents, each.allowed_cents, each.eligible_cents) >= 0
            assert len({(reason.group, reason.carc) for reason in each.adjustments}) == len(each.adjustments)
        assert decision.billed_cents >= decision.paid_cents + decision.member_cents
        assert all(entry.amount > 0 for entry in decision.entries)


@settings(deadline=None)
@given(claims_made, st.dictionaries(st.sampled_from(sorted(LIMITS)), st.integers(0, 200_000)))
def test_no_decision_takes_more_than_is_left_of_any_limit(made, opening):
    """Openings may stand above a limit (a limit was lowered, a late file came): then nothing more is taken."""
    unit = unit_of(made)
    unit.balances = [
        Balance(accumulator=key, person_id=ALMA, family_id=FAMILY, period_start=date(2026, 1, 1), amount=amount)
        for key, amount in opening.items()
    ]
    mine, ours = Counter(), Counter()
    for each in unit.balances:
        mine[each.accumulator, each.period_start, each.person_id] += each.amount
        ours[each.accumulator, each.period_start] += each.amount
    for decision in adjudicate_family(unit, BOOK):
        for entry in decision.entries:
            most, most_of_family = LIMITS.get(entry.accumulator, (BENEFITS.get(entry.accumulator), 1 << 60))
            mine[entry.accumulator, entry.period_start, entry.person_id] += entry.amount
            ours[entry.accumulator, entry.period_start] += entry.amount
            assert mine[entry.accumulator, entry.period_start, entry.person_id] <= most
            assert ours[entry.accumulator, entry.period_start] <= most_of_family


@settings(deadline=None, max_examples=40)
@given(st.lists(claims_made, min_size=2, max_size=3), st.randoms(use_true_random=False))
def test_order_and_company_change_nothing(several, shuffle):
    units = [unit_of(made, number) for number, made in enumerate(several)]
    alone = [adjudicate_family(unit, BOOK) for unit in units]
    for place in shuffle.sample(range(len(units)), len(units)):
        unit = units[place]
        mixed = replace(unit, claims=tuple(shuffle.sample(list(unit.claims), len(unit.claims))))
        assert adjudicate_family(mixed, BOOK) == alone[place]


@settings(deadline=None, max_examples=40)
@given(claims_made, claims_made)
def test_families_cut_into_other_chunks_decide_the_same(first, second):
    """Two families decided as one unit (as if they shared a person) get what each gets alone."""
    one, two = unit_of(first, 0), unit_of(second, 1)
    together = replace(
        one,
        family_ids=(*one.family_ids, *two.family_ids),
        persons={**one.persons, **two.persons},
        coverage={**one.coverage, **two.coverage},
        claims=(*one.claims, *two.claims),
    )
    apart = adjudicate_family(one, BOOK) + adjudicate_family(two, BOOK)
    by_claim = {decision.submission_id: decision for decision in adjudicate_family(together, BOOK)}
    assert by_claim == {decision.submission_id: decision for decision in apart}


@settings(deadline=None, max_examples=40)
@given(claims_made)
def test_reversing_everything_leaves_every_balance_as_it_was(made):
    total = Counter()
    cents = 0
    for decision in adjudicate_family(unit_of(made), BOOK):
        if decision.outcome != "pend":
            for each in (decision, reverse(decision)):
                cents += each.paid_cents
                for entry in each.entries:
                    total[entry.accumulator, entry.person_id, entry.period_start] += entry.amount
    assert (cents, set(total.values()) - {0}) == (0, set())


@settings(deadline=None, max_examples=40)
@given(claims_made)
def test_deciding_twice_says_the_same_and_every_trace_is_small_and_told(made):
    unit = unit_of(made)
    decisions = adjudicate_family(unit, BOOK)
    assert adjudicate_family(unit, BOOK) == decisions
    for decision in decisions:
        count = max(1, len(decision.lines))
        assert len(decision.trace.encode()) <= 400 * count
        assert read_trace(decision.trace)[-1].values == {"member": decision.member_cents}
