"""Figures in force by day: the effective date chooses the row, and no row is never another row."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from aso_portal.kernel.errors import DomainError

Figure = TypeVar("Figure")


class NoFigure(DomainError):
    """No row of the table covers the day asked for."""


@dataclass(frozen=True, slots=True)
class DatedRow(Generic[Figure]):
    """One figure from `start` up to, not including, `end`, and where it is published."""

    start: date
    end: date
    figure: Figure
    source: str


class DatedTable(Generic[Figure]):
    """Rows that do not overlap, asked by day. Raises NoFigure for a day without a row."""

    def __init__(self, name: str, rows: Iterable[DatedRow[Figure]]) -> None:
        self.name = name
        self.rows = tuple(sorted(rows, key=lambda row: row.start))
        for row in self.rows:
            if row.end <= row.start:
                raise ValueError(f"{name}: the row from {row.start} ends before it starts")
        for before, after in zip(self.rows, self.rows[1:], strict=False):
            if after.start < before.end:
                raise ValueError(f"{name}: rows from {before.start} and {after.start} overlap")
        self._starts = [row.start for row in self.rows]

    def row_on(self, day: date) -> DatedRow[Figure]:
        """The row in force on `day`."""
        at = bisect_right(self._starts, day) - 1
        if at < 0 or day >= self.rows[at].end:
            raise NoFigure(f"{self.name}: no figure is entered for {day}. Add the dated row with its source.")
        return self.rows[at]

    def on(self, day: date) -> Figure:
        """The figure in force on `day`."""
        return self.row_on(day).figure
