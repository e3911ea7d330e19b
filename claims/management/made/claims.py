"""Who went where, and what was billed: made-up visits for made-up families, the same for the same seed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from benefits.management.population import MadeFamily, MadePerson
from claims.management.made.providers import MadeProvider
from claims.management.made.services import EPISODES, ROOM_PER_DAY, SEVERE, Episode, Service


@dataclass(frozen=True, slots=True)
class MadeLine:
    """One billed line. `day`: the day of service."""

    code: str
    modifier: str
    revenue: str
    charge: int
    units: int
    day: date
    tooth: str = ""


@dataclass(frozen=True, slots=True)
class MadeClaim:
    """One visit as the provider bills it. `flaw` names what is deliberately wrong or special with it ("" mostly).

    frequency: 7 replaces and 8 voids the claim whose number at the plan is `original`.
    """

    number: str
    family: MadeFamily
    patient: MadePerson
    group_number: str
    provider: MadeProvider
    episode: Episode
    diagnoses: tuple[str, ...]
    start: date
    end: date
    lines: tuple[MadeLine, ...]
    flaw: str = ""
    frequency: str = "1"
    original: str = ""

    @property
    def charge(self) -> int:
        """Cents billed."""
        return sum(line.charge for line in self.lines)


@dataclass(frozen=True, slots=True)
class Flaws:
    """How many claims in 10,000 are special. `clean` files have none. coordinated: another plan has paid first."""

    unknown_member: int = 0
    unknown_group: int = 0
    unbalanced: int = 0
    duplicate: int = 0
    accident: int = 0
    unmapped: int = 0
    severe: int = 0
    coordinated: int = 0

    @property
    def rows(self) -> list[tuple[str, int]]:
        """(flaw, claims in 10,000) in a fixed order."""
        names = (
            "unknown_member",
            "unknown_group",
            "unbalanced",
            "duplicate",
            "accident",
            "unmapped",
            "severe",
            "coordinated",
        )
        return [(name, getattr(self, name)) for name in names]


CLEAN = Flaws()
MIXED = Flaws(coordinated=500)
"""Of the mix that speed is measured on: one claim in twenty comes after another plan."""
MIXED_KINDS = {"I": 10, "D": 10}
"""The same: in a hundred claims ten of hospitals and ten of dentists."""
LIFELIKE = Flaws(
    unknown_member=20,
    unknown_group=10,
    unbalanced=15,
    duplicate=60,
    accident=25,
    unmapped=30,
    severe=4,
    coordinated=500,
)


class Visits:
    """Claims of one employer's families in a span of days.

    families: those who may go; covers: the lines of coverage the employer offers.
    start, end: days of service, half-open. kinds: of a hundred claims, how many are of these kinds (P, I, D); those not
    named share what is left as their episodes weigh. None: every kind as its episodes weigh.
    """

    def __init__(
        self,
        *,
        seed: int,
        code: str,
        group_number: str,
        families: Sequence[MadeFamily],
        providers: Sequence[MadeProvider],
        covers: frozenset[str],
        start: date,
        end: date,
        flaws: Flaws = CLEAN,
        kinds: Mapping[str, int] | None = None,
    ) -> None:
        self.seed, self.code, self.group_number, self.flaws = seed, code, group_number, flaws
        self.families, self.start, self.days = families, start, (end - start).days
        self.by_specialty: dict[str, list[MadeProvider]] = {}
        for provider in providers:
            self.by_specialty.setdefault(provider.specialty, []).append(provider)
        self.episodes = [episode for episode in EPISODES if episode.cover in covers]
        self.weights = _weights(self.episodes, kinds or {})

    def claims(self, count: int, *, first: int = 0) -> Iterator[MadeClaim]:
        """`count` claims; the claim with ordinal n is the same however many are asked for."""
        before: MadeClaim | None = None
        for ordinal in range(first, first + count):
            claim = self.claim(ordinal, before)
            yield claim
            before = claim

    def claim(self, ordinal: int, before: MadeClaim | None = None) -> MadeClaim:
        """The claim with this ordinal. `before`: what a duplicate repeats."""
        random = Random(f"{self.seed}/{self.code}/{ordinal}")  # noqa: S311  (a repeatable fiction, not a secret)
        flaw, draw = "", random.randrange(10_000)
        for name, share in self.flaws.rows:
            if draw < share:
                flaw = name
                break
            draw -= share
        number = f"{self.code}{ordinal:08d}"
        if flaw == "duplicate" and before is not None and not before.flaw:
            return replace(before, number=number, flaw=flaw)
        episode = SEVERE if flaw == "severe" else random.choices(self.episodes, self.weights)[0]
        family = random.choice(self.families)
        day = self.start + timedelta(days=random.randrange(self.days))
        if family.coverage_start < self.start + timedelta(days=self.days):
            day = max(day, family.coverage_start)
        present = [person for person in family.people if person.birth_date <= day] or [family.people[0]]
        patient = random.choice(present)
        length = random.randint(*episode.days) if episode.days != (1, 1) else 0
        length = min(length, (self.start - day).days + self.days)  # a stay is billed when it is over
        provider = random.choice(self.by_specialty[episode.provider])
        extra = random.sample(episode.sometimes, min(random.randint(0, episode.extra + 2), episode.extra))
        lines = tuple(self._line(random, service, day, length, flaw) for service in (*episode.always, *extra))
        diagnoses = (random.choice(episode.diagnoses),) if episode.diagnoses else ()
        end = day + timedelta(days=max(1, length))
        return MadeClaim(
            number, family, patient, self.group_number, provider, episode, diagnoses, day, end, lines, flaw
        )

    @staticmethod
    def _line(random: Random, service: Service, day: date, length: int, flaw: str) -> MadeLine:
        units = random.randint(*service.units)
        fee = service.fee
        if service.revenue in ROOM_PER_DAY:
            units, fee = length, ROOM_PER_DAY[service.revenue]
        charge = fee * units * random.randint(130, 220) // 100
        tooth = str(random.randint(1, 32)) if service.code in ("D0033", "D0074") else ""
        code = service.code
        if flaw == "unmapped" and code:
            code = "D0099" if code.startswith("D0") else "G9999"
        return MadeLine(code, service.modifier, service.revenue, charge, units, day, tooth)


def _weights(episodes: Sequence[Episode], kinds: Mapping[str, int]) -> list[float]:
    """How often each episode happens, those of a kind scaled to its share in a hundred."""
    if not kinds:
        return [episode.weight for episode in episodes]
    named = [episode.kind if episode.kind in kinds else "" for episode in episodes]
    share = {**kinds, "": 100 - sum(kinds.values())}
    weighed = {kind: sum(each.weight for each, of in zip(episodes, named, strict=True) if of == kind) for kind in named}
    return [each.weight * share[kind] / weighed[kind] for each, kind in zip(episodes, named, strict=True)]
