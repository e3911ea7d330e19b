"""What a prior administrator had counted before we began: balances of people, limit by limit, as of a day.

A balance is posted as what it adds to earlier takeovers of the same balance, so a later file corrects the first.
"""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from benefits.core.matching import MemberMatch
from benefits.core.plan_design import LIFETIME, LIFETIME_START, PLAN_PAID, BenefitLimit
from claims.core.pharmacy import POSTED, REJECTED, TAKEOVER_IN, UNCHANGED, CannotFollow
from claims.models import AccumulatorFile
from claims.services.accumulator_file_reading import Record
from claims.services.accumulator_files import Judged
from claims.services.accumulator_shelf import Designs, Insured, Place, Shelf, shelf_of


class Takeover:
    """Records of a takeover file. Each names a balance of its own."""

    name, source = TAKEOVER_IN, "takeover"

    def __init__(self) -> None:
        self._designs: Designs = {}

    def record_id(self, file: AccumulatorFile, record: Record) -> str:
        """A balance may be told again by another file, so the file is part of the name."""
        return f"{record.record_id[:18]}/{file.reference}"

    def ordered(self, records: Sequence[Record]) -> list[Record]:
        """In the order of the file."""
        return list(records)

    def shelf(self, file: AccumulatorFile, records: Sequence[Record]) -> Shelf:
        """With what was taken over before and when, and when a claim first posted."""
        shelf = shelf_of(records, self._designs)
        people = [found.person_id for found in shelf.matches.values() if isinstance(found, MemberMatch)]
        with connection.cursor() as cursor:
            cursor.execute(_TAKEN_OVER, {"people": people})
            for *place, amount, latest in cursor.fetchall():
                shelf.taken_over[Place(*place)] = amount
                shelf.as_of[Place(*place)] = latest
            cursor.execute(_FIRST_CLAIMS, {"people": people})
            for person_id, period_start, first in cursor.fetchall():
                shelf.first_claims[person_id, period_start] = first
        return shelf

    def judge(self, file: AccumulatorFile, record: Record, shelf: Shelf) -> Judged:
        """Posted, unchanged, or rejected with the reason."""
        found = shelf.matches[record.line]
        try:
            return self._judge(file, record, shelf)
        except CannotFollow as refusal:
            person = found.person_id if isinstance(found, MemberMatch) else None
            return Judged(REJECTED, refusal.reason, person_id=person)

    def _judge(self, file: AccumulatorFile, record: Record, shelf: Shelf) -> Judged:
        values, person_id = record.values, shelf.person(record).person_id
        key, period = values["accumulator"], values["period_start"]
        insured, balance = self._target(shelf, person_id, key, period, values["balance"])
        place = insured.place(key, period)
        latest = shelf.as_of.get(place)
        if latest is not None and file.day < latest:
            raise CannotFollow("later_balance")
        first = shelf.first_claims.get((person_id, period))
        if latest is None and first is not None and first <= file.day:
            raise CannotFollow("after_first_claim")
        amount = balance - shelf.taken_over.get(place, 0)
        if not amount:
            return Judged(UNCHANGED, person_id=person_id)
        over = shelf.post({place: amount}, insured, max(insured.span.start, period))
        return Judged(POSTED, over_cents=over, person_id=person_id, entries={place: amount})

    @staticmethod
    def _target(shelf: Shelf, person_id: int, key: str, period: date, balance: int) -> tuple[Insured, int]:
        """The person's place in a plan that has this accumulator, and the balance as it counts: cents or a number."""
        for insured in shelf.places_in(person_id, period):
            design = insured.design
            limit: BenefitLimit | None = next((each for each in design.limits if each.key == key), None)
            if limit is None and all(each.key != key for each in design.accumulators):
                continue
            lifetime = limit is not None and limit.period == LIFETIME
            if period != (LIFETIME_START if lifetime else design.benefit_period.start_of(period)):
                raise CannotFollow("not_a_period")
            if limit is None or limit.measure == PLAN_PAID:
                return insured, balance
            if balance % 100:
                raise CannotFollow("count_expected")
            return insured, balance // 100
        raise CannotFollow("no_accumulator")


_TAKEN_OVER = """
SELECT e.person_id, e.family_id, e.accumulator, e.period_start, sum(e.amount)::bigint, max(f.day)
  FROM claims_accumulatorentry e JOIN claims_accumulatorposting p ON p.entry_id = e.id
  JOIN claims_accumulatorfilerecord r ON r.id = p.record_id JOIN claims_accumulatorfile f ON f.id = r.file_id
 WHERE e.source = 'takeover' AND e.person_id = ANY(%(people)s::bigint[]) GROUP BY 1, 2, 3, 4
"""
_FIRST_CLAIMS = """
SELECT e.person_id, e.period_start, min(v.decided_on)
  FROM claims_accumulatorentry e JOIN claims_claimversion v ON v.id = e.version_id
 WHERE e.person_id = ANY(%(people)s::bigint[]) GROUP BY 1, 2
"""
