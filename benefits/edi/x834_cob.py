"""Other coverage in an 834: loops 2320 and 2330 of a member's coverage, and Medicare in INS06.

Inclusive last days become half-open ends here.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from aso_portal.kernel.x12.blocks import Block
from benefits.core.coverage import MEDICAL
from benefits.core.instructions import OtherCoverageTold
from benefits.core.other_coverage import AGE, DISABILITY, ESRD, MEDICARE, UNKNOWN_KIND

NO_OTHER = "6"
"""COB03: there is no other coverage. 1 and 5 name a plan, whether or not its order is known."""

_MEDICARE_PLANS = frozenset("ABCD")
_REASONS = {"0": AGE, "1": DISABILITY, "2": ESRD}


def other_plans(block: Block, line_of_coverage: str) -> Iterator[OtherCoverageTold]:
    """Each 2320 loop of one coverage, in file order."""
    told: dict[str, str] | None = None
    days: dict[str, str] = {}
    for index, use in enumerate(block.layout.uses):
        if use is None or use.loop_id not in ("2320", "2330"):
            continue
        elements = block.elements(index)
        if use.segment_id == "COB":
            if told is not None:
                yield _told(told, days, line_of_coverage)
            told = {"sequence": elements.get(1, ""), "policy": elements.get(2, ""), "code": elements.get(3, "")}
            days = {}
        elif told is not None and use.segment_id == "DTP":
            days[elements[1]] = elements[3]
        elif told is not None and use.segment_id == "NM1" and elements.get(1) == "IN":
            told["payer"] = elements.get(3, "")
    if told is not None:
        yield _told(told, days, line_of_coverage)


def _told(told: Mapping[str, str], days: Mapping[str, str], line_of_coverage: str) -> OtherCoverageTold:
    if told["code"] == NO_OTHER:
        return OtherCoverageTold(line_of_coverage=line_of_coverage, none=True)
    return OtherCoverageTold(
        line_of_coverage=line_of_coverage,
        kind=UNKNOWN_KIND,
        payer_name=told.get("payer", "").strip()[:60],
        policy_number=told["policy"].strip(),
        sequence=told["sequence"],
        start=_day(days.get("344", "")),
        end=_day_after(days.get("345", "")),
    )


def medicare(text: str, days: Mapping[str, str], component: str) -> Iterator[OtherCoverageTold]:
    """What INS06 says: which Medicare plan, and by what reason a person has it. days: DTP of the member, by qualifier."""
    plan, _, reason = text.partition(component)
    if plan in _MEDICARE_PLANS:
        yield OtherCoverageTold(
            line_of_coverage=MEDICAL,
            kind=MEDICARE,
            medicare_reason=_REASONS.get(reason.partition(component)[0], ""),
            start=_day(days.get("338", "")),
            end=_day_after(days.get("339", "")),
        )


def _day(text: str) -> date | None:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if text else None


def _day_after(text: str) -> date | None:
    last = _day(text)
    return last + timedelta(days=1) if last else None
