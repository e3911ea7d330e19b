"""Coverage tiers: whom a subscriber's enrollment takes in."""

from collections.abc import Collection

from benefits.core.relationships import SELF, SPOUSES

EMPLOYEE = "EMP"
EMPLOYEE_SPOUSE = "ESP"
EMPLOYEE_CHILDREN = "ECH"
EMPLOYEE_ONE = "E1D"
FAMILY = "FAM"
DEPENDENTS = "DEP"

TIERS = {
    EMPLOYEE: "One person",
    EMPLOYEE_SPOUSE: "Employee and spouse",
    EMPLOYEE_CHILDREN: "Employee and children",
    EMPLOYEE_ONE: "Employee and one dependent",
    FAMILY: "Family",
    DEPENDENTS: "Dependents only",
}
"""Every tier with its words for people. Keys are X12 coverage level codes; a plan design names its self-only ones."""

WORDS = {
    "employee": EMPLOYEE,
    "employee_spouse": EMPLOYEE_SPOUSE,
    "employee_children": EMPLOYEE_CHILDREN,
    "employee_one": EMPLOYEE_ONE,
    "family": FAMILY,
    "dependents": DEPENDENTS,
}
"""What a census may write instead of the code."""


def is_self_only(tier: str) -> bool:
    """Whether the tier covers one person."""
    return tier == EMPLOYEE


def tier_of(relationships: Collection[str]) -> str:
    """The tier of a family from the X12 relationship codes of its covered people, the subscriber's "18" among them.

    Without "18" the subscriber is not covered: one dependent alone is one person, several are dependents only.
    """
    others = [code for code in relationships if code != SELF]
    if SELF not in relationships:
        return EMPLOYEE if len(others) == 1 else DEPENDENTS
    if not others:
        return EMPLOYEE
    spouses = sum(code in SPOUSES for code in others)
    if spouses == len(others):
        return EMPLOYEE_SPOUSE if spouses == 1 else FAMILY
    return FAMILY if spouses else EMPLOYEE_CHILDREN
