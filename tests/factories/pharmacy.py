"""A town whose plan shares its accumulators with a pharmacy manager, and the files that manager writes."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from benefits.core.plan_design_reading import canonical_sha256
from benefits.models import Member, Person, PlanDesignVersion
from claims.services import accumulator_file_reading as reading
from claims.services.accumulator_file_reading import Envelope, in_dollars
from tests.factories import nights
from tests.factories.two_people import TWO_PEOPLE

EIN, RXONE, RXTWO, PRIOR = "911111111", "RXONE", "RXTWO", "OLDTPA"
SHARED = {"managers": [RXONE], "deductible": "medical.deductible", "out_of_pocket": "medical.oop"}
DAY, NPI, NDC = date(2026, 3, 2), "1234567893", "00000000001"


def integrated(town: nights.Town, section: dict[str, Any] | None = None) -> None:
    """Publish the town's plan anew with a pharmacy section (SHARED unless another is given)."""
    document = nights.document() | {"pharmacy": SHARED if section is None else section}
    PlanDesignVersion.objects.create(
        plan_option=town.option,
        version=1 + PlanDesignVersion.objects.filter(plan_option=town.option).count(),
        start_date=nights.NEW_YEAR,
        document=document,
        document_sha256=canonical_sha256(document),
        published_at=datetime(2025, 12, 2, tzinfo=UTC),
        **TWO_PEOPLE,
    )


def who(person_id: int) -> tuple[str, str, str]:
    """How a file names a person."""
    person = Person.objects.get(pk=person_id)
    return Member.objects.get(person=person).member_number, person.given_name, person.birth_date.isoformat()


@dataclass
class Fill:
    """One fill in cents; each method gives one transaction of it as a row of a feed."""

    claim_id: str
    person_id: int
    deductible: int = 0
    copay: int = 0
    coinsurance: int = 0
    plan_paid: int = 0
    uncounted: int = 0
    day: date = DAY
    paid_on: date = DAY
    sequence: int = field(default=0)

    def paid(self) -> list[str]:
        return self._row("paid")

    def adjusted(self, **amounts: int) -> list[str]:
        for name, cents in amounts.items():
            setattr(self, name, cents)
        return self._row("adjusted")

    def reversed(self) -> list[str]:
        return self._row("reversed", sign=-1)

    def _row(self, transaction: str, sign: int = 1) -> list[str]:
        self.sequence += 1
        amounts = [self.plan_paid, self.deductible, self.copay, self.coinsurance, self.uncounted]
        gross = sum(amounts)
        money = [in_dollars(sign * cents) for cents in (gross - 20, 15, 5, gross, *amounts)]
        return [
            self.claim_id, str(self.sequence), transaction, *who(self.person_id), "7001234", "0", NDC,
            self.day.isoformat(), self.paid_on.isoformat(), "30", "30", "generic", NPI, *money,
        ]  # fmt: skip


def feed(*rows: list[str], reference: str = "RX-1", manager: str = RXONE, receiver: str = EIN) -> bytes:
    """A claims feed of these rows with a right trailer."""
    names = [column.name for column in reading.CLAIM]
    place = {name: names.index(name) for name in names}

    def total(*columns: str) -> str:
        return in_dollars(sum(reading.signed_cents(row[place[name]]) for row in rows for name in columns))

    return reading.written(
        Envelope(manager, receiver, reference, DAY),
        reading.CLAIMS_FORMAT,
        names,
        rows,
        (total("gross"), total("plan_paid"), total("deductible", "copay", "coinsurance", "uncounted")),
    )


def deltas(
    rows: Iterable[tuple[str, int, str, int]],
    *,
    reference: str = "ACC-1",
    manager: str = RXONE,
    origin: str = "pharmacy",
) -> bytes:
    """An accumulator file of (record id, person, kind, cents)."""
    rows = list(rows)
    return reading.written(
        Envelope(manager, EIN, reference, DAY),
        reading.ACCUMULATORS_FORMAT,
        [column.name for column in reading.DELTA],
        [(name, *who(person), kind, nights.NEW_YEAR, in_dollars(cents), origin) for name, person, kind, cents in rows],
        [in_dollars(sum(cents for _, _, of, cents in rows if of == kind)) for kind in ("deductible", "out_of_pocket")],
    )


def balances(
    rows: Iterable[tuple[int, str, str]],
    *,
    reference: str = "TAKE-1",
    day: date = date(2025, 12, 31),
    period: date = nights.NEW_YEAR,
) -> bytes:
    """A takeover file of (person, accumulator, balance as written)."""
    rows = list(rows)
    return reading.written(
        Envelope(PRIOR, EIN, reference, day),
        reading.BALANCES_FORMAT,
        [column.name for column in reading.BALANCE],
        [(*who(person), key, period, balance) for person, key, balance in rows],
        [in_dollars(sum(reading.signed_cents(balance) for _, _, balance in rows))],
    )


def answer(ours: bytes, *, refused: Iterable[str] = ()) -> bytes:
    """A manager's answer to a file of ours."""
    rows = list(csv.reader(io.StringIO(ours.decode())))
    _, _, sender, receiver, reference, day = rows[0]
    told = [
        (
            row[0],
            "rejected" if row[0] in set(refused) else "accepted",
            "",
            "unknown member" if row[0] in set(refused) else "",
        )
        for row in rows[2:-1]
    ]
    rejected = sum(result == "rejected" for _, result, _, _ in told)
    return reading.written(
        Envelope(receiver, sender, reference, date.fromisoformat(day)),
        reading.ANSWER_FORMAT,
        [column.name for column in reading.ANSWER],
        told,
        (len(told) - rejected, rejected),
    )
