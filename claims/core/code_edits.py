"""Rule 9: code edits, where the plan has them on: which services may not be billed so, by the tables of the night.

Stages and worked figures: docs/domain/code_edits.md. A stage sees the lines the one before it left standing; inside a
stage nothing depends on order. Every finding leaves its step, whatever becomes of it.
"""

from collections.abc import Callable, Iterable, Iterator

from benefits.core.plan_design import DENY, IGNORE, OFF, PEND, CodeEdits
from claims.core.case import DESIGNED, Case
from claims.core.decision import EditFinding
from claims.core.edit_look import EarlierService, Finding, Look, setting_of
from claims.core.edit_tables import (
    ADD_ON,
    BUNDLE,
    DIAGNOSIS,
    EXCLUSIVE,
    INPATIENT,
    PERSONS,
    PRACTITIONER,
    PROCEDURES,
    PTP,
    UNITS,
    EditTables,
)
from claims.core.edits_alone import alone
from claims.core.edits_together import add_ons, together
from claims.core.edits_units import unit_limits
from claims.core.numbers import claim_number
from claims.core.reasons import denial_group

Stage = Callable[[Look], Iterator[Finding]]


def apply_code_edits(case: Case) -> None:
    """Refuse lines, or have them wait (EDT-01), by the edits of the plan; an edit without its table waits (EDT-02)."""
    edits = _edits_of(case)
    if edits is None:
        return
    tables, setting = case.rules.edit_tables, setting_of(case)
    lacking = tables.lacking(edits, setting, absent_tables)
    if _concerned(case, edits, tables, setting):
        lacking = (*lacking, *_go_through(case, edits, setting))
    if lacking and edits.missing_table == PEND:
        case.pend("EDT-02", tables=",".join(lacking))


def _concerned(case: Case, edits: CodeEdits, tables: EditTables, setting: str) -> bool:
    """Whether any table speaks of a code of the claim; codes are checked for the day wherever that is on."""
    if (edits.procedure_codes, edits.modifiers, edits.diagnoses) != (OFF, OFF, OFF):
        return True
    if not tables.spoken_of[setting].isdisjoint([line.code for line in case.lines]):
        return True
    diagnoses = tables.persons.get(DIAGNOSIS)
    return diagnoses is not None and not diagnoses.keys().isdisjoint(case.claim.diagnoses)


def _go_through(case: Case, edits: CodeEdits, setting: str) -> Iterable[str]:
    """The stages in order. Returns the code systems that were asked for and never loaded."""
    look = Look(case, edits, setting)
    found_earlier: list[EarlierService] = []
    stages: tuple[Stage, ...] = (
        alone,
        lambda look: together(look, found_earlier.append),
        add_ons,
        unit_limits,
    )
    asked: set[int] = set()
    for stage in stages:
        for finding in list(stage(look)):
            _take(case, finding, asked)
    if edits.earlier_claims != IGNORE:
        for earlier in found_earlier:
            if not earlier.line.denials:
                _tell_earlier(case, earlier, edits, asked)
    return look.missing


def _edits_of(case: Case) -> CodeEdits | None:
    """The edits of the plan the claim falls under; its lines fall under one, or the claim waits for that already."""
    for line in case.lines:
        if line.reached >= DESIGNED:
            return line.design.compiled.design.edits
    return None


def _take(case: Case, finding: Finding, asked: set[int]) -> None:
    line = finding.line
    line.trace.append(finding.step)
    if finding.mode == DENY and not finding.uncertain:
        if finding.kept is not None:
            line.cut_thousandths = line.line.units_thousandths - finding.kept
        else:
            line.deny(denial_group(finding.carc), finding.carc, finding.rarcs)
    elif line.number not in asked:
        asked.add(line.number)
        facts: dict[str, int | str] = {"edit": finding.edit, "carc": finding.carc}
        if finding.other is not None:
            facts["claim"] = claim_number(finding.other.intake_seq)
        case.pend("EDT-01", line, **facts)


def _tell_earlier(case: Case, earlier: EarlierService, edits: CodeEdits, asked: set[int]) -> None:
    """An earlier claim was paid for what this one makes unpayable: the new claim waits, or the finding is listed."""
    line, other = earlier.line, earlier.other
    number = claim_number(other.intake_seq)
    line.trace.append(f"GE:{earlier.edit},{number},{other.code},{earlier.release}")
    if edits.earlier_claims == PEND:
        if line.number not in asked:
            asked.add(line.number)
            case.pend("EDT-01", line, edit=earlier.edit, claim=number, why="an_earlier_claim_was_paid")
        return
    case.findings.append(
        EditFinding(
            line_number=line.number,
            edit=earlier.edit,
            submission_id=other.submission_id,
            code=other.code,
            release=earlier.release,
        )
    )


def absent_tables(tables: EditTables, edits: CodeEdits, setting: str) -> tuple[str, ...]:
    """Tables the switched-on edits need in this setting that were never loaded, as "ptp.practitioner"."""
    needed: list[str] = []
    for edit, kind in ((edits.ptp, PTP), (edits.exclusive, EXCLUSIVE), (edits.bundle, BUNDLE), (edits.add_on, ADD_ON)):
        if edit != OFF and setting != INPATIENT and (kind, setting) not in tables.pairs:
            needed.append(f"{kind}.{setting}")
    if edits.mue != OFF and setting != INPATIENT and setting not in tables.units:
        needed.append(f"{UNITS}.{setting}")
    if (edits.age, edits.sex) != (OFF, OFF) and not tables.persons:
        needed.append(PERSONS)
    by_indicator = (edits.assistants, edits.components, edits.package)
    if by_indicator != (OFF, OFF, OFF) and setting == PRACTITIONER and not tables.procedures:
        needed.append(PROCEDURES)
    return tuple(needed)
