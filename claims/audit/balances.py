"""What stands on the accumulators of a family at a moment: sums of postings, person by person and family by family."""

from collections.abc import Mapping, Sequence
from datetime import date

from claims.audit.recorded import Entry, Span


class Balances:
    """Postings so far. One counts for its person and for its family; those of a mover may follow him to his new family."""

    def __init__(self, spans: Mapping[int, Sequence[Span]]) -> None:
        self.entries: list[Entry] = []
        self.spans = spans

    def add(self, entry: Entry) -> None:
        """Count one posting from now on."""
        self.entries.append(entry)

    def of_person(self, accumulator: str, period: date, person_id: int) -> int:
        """The person's own, in whatever family he was."""
        return sum(
            entry.amount
            for entry in self.entries
            if entry.accumulator == accumulator and entry.period_start == period and entry.person_id == person_id
        )

    def of_family(self, accumulator: str, period: date, family_id: int, *, movers_bring_theirs: bool) -> int:
        """The family's, with what its members met in a family they left for it, where the plan says so."""
        return sum(
            entry.amount
            for entry in self.entries
            if entry.accumulator == accumulator
            and entry.period_start == period
            and (
                entry.family_id == family_id
                or (movers_bring_theirs and self._moved(entry.person_id, entry.family_id, family_id))
            )
        )

    def _moved(self, person_id: int, old: int, new: int) -> bool:
        """Whether a person was covered in the new family only after all cover in the old one had ended."""
        spans = self.spans.get(person_id, ())
        before = [span.end or date.max for span in spans if span.family_id == old]
        after = [span.start for span in spans if span.family_id == new]
        return bool(before and after) and max(before) <= min(after)
