"""Finding the person a provider asks about. Everything told must agree with one person; among several none is chosen.

What is enough, as the CORE operating rules for 270/271 list it: member number with birth date or last name; or first name,
last name and birth date. The combinations and what a misfit is called: docs/domain/edi_answers.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from benefits.core.matching import fold_name, same_name
from benefits.core.relationships import SELF

_SUFFIXES = frozenset({"JR", "SR", "I", "II", "III", "IV", "V", "MD", "PHD", "DDS", "ESQ"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAsked:
    """What a question tells of a person. "" and None: not told. Names as sent."""

    member_number: str = ""
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    sex: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A member place that may be meant: one person under one subscriber.

    holder_id: member key of the subscriber, the place's own for himself. member_number: as on the card.
    """

    member_id: int
    holder_id: int
    person_id: int
    person_uuid: UUID
    family_id: int
    member_number: str
    given_name: str
    family_name: str
    birth_date: date
    sex: str
    relationship: str

    @property
    def is_holder(self) -> bool:
        return self.relationship == SELF


class Misfit(StrEnum):
    """Why nobody is told of: what is wrong, or missing, in what was asked."""

    NUMBER_UNKNOWN = "number_unknown"
    NUMBER_MISSING = "number_missing"
    NAME_MISSING = "name_missing"
    BIRTH_DATE_MISSING = "birth_date_missing"
    NAME = "name"
    BIRTH_DATE = "birth_date"
    NOBODY = "nobody"
    SEVERAL = "several"


def missing(asked: PersonAsked) -> Misfit | None:
    """What a question about a subscriber lacks, None when it tells enough to search by."""
    if asked.member_number:
        if asked.birth_date is None and not asked.family_name:
            return Misfit.BIRTH_DATE_MISSING
        return None
    if asked.birth_date is None:
        return Misfit.NUMBER_MISSING if not asked.family_name else Misfit.BIRTH_DATE_MISSING
    return None if asked.family_name and asked.given_name else Misfit.NAME_MISSING


def find_person(asked: PersonAsked, places: Sequence[Place]) -> Place | Misfit:
    """The one person meant by a question that names no dependant.

    places: all under the member number, or all of the birth date where no number is told. A number with a last name alone
    means the holder of the card; with more it may mean anybody on it, since dependants are often asked about as if they
    were subscribers.
    """
    if (lacking := missing(asked)) is not None:
        return lacking
    if asked.member_number and not places:
        return Misfit.NUMBER_UNKNOWN
    if asked.member_number and asked.birth_date is None and not asked.given_name:
        places = [place for place in places if place.is_holder]
    return _only(asked, places)


def find_dependant(asked: PersonAsked, holder: Place, places: Sequence[Place]) -> Place | Misfit:
    """The one dependant of a subscriber. places: all under him. Enough is a birth date with a name, or both names."""
    if asked.birth_date is None and not (asked.given_name and asked.family_name):
        return Misfit.BIRTH_DATE_MISSING
    if not (asked.given_name or asked.family_name):
        return Misfit.NAME_MISSING
    return _only(asked, [place for place in places if place.holder_id == holder.holder_id and not place.is_holder])


def find_holder(asked: PersonAsked, places: Sequence[Place]) -> Place | Misfit:
    """The subscriber under whom a dependant is asked about: a number is enough, whatever else is told must agree."""
    if asked.member_number:
        if not places:
            return Misfit.NUMBER_UNKNOWN
        return _only(asked, [place for place in places if place.is_holder])
    return find_person(asked, places)


def same_family_name(one: str, other: str) -> bool:
    """Equal last names, whatever the case, accents, punctuation and a suffix such as "Jr." (CORE name normalisation)."""
    if same_name(one, other):
        return True
    short = _without_suffix(one)
    return bool(short) and short == _without_suffix(other)


def _without_suffix(name: str) -> str:
    words = [fold_name(word) for word in name.replace(",", " ").replace("/", " ").split()]
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    return "".join(words)


def _born(asked: PersonAsked, place: Place) -> bool:
    return asked.birth_date in (None, place.birth_date)


def _named(asked: PersonAsked, place: Place) -> bool:
    given = not asked.given_name or same_name(asked.given_name, place.given_name)
    return given and (not asked.family_name or same_family_name(asked.family_name, place.family_name))


def _only(asked: PersonAsked, places: Sequence[Place]) -> Place | Misfit:
    fitting = [place for place in places if _born(asked, place) and _named(asked, place)]
    if not fitting:
        return _what_differs(asked, places)
    if len({place.person_id for place in fitting}) > 1 and asked.sex in ("F", "M"):
        fitting = [place for place in fitting if place.sex == asked.sex] or fitting
    if len({place.person_id for place in fitting}) > 1:
        return Misfit.SEVERAL
    return min(fitting, key=lambda place: (not place.is_holder, place.member_id))


def _what_differs(asked: PersonAsked, places: Sequence[Place]) -> Misfit:
    """Which detail keeps the question from fitting; NOBODY where more than one does, so that a number alone opens nothing."""
    if not asked.member_number:
        return Misfit.NOBODY
    agrees: Callable[[PersonAsked, Place], bool]
    for misfit, agrees, told in (
        (Misfit.BIRTH_DATE, _named, asked.family_name or asked.given_name),
        (Misfit.NAME, _born, asked.birth_date is not None),
    ):
        if told and any(agrees(asked, place) for place in places):
            return misfit
    return Misfit.NOBODY
