"""Corrections of care whose parts fall due later."""

from datetime import date

from claims.core.adjudication import adjudicate_family
from claims.core.changes import REPLACE, REPLACEMENT, Change, InForce, NightOrder
from claims.core.changing import change_family
from claims.core.claim import DentalRecord
from claims.core.decision import PAY, PEND
from tests.claims.core.test_care_properties import BOOKS
from tests.factories.engine import BEN, claim, facts, family, line, person, span

MARCH_2 = date(2026, 3, 2)
PEOPLE, SPANS = [person(BEN, birth_date=date(2014, 5, 1))], [span(BEN, line_of_coverage="dental")]


def course(seq, **more):
    """Ben's braces: the first part is due at once, the others as months pass."""
    content = claim(line(1, "DZ810", 300_000, day=MARCH_2), kind="D", dental=DentalRecord(orthodontic_months=7), **more)
    return facts(content, seq=seq, who=BEN)


def test_the_replacement_of_a_course_waits_because_parts_of_it_may_be_paid_already():
    (began,) = adjudicate_family(family(course(1), people=PEOPLE, spans=SPANS), BOOKS["dental"])
    assert began.outcome == PAY and began.care is not None and began.care.installments
    corrected = course(2, frequency="7")
    corrected.corrects = "C1"
    order = Change(
        change_id=2,
        kind=REPLACE,
        cause=REPLACEMENT,
        submission_id=1,
        successor_id=2,
        in_force=InForce(version_id=1_001, version=1, night=NightOrder(MARCH_2, 1), decision=began),
    )
    result = change_family(family(corrected, people=PEOPLE, spans=SPANS, changes=[order]), BOOKS["dental"])
    assert [(each.outcome, [pend.code for pend in each.pends]) for each in result.decisions] == [(PEND, ["BEN-02"])]
    assert result.made == []
