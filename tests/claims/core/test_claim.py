"""The days that order a claim and bound what it must be compared with."""

from datetime import date

import pytest

from claims.core.claim import Claim, ProviderRef, ServiceLine, SubscriberRef


def claim(*lines: ServiceLine, **options) -> Claim:
    return Claim(
        kind=options.pop("kind", "P"),
        patient_control_number="A1",
        billed_cents=100,
        subscriber=SubscriberRef(member_number="W1"),
        billing=ProviderRef(npi="1234567893"),
        lines=lines,
        **options,
    )


def line(number: int, start: date | None, end: date | None = None) -> ServiceLine:
    return ServiceLine(number=number, charge_cents=100, code="A0425", service_start=start, service_end=end)


def test_the_first_and_last_day_are_those_of_any_line():
    visits = claim(line(1, date(2026, 3, 9)), line(2, date(2026, 3, 2), date(2026, 3, 5)))
    assert visits.first_service_date == date(2026, 3, 2)
    assert visits.last_service_date == date(2026, 3, 9)


def test_a_stay_lasts_to_the_day_before_its_statement_ends_whatever_its_lines_say():
    stay = claim(
        line(1, None),
        kind="I",
        facility_code="11",
        statement_start=date(2026, 3, 2),
        statement_end=date(2026, 3, 7),
        admission_date=date(2026, 3, 1),
    )
    assert stay.first_service_date == date(2026, 3, 1)
    assert stay.last_service_date == date(2026, 3, 6)


def test_a_single_day_is_first_and_last():
    visit = claim(line(1, date(2026, 3, 9), date(2026, 3, 10)))
    assert visit.first_service_date == visit.last_service_date == date(2026, 3, 9)


def test_a_claim_without_any_day_is_refused():
    with pytest.raises(ValueError, match="no day of service"):
        claim(line(1, None)).first_service_date  # noqa: B018
