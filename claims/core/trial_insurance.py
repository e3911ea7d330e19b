"""Other coverage of the people of a trial's family file, and the work of its subscriber. Format: docs/trial_claims.md."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from benefits.core.other_coverage import OtherInsurance, OtherPlan, OurPlace, Size, Work, check
from benefits.core.relationships import SELF

DAYS = ("start", "end", "since", "esrd_since", "decree_known_on")


def insurance_in(family: Mapping[str, Any]) -> dict[int, OtherInsurance]:
    """By place in the file (from 1), what it tells of other coverage. Raises BadOtherCoverage, ValueError for no day."""
    people: Sequence[Mapping[str, Any]] = family["people"]
    places = [place for place, row in enumerate(people, start=1) if row["relationship"] == SELF]
    holder = places[0] if places else 1
    born = date.fromisoformat(people[holder - 1]["birth_date"])
    sizes, work = _employer(family.get("employer"))
    found = {}
    for place, row in enumerate(people, start=1):
        if "other_coverage" not in row and "asked" not in row:
            continue
        mine = OurPlace(
            member_id=place,
            relationship=row["relationship"],
            holder_id=holder,
            holder_birthday=(born.month, born.day),
            work=work,
            sole_company=sizes,
        )
        answers = sorted((date.fromisoformat(each["on"]), each["has_other"]) for each in row.get("asked", ()))
        found[place] = OtherInsurance(
            plans=tuple(_plan(each) for each in row.get("other_coverage", ())),
            answers=tuple(answers),
            places={place: mine},
        )
    return found


def _employer(told: Mapping[str, Any] | None) -> tuple[tuple[Size, ...], tuple[Work, ...]]:
    if told is None:
        return (), ()
    sizes = (Size(date.min, None, told["employees"]),) if "employees" in told else ()
    if "employed_since" not in told:
        return sizes, ()
    until = told.get("employed_until")
    since = date.fromisoformat(told["employed_since"])
    return sizes, (Work(since, date.fromisoformat(until) if until else None, sizes),)


def _plan(row: Mapping[str, Any]) -> OtherPlan:
    facts = dict(row) | {name: date.fromisoformat(row[name]) for name in DAYS if row.get(name)}
    if "holder_birthday" in facts:
        month, day = facts["holder_birthday"].split("-")
        facts["holder_birthday"] = int(month), int(day)
    plan = OtherPlan(**({"line_of_coverage": "medical"} | facts))
    check(plan)
    return plan
