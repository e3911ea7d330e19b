"""A published plan design as the engine receives it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


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
