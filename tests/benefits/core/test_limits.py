"""Statutory figures: the row of the year, with its source, or none."""

from datetime import date

import pytest

from aso_portal.kernel.dated import NoFigure
from benefits.core.limits import HDHP_MINIMUM_DEDUCTIBLE, HDHP_OUT_OF_POCKET_MAXIMUM, OUT_OF_POCKET_MAXIMUM

TABLES = (OUT_OF_POCKET_MAXIMUM, HDHP_MINIMUM_DEDUCTIBLE, HDHP_OUT_OF_POCKET_MAXIMUM)


@pytest.mark.parametrize(
    ("year", "amounts"),
    [
        (2025, [(920_000, 1_840_000), (165_000, 330_000), (830_000, 1_660_000)]),
        (2026, [(1_060_000, 2_120_000), (170_000, 340_000), (850_000, 1_700_000)]),
        (2027, [(1_200_000, 2_400_000), (175_000, 350_000), (870_000, 1_740_000)]),
    ],
)
def test_each_year_has_its_figures(year, amounts):
    rows = [table.row_on(date(year, 7, 1)) for table in TABLES]
    assert [(row.figure.self_only, row.figure.family) for row in rows] == amounts
    assert all(row.source for row in rows)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2028, 1, 1)])
def test_a_year_without_a_row_has_no_figure(table, day):
    with pytest.raises(NoFigure, match=str(day)):
        table.on(day)
