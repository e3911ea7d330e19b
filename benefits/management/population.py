# ruff: noqa: E501  (lists of names read better in few lines)
"""Made-up employees and their families, the same for the same seed: for the demo, the benches and the crash tests.

Nobody here exists. Numbers that look like social security numbers use area 900-999, which is never issued.
Ages, names and tiers agree with each other: parents are older than their children by 20 to 42 years, a child is
covered until 26, a tier names exactly those who are covered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from aso_portal.kernel.periods import add_months, age_on

SELF, SPOUSE, CHILD = "18", "01", "19"
GIVEN = {
    "F": "Alma Astrid Beatriz Carmen Chiara Dana Elin Farah Grace Hana Ingrid Isabel Jade Kavya Keiko Leila Lucia Maja "
    "Mei Naomi Nora Olivia Priya Rosa Ruth Sara Sofia Tamar Uma Vera Wilma Ximena Yara Zoe".split(),
    "M": "Ahmed Anders Ben Carlos Chidi Daniel Diego Elias Felix Gabriel Hassan Hugo Ivan Jonas Kenji Kofi Leo Luca "
    "Mateo Milan Nils Omar Oskar Pablo Quinn Rafael Ravi Samuel Stefan Tariq Theo Victor Wei Yusuf".split(),
}
FAMILY = (
    "Abara Adams Andersson Ahmadi Baker Berg Bianchi Brooks Castillo Chen Cohen Cruz Dahl Diallo Dvorak Eriksen Evans Fischer "
    "Flores Garcia Gupta Haddad Hansen Hill Ito Jensen Johnson Kamara Kaplan Kim Kowalski Larsen Lee Lopez Lund Martin Mendes "
    "Miller Mori Nguyen Novak Okafor Olsen Ortiz Park Patel Perez Quist Ramos Reyes Rossi Sato Schmidt Silva Singh Smith "
    "Tanaka Torres Usman Vargas Weber Wong Yilmaz Young Zhang Ziegler"
).split()
STREETS = "Oak Elm Maple Cedar Birch Walnut Chestnut Willow Poplar Linden".split()
TOWNS = (("Dayton", "OH", "45402"), ("Toledo", "OH", "43604"), ("Akron", "OH", "44308"), ("Columbus", "OH", "43215"))
CHILD_LEAVES_AT = 26


@dataclass(frozen=True, slots=True)
class MadePerson:
    """One human. `ssn` is nine digits nobody was ever given; `relationship` as X12 INS02 writes it."""

    given_name: str
    family_name: str
    birth_date: date
    sex: str
    ssn: str
    relationship: str


@dataclass(frozen=True, slots=True)
class MadeFamily:
    """An employee (first) with those covered, in the order subscriber, spouse, children by age.

    `coverage_start` is the later of the plan year's first day and the first of the month after hire; `coverage_end`
    (exclusive) None while employed. `joined` holds, for a child born during the year, its birth date as first day.
    """

    number: int
    member_number: str
    people: tuple[MadePerson, ...]
    hire_date: date
    coverage_start: date
    coverage_end: date | None
    tier: str
    street: str
    city: str
    state: str
    postal_code: str
    option_index: int

    def joined(self, person: MadePerson) -> date:
        """The first day this person is covered."""
        return max(self.coverage_start, person.birth_date)


def _tier(people: list[MadePerson]) -> str:
    spouse = any(person.relationship == SPOUSE for person in people)
    child = any(person.relationship == CHILD for person in people)
    return "FAM" if spouse and child else "ESP" if spouse else "ECH" if child else "EMP"


def _day(random: Random, start: date, days: int) -> date:
    return start + timedelta(days=random.randrange(max(1, days)))


class Population:
    """Families of one employer. `code` is the prefix of its member numbers; `options` how many plan options there are."""

    def __init__(self, *, seed: int, employees: int, code: str, year_start: date, options: int = 1) -> None:
        self.seed, self.employees, self.code, self.year_start, self.options = seed, employees, code, year_start, options

    def __iter__(self) -> Iterator[MadeFamily]:
        for number in range(1, self.employees + 1):
            yield self.family(number)

    def family(self, number: int) -> MadeFamily:
        """The family with this number (1 … employees); made alone, so any part of a population can be made by itself."""
        random = Random(f"{self.seed}/{self.code}/{number}")  # noqa: S311  (a repeatable fiction, not a secret)
        year = self.year_start
        name = random.choice(FAMILY)
        employee = self._person(random, number, 0, SELF, name, _day(random, add_months(year, -12 * 64), 365 * 42))
        people = [employee]
        age = age_on(employee.birth_date, year)
        if random.random() < (0.25 if age < 30 else 0.55):
            other = name if random.random() < 0.7 else random.choice(FAMILY)
            around = employee.birth_date + timedelta(days=random.randrange(-2200, 2200))
            born = min(around, add_months(year, -12 * 21))
            people.append(self._person(random, number, 1, SPOUSE, other, born, partner_of=employee.sex))
        people += self._children(random, number, name, people)
        hired = max(_day(random, add_months(year, -12 * 12), 365 * 12 + 150), add_months(employee.birth_date, 12 * 18))
        first = add_months(hired.replace(day=1), 1)
        leaves = None
        if random.random() < 0.06:
            leaves = add_months(max(first, year), random.randrange(2, 11))
        street, town = f"{random.randrange(10, 990)} {random.choice(STREETS)} St", random.choice(TOWNS)
        return MadeFamily(
            number=number,
            member_number=f"{self.code}{number:07d}",
            people=tuple(people),
            hire_date=hired,
            coverage_start=max(first, year),
            coverage_end=leaves,
            tier=_tier(people),
            street=street,
            city=town[0],
            state=town[1],
            postal_code=town[2],
            option_index=random.randrange(self.options),
        )

    def _children(self, random: Random, number: int, name: str, parents: list[MadePerson]) -> list[MadePerson]:
        """Children young enough to be covered all year, none born to a parent under 20 or over 42, twins now and then."""
        youngest_parent = max(parent.birth_date for parent in parents)
        oldest_parent = min(parent.birth_date for parent in parents)
        year_end = add_months(self.year_start, 12)
        earliest = max(add_months(youngest_parent, 12 * 20), add_months(year_end, -12 * CHILD_LEAVES_AT))
        latest = min(add_months(oldest_parent, 12 * 42), add_months(self.year_start, 9))
        wanted = random.choice((0, 0, 1, 2, 2, 3)) if len(parents) == 2 else random.choice((0, 0, 0, 1, 2))
        days = (latest - earliest).days
        births: list[date] = []
        while days > 0 and len(births) < wanted:
            born = _day(random, earliest, days)
            if all(abs((born - other).days) > 300 for other in births):
                births.append(born)
                if random.random() < 0.02:
                    births.append(born)
            else:
                wanted -= 1
        return [self._person(random, number, 2 + place, CHILD, name, born) for place, born in enumerate(sorted(births))]

    def _person(
        self,
        random: Random,
        number: int,
        place: int,
        relationship: str,
        family_name: str,
        born: date,
        partner_of: str = "",
    ) -> MadePerson:
        sex = random.choice("FM")
        if partner_of and random.random() < 0.93:
            sex = "M" if partner_of == "F" else "F"
        # One word per place keeps names within a family apart: a dependant is found by first name and birth date.
        names = GIVEN[sex]
        given = names[(random.randrange(len(names) // 6) * 6 + place) % len(names)]
        digits = f"9{(self.seed * 7 + sum(map(ord, self.code))) % 100:02d}{(number * 10 + place) % 1_000_000:06d}"
        return MadePerson(given, family_name, born, sex, digits, relationship)
