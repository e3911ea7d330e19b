"""Whether a row speaks of somebody already on file, and how told details are taken over."""

from dataclasses import fields, replace
from typing import TypeVar

from benefits.core.instructions import EmploymentDetails, MemberInstruction, PersonDetails
from benefits.core.matching import same_name
from benefits.core.relationships import SELF

Details = TypeVar("Details", PersonDetails, EmploymentDetails)

REQUIRED = {
    "given_name": "the first name",
    "family_name": "the last name",
    "birth_date": "the birth date",
    "sex": "the sex",
}


def same_human(stored: PersonDetails, instruction: MemberInstruction, ssn_token: str) -> bool:
    """Whether the row means this person. Called for people under the row's own subscriber number only.

    Equal social security numbers settle it. A subscriber is known by his number and one of birth date or full name; a
    dependant by birth date and first name. The person as told before (`prior`) is tried as well.
    """
    if stored.ssn and stored.ssn == ssn_token:
        return True
    told = [one for one in (instruction.person, instruction.prior) if one is not None]
    return any(_agrees(stored, one, is_self=instruction.relationship == SELF) for one in told)


def _agrees(stored: PersonDetails, told: PersonDetails, *, is_self: bool) -> bool:
    first = same_name(stored.given_name, told.given_name)
    full = first and same_name(stored.family_name, told.family_name)
    born = told.birth_date is not None and told.birth_date == stored.birth_date
    if is_self:
        return born or full
    return first and born if told.birth_date is not None else full


def absorb(stored: Details, told: Details) -> Details:
    """The stored details with everything that is told put over them. What is not told stays."""
    news = {one.name: getattr(told, one.name) for one in fields(told) if getattr(told, one.name) not in ("", None)}
    return replace(stored, **news)


def missing_details(person: PersonDetails) -> str:
    """The first detail a new person lacks, in words; empty when complete."""
    return next((words for name, words in REQUIRED.items() if not getattr(person, name)), "")


def absorb_employment(stored: EmploymentDetails | None, told: EmploymentDetails) -> EmploymentDetails:
    """As `absorb`; but somebody hired again after he left is employed anew, without the old last day."""
    if stored is not None and stored.end is not None and told.start is not None and told.start >= stored.end:
        stored = replace(stored, start=None, end=None)
    return absorb(stored or EmploymentDetails(), told)
