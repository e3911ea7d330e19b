"""Corrections on trial: a claim that replaces (7) or voids (8) another of the same trial takes its decision back.

All other claims are decided first, together; then each correction in the order of the file, in a sitting of its own that
finds on file what the ones before left, as a night would (`claims.core.changing`). A claim that corrects one the trial does
not have waits (ADJ-01), as ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from claims.core.adjudication import adjudicate_family
from claims.core.care_values import CareOnFile
from claims.core.changes import REPLACE, REPLACEMENT, VOID, VOIDED, Change, InForce, NightOrder
from claims.core.changing import change_family
from claims.core.claim import REPLACEMENT as REPLACES
from claims.core.claim import VOID as VOIDS
from claims.core.decision import PEND, ClaimDecision
from claims.core.facts import Balance, ClaimFacts, FamilyFacts, HistoryLine
from claims.core.replay import NO_CARE, balances_of, history_of
from claims.core.rules import Rules
from claims.core.trial import BadTrial

FIRST_NIGHT = date(2000, 1, 1)
VERSIONS_A_CLAIM = 1_000


def decide_trial(unit: FamilyFacts, rules: Rules) -> list[ClaimDecision]:
    """Every decision on the unit's claims in the order made, each reversal before what follows it. Raises BadTrial."""
    corrections = _corrections(unit)
    if not corrections:
        return adjudicate_family(unit, rules)
    return _OnFile(unit, rules, corrections).decided()


def _corrections(unit: FamilyFacts) -> dict[int, ClaimFacts]:
    """By submission id of the correction, the claim of the trial it names."""
    by_number = {each.claim_number: each for each in unit.claims}
    found: dict[int, ClaimFacts] = {}
    corrected: dict[int, str] = {}
    for each in sorted(unit.claims, key=lambda claim: claim.intake_seq):
        about = by_number.get(each.claim.original_reference)
        if each.claim.frequency not in (REPLACES, VOIDS) or about is None:
            continue
        if about.intake_seq >= each.intake_seq:
            raise BadTrial(
                f"Claim {each.claim_number} corrects {about.claim_number}, which comes after it. Turn them round."
            )
        if about.submission_id in corrected or about.claim.frequency == VOIDS:
            told = corrected.get(about.submission_id, "itself")
            raise BadTrial(
                f"Claim {each.claim_number} corrects {about.claim_number}, which is taken back by {told}. "
                "Name the newest claim of its line."
            )
        if about.claim.billing.npi != each.claim.billing.npi or about.person_id != each.person_id:
            raise BadTrial(
                f"Claim {each.claim_number} corrects {about.claim_number}, which is of another provider or person."
            )
        found[each.submission_id] = about
        corrected[about.submission_id] = each.claim_number
    return found


@dataclass
class _OnFile:
    """One unit's claims and what was decided so far, as the next sitting finds it."""

    unit: FamilyFacts
    rules: Rules
    corrections: dict[int, ClaimFacts]
    made: list[ClaimDecision] = field(default_factory=list)
    standing: dict[int, InForce] = field(default_factory=dict)
    claims: dict[int, ClaimFacts] = field(default_factory=dict)
    sittings: int = 0

    def decided(self) -> list[ClaimDecision]:
        """Everything, one sitting after the other."""
        firsts = [each for each in self.unit.claims if each.submission_id not in self.corrections]
        self._remember(firsts, adjudicate_family(replace(self.unit, claims=firsts), self.rules))
        for claim in sorted(self.unit.claims, key=lambda each: each.intake_seq):
            if claim.submission_id in self.corrections:
                self._correct(claim)
        return self.made

    def _correct(self, claim: ClaimFacts) -> None:
        line = self._line_of(claim)
        is_void = claim.claim.frequency == VOIDS
        if not is_void:
            received = min(each.received_date for each in (claim, *line))
            claim = replace(claim, corrects=line[0].claim_number, received_date=received)
        undecided = [each.submission_id for each in line if each.submission_id not in self.standing]
        change = Change(
            change_id=claim.submission_id,
            kind=VOID if is_void else REPLACE,
            cause=VOIDED if is_void else REPLACEMENT,
            submission_id=line[0].submission_id,
            successor_id=claim.submission_id,
            in_force=next(
                (self.standing[each.submission_id] for each in line if each.submission_id in self.standing), None
            ),
            closes=tuple(undecided),
            fulfils=tuple(each for each in undecided if each in self.corrections),
        )
        unit = replace(
            self.unit,
            claims=[claim],
            changes=[change],
            balances=[*self.unit.balances, *self._balances()],
            history=[*self.unit.history, *self._history()],
            care=self._care(),
        )
        self._remember([claim], change_family(unit, self.rules).decisions)

    def _line_of(self, claim: ClaimFacts) -> list[ClaimFacts]:
        """The claims a correction stands for, the nearest first."""
        found = []
        about = self.corrections.get(claim.submission_id)
        while about is not None:
            found.append(about)
            about = self.corrections.get(about.submission_id)
        return found

    def _remember(self, claims: Sequence[ClaimFacts], decisions: Sequence[ClaimDecision]) -> None:
        self.claims |= {each.submission_id: each for each in claims}
        night = NightOrder(FIRST_NIGHT + timedelta(days=self.sittings), 1)
        self.sittings += 1
        for each in decisions:
            self.made.append(each)
            if each.reverses_id is not None:
                del self.standing[each.submission_id]
            elif each.outcome != PEND:
                key = VERSIONS_A_CLAIM * each.submission_id + each.version
                self.standing[each.submission_id] = InForce(
                    version_id=key, version=each.version, night=night, decision=each
                )

    def _balances(self) -> list[Balance]:
        return [balance for each in self.made if each.outcome != PEND for balance in balances_of(each)]

    def _history(self) -> list[HistoryLine]:
        return [
            line
            for claim_id, each in self.standing.items()
            if not self.claims[claim_id].claim.predetermination
            for line in history_of(self.claims[claim_id], each.decision)
        ]

    def _care(self) -> CareOnFile | None:
        added = [each.decision.care for each in self.standing.values() if each.decision.care is not None]
        uses = [use for care in added for use in care.uses]
        treatments = [treatment for care in added for treatment in care.treatments]
        if not (uses or treatments):
            return self.unit.care
        before = self.unit.care or NO_CARE
        return replace(before, uses=[*before.uses, *uses], treatments=[*before.treatments, *treatments])
