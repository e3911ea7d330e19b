"""A plan design read from a file that a person named on the command line."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from aso_portal.kernel.errors import DomainError
from benefits.core.plan_design import PlanDesign
from benefits.core.plan_design_law import check_lawful
from benefits.core.plan_design_reading import read_plan_design

MOST_BYTES = 4_000_000


def plan_file(name: str) -> tuple[PlanDesign, Mapping[str, Any]]:
    """The design and its document. Raises CommandError, with the file's name, for what is no lawful design."""
    path = Path(name)
    try:
        if not path.is_file():
            raise CommandError(f"{name} is not a file.")
        if path.stat().st_size > MOST_BYTES:
            raise CommandError(f"{name} is larger than {MOST_BYTES // 1_000_000} MB.")
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise CommandError(f"{name} is not UTF-8 text.") from None
    except OSError as fault:
        raise CommandError(f"{name}: {fault.strerror}.") from fault
    try:
        design = read_plan_design(text)
        check_lawful(design)
    except DomainError as fault:
        raise CommandError(f"{name}: {fault}") from fault
    return design, json.loads(text)
