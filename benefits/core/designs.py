"""Published plan designs and funding accounts as the engine receives them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PublishedDesign:
    """One published version of a plan option's design: the document and the days it is meant for (`end` None: open)."""

    version_id: int
    plan_option_id: int
    option_code: str
    line_of_coverage: str
    funding_account_id: int | None
    start: date
    end: date | None
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FundingAccountFacts:
    """An account claims are paid from."""

    account_id: int
    uuid: UUID
    code: str
    name: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Payer:
    """The plan or company in whose name an account pays, and its EIN."""

    name: str
    ein: str


def in_force(designs: Iterable[PublishedDesign], *, plan_option_id: int, day: date) -> PublishedDesign | None:
    """The newest version of an option that covers `day`; `designs` in order of version, as they are published."""
    found = None
    for design in designs:
        if design.plan_option_id == plan_option_id and design.start <= day and (design.end is None or day < design.end):
            found = design
    return found
