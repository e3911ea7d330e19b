"""Small values of an 837, converted once each: amounts, units, days, codes. Bounded memories make repeats cheap."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

ONE_DAY = timedelta(days=1)
KEPT = 50_000


class Memory(dict[str, Any]):
    """A function's answers, kept. Emptied when `KEPT` are held."""

    def __init__(self, answer: Callable[[str], Any]) -> None:
        self._answer = answer

    def __missing__(self, text: str) -> Any:
        if len(self) >= KEPT:
            self.clear()
        found = self[text] = self._answer(text)
        return found


def cents(text: str) -> int | None:
    """Cents of an X12 amount; None when it has a fraction of a cent. "12" 1200, "12.5" 1250, "-.07" -7."""
    if text[-3:-2] == ".":
        return int(text[:-3] + text[-2:])
    whole, _, fraction = text.partition(".")
    if len(fraction) > 2 and fraction[2:].strip("0"):
        return None
    return int(whole + fraction[:2].ljust(2, "0"))


def thousandths(text: str) -> int | None:
    """Thousandths of a quantity; None when it is finer than that."""
    whole, _, fraction = text.partition(".")
    if fraction[3:].strip("0"):
        return None
    return int(whole + fraction[:3].ljust(3, "0"))


def _span(text: str) -> tuple[date, date]:
    first = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    last = date(int(text[9:13]), int(text[13:15]), int(text[15:17])) if text[8:9] == "-" else first
    return first, last + ONE_DAY


UNITS: Memory = Memory(thousandths)
SPANS: Memory = Memory(_span)
"""CCYYMMDD, CCYYMMDD-CCYYMMDD or CCYYMMDDHHMM to half-open (start, end)."""


def day(text: str | None) -> date | None:
    """The day of CCYYMMDD (what follows is dropped), None for nothing."""
    return SPANS[text[:8]][0] if text else None


class Splitter:
    """Composites taken apart with one component separator, repeats remembered."""

    def __init__(self, component: str) -> None:
        self.component = component
        self.procedures: Memory = Memory(self._procedure)
        self.pointers: Memory = Memory(self._pointers)
        self.pairs: Memory = Memory(lambda text: tuple(text.split(component)))

    def _procedure(self, text: str) -> tuple[str, str, tuple[str, ...]]:
        """(code list qualifier, code, modifiers)."""
        qualifier, _, rest = text.partition(self.component)
        code, *modifiers = rest.split(self.component)
        return qualifier, code, tuple(filter(None, modifiers[:4]))

    def _pointers(self, text: str) -> tuple[int, ...]:
        return tuple(int(pointer) for pointer in text.split(self.component) if pointer)
