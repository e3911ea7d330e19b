"""A pharmacy manager's claims feed: each transaction kept as told, counted toward what the plan shares, paid for stop-loss.

A fill is the plan's own money from the day its manager paid it; how the plan pays the manager is not told here.
"""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from benefits.core.matching import MemberMatch
from claims.core.pharmacy import (
    CLAIMS_IN,
    NOTHING,
    POSTED,
    REJECTED,
    REVERSED,
    CannotFollow,
    FillMoney,
    FillState,
    after,
    counted_toward,
    difference,
)
from claims.models import AccumulatorFile, AccumulatorFileRecord, PharmacyFill, StopLossPaidLine
from claims.services.accumulator_file_reading import Record, money_of
from claims.services.accumulator_files import Judged
from claims.services.accumulator_shelf import Designs, Insured, Place, Shelf, Standing, shelf_of

PHARMACY_LINE = "pharmacy"


class Fills:
    """Records of a claims feed."""

    name, source = CLAIMS_IN, "pharmacy"

    def __init__(self) -> None:
        self._designs: Designs = {}

    def record_id(self, file: AccumulatorFile, record: Record) -> str:
        """As the sender names it."""
        return record.record_id

    def ordered(self, records: Sequence[Record]) -> list[Record]:
        """By claim, then by its transactions: their order in the file is nothing to go by."""
        return sorted(records, key=lambda record: (record.values["claim_id"], record.values["sequence"]))

    def shelf(self, file: AccumulatorFile, records: Sequence[Record]) -> Shelf:
        """With where each fill of the batch stands."""
        standing = _standing(file.partner, sorted({record.values["claim_id"] for record in records}))
        shelf = shelf_of(records, self._designs, also={each.family_id for each in standing.values()})
        shelf.fills = standing
        return shelf

    def judge(self, file: AccumulatorFile, record: Record, shelf: Shelf) -> Judged:
        """Posted with what it adds, or rejected with the reason."""
        try:
            return self._judge(file, record, shelf)
        except CannotFollow as refusal:
            found = shelf.matches[record.line]
            person = found.person_id if isinstance(found, MemberMatch) else None
            return Judged(REJECTED, refusal.reason, person_id=person)

    def _judge(self, file: AccumulatorFile, record: Record, shelf: Shelf) -> Judged:
        values, money = record.values, money_of(record.values)
        standing = shelf.fills.get(values["claim_id"], Standing())
        state = after(standing.state, sequence=values["sequence"], transaction=values["transaction"], money=money)
        insured, should = None, dict[Place, int]()
        if values["transaction"] == REVERSED:
            # What was taken is given back whatever became of the member's coverage since.
            person_id, family_id = standing.person_id, standing.family_id
        else:
            person_id = shelf.person(record).person_id
            insured = shelf.insured(person_id, values["fill_date"])
            family_id = insured.span.family_id
            should = self._should(file, state.money, insured, values["fill_date"])
        if standing.state.sequence and (person_id, values["fill_date"]) != (standing.person_id, standing.fill_date):
            raise CannotFollow("other_fill")
        entries = difference(should, standing.posted)
        paid = (state.money or NOTHING).plan_paid - (standing.state.money or NOTHING).plan_paid
        shelf.fills[values["claim_id"]] = Standing(state, person_id, family_id, values["fill_date"], should)
        return Judged(
            POSTED,
            over_cents=shelf.post(entries, insured, values["fill_date"]),
            person_id=person_id,
            entries=entries,
            keep=lambda row: _keep(
                row, record, shelf, person_id=person_id, family_id=family_id, money=money, paid=paid
            ),
        )

    @staticmethod
    def _should(file: AccumulatorFile, money: FillMoney | None, insured: Insured, fill_date: date) -> dict[Place, int]:
        rules = insured.taken_by(file.partner)
        period = insured.design.benefit_period.start_of(fill_date)
        return {insured.place(key, period): cents for key, cents in counted_toward(money, rules).items()}


def _keep(
    row: AccumulatorFileRecord,
    record: Record,
    shelf: Shelf,
    *,
    person_id: int,
    family_id: int,
    money: FillMoney,
    paid: int,
) -> None:
    """Lay the fill on the shelf, and the plan's money of it for stop-loss."""
    values = record.values
    fill = PharmacyFill(
        record=row,
        manager=row.partner,
        claim_id=values["claim_id"],
        sequence=values["sequence"],
        transaction=values["transaction"],
        person_id=person_id,
        family_id=family_id,
        fill_date=values["fill_date"],
        paid_date=values["paid_date"],
        rx_number=values["rx_number"],
        fill_number=values["fill_number"],
        ndc=values["ndc"],
        quantity_thousandths=values["quantity_thousandths"],
        days_supply=values["days_supply"],
        generic=values["drug_kind"] == "generic",
        pharmacy_npi=values["pharmacy_npi"],
        **{f"{name}_cents": getattr(money, name) for name in FillMoney.__slots__},
    )
    shelf.new_fills.append(fill)
    if paid:
        shelf.paid_lines.append(
            StopLossPaidLine(
                fill=fill,
                line_no=1,
                person_id=person_id,
                line_of_coverage=PHARMACY_LINE,
                incurred_date=values["fill_date"],
                paid_date=values["paid_date"],
                cents=paid,
            )
        )


def _standing(manager: str, claim_ids: Sequence[str]) -> dict[str, Standing]:
    """Where these fills stand after their last transaction, with everything they have posted."""
    found: dict[str, Standing] = {}
    names = FillMoney.__slots__
    with connection.cursor() as cursor:
        cursor.execute(_LAST, {"manager": manager, "claims": list(claim_ids)})
        for claim_id, sequence, transaction, person_id, family_id, fill_date, *amounts in cursor.fetchall():
            money = None if transaction == REVERSED else FillMoney(**dict(zip(names, amounts, strict=True)))
            found[claim_id] = Standing(FillState(sequence, money), person_id, family_id, fill_date)
        cursor.execute(_POSTED, {"manager": manager, "claims": list(claim_ids)})
        for claim_id, *place, amount in cursor.fetchall():
            found[claim_id].posted[Place(*place)] = amount
    return found


_LAST = f"""
SELECT DISTINCT ON (claim_id) claim_id, sequence, transaction, person_id, family_id, fill_date,
       {", ".join(f"{name}_cents" for name in FillMoney.__slots__)}
  FROM claims_pharmacyfill WHERE manager = %(manager)s AND claim_id = ANY(%(claims)s::varchar[])
 ORDER BY claim_id, sequence DESC
"""  # noqa: S608  (constant text)
_POSTED = """
SELECT f.claim_id, e.person_id, e.family_id, e.accumulator, e.period_start, sum(e.amount)::bigint
  FROM claims_pharmacyfill f JOIN claims_accumulatorposting p ON p.record_id = f.record_id
  JOIN claims_accumulatorentry e ON e.id = p.entry_id
 WHERE f.manager = %(manager)s AND f.claim_id = ANY(%(claims)s::varchar[])
 GROUP BY 1, 2, 3, 4, 5 HAVING sum(e.amount) <> 0
"""
