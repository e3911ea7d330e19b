"""Coverage tiers: whom a subscriber's enrollment takes in."""

from collections.abc import Collection

from benefits.core.relationships import SELF, SPOUSES

EMPLOYEE = "employee"
EMPLOYEE_SPOUSE = "employee_spouse"
EMPLOYEE_CHILDREN = "employee_children"
EMPLOYEE_ONE = "employee_one"
FAMILY = "family"
DEPENDENT = "dependent"
DEPENDENTS = "dependents"

TIERS = {
    EMPLOYEE: "Employee only",
    EMPLOYEE_SPOUSE: "Employee and spouse",
    EMPLOYEE_CHILDREN: "Employee and children",
    EMPLOYEE_ONE: "Employee and one dependent",
    FAMILY: "Family",
    DEPENDENT: "One dependent only",
    DEPENDENTS: "Dependents only",
}
"""Every tier with its words for people."""

SELF_ONLY_TIERS = frozenset({EMPLOYEE, DEPENDENT})
"""Tiers of one person: self-only deductibles and limits apply."""


def is_self_only(tier: str) -> bool:
    """Whether the tier covers one person, so that self-only (not family) limits apply."""
    return tier in SELF_ONLY_TIERS


def tier_of(relationships: Collection[str]) -> str:
    """The tier of a family from the X12 relationship codes of its covered people, the subscriber's "18" among them.

    Without "18" the subscriber is not covered and the dependents are covered alone.
    """
    others = [code for code in relationships if code != SELF]
    if SELF not in relationships:
        return DEPENDENT if len(others) == 1 else DEPENDENTS
    if not others:
        return EMPLOYEE
    spouses = sum(code in SPOUSES for code in others)
    if spouses == len(others):
        return EMPLOYEE_SPOUSE if spouses == 1 else FAMILY
    return FAMILY if spouses else EMPLOYEE_CHILDREN
