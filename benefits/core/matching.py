"""Finding the member a claim speaks of. A name alone never decides."""

from dataclasses import dataclass
from datetime import date

SELF = "18"


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
