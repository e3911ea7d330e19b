"""Plain words for coverage, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from benefits.core import relationships, tiers
from benefits.core.coverage import COBRA_UNPAID, DENTAL, MEDICAL, VISION

LINES: dict[str, str | Promise] = {MEDICAL: _("Medical"), DENTAL: _("Dental"), VISION: _("Vision")}

TIERS: dict[str, str | Promise] = {
    tiers.EMPLOYEE: _("One person"),
    tiers.EMPLOYEE_SPOUSE: _("Employee and spouse"),
    tiers.EMPLOYEE_CHILDREN: _("Employee and children"),
    tiers.EMPLOYEE_ONE: _("Employee and one dependent"),
    tiers.FAMILY: _("Family"),
    tiers.DEPENDENTS: _("Dependents only"),
}

STATES: dict[str, str | Promise] = {COBRA_UNPAID: _("Waiting for your payment")}

_RELATIONSHIPS: dict[str, str | Promise] = {
    relationships.SELF: _("Employee"),
    relationships.SPOUSE: _("Spouse"),
    relationships.LIFE_PARTNER: _("Partner"),
    relationships.CHILD: _("Child"),
    "09": _("Child"),
    "10": _("Child"),
    "17": _("Child"),
}


def relationship(code: str) -> str | Promise:
    """How someone stands to the employee."""
    return _RELATIONSHIPS.get(code, _("Dependent"))
