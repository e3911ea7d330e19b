"""The engine that decides claims, as the publish gate asks it. It lives in a storey above and is named in the settings.

Without an engine nothing can be proved, so nothing can be published.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings

from benefits.core.plan_gate import ComparedFamilies, Comparison, FamiliesToCompare, PlannedComparison, Proved


class Engine(Protocol):
    """Functions of the module `settings.PLAN_ENGINE`. Each raises a DomainError that says why it cannot answer."""

    def prove(self, *, document: Mapping[str, Any], golden: Mapping[str, Any]) -> Proved:
        """The answers to golden claims on a design."""

    def read_golden(self, *, text: str, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """The golden claims in the text of a JSON or CSV file."""

    def plan_comparison(self, asked: Comparison) -> PlannedComparison:
        """Which claims are decided again, in pieces, and on which rules."""

    def compare(self, asked: Comparison, planned: PlannedComparison, piece: FamiliesToCompare) -> ComparedFamilies:
        """A piece decided on both sides. planned: without its pieces; refused when other rules are in force by now."""


def engine() -> Engine:
    """The engine of this portal."""
    return cast(Engine, import_module(settings.PLAN_ENGINE))
