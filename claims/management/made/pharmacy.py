"""A made-up pharmacy manager's claims feed: monthly fills of some families, a few given back or priced anew.

NDCs are made up (labeler 00000). The manager charges copays, or the plan's deductible and then a share, as his plan says;
he knows his own fills only, as a real one does until our accumulator file reaches him.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from aso_portal.kernel.identifiers import npi_with_check_digit
from aso_portal.kernel.money import percent_of
from benefits.management.population import MadeFamily, MadePerson
from claims.core.pharmacy import ADJUSTED, PAID, REVERSED, FillMoney
from claims.services import accumulator_file_reading as reading
from claims.services.accumulator_file_reading import Envelope, in_dollars

MANAGER = "MADERX"
NPI = npi_with_check_digit("170000000")
FEE, GENERIC_COPAY, BRAND_COPAY, SHARE_BP = 150, 1_000, 4_500, 1_000


class Drug(NamedTuple):
    """A made-up drug: code, whether generic, cents of a month."""

    ndc: str
    generic: bool
    month_cents: int


DRUGS = (
    Drug("00000000011", True, 1_240),
    Drug("00000000022", True, 2_875),
    Drug("00000000033", True, 640),
    Drug("00000000044", False, 31_900),
    Drug("00000000055", False, 58_450),
)


@dataclass
class Feed:
    """The rows of one employer's feed. deductibles: by plan option, cents of a family's deductible; 0: copays."""

    code: str
    deductibles: Sequence[int]
    start: date
    end: date
    seed: int = 11
    share_bp: int = 2_500
    rows: list[list[str]] = field(default_factory=list)
    _totals: list[int] = field(default_factory=lambda: [0, 0, 0])

    def fill(self, families: Iterable[MadeFamily], *, always: Sequence[int] = ()) -> "Feed":
        """Fills of a share of the families, and of those numbered in `always`."""
        for family in families:
            chance = random.Random(f"{self.seed} {self.code} {family.number}")  # noqa: S311  (made-up data)
            if family.number in always or chance.randrange(10_000) < self.share_bp:
                self._family(family, chance)
        return self

    def file(self, *, receiver: str, day: date) -> bytes:
        """The feed as the manager would send it."""
        return reading.written(
            Envelope(MANAGER, receiver, f"{self.code}-{day:%Y%m%d}", day),
            reading.CLAIMS_FORMAT,
            [column.name for column in reading.CLAIM],
            self.rows,
            [in_dollars(total) for total in self._totals],
        )

    def _family(self, family: MadeFamily, chance: random.Random) -> None:
        left = self.deductibles[family.option_index % len(self.deductibles)]
        person = chance.choice(family.people)
        drug, deductible = chance.choice(DRUGS), left
        for number, day in enumerate(self._days(family, person, chance)):
            money, left = self._priced(drug, left, copays=not deductible)
            claim_id = f"{self.code}{family.number:06d}{number:02d}"
            self._row(claim_id, 1, PAID, family, person, drug, number, day, money)
            turn = chance.randrange(20)
            if turn == 0:
                self._row(claim_id, 2, REVERSED, family, person, drug, number, day, -money)
                left += money.deductible
            elif turn == 1:
                dearer = FillMoney(
                    ingredient=money.ingredient + 200, dispensing=FEE, tax=0, plan_paid=money.plan_paid + 200,
                    deductible=money.deductible, copay=money.copay, coinsurance=money.coinsurance,
                )  # fmt: skip
                self._row(claim_id, 2, ADJUSTED, family, person, drug, number, day, dearer)

    def _days(self, family: MadeFamily, person: MadePerson, chance: random.Random) -> Iterator[date]:
        day = max(self.start, family.joined(person)) + timedelta(days=chance.randrange(28))
        end = min(self.end, family.coverage_end or self.end)
        while day < end:
            yield day
            day += timedelta(days=30)

    @staticmethod
    def _priced(drug: Drug, left: int, *, copays: bool) -> tuple[FillMoney, int]:
        """The money of a month's fill, and what is left of the deductible after it."""
        cost = drug.month_cents + FEE
        if copays:
            copay = min(cost, GENERIC_COPAY if drug.generic else BRAND_COPAY)
            money = FillMoney(ingredient=drug.month_cents, dispensing=FEE, plan_paid=cost - copay, copay=copay)
            return money, left
        deductible = min(cost, left)
        share = percent_of(cost - deductible, SHARE_BP)
        money = FillMoney(
            ingredient=drug.month_cents, dispensing=FEE, plan_paid=cost - deductible - share, deductible=deductible,
            coinsurance=share,
        )  # fmt: skip
        return money, left - deductible

    def _row(
        self,
        claim_id: str,
        sequence: int,
        transaction: str,
        family: MadeFamily,
        person: MadePerson,
        drug: Drug,
        number: int,
        day: date,
        money: FillMoney,
    ) -> None:
        amounts = [money.ingredient, money.dispensing, money.tax, money.gross, money.plan_paid]
        amounts += [money.deductible, money.copay, money.coinsurance, money.uncounted]
        for place, amount in enumerate((money.gross, money.plan_paid, money.member_paid)):
            self._totals[place] += amount
        self.rows.append(
            [
                claim_id, str(sequence), transaction, family.member_number, person.given_name,
                person.birth_date.isoformat(), f"7{family.number:06d}", str(number), drug.ndc, day.isoformat(),
                (day + timedelta(days=sequence)).isoformat(), "30", "30", "generic" if drug.generic else "brand", NPI,
                *map(in_dollars, amounts),
            ]
        )  # fmt: skip
