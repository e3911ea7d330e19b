"""The day chooses the figure; a missing figure is named, never borrowed."""

from datetime import date

import pytest

from aso_portal.kernel.dated import DatedRow, DatedTable, NoFigure

LIMITS = DatedTable(
    "limit",
    [
        DatedRow(date(2027, 1, 1), date(2028, 1, 1), 12_000, "second"),
        DatedRow(date(2026, 1, 1), date(2027, 1, 1), 10_600, "first"),
    ],
)


def test_the_row_in_force_is_found_by_day():
    assert LIMITS.on(date(2026, 12, 31)) == 10_600
    assert LIMITS.on(date(2027, 1, 1)) == 12_000
    assert LIMITS.row_on(date(2027, 6, 1)).source == "second"


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2028, 1, 1)])
def test_a_day_without_a_row_is_refused_by_name(day):
    with pytest.raises(NoFigure, match=f"limit: no figure is entered for {day}"):
        LIMITS.on(day)


def test_overlapping_rows_never_load():
    row = DatedRow(date(2026, 1, 1), date(2027, 1, 1), 1, "")
    with pytest.raises(ValueError, match="overlap"):
        DatedTable("limit", [row, row])


def test_a_row_that_ends_before_it_starts_never_loads():
    with pytest.raises(ValueError, match="ends before"):
        DatedTable("limit", [DatedRow(date(2026, 1, 1), date(2026, 1, 1), 1, "")])
