"""Accidents, exclusions, waiting periods and authorisations."""

from datetime import date

import pytest

from claims.core.adjudication import adjudicate_family
from claims.core.claim import OtherPayer
from claims.core.facts import Ruling
from tests.factories.engine import (
    ALMA,
    adjustments,
    category,
    claim,
    facts,
    family,
    line,
    plan,
    rules,
    share,
    span,
)


def decided(content, *, spans=None, rulings=(), **changes):
    document = plan([category("any", share(deductible=False)), category("major", share(deductible=False))], **changes)
    return adjudicate_family(family(facts(content, rulings=rulings), spans=spans), rules(document))[0]


def pends(decision):
    return [each.code for each in decision.pends]


def denials(decision):
    return [list(each.denials) for each in decision.lines]


@pytest.mark.parametrize(
    ("causes", "changes", "expected"),
    [
        (("AA",), {}, ("pend", ["SUB-01"])),
        (("OA",), {"accident": "pay"}, ("pay", [])),
        (("EM",), {}, ("pend", ["SUB-01"])),
        (("EM", "AA"), {"work_related": "deny"}, ("deny", [])),
    ],
)
def test_accidents_and_work_injuries_go_as_the_plan_says(causes, changes, expected):
    answer = decided(claim(related_causes=causes), **changes)
    assert (answer.outcome, pends(answer)) == expected


def test_a_work_injury_refused_is_nobodys_bill_here():
    answer = decided(claim(related_causes=("EM",)), work_related="deny")
    assert adjustments(answer.lines[0]) == {"OA-19": 10_000}
    assert answer.member_cents == 0


def test_an_exclusion_refuses_its_lines_even_without_a_category_and_leaves_the_others():
    exclusions = [{"id": "comfort", "when": {"codes": ["COMFORT"]}, "rarcs": ["N130"]}]
    answer = decided(claim(line(1, code="COMFORT"), line(2)), exclusions=exclusions)
    assert answer.outcome == "pay"
    assert denials(answer) == [["PR-96"], []]
    assert answer.lines[0].adjustments[0].rarcs == ("N130",)


def test_every_denial_is_kept_and_the_strongest_takes_the_money():
    exclusions = [
        {"id": "one", "when": {"codes": ["ANY"]}, "carc": "55"},
        {"id": "two", "when": {"codes": ["ANY"]}},
    ]
    answer = decided(claim(), exclusions=exclusions)
    assert denials(answer) == [["PR-96", "PR-55"]]
    assert adjustments(answer.lines[0]) == {"PR-96": 10_000}


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([span(ALMA, start=date(2025, 3, 2))], []),
        ([span(ALMA, start=date(2025, 3, 3))], ["PR-179"]),
        ([span(ALMA, start=date(2025, 3, 1), end=date(2026, 1, 1)), span(ALMA, start=date(2026, 1, 1))], []),
        ([span(ALMA, start=date(2020, 1, 1), end=date(2025, 6, 1)), span(ALMA, start=date(2026, 1, 1))], ["PR-179"]),
    ],
)
def test_a_waiting_period_runs_from_the_start_of_unbroken_coverage(spans, expected):
    waiting = [{"id": "major-care", "categories": ["major"], "months": 12}]
    answer = decided(claim(line(code="MAJOR")), spans=spans, waiting_periods=waiting)
    assert denials(answer) == [expected]


def authorization(**more):
    return [{"id": "auth", "when": {"codes": ["ANY"]}, "if_absent": "deny", "quoted_number": "accept"} | more]


def test_a_missing_authorisation_is_the_providers_loss_or_waits():
    assert adjustments(decided(claim(), authorizations=authorization()).lines[0]) == {"CO-197": 10_000}
    assert pends(decided(claim(), authorizations=authorization(if_absent="pend"))) == ["AUT-01"]
    assert decided(claim(authorization="A1"), authorizations=authorization()).outcome == "pay"
    assert decided(claim(line(authorization="A1")), authorizations=authorization()).outcome == "pay"
    assert pends(decided(claim(authorization="A1"), authorizations=authorization(quoted_number="pend"))) == ["AUT-01"]


def test_a_missing_authorisation_may_cut_the_plans_share_and_counts_to_no_limit():
    rule = authorization(if_absent="reduce", reduce_bp=5_000)
    answer = decided(claim(line(billed=10_000)), authorizations=rule)
    assert (answer.paid_cents, adjustments(answer.lines[0]), answer.entries) == (5_000, {"PR-197": 5_000}, ())


def test_a_claim_above_the_automatic_limit_waits_and_counts_nothing():
    document = plan([category("any", share(deductible=False))])
    content = facts(claim(line(billed=10_001)))
    answer = adjudicate_family(family(content), rules(document, auto_pay_limit_cents=10_000))[0]
    assert (answer.outcome, pends(answer), answer.paid_cents, answer.lines) == ("pend", ["HIGH-01"], 10_001, ())
    refused = facts(claim(line(billed=10_001)), rulings=[Ruling(code="HIGH-01", carc="50")])
    answer = adjudicate_family(family(refused), rules(document, auto_pay_limit_cents=10_000))[0]
    assert (answer.outcome, adjustments(answer.lines[0])) == ("deny", {"CO-50": 10_001})


def test_an_unknown_service_waits_and_keeps_the_whole_claim_waiting():
    answer = decided(claim(line(1), line(2, code="UNKNOWN")))
    assert [(each.code, each.line_number, each.facts) for each in answer.pends] == [
        ("BEN-01", 2, {"service_code": "UNKNOWN", "revenue": ""})
    ]
    assert (answer.outcome, answer.entries) == ("pend", ())


def test_all_reasons_to_wait_are_found_at_once():
    content = claim(line(1), line(2, code="UNKNOWN"), related_causes=("AA",), other_payers=(OtherPayer(sequence="S"),))
    assert sorted(pends(decided(content))) == ["BEN-01", "COB-01", "SUB-01"]
