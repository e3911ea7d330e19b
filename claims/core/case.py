"""A claim on the desk: what the rules know and have found so far. Lives while one claim is decided and no longer."""

from dataclasses import dataclass
from datetime import date

from benefits.core.coverage import CoverageSpan, PersonFacts
from benefits.core.plan_design import AuthorizationRule, NetworkTier
from benefits.core.plan_design_compiled import Terms
from benefits.core.plan_design_conditions import LineTraits
from claims.core.accumulators import Ledger
from claims.core.care_books import Care
from claims.core.care_values import Authorization, CareEntries
from claims.core.claim import INTERIM_CONTINUING, INTERIM_FIRST, Claim, ServiceLine
from claims.core.coordination_figures import Figures
from claims.core.coordination_side import Insurance
from claims.core.decision import AccumulatorEntry, EditFinding, InterestTerm, PendReason, ProtectedLine
from claims.core.facts import WHOLE_CLAIM, ClaimFacts, HistoryLine
from claims.core.history import History
from claims.core.reasons import PENDS, denial_group, denial_rank
from claims.core.rules import DesignInForce, Rules

COVERED, DESIGNED, PLACED, MAPPED, PRICED = 1, 2, 3, 4, 5


@dataclass(slots=True, frozen=True)
class Denial:
    """One reason to refuse a line in full."""

    group: str
    carc: str
    rarcs: tuple[str, ...] = ()


@dataclass(slots=True)
class Penalty:
    """A rule on authorisation that was not kept, the reason it is told with, and the cents it has cost the line."""

    rule: AuthorizationRule
    carc: str
    cents: int = 0


class LineCase:
    """One service line on the desk. `day` chooses plan, price and period: a stay's admission, else the service.

    `reached` says what is known: COVERED `span`, DESIGNED `design`, PLACED `tier` and `network` (`traits` once
    categories were looked for), MAPPED `category` and `terms`, PRICED `allowed`. Reading more than was reached is an
    AttributeError. `protection`: why surprise-bill law has it shared as in network; "" for nearly all lines.
    """

    __slots__ = (
        "adjustments",
        "allowed",
        "authorized",
        "beyond_limit",
        "billed",
        "category",
        "ceiling",
        "code",
        "coinsurance",
        "copay",
        "cut_thousandths",
        "day",
        "deductible",
        "denials",
        "design",
        "eligible",
        "last_day",
        "line",
        "modifiers",
        "network",
        "number",
        "paid",
        "penalty",
        "protection",
        "provider_npi",
        "rarcs",
        "reached",
        "rendering_npi",
        "span",
        "terms",
        "tier",
        "tooth",
        "trace",
        "traits",
        "units_covered",
        "waits",
    )

    def __init__(self, line: ServiceLine, day: date, last_day: date, rendering_npi: str, billing_npi: str) -> None:
        self.line = line
        self.number = line.number
        self.code = line.code
        self.billed = line.charge_cents
        self.modifiers = ":".join(line.modifiers) if line.modifiers else ""
        self.tooth = line.place_in_mouth if line.tooth or line.cavity else ""
        self.day = day
        self.last_day = last_day
        self.rendering_npi = rendering_npi
        self.provider_npi = rendering_npi or billing_npi
        self.reached = 0
        self.span: CoverageSpan
        self.design: DesignInForce
        self.tier: NetworkTier
        self.traits: LineTraits
        self.terms: Terms
        self.network = self.category = self.protection = ""
        self.allowed = self.ceiling = 0
        self.eligible = 0
        self.beyond_limit = 0
        self.deductible = self.copay = self.coinsurance = self.paid = 0
        self.penalty: Penalty | None = None
        self.authorized: tuple[Authorization, AuthorizationRule] | None = None
        self.units_covered: int | None = None
        self.cut_thousandths = 0
        self.denials: list[Denial] = []
        self.waits = False
        self.adjustments: dict[tuple[str, str], int] = {}
        self.rarcs: dict[tuple[str, str], tuple[str, ...]] = {}
        self.trace: list[str] = []

    def deny(self, group: str, carc: str, rarcs: tuple[str, ...] = ()) -> None:
        """Refuse the line; later rules still add their reasons, and the strongest takes the money."""
        self.denials.append(Denial(group, carc, rarcs))
        self.trace.append(f"X:{group},{carc}")

    def adjust(self, group: str, carc: str, cents: int) -> None:
        """Account for `cents` of the charge that are not paid."""
        if cents:
            at = (group, carc)
            self.adjustments[at] = self.adjustments.get(at, 0) + cents

    @property
    def units(self) -> int:
        """Thousandths of units that may be paid: those billed, less what a unit limit refused."""
        return self.line.units_thousandths - self.cut_thousandths

    @property
    def is_open(self) -> bool:
        """Nobody has refused the line and nothing keeps it from being worked out."""
        return not self.denials and not self.waits

    @property
    def first_denial(self) -> Denial:
        """The denial that takes the money, of a line that has one."""
        return min(self.denials, key=lambda denial: denial_rank(denial.carc))


class Case:
    """One claim on the desk, with its family's running balances and history.

    other: what is on file of other coverage. prior: what plans before us did, once that is known to be usable.
    """

    __slots__ = (
        "_care_entries",
        "accident",
        "care",
        "claim",
        "entries",
        "facts",
        "findings",
        "guarded",
        "history",
        "interest",
        "is_stay",
        "ledger",
        "line_of_coverage",
        "lines",
        "other",
        "pends",
        "person",
        "prior",
        "protected",
        "refused",
        "released",
        "rules",
        "spans",
        "stay_days",
        "stay_start",
        "trace",
    )

    def __init__(
        self,
        facts: ClaimFacts,
        rules: Rules,
        ledger: Ledger,
        history: History,
        person: PersonFacts,
        spans: tuple[CoverageSpan, ...],
        other: Insurance | None = None,
        care: Care | None = None,
    ) -> None:
        claim = facts.claim
        self.facts = facts
        self.claim: Claim = claim
        self.rules = rules
        self.ledger = ledger
        self.history = history
        self.person = person
        self.spans = spans
        self.other = other
        self.prior: Figures | None = None
        self.care = care or Care(None)
        self._care_entries: CareEntries | None = None
        self.is_stay = claim.is_stay
        self.accident = any(cause in ("AA", "OA") for cause in claim.related_causes)
        self.line_of_coverage = ""
        self.guarded = False
        self.protected: list[ProtectedLine] = []
        self.interest: tuple[InterestTerm, ...] = ()
        self.pends: list[PendReason] = []
        self.entries: list[AccumulatorEntry] = []
        self.findings: list[EditFinding] = []
        self.trace: list[str] = []
        self.released = {(each.code, each.line_number) for each in facts.rulings if not each.carc}
        self.refused = {(each.code, each.line_number): each.carc for each in facts.rulings if each.carc}
        self.stay_start = (claim.admission_date or claim.statement_start) if self.is_stay else None
        self.stay_days = _stay_days(claim) if self.is_stay else 1
        self.lines = self._line_cases()

    def _line_cases(self) -> list[LineCase]:
        """Lines in the order they are decided: by day, then line number."""
        claim = self.claim
        stay_day = self.stay_start
        rendering = claim.rendering.npi if claim.rendering is not None else ""
        billing = claim.billing.npi
        cases = []
        for line in claim.lines:
            start = line.service_start or claim.statement_start or stay_day
            day = stay_day or start
            if day is None:
                day = self.facts.received_date
            last = _last_day(claim.statement_end if self.is_stay else line.service_end, start or day)
            case = LineCase(line, day, last, line.rendering_npi or rendering, billing)
            if stay_day is None and start is None and not claim.predetermination:
                case.deny("CO", "16", ("M52",))
            cases.append(case)
        if len(cases) > 1:
            cases.sort(key=lambda case: (case.day, case.number))
        return cases

    @property
    def all_denied(self) -> bool:
        """Whether every line is refused."""
        return all(line.denials for line in self.lines)

    def deny_all(self, group: str, carc: str, rarcs: tuple[str, ...] = ()) -> None:
        """Refuse every line."""
        for line in self.lines:
            line.deny(group, carc, rarcs)

    def pend(self, code: str, line: LineCase | None = None, **facts: int | str) -> bool:
        """Have the claim wait for `code`, unless an examiner has already answered it. Whether it waits or is refused.

        A reason that names a line keeps that line from being worked out further.
        """
        number = WHOLE_CLAIM if line is None else line.number
        carc = self.refused.get((code, number))
        if carc is not None:
            for each in self.lines if line is None else (line,):
                each.deny(denial_group(carc), carc)
            return True
        if PENDS[code].released_by_word and (code, number) in self.released:
            self.trace.append(f"R:{code},{number}")
            return False
        if line is not None:
            line.waits = True
        if not any(each.code == code and each.line_number == number for each in self.pends):
            self.pends.append(PendReason(code, number, facts))
        return True

    def post(self, key: str, period: date, amount: int, line: LineCase, unit: str) -> None:
        """Count `amount` on an accumulator for the patient and the family of the line's coverage."""
        person_id, family_id = self.person.person_id, line.span.family_id
        self.entries.append(AccumulatorEntry(key, person_id, family_id, period, amount, line.number, unit))
        self.ledger.post(key, period, person_id, family_id, amount)

    @property
    def care_entries(self) -> CareEntries:
        """What this claim adds to authorisations and treatments, to be added to."""
        if self._care_entries is None:
            self._care_entries = CareEntries()
        return self._care_entries

    @property
    def care_added(self) -> CareEntries | None:
        """The same, None when there is nothing."""
        return self._care_entries

    def forget_care(self, lines: frozenset[int] | None = None) -> None:
        """Take back what was added for these lines, or for all."""
        added = self._care_entries
        if added is None:
            return
        gone = frozenset(line.number for line in self.lines) if lines is None else lines
        self.care.take_back(added.of_lines(gone))
        self._care_entries = added.without_lines(gone)

    def history_lines(self, state: str) -> list[HistoryLine]:
        """What later claims will compare themselves with."""
        facts, claim = self.facts, self.claim
        return [
            HistoryLine(
                submission_id=facts.submission_id,
                intake_seq=facts.intake_seq,
                person_id=facts.person_id,
                service_date=line.day,
                code=line.code,
                revenue=line.line.revenue,
                modifiers=line.modifiers,
                units_thousandths=line.line.units_thousandths,
                charge_cents=line.billed,
                provider_npi=line.provider_npi,
                billing_tin=claim.billing.tin,
                state="refused" if line.denials else state,
                category=line.category,
                eligible_cents=line.eligible,
                copay_cents=line.copay,
                tooth=line.tooth,
                stay_start=self.stay_start,
                kind=claim.kind,
                billing_npi=claim.billing.npi,
            )
            for line in self.lines
        ]


def first_service_date(facts: ClaimFacts) -> date:
    """The day that orders a claim among its family's; the day it was received when it names none."""
    try:
        return facts.claim.first_service_date
    except ValueError:
        return facts.received_date


def _last_day(end: date | None, start: date) -> date:
    """The inclusive last day of a service that ends (exclusively) on `end`."""
    return date.fromordinal(end.toordinal() - 1) if end is not None and end > start else start


def _stay_days(claim: Claim) -> int:
    """Days of a stay: the day of admission counts, the day of discharge does not, and there is at least one.

    `statement_end` is exclusive, so the day before it is the discharge, unless the bill says the patient stays on.
    """
    start, end = claim.admission_date or claim.statement_start, claim.statement_end
    if start is None or end is None:
        return 1
    discharged = claim.frequency not in (INTERIM_FIRST, INTERIM_CONTINUING)
    return max(1, (end - start).days - discharged)
