"""Which of two plans pays first: the rules in order, the first that decides counts.

After the NAIC coordination model (#120) and the Medicare Secondary Payer law (42 U.S.C. 1395y(b), 42 CFR 411). Facts
nobody told are asked for by name. Rules, names and cases: docs/domain/coordination.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from aso_portal.kernel.periods import add_months, age_on
from benefits.core.other_coverage import (
    ACTIVE,
    AGE,
    APART,
    BOTH,
    COBRA,
    DEPENDANT,
    DISABILITY,
    ESRD,
    GROUP,
    MEDICAID,
    MEDICARE,
    ONE_HOUSEHOLD,
    OURS,
    PARENT,
    SPOUSE,
    STEPPARENT,
    SUBSCRIBER,
    THEIRS,
    TOGETHER,
    TRICARE,
    UNKNOWN_KIND,
    OtherPlan,
)

EQUAL, UNKNOWN = "equal", "unknown"
MEDICARE_AGE = 65
WORKING_AGED_EMPLOYEES, DISABILITY_EMPLOYEES = 20, 100
"""42 U.S.C. 1395y(b)(1)(A)(ii) and (B)(iii)."""
ESRD_MONTHS = 30
"""42 U.S.C. 1395y(b)(1)(C)."""


class Verdict(NamedTuple):
    """first: OURS, THEIRS, EQUAL or UNKNOWN. rule: what decided; of UNKNOWN the fact that is missing."""

    first: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OurPlan:
    """Our plan's side for one patient on one day.

    holder: what the subscriber is to the patient, "" for himself. working: whether the subscriber is at work, None when
    nothing is on file. since, holder_since: first day of unbroken cover of the patient and of the subscriber.
    """

    role: str
    holder: str = ""
    holder_birthday: tuple[int, int] | None = None
    working: bool | None = None
    employees: int | None = None
    since: date
    holder_since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Whose plans they are. ours_on: our side on a day. medicare: his Medicare in force, one entry a reason."""

    birth_date: date
    day: date
    ours_on: Callable[[date], OurPlan]
    medicare: Sequence[OtherPlan] = ()


def order_of(patient: Patient, plans: Sequence[OtherPlan]) -> list[Verdict]:
    """For each other plan in force whether it or ours pays first; Medicare counts once, whatever the reasons."""
    ours = patient.ours_on(patient.day)
    verdicts = [_between(patient, ours, plan) for plan in plans if plan.kind != MEDICARE]
    if patient.medicare:
        verdicts.append(medicare_or_ours(patient))
    return verdicts


def _between(patient: Patient, ours: OurPlan, theirs: OtherPlan) -> Verdict:
    for rule in _RULES:
        verdict = rule(patient, ours, theirs)
        if verdict is not None:
            return verdict
    return Verdict(EQUAL, "equal_shares")


def _first(is_ours: bool, rule: str) -> Verdict:
    return Verdict(OURS if is_ours else THEIRS, rule)


def _government(patient: Patient, ours: OurPlan, theirs: OtherPlan) -> Verdict | None:
    if theirs.kind == UNKNOWN_KIND:
        return Verdict(UNKNOWN, "their_kind")
    if theirs.kind in (MEDICAID, TRICARE):
        return Verdict(OURS, f"{theirs.kind}_last")
    return None


def _no_provision(patient: Patient, ours: OurPlan, theirs: OtherPlan) -> Verdict | None:
    return None if theirs.coordinates else Verdict(THEIRS, "no_coordination_provision")


def _own_before_dependant(patient: Patient, ours: OurPlan, theirs: OtherPlan) -> Verdict | None:
    if not theirs.role:
        return Verdict(UNKNOWN, "their_role")
    if ours.role == theirs.role:
        return None
    return _medicare_between(patient, ours, theirs) or _first(ours.role == SUBSCRIBER, "own_before_dependant")


def _medicare_between(patient: Patient, ours: OurPlan, theirs: OtherPlan) -> Verdict | None:
    """Medicare pays after the plan of the working spouse and before the patient's own plan: so that plan comes first."""
    if not patient.medicare:
        return None
    mine, other = medicare_or_ours(patient), _medicare_or_theirs(patient, theirs)
    for verdict in (mine, other):
        if verdict.first == UNKNOWN:
            return verdict
    after_ours, after_theirs = mine.first == OURS, other.first == THEIRS
    if after_ours and not after_theirs and ours.role == DEPENDANT:
        return Verdict(OURS, "medicare_between")
    if after_theirs and not after_ours and theirs.role == DEPENDANT:
        return Verdict(THEIRS, "medicare_between")
    return None


def _medicare_or_theirs(patient: Patient, theirs: OtherPlan) -> Verdict:
    """Whether Medicare (OURS here) or the other group plan pays first of these two."""
    if any(each.medicare_reason == ESRD for each in patient.medicare):
        return _swapped(medicare_or_ours(patient))
    if theirs.kind != GROUP:
        return Verdict(OURS, "medicare_before_individual")
    if not theirs.basis:
        return Verdict(UNKNOWN, "their_basis")
    if theirs.basis != ACTIVE:
        return Verdict(OURS, "medicare_not_working")
    if theirs.employees is None:
        return Verdict(UNKNOWN, "their_employer_size")
    elderly = age_on(patient.birth_date, patient.day) >= MEDICARE_AGE
    if elderly and theirs.role == DEPENDANT and theirs.holder not in ("", SPOUSE):
        return Verdict(OURS, "medicare_not_working")
    least = WORKING_AGED_EMPLOYEES if elderly else DISABILITY_EMPLOYEES
    return Verdict(THEIRS, "medicare_last") if theirs.employees >= least else Verdict(OURS, "medicare_small_employer")


def _swapped(verdict: Verdict) -> Verdict:
    """The same order told of the other plan: what holds for ours holds for it."""
    return Verdict({OURS: THEIRS, THEIRS: OURS}.get(verdict.first, verdict.first), verdict.rule)


def _child(patient: Patient, ours: OurPlan, theirs: OtherPlan) -> Verdict | None:
    """Both plans cover the patient as a dependant: of his parents, or of a spouse and a parent."""
    if ours.role != DEPENDANT:
        return None
    if not theirs.holder:
        return Verdict(UNKNOWN, "their_holder")
    parents = (PARENT, STEPPARENT)
    if SPOUSE in (ours.holder, theirs.holder) and (ours.holder in parents or theirs.holder in parents):
        return _longer(patient, ours, theirs) or _birthday(ours, theirs)
    if ours.holder not in parents or theirs.holder not in parents:
        return None
    known = theirs.decree_known_on is not None and theirs.decree_known_on <= patient.day
    if known and theirs.decree in (OURS, THEIRS):
        return Verdict(theirs.decree, "court_decree")
    if (known and theirs.decree == BOTH) or theirs.parents == TOGETHER:
        return _birthday(ours, theirs)
    if theirs.parents != APART:
        return Verdict(UNKNOWN, "parents")
    if not theirs.custody:
        return Verdict(UNKNOWN, "custody")
    mine, other = _custody_rank(theirs.custody, OURS, ours.holder), _custody_rank(theirs.custody, THEIRS, theirs.holder)
    return None if mine == other else _first(mine < other, "custody")


def _custody_rank(custody: str, side: str, holder: str) -> int:
    """Custodial parent, his spouse, the other parent, his spouse."""
    return (0 if custody in (side, ONE_HOUSEHOLD) else 2) + (holder == STEPPARENT)


def _birthday(ours: OurPlan, theirs: OtherPlan) -> Verdict | None:
    """The earlier birthday in the year; on the same day the plan that has covered its parent longer."""
    if theirs.holder_birthday is None or ours.holder_birthday is None:
        return Verdict(UNKNOWN, "holder_birthday")
    if ours.holder_birthday != theirs.holder_birthday:
        return _first(ours.holder_birthday < theirs.holder_birthday, "birthday")
    if theirs.since is None or ours.holder_since is None:
        return Verdict(UNKNOWN, "covered_since")
    if ours.holder_since != theirs.since:
        return _first(ours.holder_since < theirs.since, "longer_cover_of_parent")
    return None


def _at_work(patient: Patient, ours: OurPlan, theirs: OtherPlan) -> Verdict | None:
    """Somebody at work before somebody retired or continued. Whether ours is one or the other is not on file."""
    if theirs.kind != GROUP:
        return None
    if not theirs.basis:
        return Verdict(UNKNOWN, "their_basis")
    if ours.working is None:
        return Verdict(UNKNOWN, "our_employment")
    if ours.working:
        if theirs.basis == ACTIVE:
            return None
        return Verdict(OURS, "continuation_last" if theirs.basis == COBRA else "active_before_inactive")
    if theirs.basis == ACTIVE:
        return Verdict(THEIRS, "active_before_inactive")
    return Verdict(UNKNOWN, "our_basis")


def _longer(patient: Patient, ours: OurPlan, theirs: OtherPlan) -> Verdict | None:
    since = theirs.since or theirs.start
    return None if ours.since == since else _first(ours.since < since, "longer_cover")


_RULES: tuple[Callable[[Patient, OurPlan, OtherPlan], Verdict | None], ...] = (
    _government,
    _no_provision,
    _own_before_dependant,
    _child,
    _at_work,
    _longer,
)


def medicare_or_ours(patient: Patient) -> Verdict:
    """Whether our plan or the patient's Medicare pays first."""
    reasons = {each.medicare_reason: each for each in patient.medicare}
    if "" in reasons:
        return Verdict(UNKNOWN, "medicare_reason")
    if ESRD in reasons:
        return _kidney(patient, reasons)
    return _by_employment(patient, DISABILITY if DISABILITY in reasons else AGE, patient.day)


def _kidney(patient: Patient, reasons: dict[str, OtherPlan]) -> Verdict:
    """ESRD decides alone, unless Medicare was properly first for another reason when it began."""
    since = reasons[ESRD].esrd_since
    if since is None:
        return Verdict(UNKNOWN, "esrd_since")
    begin = since.replace(day=1)
    for reason, plan in reasons.items():
        if reason != ESRD and plan.start < begin:
            before = _by_employment(patient, reason, begin)
            if before.first == UNKNOWN:
                return before
            if before.first == THEIRS:
                return Verdict(THEIRS, "medicare_was_first_before_esrd")
    if patient.day < add_months(begin, ESRD_MONTHS):
        return Verdict(OURS, "medicare_esrd_first_30_months")
    return Verdict(THEIRS, "medicare_esrd_after_30_months")


def _by_employment(patient: Patient, reason: str, day: date) -> Verdict:
    ours, elderly = patient.ours_on(day), age_on(patient.birth_date, day) >= MEDICARE_AGE
    if reason != DISABILITY and not elderly:
        return Verdict(UNKNOWN, "medicare_reason")
    if ours.working is None:
        return Verdict(UNKNOWN, "our_employment")
    if not ours.working or (elderly and ours.holder not in ("", SPOUSE)):
        return Verdict(THEIRS, "medicare_not_working")
    if ours.employees is None:
        return Verdict(UNKNOWN, "employer_size")
    least = WORKING_AGED_EMPLOYEES if elderly else DISABILITY_EMPLOYEES
    if ours.employees < least:
        return Verdict(THEIRS, "medicare_small_employer")
    return Verdict(OURS, "medicare_working_aged" if elderly else "medicare_disability_large_employer")
