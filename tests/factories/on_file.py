"""What is on file about a family, night after night, in memory: as the shell would read it back from its tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from claims.core.changes import REDECIDE, REPLACE, REVERSE, VOID, Change, InForce, NightOrder
from claims.core.changing import Changed, change_family
from claims.core.claim import Claim
from claims.core.decision import PEND, ClaimDecision
from claims.core.facts import Balance, ClaimFacts
from claims.core.rules import Rules
from tests.factories import engine

FIRST_NIGHT = date(2026, 4, 1)


@dataclass
class OnFile:
    """One family's claims and decisions. `night` decides what came in; corrections name claims by their number here."""

    rules: Rules
    opening: Sequence[Balance] = ()
    claims: dict[int, ClaimFacts] = field(default_factory=dict)
    decisions: list[ClaimDecision] = field(default_factory=list)
    decided_on: dict[int, int] = field(default_factory=dict)
    corrected: dict[int, int] = field(default_factory=dict)
    nights: int = 0

    def night(
        self,
        *new: ClaimFacts,
        replaces: dict[int, int] | None = None,
        voids: dict[int, int] | None = None,
        redecides: Iterable[int] = (),
        reverses: Iterable[int] = (),
    ) -> Changed:
        """Decide `new` claims. replaces, voids: {claim of tonight: claim it corrects}. redecides, reverses: orders."""
        self.nights += 1
        replaces, voids, redecides, reverses = replaces or {}, voids or {}, list(redecides), list(reverses)
        self.claims |= {each.submission_id: each for each in new}
        changes = [self._by_provider(VOID, asks, about) for asks, about in voids.items()]
        changes += [self._by_provider(REPLACE, asks, about) for asks, about in replaces.items()]
        for asks, about in replaces.items():
            self.claims[asks].corrects = f"C{about}"
        for kind, asked in ((REDECIDE, redecides), (REVERSE, reverses)):
            for about in asked:
                changes.append(self._change(kind, "audit", about, None))
        closed = {each for change in changes for each in change.closes}
        changes = [change for change in changes if change.successor_id not in closed]
        again = [self.claims[about] for about in (*redecides, *reverses)]
        result = change_family(
            engine.family(*new, *again, balances=self.balances(), history=self._history(), changes=changes), self.rules
        )
        for decision in result.decisions:
            if decision.outcome != PEND:
                self.decisions.append(decision)
                self.decided_on[id(decision)] = self.nights
        return result

    def balances(self) -> list[Balance]:
        """The openings and every posting since."""
        posted = [
            Balance(
                accumulator=each.accumulator,
                person_id=each.person_id,
                family_id=each.family_id,
                period_start=each.period_start,
                amount=each.amount,
            )
            for decision in self.decisions
            for each in decision.entries
        ]
        return [*self.opening, *posted]

    def totals(self) -> dict[tuple[str, int], int]:
        """What stands on each accumulator of each person; nothing is left out of it."""
        found: dict[tuple[str, int], int] = {}
        for each in self.balances():
            at = each.accumulator, each.person_id
            found[at] = found.get(at, 0) + each.amount
        return {at: amount for at, amount in sorted(found.items()) if amount}

    def in_force(self, claim: int) -> InForce | None:
        """The decision that stands on a claim."""
        mine = [each for each in self.decisions if each.submission_id == claim]
        if not mine or mine[-1].reverses_id is not None:
            return None
        night = NightOrder(date.fromordinal(FIRST_NIGHT.toordinal() + self.decided_on[id(mine[-1])]), 1)
        return InForce(
            version_id=1000 * claim + mine[-1].version, version=mine[-1].version, night=night, decision=mine[-1]
        )

    def alive(self) -> list[ClaimDecision]:
        """Every decision in force."""
        return [standing.decision for claim in self.claims if (standing := self.in_force(claim)) is not None]

    def _by_provider(self, kind: str, asks: int, about: int) -> Change:
        assert about not in self.corrected, f"claim {about} is corrected already"
        self.corrected[about] = asks
        return self._change(kind, "replacement" if kind == REPLACE else "void", about, asks)

    def _change(self, kind: str, cause: str, about: int, asks: int | None) -> Change:
        chain = [about] if asks is None else list(self._line_of(asks))
        standing = next((found for each in chain if (found := self.in_force(each)) is not None), None)
        undecided = [each for each in chain if not any(d.submission_id == each for d in self.decisions)]
        return Change(
            change_id=asks or 10_000 + about,
            kind=kind,
            cause=cause,
            submission_id=about,
            successor_id=asks,
            in_force=standing,
            closes=tuple(undecided),
            fulfils=tuple(each for each in undecided if each in self.corrected.values()),
        )

    def _line_of(self, claim: int) -> Iterable[int]:
        """The claims a correction stands for, the nearest first."""
        behind = {later: earlier for earlier, later in self.corrected.items()}
        while claim in behind:
            claim = behind[claim]
            yield claim

    def _history(self) -> list:
        return [
            line
            for decision in self.alive()
            for line in engine.history_lines(decision, self.claims[decision.submission_id])
        ]


def arrives(
    number: int, billed: int, allowed: int, day: date, *, code: str = "ANY", who: int = engine.ALMA, **more
) -> ClaimFacts:
    """A claim of one line that came in as the `number`-th."""
    frequency = more.pop("frequency", "1")
    content: Claim = engine.claim(engine.line(1, code, billed, allowed, day=day), frequency=frequency, **more)
    return engine.facts(content, seq=number, who=who)
