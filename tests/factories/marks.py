"""Words that can only have come from one row of one employer: planted everywhere, looked for in every reply.

A mark is eight characters: the employer's six letters, one for what it stands in, one for whose it is ("Qzharbn1"). It
fits the shortest column that matters (a service code) and survives any change of letter case.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

WORDS = {"harbor": "Qzharb", "meadow": "Qzmead"}

NAME, TOLD_NAME, DIAGNOSIS, SERVICE, PROVIDER, NOTE, ACCOUNT_OF_PATIENT, FILE = "ntdcvoaf"
PLAN, MONEY, EMAIL, SEALED, PUBLIC, REMARK = "gmesxr"

CARE = frozenset({TOLD_NAME, DIAGNOSIS, SERVICE, PROVIDER, NOTE, ACCOUNT_OF_PATIENT, FILE})
"""What only a claim can have told."""

NOBODY = "0"
"""Whose a mark is when it is about the employer."""

MARK = re.compile(rf"({'|'.join(WORDS.values())})([a-z])([0-9a-z])", re.IGNORECASE)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """slug: whose employer.  kind: one of the letters above.  person: whose, or NOBODY."""

    slug: str
    kind: str
    person: str = NOBODY

    def __str__(self) -> str:
        return f"{WORDS[self.slug]}{self.kind}{self.person}"


_SLUGS = {word.lower(): slug for slug, word in WORDS.items()}


def marks_in(text: str) -> set[Mark]:
    """Every mark of a text, in any letter case."""
    return {Mark(_SLUGS[word.lower()], kind.lower(), person.lower()) for word, kind, person in MARK.findall(text)}


def uuids_in(text: str) -> set[str]:
    """Every UUID of a text."""
    return set(UUID.findall(text.lower()))


def dollars_of(cents: Iterable[int]) -> set[str]:
    """How pages write these amounts: with and without the comma of thousands."""
    return {form for each in cents for form in (f"{each // 100:,}.{each % 100:02d}", f"{each // 100}.{each % 100:02d}")}
