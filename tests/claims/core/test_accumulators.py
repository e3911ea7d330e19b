"""Balances are sums by person and family; they move with people, not with member numbers."""

from datetime import date

from benefits.core.plan_design_compiled import UNLIMITED, Limit
from claims.core.accumulators import Ledger, moves_between_families
from claims.core.adjudication import adjudicate_family
from claims.core.facts import Balance, FamilyFacts
from tests.factories.engine import (
    ALMA,
    BEN,
    CARA,
    FAMILY,
    accumulator,
    category,
    claim,
    entries,
    facts,
    line,
    person,
    plan,
    rules,
    share,
    span,
)

YEAR, JUNE, OTHER = date(2026, 1, 1), date(2026, 6, 1), 41


def balance(who, amount, *, family_id=FAMILY, key="ded", period=YEAR):
    return Balance(accumulator=key, person_id=who, family_id=family_id, period_start=period, amount=amount)


def left(ledger, *, person=None, whole_family=None, ceiling=False, statutory=UNLIMITED, who=ALMA, family_id=FAMILY):
    limit = Limit(key="ded", person=person, family=whole_family, ceiling=ceiling)
    return ledger.left(limit, YEAR, who, family_id, ceiling=statutory, with_brought=True)


def test_what_is_left_is_the_tighter_of_person_and_family_and_never_below_nothing():
    ledger = Ledger([balance(ALMA, 300), balance(BEN, 900)], {})
    assert left(ledger, person=1_000, whole_family=2_000) == 700
    assert left(ledger, person=1_000, whole_family=1_500) == 300
    assert left(ledger, whole_family=2_000) == 800
    assert left(ledger, person=200) == 0
    assert left(ledger) == UNLIMITED


def test_the_statutory_ceiling_stops_one_person_inside_an_aggregate_family():
    ledger = Ledger([balance(ALMA, 300)], {})
    assert left(ledger, whole_family=2_000, ceiling=True, statutory=1_000) == 700
    assert left(ledger, whole_family=2_000, ceiling=True, statutory=1_000, who=BEN) == 1_000


def test_periods_and_accumulators_do_not_mix():
    ledger = Ledger([balance(ALMA, 300, period=date(2025, 1, 1)), balance(ALMA, 400, key="oop")], {})
    assert left(ledger, person=1_000) == 1_000


def test_who_moves_to_another_family_takes_his_own_amounts_and_leaves_the_old_familys():
    coverage = {
        ALMA: (span(ALMA),),
        BEN: (span(BEN, end=JUNE), span(BEN, family_id=OTHER, start=JUNE)),
    }
    assert moves_between_families(coverage) == {(BEN, FAMILY): (OTHER,)}
    ledger = Ledger([balance(ALMA, 300), balance(BEN, 500)], coverage)
    assert ledger.family_used("ded", YEAR, FAMILY, with_brought=True) == 800
    assert ledger.family_used("ded", YEAR, OTHER, with_brought=True) == 500
    assert ledger.family_used("ded", YEAR, OTHER, with_brought=False) == 0


def test_a_child_covered_in_two_families_at_once_has_not_moved():
    coverage = {CARA: (span(CARA), span(CARA, family_id=OTHER))}
    assert moves_between_families(coverage) == {}


def test_a_new_family_starts_with_its_members_own_amounts_unless_the_plan_says_nothing():
    """Ben met 500.00 in Alma's family before 1 June; the family deductible of his own family is 800.00."""

    def decided(rule):
        document = plan(
            [category("any")],
            [accumulator("ded", "deductible", 80_000, 80_000, rule="aggregate")],
            new_family_starts_with=rule,
        )
        later = facts(claim(line(billed=100_000, day=date(2026, 7, 1))), who=BEN)
        later.family_id = OTHER
        unit = FamilyFacts(
            family_ids=(FAMILY, OTHER),
            persons={BEN: person(BEN, family_id=OTHER)},
            coverage={BEN: (span(BEN, end=JUNE), span(BEN, family_id=OTHER, start=JUNE))},
            claims=[later],
            balances=[balance(BEN, 50_000)],
        )
        (answer,) = adjudicate_family(unit, rules(document))
        assert {each.family_id for each in answer.entries} == {OTHER}
        return entries(answer)

    assert decided("own_amounts") == {"ded": 30_000}
    assert decided("nothing") == {"ded": 80_000}


def test_the_benefit_period_may_start_in_another_month_than_the_year():
    document = plan([category("any")], [accumulator("ded", "deductible", 10_000, 20_000)], benefit_period={"month": 7})
    unit = FamilyFacts(
        family_ids=(FAMILY,),
        persons={ALMA: person(ALMA)},
        coverage={ALMA: (span(ALMA),)},
        claims=[
            facts(claim(line(billed=10_000, day=date(2026, 6, 30))), seq=1),
            facts(claim(line(billed=10_000, day=date(2026, 7, 1))), seq=2),
        ],
    )
    first, second = adjudicate_family(unit, rules(document))
    assert [each.period_start for each in (*first.entries, *second.entries)] == [date(2025, 7, 1), date(2026, 7, 1)]


def test_self_only_coverage_looks_at_the_person_and_not_at_the_family():
    document = plan(
        [category("any", share(coinsurance_bp=0))], [accumulator("ded", "deductible", 20_000, 40_000, rule="aggregate")]
    )

    def taken(tier):
        unit = FamilyFacts(
            family_ids=(FAMILY,),
            persons={ALMA: person(ALMA)},
            coverage={ALMA: (span(ALMA, tier=tier),)},
            claims=[facts(claim(line(billed=100_000)))],
        )
        return entries(adjudicate_family(unit, rules(document))[0])

    assert taken("EMP") == {"ded": 20_000}
    assert taken("FAM") == {"ded": 40_000}


def test_credit_across_tiers_stops_where_the_other_tiers_limit_is_full():
    document = plan(
        [category("any")],
        [
            accumulator("ded.in", "deductible", 10_000, 20_000),
            accumulator("ded.out", "deductible", 30_000, 60_000, tiers=["out"]),
        ],
        cross_accumulation={"deductible": "worse"},
    )
    unit = FamilyFacts(
        family_ids=(FAMILY,),
        persons={ALMA: person(ALMA)},
        coverage={ALMA: (span(ALMA),)},
        claims=[facts(claim(line(billed=100_000)))],
        balances=[balance(ALMA, 25_000, key="ded.out")],
    )
    assert entries(adjudicate_family(unit, rules(document))[0]) == {"ded.in": 10_000, "ded.out": 5_000}
