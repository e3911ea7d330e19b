"""A copay is borne once for what it is asked for: a line, a visit, a day or a stay."""

from datetime import timedelta

from claims.core.adjudication import adjudicate_family
from tests.factories.engine import (
    DAY,
    HOSPITAL,
    category,
    claim,
    facts,
    family,
    history_lines,
    line,
    plan,
    rules,
    share,
)


def asking(cents, basis, **more):
    return share(deductible=False, copay_cents=cents, copay_basis=basis, **more)


BOOK_DOCUMENT = plan(
    [
        category("office", asking(3_000, "visit")),
        category("small", asking(1_000, "visit")),
        category("pair", asking(2_500, "line")),
        category("room", asking(5_000, "day")),
        category("stay", asking(10_000, "admission")),
        category("nights", asking(4_000, "day", copay_days=2)),
    ]
)
BOOK = rules(BOOK_DOCUMENT)


def copays(*claims, history=()):
    answers = adjudicate_family(family(*claims, history=history), BOOK)
    assert all(answer.outcome == "pay" for answer in answers), [answer.pends for answer in answers]
    return [[each.copay_cents for each in answer.lines] for answer in answers]


def one(*lines, **more):
    return facts(claim(*lines, **more))


def test_a_visit_bears_its_copay_on_the_line_with_the_highest_price():
    lines = line(1, code="OFFICE", billed=5_000), line(2, code="OFFICE", billed=9_000, modifiers=("25",))
    assert copays(one(*lines)) == [[0, 3_000]]


def test_where_the_highest_line_is_below_the_copay_the_rest_falls_on_the_next():
    lines = line(1, code="OFFICE", billed=2_000), line(2, code="OFFICE", billed=2_500, modifiers=("25",))
    assert copays(one(*lines)) == [[500, 2_500]]


def test_of_two_copays_in_a_visit_the_dearer_is_borne_whatever_the_order():
    assert copays(one(line(1, code="SMALL"), line(2, code="OFFICE"))) == [[0, 3_000]]
    assert copays(one(line(1, code="OFFICE"), line(2, code="SMALL"))) == [[3_000, 0]]


def test_two_providers_or_two_days_are_two_visits():
    assert copays(one(line(1, code="OFFICE"), line(2, code="OFFICE", rendering_npi=HOSPITAL))) == [[3_000, 3_000]]
    later = line(2, code="OFFICE", day=DAY + timedelta(days=1))
    assert copays(one(line(1, code="OFFICE"), later)) == [[3_000, 3_000]]


def test_a_line_copay_is_borne_by_each_line_and_never_stands_in_for_a_visits():
    lines = line(1, code="PAIR"), line(2, code="PAIR", modifiers=("59",)), line(3, code="OFFICE")
    assert copays(one(*lines)) == [[2_500, 2_500, 3_000]]


def test_a_days_copay_is_borne_once_across_providers():
    assert copays(one(line(1, code="ROOM"), line(2, code="ROOM", rendering_npi=HOSPITAL))) == [[5_000, 0]]


def test_what_an_earlier_claim_bore_is_not_asked_again():
    first = facts(claim(line(code="OFFICE")), seq=1)
    (decision,) = adjudicate_family(family(first), BOOK)
    second = facts(claim(line(code="SMALL")), seq=2)
    assert copays(second, history=history_lines(decision, first)) == [[0]]
    assert copays(first, second) == [[3_000], [0]]


def test_a_claim_that_waits_has_borne_no_copay_so_the_next_of_the_visit_bears_it():
    waits = facts(claim(line(code="OFFICE", billed=900_000)), seq=1)
    second = facts(claim(line(code="SMALL")), seq=2)
    book = rules(BOOK_DOCUMENT, auto_pay_limit_cents=500_000)
    first, decided = adjudicate_family(family(waits, second), book)
    assert ([each.code for each in first.pends], decided.lines[0].copay_cents) == (["HIGH-01"], 1_000)


def stay(code, **more):
    dated = {"admission_date": DAY, "statement_start": DAY, "statement_end": DAY + timedelta(days=5)}
    return claim(
        line(1, code=code, billed=90_000),
        line(2, code=code, billed=8_000, day=DAY + timedelta(days=2)),
        kind="I",
        facility_code="11",
        **(dated | more),
    )


def test_an_admission_bears_its_copay_once_even_on_two_bills():
    first = facts(stay("STAY", frequency="2"), seq=1)
    (decision,) = adjudicate_family(family(first), BOOK)
    assert [each.copay_cents for each in decision.lines] == [10_000, 0]
    last_bill = claim(line(code="STAY", billed=7_000), kind="I", facility_code="11", frequency="4", admission_date=DAY)
    rest = facts(last_bill, seq=2)
    kept = history_lines(decision, first)
    for each in kept:
        each.stay_start = DAY
    (second,) = adjudicate_family(family(rest, history=kept), BOOK)
    assert [each.copay_cents for each in second.lines] == [0]


def test_a_copay_by_day_of_a_stay_stops_at_the_plans_number_of_days():
    assert copays(facts(stay("NIGHTS"))) == [[8_000, 0]]
