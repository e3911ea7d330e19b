"""Who is paid is known, allowed to be paid, and in the tier of the day."""

from datetime import date

import pytest

from claims.core.adjudication import adjudicate_family
from claims.core.claim import ProviderRef
from claims.core.rules import FeeRate, NetworkSpan, Provider
from tests.factories.engine import (
    CLINIC,
    DAY,
    HOSPITAL,
    LONG_AGO,
    STRANGER,
    TIN,
    category,
    claim,
    facts,
    family,
    line,
    plan,
    reference,
    rules,
    share,
)

OUTSIDE = FeeRate(schedule="OUTSIDE", code="ANY", cents=8_000, start=LONG_AGO)
PLAN = plan([category("any", share(deductible=False)), category("emergency", share(deductible=False), emergency=True)])


def decided(content, tables=None, document=PLAN):
    return adjudicate_family(family(facts(content)), rules(document, tables or reference(rates=[OUTSIDE])))[0]


def reasons(decision):
    return [each.code for each in decision.pends] or [reason for each in decision.lines for reason in each.denials]


@pytest.mark.parametrize(
    ("billing", "expected"),
    [
        (ProviderRef(npi=CLINIC, tin=TIN), []),
        (ProviderRef(npi="1999999992", tin=TIN), ["PRV-01"]),
        (ProviderRef(npi="1234567890", tin=TIN), ["PRV-01"]),
        (ProviderRef(tin=TIN), ["PRV-01"]),
        (ProviderRef(npi=CLINIC, tin="999999999"), ["PRV-02"]),
    ],
)
def test_a_provider_is_known_by_number_and_tax_number(billing, expected):
    assert reasons(decided(claim(billing=billing))) == expected


def test_the_treating_provider_has_to_be_known_too():
    unknown = claim(rendering=ProviderRef(npi="1999999992"))
    assert reasons(decided(unknown)) == ["PRV-01"]
    assert reasons(decided(claim(line(rendering_npi=HOSPITAL)))) == []


def test_a_sanctioned_provider_is_not_paid_on_any_day_of_the_sanction():
    barred = Provider(npi=CLINIC, tin=TIN, start=date(2026, 3, 1), end=date(2026, 3, 3), sanctioned=True)
    before = Provider(npi=CLINIC, tin=TIN, start=LONG_AGO, end=date(2026, 3, 1))
    after = Provider(npi=CLINIC, tin=TIN, start=date(2026, 3, 3))
    tables = reference(providers=[barred, before, after])
    for day, expected in ((28, []), (2, ["CO-B7"]), (3, [])):
        when = date(2026, 2 if day == 28 else 3, day)
        assert reasons(decided(claim(line(day=when)), tables)) == expected


def test_payment_to_somebody_else_waits():
    assert reasons(decided(claim(pay_to=ProviderRef(npi=HOSPITAL)))) == ["PRV-03"]
    assert reasons(decided(claim(pay_to=ProviderRef(name="same provider, another street")))) == []


def test_network_membership_is_that_of_the_day_and_tax_number():
    tables = reference(
        networks=[NetworkSpan(network="HARBOR", npi=CLINIC, tin=TIN, start=DAY, end=date(2026, 3, 3))], rates=[OUTSIDE]
    )
    assert decided(claim(), tables).lines[0].tier == "in"
    assert decided(claim(line(day=date(2026, 3, 3))), tables).lines[0].tier == "out"
    other = reference(networks=[NetworkSpan(network="HARBOR", npi=CLINIC, tin="1", start=DAY)], rates=[OUTSIDE])
    assert decided(claim(), other).lines[0].tier == "out"


def test_a_network_doctor_billing_through_a_stranger_is_in_network():
    content = claim(billing=ProviderRef(npi=STRANGER, tin=TIN), rendering=ProviderRef(npi=CLINIC))
    assert decided(content).lines[0].tier == "in"


def test_out_of_network_the_patient_may_be_billed_and_the_payee_follows_the_assignment():
    answer = decided(claim(billing=ProviderRef(npi=STRANGER, tin=TIN)))
    assert (answer.paid_cents, answer.member_cents, answer.payee_kind) == (8_000, 2_000, "provider")
    unassigned = claim(billing=ProviderRef(npi=STRANGER, tin=TIN), benefits_assigned="N")
    assert decided(unassigned).payee_kind == "member"


def test_a_plan_without_out_of_network_benefits_refuses():
    only_in = plan([category("any", share(deductible=False))]) | {
        "tiers": [{"key": "in", "name": "In", "networks": ["HARBOR"], "payee": "provider"}]
    }
    del only_in["categories"][0]["cost_share"]["out"]
    answer = decided(claim(billing=ProviderRef(npi=STRANGER, tin=TIN)), document=only_in)
    assert reasons(answer) == ["PR-242"]


def test_surprise_bills_wait_for_the_recognised_amount():
    emergency = claim(line(code="EMERGENC"), billing=ProviderRef(npi=STRANGER, tin=TIN))
    assert reasons(decided(emergency)) == ["NSA-01"]
    inside = claim(billing=ProviderRef(npi=STRANGER, tin=TIN), facility_code="22", facility=ProviderRef(npi=HOSPITAL))
    assert reasons(decided(inside)) == ["NSA-01"]
