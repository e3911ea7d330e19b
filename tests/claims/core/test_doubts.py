"""What intake let pass for a person waits, and goes on when he says so."""

from claims.core.adjudication import adjudicate_family
from claims.core.claim import changed
from claims.core.facts import Ruling
from tests.factories.engine import category, claim, facts, family, plan, rules, share

BOOK = rules(plan([category("any", share(deductible=False))]))


def decided(*rulings):
    (decision,) = adjudicate_family(
        family(facts(changed(claim(), doubts=("S6-30", "V-2")), seq=1, rulings=list(rulings))), BOOK
    )
    return decision


def test_a_claim_that_breaks_rules_of_intake_waits_and_says_which():
    decision = decided()
    assert decision.outcome == "pend"
    assert [(each.code, each.facts) for each in decision.pends] == [("EDI-01", {"rules": "S6-30 V-2"})]


def test_a_person_may_let_it_pass_or_refuse_it():
    assert decided(Ruling(code="EDI-01")).outcome == "pay"
    refused = decided(Ruling(code="EDI-01", carc="16"))
    assert (refused.outcome, list(refused.lines[0].denials)) == ("deny", ["CO-16"])
