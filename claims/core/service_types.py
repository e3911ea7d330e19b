"""X12 service type codes (element 1365) a provider may ask about, and which of a plan's benefit categories answer them.

A category answers the codes its plan design lists (`service_types`). Where a design lists none, the usual keys of
`USUAL` are looked for. No code descriptions are kept: the X12 texts are licensed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from benefits.core.coverage import DENTAL, MEDICAL, VISION
from benefits.core.plan_design import Category, PlanDesign

GENERAL = "30"
"""Health benefit plan coverage: the plan as a whole."""

WHOLE_LINE: Mapping[str, str] = {GENERAL: MEDICAL, "1": MEDICAL, "35": DENTAL, "AL": VISION}
"""Codes that ask about a line of coverage as a whole."""

TOLD_WITH_GENERAL = ("1", "33", "35", "47", "48", "50", "86", "98", "AL", "MH", "UC")
"""What an answer to 30 also speaks of where the plan has it (CORE data content rule; pharmacy, 88, is not ours to tell)."""


@dataclass(frozen=True, slots=True)
class Usual:
    """The line of coverage a code belongs to, and the usual keys of categories that answer it."""

    line_of_coverage: str
    keys: tuple[str, ...]


_OFFICE = ("office_visit", "office", "primary_care_visit")
_SPECIALIST = ("specialist_visit", "specialist")
_PREVENTIVE = ("preventive",)
_TESTS = ("tests", "laboratory", "lab", "imaging")
_MIND = ("behavioral", "mental_health")
_THERAPY = ("therapy", "physical_therapy")

USUAL: Mapping[str, Usual] = {
    "2": Usual(MEDICAL, ("surgery",)),
    "3": Usual(MEDICAL, _SPECIALIST),
    "4": Usual(MEDICAL, _TESTS),
    "5": Usual(MEDICAL, _TESTS),
    "12": Usual(MEDICAL, ("equipment",)),
    "18": Usual(MEDICAL, ("equipment",)),
    "33": Usual(MEDICAL, ("chiropractic",)),
    "47": Usual(MEDICAL, ("inpatient", "outpatient", "hospital", "stay")),
    "48": Usual(MEDICAL, ("inpatient", "hospital", "stay")),
    "50": Usual(MEDICAL, ("outpatient",)),
    "51": Usual(MEDICAL, ("emergency",)),
    "52": Usual(MEDICAL, ("emergency",)),
    "59": Usual(MEDICAL, ("ambulance",)),
    "68": Usual(MEDICAL, _PREVENTIVE),
    "73": Usual(MEDICAL, _TESTS),
    "80": Usual(MEDICAL, _PREVENTIVE),
    "81": Usual(MEDICAL, _PREVENTIVE),
    "86": Usual(MEDICAL, ("emergency",)),
    "98": Usual(MEDICAL, (*_OFFICE, *_SPECIALIST)),
    "A4": Usual(MEDICAL, _MIND),
    "A6": Usual(MEDICAL, _MIND),
    "AD": Usual(MEDICAL, ("therapy", "occupational_therapy")),
    "AE": Usual(MEDICAL, _THERAPY),
    "AF": Usual(MEDICAL, ("therapy", "speech_therapy")),
    "BY": Usual(MEDICAL, _OFFICE),
    "BZ": Usual(MEDICAL, _PREVENTIVE),
    "MH": Usual(MEDICAL, _MIND),
    "PT": Usual(MEDICAL, _THERAPY),
    "UC": Usual(MEDICAL, ("urgent_care",)),
    "23": Usual(DENTAL, ("prevention", "preventive", "diagnostic")),
    "25": Usual(DENTAL, ("basic",)),
    "26": Usual(DENTAL, ("basic", "endodontics")),
    "27": Usual(DENTAL, ("major",)),
    "36": Usual(DENTAL, ("major",)),
    "38": Usual(DENTAL, ("orthodontics", "ortho")),
    "41": Usual(DENTAL, ("prevention", "preventive")),
    "AM": Usual(VISION, ("materials", "frames")),
    "AN": Usual(VISION, ("exam",)),
    "AO": Usual(VISION, ("materials", "lenses")),
}


def line_asked(code: str) -> str:
    """The line of coverage a code asks about; medical for codes nobody knows."""
    if code in WHOLE_LINE:
        return WHOLE_LINE[code]
    usual = USUAL.get(code)
    return usual.line_of_coverage if usual else MEDICAL


def categories_for(design: PlanDesign, code: str) -> tuple[Category, ...]:
    """The categories of a design that answer a code, in its order; none for a whole line and for what it does not name."""
    listed = tuple(category for category in design.categories if code in category.service_types)
    if listed or code in WHOLE_LINE:
        return listed
    usual = USUAL.get(code)
    if usual is None or usual.line_of_coverage != design.line_of_coverage:
        return ()
    return tuple(
        category for category in design.categories if not category.service_types and category.key in usual.keys
    )
