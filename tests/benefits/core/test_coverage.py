"""Which span answers on a day."""

from datetime import date

from benefits.core.coverage import CoverageSpan, span_on

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def span(member_id, start, end=None, line="medical"):
    return CoverageSpan(1, member_id, 1, 1, line, "EMP", start, end, "active")


def test_the_last_day_of_a_span_is_the_day_before_its_end():
    spans = [span(1, MAY, JUNE)]
    assert span_on(spans, line_of_coverage="medical", day=date(2026, 5, 31)) == spans[0]
    assert span_on(spans, line_of_coverage="medical", day=JUNE) is None
    assert span_on(spans, line_of_coverage="dental", day=MAY) is None


def test_a_person_in_two_places_is_answered_by_the_one_that_began_first_in_any_order():
    own, as_spouse = span(9, MAY), span(3, JUNE)
    assert span_on([own, as_spouse], line_of_coverage="medical", day=JUNE) == own
    assert span_on([as_spouse, own], line_of_coverage="medical", day=JUNE) == own


def test_spans_that_began_together_are_answered_by_the_earlier_place():
    assert span_on([span(9, MAY), span(3, MAY)], line_of_coverage="medical", day=JUNE) == span(3, MAY)
