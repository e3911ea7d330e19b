"""The auditor finds what an engine could do wrong. Two sorts of faults are sown, one at a time:

in the engine itself, so that its figures are wrong and still add up; and in what is on file, as if a row had been
changed, lost or written twice. Without a fault the same claims have no finding.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from benefits.core.plan_design_compiled import UNLIMITED
from claims.audit.evaluator import audit_family
from claims.core import accumulators, coordination, coordination_methods, cost_share, limits, penalties
from claims.core.case import Case
from claims.core.cost_share import LineShare
from tests.claims.core import (
    test_adjudication_examples,
    test_changing,
    test_coordination,
    test_penalties,
)
from tests.claims.core.test_adjudication_examples import EXAMPLES
from tests.factories import engine, on_file
from tests.factories.audits import Watch
from tests.factories.coordination import coordinating

MODULES = (test_adjudication_examples, test_coordination, test_penalties, on_file)


@pytest.fixture
def watch(monkeypatch):
    found = Watch()
    for module in MODULES:
        found.over(module, monkeypatch)
    return found


# Faults of the engine ----------------------------------------------------------------------------------------------------


def every_example():
    for example in EXAMPLES:
        test_adjudication_examples.decided(example)


def odd_cents():
    """An amount whose coinsurance does not come out even."""
    document = engine.plan([engine.category("lab", engine.share(deductible=False, coinsurance_bp=1_500))])
    unit = engine.family(engine.facts(engine.claim(engine.line(code="LAB", billed=5_000, allowed=3_330))))
    return test_coordination.adjudicate_family(unit, engine.rules(document))


def coordinated():
    for method in ("standard", "basic", "non_duplication", "maintenance_of_benefits"):
        test_coordination.decided(test_coordination.a12(), coordinating(method))


def counted_after_others():
    ledgers = [engine.accumulator("ded", "deductible", 100_000, 200_000)]
    document = coordinating("standard") | {"accumulators": ledgers}
    test_coordination.decided(test_coordination.a12(), document)


def punished():
    rule = test_penalties.rule(reduce_bp=2_000)
    test_penalties.decided([40_000, 30_000], rule)


def sharing_with(**changed: Any) -> Callable[..., LineShare]:
    """`share_line` deaf to what it is told of some things."""
    true = cost_share.share_line

    def share_line(**told: Any) -> LineShare:
        return true(**(told | {key: value(told) if callable(value) else value for key, value in changed.items()}))

    return share_line


def deductible_given_up_first(**told: Any) -> LineShare:
    true = cost_share_line(**(told | {"out_of_pocket_left": UNLIMITED}))
    beyond = max(0, sum(true) - told["out_of_pocket_left"])
    cut = min(beyond, true.deductible)
    return LineShare(true.deductible - cut, true.copay, true.coinsurance - (beyond - cut))


cost_share_line = cost_share.share_line
left_of = accumulators.Ledger.left
post = Case.post
payment = coordination_methods._payment
period_of = accumulators.Ledger.benefit_left


def left_with(**changed: Any) -> Callable[..., int]:
    """`Ledger.left` with a limit of another shape."""

    def left(self: Any, limit: Any, period: date, person: int, family: int, *, ceiling: int, with_brought: bool) -> int:
        return left_of(
            self, replace(limit, **changed), period, person, family, ceiling=ceiling, with_brought=with_brought
        )

    return left


def without_ceiling(self: Any, limit: Any, period: date, person: int, family: int, **more: Any) -> int:
    return left_of(self, limit, period, person, family, **(more | {"ceiling": UNLIMITED}))


def posting(change: Callable[..., tuple[str, date, int] | None]) -> Callable[..., None]:
    """`Case.post` that posts something else, or nothing."""

    def wrong(self: Case, key: str, period: date, amount: int, line: Any, unit: str) -> None:
        told = change(key, period, amount)
        if told is not None:
            post(self, *told, line, unit)

    return wrong


@dataclass(frozen=True)
class Fault:
    name: str
    where: Any
    what: str
    wrong: Any
    claims: Callable[[], Any] = every_example


FAULTS = [
    Fault("copay and deductible in the wrong order", cost_share, "share_line",
          sharing_with(copay_after_deductible=lambda told: not told.get("copay_after_deductible", False))),
    Fault("the out-of-pocket limit is missed", cost_share, "share_line", sharing_with(out_of_pocket_left=UNLIMITED)),
    Fault("past the limit the deductible is given up first", cost_share, "share_line", deductible_given_up_first),
    Fault("coinsurance of the wrong base", cost_share, "share_line",
          sharing_with(gross=lambda told: not told.get("gross", False))),
    Fault("the deductible is not taken", cost_share, "share_line", sharing_with(deductible_left=0)),
    Fault("the deductible is taken though it is met", cost_share, "share_line", sharing_with(deductible_left=UNLIMITED)),
    Fault("one basis point more", cost_share, "share_line",
          sharing_with(coinsurance_bp=lambda told: min(10_000, told["coinsurance_bp"] + 1))),
    Fault("coinsurance rounded down", cost_share, "percent_of", lambda cents, bp: cents * bp // 10_000, odd_cents),
    Fault("the family's limit is missed", accumulators.Ledger, "left", left_with(family=None)),
    Fault("an embedded limit is worked as an aggregate one", accumulators.Ledger, "left", left_with(person=None)),
    Fault("the law's ceiling for one person is missed", accumulators.Ledger, "left", without_ceiling),
    Fault("nothing is counted across tiers", cost_share, "_credit",
          lambda case, line, deductible, borne: None),
    Fault("what is counted goes to last year", Case, "post",
          posting(lambda key, period, amount: (key, period.replace(year=period.year - 1), amount))),
    Fault("a cent too little is counted", Case, "post", posting(lambda key, period, amount: (key, period, amount - 1))),
    Fault("a dollar maximum is missed", cost_share, "_within_maximums", lambda case, line, terms, benefit: benefit),
    Fault("a dollar maximum used up is missed", cost_share, "_maximum_used_up", lambda case, line: False),
    Fault("what the plan pays is not counted to its maximum", cost_share, "_count_paid", lambda case, line, terms: None),
    Fault("a visit limit is missed", limits._Counting, "_left", lambda self, line, limit: UNLIMITED),
    Fault("units are taken for visits", limits._Counting, "_parts",
          lambda self, line, limit: (2, 2, min(2, self._left(line, limit)))),
    Fault("a copay on every line", cost_share, "_copay_due", lambda case, line, later: line.terms.share.copay_cents),
    Fault("an allowance without its discount", cost_share, "_keep_to_allowance",
          lambda line, allowance, discount: KEEP(line, allowance, 0)),
    Fault("after another plan a cent too much", coordination_methods, "_payment",
          lambda *told, **more: payment(*told, **more) + 1, coordinated),
    Fault("after another plan a cent too little", coordination_methods, "_payment",
          lambda *told, **more: payment(*told, **more) - 1, coordinated),
    Fault("every plan coordinates by the standard method", coordination_methods, "_payment",
          lambda method, *told, **more: payment("standard", *told, **more), coordinated),
    Fault("our own allowed amount for the allowable expense", coordination_methods, "_allowable_expense",
          lambda rule, allowed, before, medicare: allowed, coordinated),
    Fault("maintenance of benefits worked on our whole price", coordination_methods, "cost_share_base",
          lambda rule, *, eligible, allowed, prior: eligible, coordinated),
    Fault("after another plan our own share is counted", coordination, "OWN_SHARE", "member_owes", counted_after_others),
    Fault("a cut for no authorisation is a cent off", penalties, "percent_of",
          lambda cents, bp: cents * bp // 10_000 + 1, punished),
]  # fmt: skip
KEEP = cost_share._keep_to_allowance


@pytest.mark.parametrize("claims", [every_example, odd_cents, coordinated, counted_after_others, punished])
def test_a_sound_engine_leaves_nothing_to_find(watch, claims):
    claims()
    assert watch.reports and watch.findings == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_of_the_engine_is_found(watch, monkeypatch, fault):
    monkeypatch.setattr(fault.where, fault.what, fault.wrong)
    fault.claims()
    assert watch.findings


# Faults of what is on file -----------------------------------------------------------------------------------------------


@pytest.fixture
def deductible_and_coinsurance(watch):
    """A1: billed 150,000, allowed 110,000, deductible 60,000, coinsurance 10,000, paid 40,000."""
    test_adjudication_examples.decided("A1 deductible then coinsurance")
    return watch.files[-1]


@pytest.fixture
def reversed_claim(watch):
    """A22: a decision, its reversal and the decision that follows."""
    test_changing.played("A22 replacement")
    return next(file for file in watch.files if any(each.reverses_id is not None for each in file.versions))


@pytest.fixture
def second_claim(watch):
    """A12: a claim another plan paid first."""
    test_coordination.decided(test_coordination.a12(), coordinating("non_duplication"))
    return watch.files[-1]


def last(file):
    return file.versions[-1]


def with_line(version, **changed):
    line = replace(version.lines[0], **changed)
    return replace(version, lines=[line, *version.lines[1:]])


def with_last(file, version):
    return replace(file, versions=[*file.versions[:-1], version])


def moved(version, cents, to):
    """Cents taken from the payment and put under a reason, with every total in step."""
    line = version.lines[0]
    ledger = dict(line.adjustments)
    ledger[to] = ledger.get(to, 0) + cents
    owed = cents if to[0] == "PR" else 0
    steps = [step for step in line.steps if step[0] not in ("J", "Y")]
    steps += [("J", (*reason, str(amount))) for reason, amount in ledger.items()]
    changed = with_line(version, paid=line.paid - cents, adjustments=ledger, steps=steps)
    return replace(changed, paid=version.paid - cents, member=version.member + owed)


def other_entry(version, **changed):
    return replace(version, entries=[replace(version.entries[0], **changed), *version.entries[1:]])


def told_otherwise(version, name, place, value):
    steps = [
        (each, (*values[:place], value, *values[place + 1 :])) if each == name else (each, values)
        for each, values in version.lines[0].steps
    ]
    return with_line(version, steps=steps)


ROWS = {
    "a cent is written off": lambda one: moved(one, 1, ("CO", "45")),
    "a cent is put on the patient": lambda one: moved(one, 1, ("PR", "2")),
    "a cent is put on another reason": lambda one: moved(one, 1, ("PR", "119")),
    "the line does not add up": lambda one: with_line(one, paid=one.lines[0].paid - 1),
    "the total paid is another": lambda one: replace(one, paid=one.paid + 1),
    "the total of the patient is another": lambda one: replace(one, member=one.member - 1),
    "the excess is the patient's": lambda one: with_line(
        one, adjustments={("PR", "45") if at == ("CO", "45") else at: c for at, c in one.lines[0].adjustments.items()}
    ),
    "deductible and coinsurance change places": lambda one: with_line(
        one,
        adjustments=one.lines[0].adjustments
        | {("PR", "1"): one.lines[0].adjustments["PR", "2"], ("PR", "2"): one.lines[0].adjustments["PR", "1"]},
    ),
    "more is covered than is allowed": lambda one: with_line(one, eligible=one.lines[0].eligible + 1),
    "the allowed amount is another": lambda one: with_line(one, allowed=one.lines[0].allowed - 1),
    "a refused line pays": lambda one: with_line(one, denied=True),
    "a posting is lost": lambda one: replace(one, entries=one.entries[1:]),
    "a posting is written twice": lambda one: replace(one, entries=[*one.entries, one.entries[0]]),
    "a posting is a cent off": lambda one: other_entry(one, amount=one.entries[0].amount + 1),
    "a posting is somebody else's": lambda one: other_entry(one, person_id=99),
    "a posting is another family's": lambda one: other_entry(one, family_id=99),
    "a posting is of another year": lambda one: other_entry(one, period_start=date(2025, 1, 1)),
    "a posting is on another accumulator": lambda one: other_entry(one, accumulator="somewhere.else"),
    "a posting is of no line": lambda one: other_entry(one, line_number=9),
    "the steps tell another deductible": lambda one: told_otherwise(one, "D", 1, "1"),
    "the steps tell another rate": lambda one: told_otherwise(one, "O", 0, "1999"),
    "the steps tell another ledger": lambda one: told_otherwise(one, "J", 2, "1"),
    "the steps tell another total": lambda one: told_otherwise(one, "Y", 2, "1"),
    "a step is lost": lambda one: with_line(one, steps=[step for step in one.lines[0].steps if step[0] != "D"]),
}


@pytest.mark.parametrize("fault", ROWS)
def test_a_changed_row_is_found_where_it_stands(deductible_and_coinsurance, fault):
    file = deductible_and_coinsurance
    assert audit_family(file).findings == []
    found = audit_family(with_last(file, ROWS[fault](last(file)))).findings
    assert {finding.version_id for finding in found} == {last(file).version_id}


REVERSALS = {
    "the reversal is a cent off": lambda one: with_line(one, paid=one.lines[0].paid + 1),
    "the reversal's total is a cent off": lambda one: replace(one, paid=one.paid + 1),
    "the reversal forgets a reason": lambda one: with_line(
        one, adjustments=dict(list(one.lines[0].adjustments.items())[1:])
    ),
    "the reversal forgets a posting": lambda one: replace(one, entries=one.entries[1:]),
    "the reversal forgets a line": lambda one: replace(one, lines=one.lines[1:]),
    "the reversal takes back twice": lambda one: replace(one, entries=[*one.entries, *one.entries]),
}


@pytest.mark.parametrize("fault", REVERSALS)
def test_a_wrong_reversal_is_found(reversed_claim, fault):
    file = reversed_claim
    assert audit_family(file).findings == []
    broken = [REVERSALS[fault](each) if each.reverses_id is not None else each for each in file.versions]
    found = audit_family(replace(file, versions=broken)).findings
    wrong = next(each.version_id for each in file.versions if each.reverses_id is not None)
    assert wrong in {finding.version_id for finding in found}


COORDINATED = {
    "a cent of the first plan's is ours": lambda one: moved(one, -1, ("OA", "23")),
    "the first plan's share is written off": lambda one: with_line(
        one,
        adjustments={("CO", "45") if at == ("OA", "23") else at: c for at, c in one.lines[0].adjustments.items()},
    ),
    "the steps tell another payment of the first plan": lambda one: told_otherwise(one, "CB2", 0, "50001"),
    "the steps tell another method": lambda one: told_otherwise(one, "CB3", 0, "standard"),
    "the claim says the first plan left less": lambda one: replace(
        one, others=[replace(one.others[0], patient={1: 29_999})]
    ),
}


@pytest.mark.parametrize("fault", COORDINATED)
def test_a_changed_row_of_a_coordinated_claim_is_found(second_claim, fault):
    file = second_claim
    assert audit_family(file).findings == []
    found = audit_family(with_last(file, COORDINATED[fault](last(file)))).findings
    assert {finding.version_id for finding in found} == {last(file).version_id}
