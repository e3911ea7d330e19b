"""Earlier lines of the same people, looked up by person and day while a unit's claims are decided."""

from collections.abc import Container, Sequence
from datetime import date

from claims.core.facts import PAYABLE, HistoryLine

NONE: tuple[HistoryLine, ...] = ()


class History:
    """Lines on file, and lines decided so far tonight."""

    def __init__(self, lines: Sequence[HistoryLine]) -> None:
        self._by_day: dict[tuple[int, date], list[HistoryLine]] = {}
        self._coming: dict[tuple[int, date], list[HistoryLine]] = {}
        for line in lines:
            self.add(line)

    def add(self, line: HistoryLine) -> None:
        """Remember a line."""
        self._by_day.setdefault((line.person_id, line.service_date), []).append(line)

    def take_out(self, submission_id: int) -> list[HistoryLine]:
        """Forget the lines of one claim; returns them."""
        found: list[HistoryLine] = []
        for lines in self._by_day.values():
            mine = [line for line in lines if line.submission_id == submission_id]
            if mine:
                found += mine
                lines[:] = [line for line in lines if line.submission_id != submission_id]
        return found

    def on(self, person_id: int, day: date) -> Sequence[HistoryLine]:
        """The person's lines of that day of service, in the order they were added."""
        return self._by_day.get((person_id, day), NONE)

    def expect(self, lines: Sequence[HistoryLine]) -> None:
        """Know of lines that are decided later tonight."""
        for line in lines:
            self._coming.setdefault((line.person_id, line.service_date), []).append(line)

    def coming(self, person_id: int, day: date) -> Sequence[HistoryLine]:
        """The person's lines of that day that are decided later tonight."""
        return self._coming.get((person_id, day), NONE)

    def arrived(self, submission_id: int) -> None:
        """Expect the lines of a claim no more: it is decided."""
        for at, lines in self._coming.items():
            self._coming[at] = [line for line in lines if line.submission_id != submission_id]

    def copay_borne(
        self,
        person_id: int,
        day: date,
        *,
        provider_npi: str,
        category: str,
        stay_start: date | None,
        apart: Container[str],
    ) -> int:
        """Copay already borne on that day; of one provider, category or stay unless that is "" or None.

        apart: categories whose copays stand for themselves, line by line. A claim that waits has borne nothing yet.
        """
        return sum(
            line.copay_cents
            for line in self.on(person_id, day)
            if line.copay_cents
            and line.state == PAYABLE
            and (not provider_npi or line.provider_npi == provider_npi)
            and (not category or line.category == category)
            and line.category not in apart
            and (stay_start is None or line.stay_start == stay_start)
        )

    def counted_before(self, person_id: int, day: date, category: str, provider_npi: str) -> bool:
        """Whether a covered line of that day, category and (unless "") provider has counted as a visit or day."""
        return any(
            line.state == PAYABLE
            and line.eligible_cents > 0
            and line.category == category
            and (not provider_npi or line.provider_npi == provider_npi)
            for line in self.on(person_id, day)
        )
