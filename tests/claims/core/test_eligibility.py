"""Coverage is asked for the day of service, and a design for the same day."""

from dataclasses import replace
from datetime import date

import pytest

from claims.core.adjudication import adjudicate_family
from tests.factories.engine import (
    ALMA,
    BEN,
    DAY,
    OPTION,
    adjustments,
    category,
    claim,
    facts,
    family,
    line,
    person,
    plan,
    rules,
    share,
    span,
)

BOOK = rules(plan([category("any", share(deductible=False))]))


def decided(*claims, spans=None, people=None, book=BOOK):
    return adjudicate_family(family(*claims, spans=spans, people=people), book)


@pytest.mark.parametrize(
    ("start", "end", "carc"),
    [
        (date(2026, 3, 3), None, "PR-26"),
        (date(2025, 1, 1), date(2026, 3, 2), "PR-27"),
        (date(2026, 3, 2), None, None),
        (date(2025, 1, 1), date(2026, 3, 3), None),
    ],
)
def test_coverage_starts_on_its_first_day_and_ends_before_its_last(start, end, carc):
    answer = decided(facts(claim()), spans=[span(ALMA, start=start, end=end)])[0]
    assert answer.outcome == ("deny" if carc else "pay")
    assert adjustments(answer.lines[0]) == ({carc: 10_000} if carc else {})


def test_a_day_in_a_gap_of_coverage_is_a_lapse():
    around = [span(ALMA, end=date(2026, 2, 1)), span(ALMA, start=date(2026, 4, 1))]
    assert decided(facts(claim()), spans=around)[0].lines[0].denials == ("PR-200",)


def test_a_person_without_that_line_of_coverage_has_no_such_benefit():
    assert decided(facts(claim(kind="D")))[0].lines[0].denials == ("PR-204",)


def test_service_after_death_is_refused():
    people = [person(ALMA, death_date=date(2026, 3, 1))]
    assert decided(facts(claim()), people=people)[0].lines[0].denials == ("CO-13",)


def test_lines_of_one_claim_are_covered_each_on_its_own_day():
    content = claim(line(1, day=date(2026, 2, 27)), line(2, day=DAY))
    answer = decided(facts(content), spans=[span(ALMA, end=date(2026, 3, 1))])[0]
    assert [each.denials for each in answer.lines] == [(), ("PR-27",)]
    assert (answer.outcome, answer.paid_cents) == ("pay", 10_000)


def test_a_stay_follows_its_admission_even_when_coverage_ends_meanwhile():
    content = claim(
        line(1, day=date(2026, 3, 4)),
        kind="I",
        facility_code="11",
        admission_date=DAY,
        statement_start=DAY,
        statement_end=date(2026, 3, 6),
    )
    assert decided(facts(content), spans=[span(ALMA, end=date(2026, 3, 3))])[0].outcome == "pay"


def test_elected_but_unpaid_continuation_waits():
    answer = decided(facts(claim()), spans=[span(ALMA, state="cobra_unpaid")])[0]
    assert (answer.outcome, [each.code for each in answer.pends]) == ("pend", ["ELG-02"])


def test_a_day_without_a_published_design_waits_and_names_option_and_day():
    answer = decided(facts(claim(line(day=date(2025, 3, 2)))))[0]
    assert [(each.code, each.line_number, each.facts) for each in answer.pends] == [
        ("PLN-01", 0, {"plan_option_id": OPTION, "service_date": "2025-03-02"})
    ]


def test_lines_under_two_plan_options_wait():
    spans = [span(ALMA, end=DAY), span(ALMA, plan_option_id=OPTION + 1, start=DAY)]
    answer = decided(facts(claim(line(1, day=date(2026, 3, 1)), line(2))), spans=spans)[0]
    assert ("BEN-02", {"why": "two_plan_options"}) in [(each.code, each.facts) for each in answer.pends]


def test_a_plan_year_without_a_statutory_figure_waits_instead_of_borrowing_another_years():
    document = plan(
        [
            category("any", share(deductible=False)),
            category("preventive", share(deductible=False), preventive=True),
        ],
        grandfathered=False,
    )
    book = rules(document)
    assert decided(facts(claim()), book=book)[0].outcome == "pay"
    answer = decided(facts(claim(line(day=date(2031, 3, 2)))), book=book)[0]
    assert [each.code for each in answer.pends] == ["PLN-02"]
    assert "no figure is entered for 2031-01-01" in answer.pends[0].facts["why"]


def test_a_vision_plan_takes_a_professional_claim_only_when_it_knows_every_line():
    vision = plan([category("glasses", share(deductible=False))], line_of_coverage="vision")
    medical = plan([category("any", share(deductible=False))])
    book = rules(medical)
    eyes = rules(vision)
    designs = {OPTION: book.designs[OPTION], 8: (replace(eyes.designs[OPTION][0], plan_option_id=8, version_id=80),)}
    both = replace(book, designs=designs)
    spans = [span(BEN), span(BEN, plan_option_id=8, line_of_coverage="vision")]
    mine = facts(claim(line(code="GLASSES")), who=BEN)
    later = date(2026, 5, 4)
    mixed = facts(claim(line(1, code="GLASSES", day=later), line(2, day=later)), seq=2, who=BEN)
    first, second = decided(mine, mixed, spans=spans, book=both)
    assert (first.line_of_coverage, first.plan_option_id, first.plan_design_version_id) == ("vision", 8, 80)
    assert (second.line_of_coverage, second.outcome) == ("medical", "pend")
