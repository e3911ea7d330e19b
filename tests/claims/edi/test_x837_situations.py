"""Every listed rule, broken and kept: tests/golden/x12_listed_rules.csv."""

import csv
from datetime import date
from pathlib import Path

import pytest

from aso_portal.kernel.x12.guides import BY_NAME
from aso_portal.kernel.x12.situations import RuleBook
from claims.core.code_sets import CodeRow, CodeSets
from claims.edi.x277 import reasons_of
from claims.edi.x837 import ClaimAccepted, ClaimRejected
from claims.edi.x837_policy import NOTE, OFF, PEND, REJECT, Policy
from claims.edi.x837_rules import BY_ARITHMETIC
from claims.edi.x837_situations import OFF_UNLESS_ASKED, RULES
from tests.factories import edi

ROOT = Path(__file__).parents[3]
MODIFIERS = CodeSets(
    CodeRow(system, code, date(2015, 10, 1), None, "2026")
    for system, codes in (("hcpcs_mod", "AA NU RH RR UE QK P2"), ("cpt_mod", "25"))
    for code in codes.split()
)
EVERYTHING = Policy(rules=dict.fromkeys(OFF_UNLESS_ASKED, REJECT))
RIDE = (
    "CLM*AC-4001*510***41:B:1*Y*A*Y*Y",
    "CR1*LB*140**A*DH*12",
    "CRC*07*Y*04*06*09",
    "HI*ABK:R0789",
    "NM1*PW*2",
    "N3*1 MAIN ST",
    "N4*DAYTON*OH*45402",
    "NM1*45*2",
    "N3*9 HOSPITAL DR",
    "N4*DAYTON*OH*45402",
    "LX*1",
    "SV1*HC:A0429:RH*410*UN*1***1",
    "DTP*472*D8*20260102",
    "LX*2",
    "SV1*HC:A0425:RH*100*UN*12***1",
    "DTP*472*D8*20260102",
)
SHOT = (
    "CLM*AC-4002*100***11:B:1*Y*A*Y*Y",
    "HI*ABK:J069",
    "LX*1",
    "SV1*HC:J1885*100*UN*1***1",
    "DTP*472*D8*20260102",
    "REF*6R*L1",
    "LIN**N4*00026063512",
    "CTP****1*ML",
)
CLINIC = (
    "CLM*AC-4003*234.56***13:A:1**A*Y*Y",
    "DTP*434*RD8*20260104-20260104",
    "CL1*1**01",
    "HI*ABK:J189",
    "LX*1",
    "SV2*0300*HC:85025*234.56*UN*2",
    "DTP*472*D8*20260104",
)
COORDINATED = tuple(
    (ROOT / "tests/examples/edi/coordination.837")
    .read_text()
    .replace("J3301", "G0008")
    .replace("~\n", "~")
    .split("~")[20:-4]
)
BASES = {
    "VISIT": (edi.P, edi.ALMA, edi.VISIT),
    "BEN": (edi.P, edi.ALMA_FOR_BEN, edi.VISIT),
    "RIDE": (edi.P, edi.ALMA, RIDE),
    "SHOT": (edi.P, edi.ALMA, SHOT),
    "COORDINATED": (edi.P, edi.ALMA, COORDINATED),
    "STAY": (edi.I, edi.ALMA, edi.STAY),
    "CLINIC": (edi.I, edi.ALMA, CLINIC),
    "FILLING": (edi.D, edi.ALMA, edi.FILLING),
}


def cases():
    lines = (ROOT / "tests/golden/x12_listed_rules.csv").read_text().splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


CASES = cases()


def changed(base: str, changes: str) -> tuple[bytes, str]:
    """The file of a base with some of its segments changed, and its guide."""
    version, people, claim = BASES[base]
    text = "~".join((*edi.HEAD, *edi.PROVIDER, *people, *claim, ""))
    for change in changes.split(" ; ") if changes else ():
        old, _, new = change.partition(" ->")
        old, new = (part.strip().replace(" + ", "~") for part in (old, new))
        if not new:
            old += "~"
        assert old in text, f"{old} is not in {base}"
        text = text.replace(old, new, 1)
    return edi.sealed(tuple(text.split("~")[:-1]), version), version


def told(data: bytes, **rules):
    """(accepted claims, faults of rejected ones)."""
    found = edi.events(data, **{"policy": EVERYTHING, "check_npi": True, "code_sets": MODIFIERS, **rules})
    accepted = [event.claim for event in found if isinstance(event, ClaimAccepted)]
    return accepted, [fault for event in found if isinstance(event, ClaimRejected) for fault in event.faults]


@pytest.mark.parametrize("base", BASES)
def test_the_clean_claims_break_no_rule(base):
    accepted, faults = told(changed(base, "")[0])
    assert (len(accepted), [str(fault) for fault in faults]) == (1, [])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']}-{case['base']}")
def test_a_broken_rule_is_found_where_it_is_broken(case):
    data, _ = changed(case["base"], case["broken by"])
    accepted, faults = told(data)
    assert accepted == []
    fault, *_ = [fault for fault in faults if fault.rule == case["rule"]]
    assert (fault.loop, fault.segment_id, fault.element) == (case["loop"], case["segment"], case["element"])
    assert fault.snip == int(case["rule"][1])
    assert data[: fault.offset].count(b"~") + 1 == fault.ordinal
    assert fault.set_ordinal == fault.ordinal - 2
    if fault.bad:
        assert data[fault.offset :].startswith(fault.segment_id.encode())
    assert f"[rule {case['rule']}, SNIP" in str(fault)
    assert {status.category for status in reasons_of([fault])} < {"A6", "A7", "A8"}
    others = [fault.rule for fault in faults if fault.rule != case["rule"] and not fault.rule.startswith("S6-4")]
    assert set(others) <= {"S4-30", "S6-11"}


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["kept by"]], ids=lambda case: f"{case['rule']}-{case['base']}"
)
def test_a_rule_that_is_kept_says_nothing(case):
    accepted, faults = told(changed(case["base"], case["kept by"])[0])
    assert (len(accepted), [str(fault) for fault in faults]) == (1, [])


def test_every_rule_is_tried_and_stands_in_the_documentation():
    ids = {rule.id for rule in RULES} | set(BY_ARITHMETIC)
    assert {case["rule"] for case in CASES} == ids
    page = (ROOT / "docs/domain/edi.md").read_text().replace("\\*", "*")
    assert [name for name in sorted(ids) if f"| {name} |" not in page] == []
    assert {rule.words for rule in RULES if f"| {rule.words} |" not in page} == set()


def test_every_rule_makes_sense_in_each_of_its_guides():
    for name in ("837P", "837I", "837D"):
        RuleBook(RULES, BY_NAME[name], component=":")


class TestPolicy:
    """What a broken rule does is the partner's setting."""

    BROKEN, _ = changed("SHOT", "LIN**N4*00026063512 -> LIN**N4*0002606351")

    def test_a_claim_is_turned_away_unless_something_else_is_agreed(self):
        assert told(self.BROKEN, policy=Policy())[0] == []

    @pytest.mark.parametrize("policy", [Policy(levels={6: PEND}), Policy(rules={"S6-30": PEND})])
    def test_a_claim_held_for_a_person_says_why(self, policy):
        (claim,), faults = told(self.BROKEN, policy=policy)
        assert (claim.doubts, faults) == (("S6-30",), [])

    @pytest.mark.parametrize("mode", [NOTE, OFF])
    def test_a_rule_may_be_off(self, mode):
        (claim,), faults = told(self.BROKEN, policy=Policy(levels={6: mode}))
        assert (claim.doubts, faults) == ((), [])

    def test_the_rule_goes_before_its_level(self):
        assert told(self.BROKEN, policy=Policy(levels={6: OFF}, rules={"S6-30": REJECT}))[0] == []

    def test_rules_that_not_everybody_wants_are_off_until_asked_for(self):
        bare, _ = changed("SHOT", "LIN**N4*00026063512 + CTP****1*ML -> ")
        assert len(told(bare, policy=Policy())[0]) == 1
        assert told(bare, policy=Policy(rules={"S6-31": REJECT}))[0] == []

    def test_syntax_guide_and_balance_cannot_be_switched_off(self):
        data, _ = changed("VISIT", "CLM*AC-1001*150.5* -> CLM*AC-1001*150.51*")
        assert told(data, policy=Policy(levels=dict.fromkeys(range(1, 8), OFF)))[0] == []

    def test_a_fault_of_the_subscriber_may_be_held_too(self):
        data, _ = changed("VISIT", "DMG*D8*19800214*F -> ")
        (claim,), _ = told(data, policy=Policy(levels={4: PEND}))
        assert claim.doubts == ("S4-35",)
