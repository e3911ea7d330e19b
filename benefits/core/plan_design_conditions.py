"""Whether a rule of a plan design fits a service line."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from benefits.core.plan_design import Condition

Answer = TypeVar("Answer")

_REMEMBERED = 65_536
_OLDEST = 1_000


@dataclass(slots=True, kw_only=True)
class LineTraits:
    """What a Condition may ask of a service line. Diagnoses are those the line points at, in its order."""

    kind: str
    bill_type: str
    place: str
    code: str
    revenue: str
    modifiers: tuple[str, ...]
    diagnoses: tuple[str, ...]
    specialty: str
    tier: str
    sex: str
    age: int
    emergency: bool
    accident: bool


_Test = Callable[[LineTraits], bool]


class RuleBook(Generic[Answer]):
    """Ordered (condition, answer) rules. What only code, revenue, place, kind and bill type decide is decided once."""

    def __init__(self, rules: list[tuple[Condition, Answer]]) -> None:
        self._rules = rules
        self._tests = [(_static_test(condition), _test(condition), answer) for condition, answer in rules]
        self._candidates: dict[tuple[str, str, str, str, str], list[tuple[_Test | None, Answer]]] = {}

    def __bool__(self) -> bool:
        return bool(self._rules)

    def first(self, line: LineTraits) -> Answer | None:
        """The answer of the first rule that fits the line, or None."""
        for test, answer in self._for(line):
            if test is None or test(line):
                return answer
        return None

    def every(self, line: LineTraits) -> list[Answer]:
        """The answers of every rule that fits the line, in order."""
        rules = self._for(line)
        return [answer for test, answer in rules if test is None or test(line)] if rules else []

    def _for(self, line: LineTraits) -> list[tuple[_Test | None, Answer]]:
        key = (line.code, line.revenue, line.place, line.kind, line.bill_type)
        found = self._candidates.get(key)
        if found is None:
            if len(self._candidates) >= _REMEMBERED:
                self._candidates.clear()
            found = self._candidates[key] = [
                (test, answer) for static, test, answer in self._tests if static is None or static(line)
            ]
        return found


def code_range(text: str) -> tuple[str, str]:
    """The inclusive ends of "A0425-A0434", or of a single code."""
    low, _, high = text.partition("-")
    return low.strip(), high.strip() or low.strip()


def in_ranges(ranges: tuple[tuple[str, str], ...]) -> Callable[[str], bool]:
    """Whether a code lies in one of the inclusive ranges of its own length."""
    single = frozenset(low for low, high in ranges if low == high)
    wide = [(low, high) for low, high in ranges if low != high]

    def fits(code: str) -> bool:
        return code in single or any(len(code) == len(low) and low <= code <= high for low, high in wide)

    return fits


def _static_test(condition: Condition) -> _Test | None:
    """The part of a condition that code, revenue, place, kind and bill type decide; None when there is none."""
    parts: list[_Test] = []
    if condition.kinds:
        parts.append(lambda line: line.kind in condition.kinds)
    if condition.bill_types:
        parts.append(lambda line: line.kind == "I" and line.bill_type.startswith(condition.bill_types))
    if condition.places:
        parts.append(lambda line: line.kind != "I" and line.place in condition.places)
    if condition.codes:
        codes = in_ranges(condition.codes)
        parts.append(lambda line: codes(line.code))
    if condition.revenues:
        revenues = in_ranges(condition.revenues)
        parts.append(lambda line: revenues(line.revenue))
    return _all_of(parts)


def _test(condition: Condition) -> _Test | None:
    """The rest of a condition; None when there is no rest."""
    parts: list[_Test] = []
    if condition.modifiers:
        parts.append(lambda line: any(modifier in condition.modifiers for modifier in line.modifiers))
    if condition.diagnoses:
        parts.append(lambda line: any(each.startswith(condition.diagnoses) for each in line.diagnoses))
    if condition.first_diagnosis:
        parts.append(lambda line: bool(line.diagnoses) and line.diagnoses[0].startswith(condition.first_diagnosis))
    if condition.specialties:
        parts.append(lambda line: line.specialty.startswith(condition.specialties))
    if condition.tiers:
        parts.append(lambda line: line.tier in condition.tiers)
    if condition.sex:
        parts.append(lambda line: line.sex == condition.sex)
    if condition.age_from is not None or condition.age_under is not None:
        low, high = condition.age_from or 0, _OLDEST if condition.age_under is None else condition.age_under
        parts.append(lambda line: low <= line.age < high)
    if condition.emergency is not None:
        parts.append(lambda line: line.emergency == condition.emergency)
    if condition.accident is not None:
        parts.append(lambda line: line.accident == condition.accident)
    return _all_of(parts)


def _all_of(parts: list[_Test]) -> _Test | None:
    if len(parts) <= 1:
        return parts[0] if parts else None
    return lambda line: all(part(line) for part in parts)
