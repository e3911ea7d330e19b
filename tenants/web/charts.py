"""Geometry of the charts that the server draws as SVG: whole numbers only, ready for the templates in components/."""

from collections.abc import Sequence
from dataclasses import dataclass

FULL = 1000
"""Width of a meter and a split in SVG units; the drawing stretches to its box."""

BARS_WIDTH, ROW_HEIGHT, BAR_HEIGHT = 440, 44, 14
AXIS_HEIGHT = 22

_ROUND_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """One labelled bar: its cents, and where it lies in the drawing."""

    label: str
    cents: int
    top: int
    width: int

    @property
    def text_y(self) -> int:
        return self.top + 14

    @property
    def bar_y(self) -> int:
        return self.top + 20


@dataclass(frozen=True, slots=True)
class Tick:
    """A round number on the axis and where it stands."""

    cents: int
    x: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole: its cents, and its stretch of the drawing. tone: 1..4, a colour of the legend."""

    label: str
    cents: int
    x: int
    width: int
    tone: int


def share_of(part: int, whole: int, full: int = FULL) -> int:
    """`part` of `whole` as a length between 0 and `full`. A part above nothing is seen: at least 1. No whole: 0."""
    if whole <= 0 or part <= 0:
        return 0
    return max(1, min(full, part * full // whole))


def round_ticks(largest: int, at_most: int = 4) -> list[int]:
    """0 and round amounts (1, 2 or 5 times a power of ten dollars) up to the first that covers `largest` cents."""
    if largest <= 0:
        return [0, 100]
    power = 100
    while True:
        for factor in _ROUND_STEPS:
            step = factor * power
            if step * at_most >= largest:
                return [step * i for i in range(-(-largest // step) + 1)]
        power *= 10


def bars(rows: Sequence[tuple[str, int]]) -> tuple[list[Bar], list[Tick], int]:
    """Horizontal bars for (label, cents >= 0), the ticks of their axis, and the height of the drawing."""
    ticks = round_ticks(max((cents for _, cents in rows), default=0))
    whole = ticks[-1]
    drawn = [
        Bar(label=label, cents=cents, top=i * ROW_HEIGHT, width=share_of(cents, whole, BARS_WIDTH))
        for i, (label, cents) in enumerate(rows)
    ]
    anchors = ["start", *["middle"] * (len(ticks) - 2), "end"]
    axis = [
        Tick(cents=cents, x=cents * BARS_WIDTH // whole, anchor=anchor)
        for cents, anchor in zip(ticks, anchors, strict=True)
    ]
    return drawn, axis, len(rows) * ROW_HEIGHT + AXIS_HEIGHT


def parts(rows: Sequence[tuple[str, int]]) -> list[Part]:
    """The parts of one whole side by side, in order, from (label, cents >= 0). They fill the drawing exactly."""
    whole = sum(cents for _, cents in rows)
    drawn, before = [], 0
    for tone, (label, cents) in enumerate(rows, start=1):
        start = before * FULL // whole if whole else 0
        before += cents
        end = before * FULL // whole if whole else 0
        drawn.append(Part(label=label, cents=cents, x=start, width=end - start, tone=min(tone, 4)))
    return drawn
