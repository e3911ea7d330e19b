"""Which codes may be used on a day, by code system: what intake (SNIP type 5) and the engine's validity edits ask.

Codes and days only, no descriptions. A system of which nothing was loaded judges none of its codes.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

PROCEDURE, MODIFIER, DIAGNOSIS, INPATIENT_PROCEDURE, PLACE, REVENUE, ADJUSTMENT_REASON = KINDS = (
    "procedure",
    "modifier",
    "diagnosis",
    "inpatient_procedure",
    "place",
    "revenue",
    "adjustment_reason",
)
HCPCS, CPT, CDT, HCPCS_MODIFIER, CPT_MODIFIER = "hcpcs", "cpt", "cdt", "hcpcs_mod", "cpt_mod"
ICD10CM, ICD10PCS, POS, NUBC_REVENUE, CARC = "icd10cm", "icd10pcs", "pos", "revenue", "carc"
SYSTEMS: Mapping[str, tuple[str, ...]] = {
    PROCEDURE: (HCPCS, CPT, CDT),
    MODIFIER: (HCPCS_MODIFIER, CPT_MODIFIER),
    DIAGNOSIS: (ICD10CM,),
    INPATIENT_PROCEDURE: (ICD10PCS,),
    PLACE: (POS,),
    REVENUE: (NUBC_REVENUE,),
    ADJUSTMENT_REASON: (CARC,),
}
"""The code systems a kind of code may come from."""
KIND_OF_SYSTEM: Mapping[str, str] = {system: kind for kind, systems in SYSTEMS.items() for system in systems}
LICENSED = frozenset((CPT, CDT, CPT_MODIFIER, NUBC_REVENUE, CARC))
"""Systems somebody owns: an employer loads its own licensed file, nothing of them is shared (docs/edit_tables.md)."""

VALID, NOT_IN_FORCE, UNKNOWN, NOT_LOADED = "valid", "not_in_force", "unknown", "not_loaded"

_REMEMBERED = 65_536


class CodeRow(NamedTuple):
    """A code of a system and the days [start, end) it may be used (`end` None: open). `release`: what brought it."""

    system: str
    code: str
    start: date
    end: date | None
    release: str


class CodeSets:
    """The codes in force, of every system that was loaded. Built once, never changed; may be sent to another process."""

    __slots__ = ("_codes", "_found")

    def __init__(self, shared: Iterable[CodeRow] = (), own: Iterable[CodeRow] = ()) -> None:
        """Rows of one code newest release first: where two cover a day the first counts. An employer's own rows of a
        code stand in for the shared ones.
        """
        self._codes: dict[str, dict[str, tuple[CodeRow, ...]]] = {}
        self._found: dict[tuple[str, str], tuple[CodeRow, ...] | None] = {}
        for rows in (shared, own):
            gathered: dict[tuple[str, str], list[CodeRow]] = {}
            for row in rows:
                gathered.setdefault((row.system, row.code), []).append(row)
            for (system, code), found in gathered.items():
                self._codes.setdefault(system, {})[code] = tuple(found)

    def __bool__(self) -> bool:
        return bool(self._codes)

    def loaded(self, system: str) -> bool:
        """Whether any code of the system is on file."""
        return system in self._codes

    def code_is_valid(self, kind: str, code: str, day: date) -> bool | None:
        """Whether a code of this kind (`KINDS`) may be used on `day`; None when nothing loaded can say."""
        standing = self.standing(kind, code, day)
        return None if standing == NOT_LOADED else standing == VALID

    def standing(self, kind: str, code: str, day: date) -> str:
        """VALID, NOT_IN_FORCE (known, not on that day), UNKNOWN (its system is loaded and lacks it) or NOT_LOADED."""
        rows = self._rows(kind, code)
        if rows is None:
            return NOT_LOADED
        if not rows:
            return UNKNOWN
        for row in rows:
            if row.start <= day and (row.end is None or day < row.end):
                return VALID
        return NOT_IN_FORCE

    def release_of(self, kind: str, code: str) -> str:
        """The release that brought the code's newest row; "" when it has none."""
        rows = self._rows(kind, code)
        return rows[0].release if rows else ""

    def _rows(self, kind: str, code: str) -> tuple[CodeRow, ...] | None:
        """The rows of a code, () when its system lacks it, None when no system can judge it. Looked up once a code."""
        at = (kind, code)
        if at in self._found:
            return self._found[at]
        if len(self._found) >= _REMEMBERED:
            self._found.clear()
        system = system_of(kind, code)
        systems = (system,) if system else SYSTEMS[kind]
        judging = [self._codes[each] for each in systems if each in self._codes]
        rows = next((codes[code] for codes in judging if code in codes), ()) if judging else None
        self._found[at] = rows
        return rows


def system_of(kind: str, code: str) -> str:
    """The only system a code of this kind can belong to, read off its shape; "" when the shape fits none.

    D and four digits is dental, a letter and four digits HCPCS Level II, four digits and one more character CPT;
    a modifier of two digits is CPT's, any other HCPCS's.
    """
    if kind == MODIFIER:
        return CPT_MODIFIER if code.isdigit() else HCPCS_MODIFIER
    if kind != PROCEDURE:
        return SYSTEMS[kind][0]
    if len(code) != 5 or not code.isascii():
        return ""
    if code[:4].isdigit() and code[4].isalnum():
        return CPT
    if code[0].isalpha() and code[1:].isdigit():
        return CDT if code[0] == "D" else HCPCS
    return ""


NO_CODES = CodeSets()
