"""A way to look at the queue of all employers: which work, and what comes first. Read from an address, written as one.

Values are ids and codes; what is no value here is left out, so an old or mistyped link shows more and never fails.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

ANY = ""
ME, NOBODY = "me", "nobody"
LATE, SOON, LATER, UNDATED, PAUSED = "late", "soon", "later", "undated", "paused"
SOON_DAYS = 3
DUES: Mapping[str, str] = MappingProxyType(
    {
        LATE: "late",
        SOON: f"within {SOON_DAYS} days",
        LATER: "later",
        UNDATED: "no day",
        PAUSED: "clock stands still",
    }
)
BANDS: Mapping[str, tuple[int, int | None, str]] = MappingProxyType(
    {
        "0-2": (0, 2, "0–2 days"),
        "3-10": (3, 10, "3–10 days"),
        "11-30": (11, 30, "11–30 days"),
        "31": (31, None, "over 30 days"),
    }
)
"""Age bands: from day, to day (None: no end), words."""
FLOORS: Mapping[str, str] = MappingProxyType(
    {"1000": "$1,000 and more", "10000": "$10,000 and more", "50000": "$50,000 and more"}
)
EARLIEST, OLDEST, DEAREST = "", "oldest", "dearest"
ORDERS: Mapping[str, str] = MappingProxyType(
    {EARLIEST: "the earliest due", OLDEST: "the oldest", DEAREST: "the highest amount"}
)
LONGEST_CODE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What of the queue is shown; ANY: all of it.

    category: the queue. employer: a UUID. age: one of BANDS. due: one of DUES; ANY leaves out what stands still.
    owner: ME, NOBODY or a UUID. floor: one of FLOORS (dollars). first: one of ORDERS.
    """

    category: str = ANY
    employer: str = ANY
    age: str = ANY
    due: str = ANY
    owner: str = ANY
    floor: str = ANY
    first: str = EARLIEST

    def query(self) -> dict[str, str]:
        """The view as an address carries it."""
        return {each.name: value for each in fields(self) if (value := str(getattr(self, each.name)))}

    def but(self, **changed: str) -> "View":
        return replace(self, **changed)


def read(given: Mapping[str, str]) -> View:
    """The view an address asks for."""
    category = given.get("category", ANY)
    owner = given.get("owner", ANY)
    return View(
        category=category if len(category) <= LONGEST_CODE and category.replace("_", "").isalnum() else ANY,
        employer=_uuid(given.get("employer", ANY)),
        age=_one_of(BANDS, given.get("age")),
        due=_one_of(DUES, given.get("due")),
        owner=owner if owner in (ME, NOBODY) else _uuid(owner),
        floor=_one_of(FLOORS, given.get("floor")),
        first=_one_of(ORDERS, given.get("first")),
    )


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the next page begins: behind the line with this value of the order (None: without one) and this key."""

    value: int | None
    key: int

    def __str__(self) -> str:
        return f"{'n' if self.value is None else self.value}.{self.key}"


def read_mark(text: str) -> Mark | None:
    """A mark that was handed out; None, the first page, for anything else."""
    value, dot, key = text.partition(".")
    if not dot or not _is_number(key) or not (value == "n" or _is_number(value)):
        return None
    return Mark(None if value == "n" else int(value), int(key))


def microseconds(instant: datetime) -> int:
    """An instant as a mark counts it, exactly."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def instant(count: int) -> datetime:
    """The instant behind `microseconds`; the end of time for a number no mark holds."""
    try:
        return _EPOCH + timedelta(microseconds=count)
    except OverflowError:
        return datetime.max.replace(tzinfo=_EPOCH.tzinfo)


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _one_of(known: Mapping[str, object], value: str | None) -> str:
    return value if value is not None and value in known else ANY


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ANY
