"""Finding the member a claim speaks of. A name alone never decides."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from benefits.core.relationships import SELF


@dataclass(frozen=True, slots=True)
class MemberKey:
    """What a claim tells of its patient.

    member_number: the subscriber's member id as written on the card. relationship: X12 individual relationship code
    ("18" the subscriber, "01" spouse, "19" child ...; "" when the file does not say). Names as sent, any case.
    birth_date None or sex "" when the file does not say.
    """

    member_number: str
    given_name: str
    family_name: str
    birth_date: date | None
    sex: str
    relationship: str


@dataclass(frozen=True, slots=True)
class MemberMatch:
    """The one member found: keys of the row, the human and the family."""

    member_id: int
    person_id: int
    family_id: int


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several members fit and none is chosen. candidates: how many."""

    candidates: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """One member who carries the key's member number, the subscriber included."""

    match: MemberMatch
    given_name: str
    family_name: str
    birth_date: date
    sex: str
    relationship: str


def choose(key: MemberKey, candidates: Sequence[Candidate]) -> MemberMatch | Ambiguous | None:
    """The candidate the key means, None when nobody fits, Ambiguous when several do.

    The member number has already chosen the candidates. Then birth date and first name decide, sex and relationship
    only between those. A claim for the subscriber may spell the first name otherwise when the birth date agrees; one
    without a birth date must give the subscriber's full name. Relationship alone never contradicts: dependants are
    often sent as "self".
    """
    if key.birth_date is None:
        named = [
            one for one in candidates if one.relationship == SELF == key.relationship and _same_full_name(key, one)
        ]
        return _only(named)
    fitting = [
        one
        for one in candidates
        if one.birth_date == key.birth_date
        and same_name(one.given_name, key.given_name)
        and _sex_agrees(key.sex, one.sex)
    ]
    if not fitting and key.relationship == SELF:
        fitting = [one for one in candidates if one.relationship == SELF and one.birth_date == key.birth_date]
    if len(fitting) > 1 and key.relationship:
        fitting = [one for one in fitting if one.relationship == key.relationship] or fitting
    return _only(fitting)


def same_name(one: str, other: str) -> bool:
    """Equal letters, whatever the case, accents, blanks and punctuation; never true for an empty name."""
    folded = fold_name(one)
    return bool(folded) and folded == fold_name(other)


@lru_cache(maxsize=65_536)
def fold_name(name: str) -> str:
    """The letters of a name, upper-case, without accents: "Zoë-Ann" is "ZOEANN"."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name) if letter.isalpha()).upper()


def normal_member_number(text: str) -> str:
    """A member number as it is compared: capital letters and digits, nothing between them."""
    return "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())


def _same_full_name(key: MemberKey, one: Candidate) -> bool:
    return same_name(one.given_name, key.given_name) and same_name(one.family_name, key.family_name)


def _sex_agrees(one: str, other: str) -> bool:
    return one == other or one not in ("F", "M") or other not in ("F", "M")


def _only(fitting: Sequence[Candidate]) -> MemberMatch | Ambiguous | None:
    if len(fitting) > 1:
        return Ambiguous(len(fitting))
    return fitting[0].match if fitting else None
