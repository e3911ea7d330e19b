"""Edits that look at one line alone: are its codes valid on the day, do they fit the patient, may it be billed so."""

from collections.abc import Iterator

from aso_portal.kernel.periods import age_on
from benefits.core.plan_design import OFF, PEND
from claims.core.case import LineCase
from claims.core.code_sets import DIAGNOSIS, MODIFIER, NOT_IN_FORCE, NOT_LOADED, PROCEDURE, VALID, system_of
from claims.core.edit_look import Finding, Look
from claims.core.edit_tables import PRACTITIONER, PersonTerm, ProcedureTerm, in_force

ASSISTANT_MODIFIERS, CO_SURGEON = ("80", "81", "82", "AS"), "62"
PARTS = ("26", "TC")
SEX_IS_RIGHT = "KX"
"""Says that a service fits the patient although the sex on file does not (CMS, gender-specific procedures)."""
_HAS_PARTS = ("", "1")
OLDEST = 151


def alone(look: Look) -> Iterator[Finding]:
    """What speaks against each line by itself."""
    edits = look.edits
    valid = (edits.procedure_codes, edits.modifiers, edits.diagnoses) != (OFF, OFF, OFF)
    for_persons = bool(look.tables.persons) and (edits.age, edits.sex) != (OFF, OFF)
    indicators = look.tables.procedures if look.setting == PRACTITIONER else {}
    for line in look.standing():
        if valid:
            yield from _validity(look, line)
        if for_persons:
            yield from _person(look, line)
        terms = indicators.get(line.code)
        term = in_force(terms, line.day) if terms and line.modifiers else None
        if term is not None:
            yield from _helpers(look, line, term)
            yield from _parts(look, line, term)


def _validity(look: Look, line: LineCase) -> Iterator[Finding]:
    edits = look.edits
    if edits.procedure_codes != OFF and line.code:
        yield from _code(look, line, "procedure_codes", PROCEDURE, line.code, "181")
    if edits.modifiers != OFF:
        for modifier in line.line.modifiers:
            yield from _code(look, line, "modifiers", MODIFIER, modifier, "182")
    if edits.diagnoses != OFF:
        for diagnosis in line.traits.diagnoses:
            yield from _code(look, line, "diagnoses", DIAGNOSIS, diagnosis, "146")


def _code(look: Look, line: LineCase, edit: str, kind: str, code: str, carc: str) -> Iterator[Finding]:
    codes = look.case.rules.codes
    standing = codes.standing(kind, code, line.day)
    if standing == VALID:
        return
    if standing == NOT_LOADED:
        look.missing[system_of(kind, code) or kind] = None
        return
    mode = getattr(look.edits, edit) if standing == NOT_IN_FORCE else look.edits.unknown_codes
    step = f"GC:{kind},{_shown(code)},{standing},{codes.release_of(kind, code)}"
    yield Finding(edit, mode, line, carc, step)


def _person(look: Look, line: LineCase) -> Iterator[Finding]:
    persons = look.tables.persons
    terms = persons[PROCEDURE].get(line.code) if PROCEDURE in persons else None
    if terms:
        yield from _fits(look, line, PROCEDURE, line.code, in_force(terms, line.day), ("6", "7"))
    of_diagnoses = persons.get(DIAGNOSIS)
    if of_diagnoses:
        for diagnosis in line.traits.diagnoses:
            found = of_diagnoses.get(diagnosis)
            if found:
                yield from _fits(look, line, DIAGNOSIS, diagnosis, in_force(found, line.day), ("9", "10"))


def _fits(
    look: Look, line: LineCase, subject: str, code: str, term: PersonTerm | None, carcs: tuple[str, str]
) -> Iterator[Finding]:
    """Whether a code is for somebody like the patient; an unknown sex speaks against nothing."""
    if term is None:
        return
    person, edits = look.case.person, look.edits
    age = age_on(person.birth_date, line.day)
    too_young = term.age_from is not None and age < term.age_from
    too_old = term.age_under is not None and age >= term.age_under
    if edits.age != OFF and (too_young or too_old):
        bounds = f"{term.age_from or 0},{OLDEST if term.age_under is None else term.age_under}"
        yield Finding("age", edits.age, line, carcs[0], f"GA:{subject},{code},{bounds},{term.release}")
    other_sex = term.sex and person.sex in ("F", "M") and person.sex != term.sex
    if edits.sex != OFF and other_sex and SEX_IS_RIGHT not in line.line.modifiers:
        yield Finding("sex", edits.sex, line, carcs[1], f"GS:{subject},{code},{term.sex},{term.release}")


def _helpers(look: Look, line: LineCase, term: ProcedureTerm) -> Iterator[Finding]:
    """Assistants and co-surgeons, where the service has none; where only documents can say, it waits."""
    mode = look.edits.assistants
    if mode == OFF:
        return
    modifiers = line.line.modifiers
    for modifier in modifiers:
        if modifier in ASSISTANT_MODIFIERS:
            indicator, documents, paid = term.assistant, "0", "2"
        elif modifier == CO_SURGEON:
            indicator, documents, paid = term.co_surgeon, "1", "2"
        else:
            continue
        if indicator not in ("", paid):
            step = f"GH:{line.code},{modifier},{indicator},{term.release}"
            yield Finding("assistants", PEND if indicator == documents else mode, line, "54", step)
            return


def _parts(look: Look, line: LineCase, term: ProcedureTerm) -> Iterator[Finding]:
    """A professional or technical part of a service that has no parts."""
    mode = look.edits.components
    if mode == OFF or term.components in _HAS_PARTS:
        return
    for modifier in line.line.modifiers:
        if modifier in PARTS:
            yield Finding("components", mode, line, "4", f"GT:{line.code},{modifier},{term.components},{term.release}")
            return


def _shown(code: str) -> str:
    """A code as a trace may hold it."""
    return code if code.isalnum() else "none"
