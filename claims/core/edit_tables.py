"""Code edits as tables: which services may not stand beside each other, how many, for whom; looked up by code.

What each kind of row means: docs/domain/code_edits.md. Rows come newest release first: of several that cover a day the
first counts. Built once for a night, never changed.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

PTP, EXCLUSIVE, BUNDLE, ADD_ON = PAIR_KINDS = ("ptp", "exclusive", "bundle", "add_on")
UNITS, PERSONS, PROCEDURES = "units", "persons", "procedures"
KINDS = (*PAIR_KINDS, UNITS, PERSONS, PROCEDURES)

PRACTITIONER, OUTPATIENT, DME, EVERYWHERE = SETTINGS = ("practitioner", "outpatient", "dme", "all")
INPATIENT = "inpatient"
"""Where a stay is billed: no table of pairs or units is for it."""

NEVER, WITH_MODIFIER, WITHDRAWN = INDICATORS = ("0", "1", "9")
ANY_CODE = "*"
BY_LINE, BY_DAY, BY_DAY_REVIEWABLE = MUE_INDICATORS = (1, 2, 3)
PROCEDURE, DIAGNOSIS = SUBJECTS = ("procedure", "diagnosis")
GLOBAL_DAYS = (0, 10, 90)
LONGEST_GLOBAL, DAYS_AHEAD = 90, 1


class PairTerm(NamedTuple):
    """How a pair may be billed in the days [start, end). indicator: of `INDICATORS`, "" for add-ons."""

    indicator: str
    start: date
    end: date | None
    release: str


class PairRow(NamedTuple):
    """Two codes of one day. `column2` gives way (add_on: it needs `column1`); `column1` may be ANY_CODE."""

    kind: str
    setting: str
    column1: str
    column2: str
    term: PairTerm


class UnitTerm(NamedTuple):
    """The most units of a code, by line or by day (`MUE_INDICATORS`)."""

    units: int
    mai: int
    start: date
    end: date | None
    release: str


class UnitRow(NamedTuple):
    """The unit limit of a code in a setting."""

    setting: str
    code: str
    term: UnitTerm


class PersonTerm(NamedTuple):
    """Whom a code is for: sex F, M or "" (both), ages from `age_from` and under `age_under` (years, None: no bound)."""

    sex: str
    age_from: int | None
    age_under: int | None
    start: date
    end: date | None
    release: str


class PersonRow(NamedTuple):
    """Whom a service or diagnosis (`SUBJECTS`) is for."""

    subject: str
    code: str
    term: PersonTerm


class ProcedureTerm(NamedTuple):
    """What the fee schedule's indicators say of a service; None and "" where it says nothing.

    global_days: its surgical package lasts so long (`GLOBAL_DAYS`). in_package: a visit such packages include.
    assistant: 0 only with documents, 1 never, 2 yes. co_surgeon: 0 never, 1 only with documents, 2 yes. 9: neither.
    components: 1 has a professional and a technical part, any other value has none to bill apart.
    """

    global_days: int | None
    in_package: bool
    assistant: str
    co_surgeon: str
    components: str
    start: date
    end: date | None
    release: str


class ProcedureRow(NamedTuple):
    """Indicators of one service."""

    code: str
    term: ProcedureTerm


Edits = TypeVar("Edits", bound=Hashable)
Term = TypeVar("Term", PairTerm, UnitTerm, PersonTerm, ProcedureTerm)
Terms = tuple[Term, ...]


def in_force(terms: Sequence[Term], day: date) -> Term | None:
    """The term that counts on `day`."""
    for term in terms:
        if term.start <= day and (term.end is None or day < term.end):
            return term
    return None


@dataclass(slots=True, kw_only=True)
class EditRows:
    """Every row of a release of tables."""

    pairs: Iterable[PairRow] = ()
    units: Iterable[UnitRow] = ()
    persons: Iterable[PersonRow] = ()
    procedures: Iterable[ProcedureRow] = ()


class PairTable:
    """Pairs of one kind in one setting, by their first code."""

    __slots__ = ("by_column1", "by_column2")

    def __init__(self) -> None:
        self.by_column1: dict[str, dict[str, Terms[PairTerm]]] = {}
        self.by_column2: dict[str, set[str]] = {}

    def put(self, column1: str, column2: str, terms: Terms[PairTerm]) -> None:
        """Keep the terms of a pair, in place of any before."""
        self.by_column1.setdefault(column1, {})[column2] = terms
        self.by_column2.setdefault(column2, set()).add(column1)

    def term(self, column1: str, column2: str, day: date) -> PairTerm | None:
        """What counts for a pair on a day; None also for a withdrawn one."""
        found = self.by_column1.get(column1)
        terms = found.get(column2) if found is not None else None
        term = in_force(terms, day) if terms is not None else None
        return None if term is None or term.indicator == WITHDRAWN else term


class EditTables:
    """All tables, looked up by code. An employer's own rows of a key stand in for the shared ones."""

    __slots__ = ("_lacking", "package_codes", "pairs", "persons", "procedures", "spoken_of", "units")

    def __init__(self, shared: EditRows | None = None, own: EditRows | None = None) -> None:
        self._lacking: dict[tuple[Hashable, str], tuple[str, ...]] = {}
        self.pairs: dict[tuple[str, str], PairTable] = {}
        self.units: dict[str, dict[str, Terms[UnitTerm]]] = {}
        self.persons: dict[str, dict[str, Terms[PersonTerm]]] = {}
        self.procedures: dict[str, Terms[ProcedureTerm]] = {}
        for rows in (shared, own):
            if rows is not None:
                self._take_in(rows)
        self.package_codes = frozenset(
            code
            for code, terms in self.procedures.items()
            if any(term.in_package or term.global_days is not None for term in terms)
        )
        self.spoken_of: Mapping[str, frozenset[str]] = {
            setting: self._codes_of(setting) for setting in (PRACTITIONER, OUTPATIENT, DME, INPATIENT)
        }

    def lacking(
        self, edits: Edits, setting: str, find: Callable[["EditTables", Edits, str], tuple[str, ...]]
    ) -> tuple[str, ...]:
        """What these edits need in this setting and is not here, as `find` says; asked once."""
        at = (edits, setting)
        found = self._lacking.get(at)
        if found is None:
            found = self._lacking[at] = find(self, edits, setting)
        return found

    @property
    def has_add_ons(self) -> bool:
        """Whether any add-on is on file."""
        return any(kind == ADD_ON for kind, _ in self.pairs)

    def __bool__(self) -> bool:
        return bool(self.pairs or self.units or self.persons or self.procedures)

    def _take_in(self, rows: EditRows) -> None:
        """Rows for every setting first, those for one setting over them."""
        pairs = _gathered(((row.kind, row.setting, row.column1, row.column2), row.term) for row in rows.pairs)
        units = _gathered(((row.setting, row.code), row.term) for row in rows.units)
        for narrow in (False, True):
            for (kind, setting, column1, column2), pair_terms in pairs.items():
                if (setting != EVERYWHERE) == narrow:
                    for place in _places(setting):
                        self.pairs.setdefault((kind, place), PairTable()).put(column1, column2, pair_terms)
            for (setting, code), unit_terms in units.items():
                if (setting != EVERYWHERE) == narrow:
                    for place in _places(setting):
                        self.units.setdefault(place, {})[code] = unit_terms
        for (subject, code), person_terms in _gathered(
            ((row.subject, row.code), row.term) for row in rows.persons
        ).items():
            self.persons.setdefault(subject, {})[code] = person_terms
        for code, procedure_terms in _gathered((row.code, row.term) for row in rows.procedures).items():
            self.procedures[code] = procedure_terms

    def _codes_of(self, setting: str) -> frozenset[str]:
        """Every service code a table that is asked in this setting speaks of."""
        found = set(self.persons.get(PROCEDURE, ()))
        if setting == PRACTITIONER:
            found.update(self.procedures)
        found.update(self.units.get(setting, ()))
        for kind in PAIR_KINDS:
            table = self.pairs.get((kind, setting))
            if table is not None:
                found.update(table.by_column1, table.by_column2)
        return frozenset(found)


_Key = TypeVar("_Key")


def _gathered(rows: Iterable[tuple[_Key, Term]]) -> dict[_Key, Terms[Term]]:
    """Terms by key, in the order given. Equal ones are kept once: a table of pairs has millions of keys and a few
    thousand different terms.
    """
    known: dict[Terms[Term], Terms[Term]] = {}
    found: dict[_Key, Terms[Term]] = {}
    for key, term in rows:
        held: Terms[Term] = found.get(key, ()) + (term,)
        found[key] = known.setdefault(held, held)
    return found


def _places(setting: str) -> tuple[str, ...]:
    return (PRACTITIONER, OUTPATIENT, DME) if setting == EVERYWHERE else (setting,)


NO_TABLES = EditTables()
