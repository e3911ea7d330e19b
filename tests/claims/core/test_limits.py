"""Visits are not units: what counts, what is beyond, and who bears that."""

from datetime import date, timedelta

from claims.core.adjudication import adjudicate_family
from claims.core.facts import Balance
from tests.factories.engine import (
    ALMA,
    BEN,
    DAY,
    FAMILY,
    HOSPITAL,
    adjustments,
    category,
    claim,
    entries,
    facts,
    family,
    history_lines,
    line,
    plan,
    rules,
    share,
)

NEXT = DAY + timedelta(days=1)


def limited(measure, per_person=None, *, per_family=None, period="benefit_period", **more):
    amounts = {"per_person": per_person, "per_family": per_family}
    limit = {"key": "limit", "name": "limit", "measure": measure, "period": period, "categories": ["therapy"]}
    limit |= {key: amount for key, amount in amounts.items() if amount is not None} | more
    return rules(plan([category("therapy", share(deductible=False))], limits=[limit], line_of_coverage="medical"))


def used(amount, *, who=ALMA, period=date(2026, 1, 1)):
    return Balance(accumulator="limit", person_id=who, family_id=FAMILY, period_start=period, amount=amount)


def therapy(number=1, **more):
    return line(number, code="THERAPY", **more)


def decided(book, *claims, balances=(), history=()):
    return adjudicate_family(family(*claims, balances=balances, history=history), book)


def test_one_visit_is_counted_once_however_many_lines_units_and_claims_bill_it():
    book = limited("visits", 2)
    content = claim(therapy(1, units_thousandths=4_000), therapy(2, billed=5_000, modifiers=("59",)))
    first = facts(content, seq=1)
    (one,) = decided(book, first)
    assert entries(one) == {"limit": 1}
    second = facts(claim(therapy(modifiers=("76",), billed=1_000)), seq=2)
    (two,) = decided(book, second, balances=[used(1)], history=history_lines(one, first))
    assert (two.outcome, entries(two)) == ("pay", {})


def test_another_day_or_another_therapist_is_another_visit():
    book = limited("visits", 10)
    content = claim(therapy(1), therapy(2, day=NEXT), therapy(3, rendering_npi=HOSPITAL))
    assert entries(decided(book, facts(content))[0]) == {"limit": 3}


def test_beyond_the_last_visit_the_line_is_the_patients_at_the_network_price():
    (answer,) = decided(limited("visits", 20), facts(claim(therapy(allowed=9_000))), balances=[used(20)])
    assert adjustments(answer.lines[0]) == {"CO-45": 1_000, "PR-119": 9_000}
    assert (answer.outcome, answer.entries) == ("pay", ())


def test_units_are_split_and_the_rest_is_beyond():
    content = claim(therapy(billed=10_000, units_thousandths=3_000))
    (answer,) = decided(limited("units", 10), facts(content), balances=[used(8)])
    assert (answer.paid_cents, adjustments(answer.lines[0]), entries(answer)) == (
        6_667,
        {"PR-119": 3_333},
        {"limit": 2},
    )


def test_days_of_a_stay_count_once_for_all_its_lines():
    lines = therapy(1, billed=30_000), therapy(2, billed=9_000, modifiers=("59",))
    stay = claim(
        *lines,
        kind="I",
        facility_code="11",
        admission_date=DAY,
        statement_start=DAY,
        statement_end=DAY + timedelta(days=4),
    )
    (answer,) = decided(limited("days", 30), facts(stay), balances=[used(28)])
    assert [each.paid_cents for each in answer.lines] == [20_000, 6_000]
    assert entries(answer) == {"limit": 2}


def test_a_family_limit_is_used_by_everybody_and_a_lifetime_never_starts_again():
    (answer,) = decided(limited("visits", per_family=5), facts(claim(therapy())), balances=[used(5, who=BEN)])
    assert answer.paid_cents == 0
    book = limited("visits", 5, period="lifetime")
    (answer,) = decided(book, facts(claim(therapy())), balances=[used(5, period=date(1, 1, 1))])
    assert adjustments(answer.lines[0]) == {"PR-149": 10_000}
    (answer,) = decided(limited("visits", 5), facts(claim(therapy())), balances=[used(5, period=date(2025, 1, 1))])
    assert answer.paid_cents == 10_000


def test_what_waits_uses_nothing_up():
    book = limited("visits", 1)
    waiting = facts(claim(therapy(1), line(2, code="UNKNOWN")), seq=1)
    paid = facts(claim(therapy(day=NEXT)), seq=2)
    first, second = decided(book, waiting, paid)
    assert (first.outcome, second.outcome, entries(second)) == ("pend", "pay", {"limit": 1})
