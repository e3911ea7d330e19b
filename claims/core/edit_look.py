"""What code edits look at: the lines of one claim that still stand, and what other claims of the patient hold beside them.

Rules and worked figures: docs/domain/code_edits.md.
"""

from collections.abc import Container, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from benefits.core.plan_design import CodeEdits
from claims.core.case import PLACED, Case, LineCase
from claims.core.claim import INSTITUTIONAL, PROFESSIONAL
from claims.core.edit_tables import DME, INPATIENT, OUTPATIENT, PRACTITIONER, EditTables
from claims.core.facts import REFUSED, WAITING, HistoryLine

SUPPLIERS = ("332B", "335E")
"""Beginnings of the NUCC taxonomy codes of suppliers of equipment and of prostheses: their claims are DME claims."""


class Finding(NamedTuple):
    """An edit that speaks against a line. mode: deny or pend. step: its trace.

    uncertain: it rests on a claim that is not decided, so the line waits whatever the mode. kept: thousandths of units
    that stay (None: none do). other: the line of another claim it rests on.
    """

    edit: str
    mode: str
    line: LineCase
    carc: str
    step: str
    rarcs: tuple[str, ...] = ()
    uncertain: bool = False
    kept: int | None = None
    other: HistoryLine | None = None


class EarlierService(NamedTuple):
    """A line of an earlier claim that an edit would have refused, had this line come first."""

    edit: str
    line: LineCase
    other: HistoryLine
    release: str


class Look:
    """One claim before the edits: made once a claim, only when the plan has edits on."""

    __slots__ = ("_specialties", "case", "edits", "missing", "setting", "tables")

    def __init__(self, case: Case, edits: CodeEdits, setting: str) -> None:
        self.case = case
        self.edits = edits
        self.tables: EditTables = case.rules.edit_tables
        self.setting = setting
        self.missing: dict[str, None] = {}
        self._specialties: dict[tuple[str, date], str] = {}

    def standing(self, codes: Container[str] | None = None) -> list[LineCase]:
        """Lines nobody has refused, of these service codes; a line under review stands."""
        return [
            line
            for line in self.case.lines
            if line.reached >= PLACED and not line.denials and (codes is None or line.code in codes)
        ]

    def beside(self, line: LineCase, among: Sequence[LineCase]) -> Iterator[LineCase]:
        """Other lines of this claim, of whatever day, by the same provider."""
        for other in among:
            if other is not line and self._same_in_claim(line, other):
                yield other

    def others(self, line: LineCase, day: date, *, any_provider: bool = False) -> Iterator[HistoryLine]:
        """Lines of other claims of the patient and day in the same setting and by the same provider.

        Refused ones are left out; those of a claim that waits count when it came in before this one.
        """
        for other in self.case.history.on(self.case.facts.person_id, day):
            if self._counts(other) and (any_provider or self._same_elsewhere(line, other)):
                yield other

    def to_come(self, line: LineCase) -> Iterator[HistoryLine]:
        """Lines of the same day, setting and provider on claims that are decided after this one tonight."""
        for other in self.case.history.coming(self.case.facts.person_id, line.day):
            if other.submission_id != self.case.facts.submission_id and self._same_elsewhere(line, other):
                yield other

    def _counts(self, other: HistoryLine) -> bool:
        if other.state == REFUSED or other.kind != self.case.claim.kind:
            return False
        if other.kind == INSTITUTIONAL and (other.stay_start is not None) != self.case.is_stay:
            return False
        return other.state != WAITING or other.intake_seq < self.case.facts.intake_seq

    def _same_in_claim(self, line: LineCase, other: LineCase) -> bool:
        if self.setting != PRACTITIONER or line.provider_npi == other.provider_npi:
            return True
        specialty = self._specialty(line.provider_npi, line.day)
        return bool(specialty) and specialty == self._specialty(other.provider_npi, other.day)

    def _same_elsewhere(self, line: LineCase, other: HistoryLine) -> bool:
        """The same provider: of practitioners the same person, or the same group and specialty; else who bills."""
        claim = self.case.claim
        if other.kind != claim.kind:
            return False
        if self.setting != PRACTITIONER:
            return other.billing_npi == claim.billing.npi
        if other.provider_npi == line.provider_npi:
            return True
        if not claim.billing.tin or other.billing_tin != claim.billing.tin:
            return False
        specialty = self._specialty(line.provider_npi, line.day)
        return bool(specialty) and specialty == self._specialty(other.provider_npi, other.service_date)

    def _specialty(self, npi: str, day: date) -> str:
        """The taxonomy on file of a provider on a day; "" when none is."""
        at = (npi, day)
        found = self._specialties.get(at)
        if found is None:
            found = self._specialties[at] = specialty_of(self.case, npi, day)
        return found


def specialty_of(case: Case, npi: str, day: date) -> str:
    """The taxonomy code a provider has on file on a day; "" when it has none."""
    for row in case.rules.reference.providers.get(npi, ()):
        if row.taxonomy and row.start <= day and (row.end is None or day < row.end):
            return row.taxonomy
    return ""


def setting_of(case: Case) -> str:
    """Which tables are for the claim: stays have none of pairs and units, suppliers their own."""
    claim = case.claim
    if claim.kind == INSTITUTIONAL:
        return INPATIENT if case.is_stay else OUTPATIENT
    if claim.kind == PROFESSIONAL and case.lines:
        on_file = specialty_of(case, claim.billing.npi, case.lines[0].day)
        return DME if (on_file or claim.billing.taxonomy).startswith(SUPPLIERS) else PRACTITIONER
    return PRACTITIONER
