"""A pharmacy manager's accumulator file: amounts its fills add to what the plan shares, for plans that count from it."""

from collections.abc import Sequence

from benefits.core.matching import MemberMatch
from benefits.core.plan_design import DEDUCTIBLE
from benefits.core.plan_design_pharmacy import ACCUMULATORS
from claims.core.pharmacy import ACCUMULATORS_IN, POSTED, REJECTED, CannotFollow
from claims.models import AccumulatorFile
from claims.services.accumulator_file_reading import Record
from claims.services.accumulator_files import Judged
from claims.services.accumulator_shelf import Designs, Shelf, shelf_of


class Deltas:
    """Records of an accumulator file. Each stands by itself, so their order is nothing to go by."""

    name, source = ACCUMULATORS_IN, "pharmacy"

    def __init__(self) -> None:
        self._designs: Designs = {}

    def record_id(self, file: AccumulatorFile, record: Record) -> str:
        """As the sender names it."""
        return record.record_id

    def ordered(self, records: Sequence[Record]) -> list[Record]:
        """By name, so that what is told as over a limit is the same for any order of the file."""
        return sorted(records, key=lambda record: record.record_id)

    def shelf(self, file: AccumulatorFile, records: Sequence[Record]) -> Shelf:
        """People, coverage, balances."""
        return shelf_of(records, self._designs)

    def judge(self, file: AccumulatorFile, record: Record, shelf: Shelf) -> Judged:
        """Posted, or rejected with the reason."""
        found = shelf.matches[record.line]
        try:
            return self._judge(file, record, shelf)
        except CannotFollow as refusal:
            person = found.person_id if isinstance(found, MemberMatch) else None
            return Judged(REJECTED, refusal.reason, person_id=person)

    @staticmethod
    def _judge(file: AccumulatorFile, record: Record, shelf: Shelf) -> Judged:
        values, person_id = record.values, shelf.person(record).person_id
        insured = shelf.insured_in_period(person_id, values["period_start"], file.partner)
        rules = insured.taken_by(file.partner)
        if rules.counted_from != ACCUMULATORS:
            raise CannotFollow("counted_from_claims")
        key = rules.deductible if values["accumulator"] == DEDUCTIBLE else rules.out_of_pocket
        if not key:
            raise CannotFollow("no_accumulator")
        entries = {insured.place(key, values["period_start"]): values["amount"]}
        over = shelf.post(entries, insured, values["period_start"])
        return Judged(POSTED, over_cents=over, person_id=person_id, entries=entries)
