"""Puts claims of a file into one employer's schema: matched to people, numbered in the order of arrival, once each.

One transaction under the lock of the employer's intake counter. A claim whose key is there already keeps its number. A
replacement or void is tied to the claim it corrects in the same moment, or turned away (`claims.services.linking`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from benefits import facade as benefits
from benefits.core.matching import Ambiguous, MemberKey, MemberMatch
from claims.core.claim import LATE_CHARGE, PATIENT_IS_SUBSCRIBER, Claim
from claims.core.claim_json import to_json
from claims.services import linking
from claims.services.copying import Column, copy_block, escaped

ONE_DAY = timedelta(days=1)
UNKNOWN_MEMBER, AMBIGUOUS_MEMBER = "unknown_member", "ambiguous_member"


class Arrived(NamedTuple):
    """A claim on its way to an employer, as it will be stored. `key` names it for good. whom: the parts of a MemberKey.

    days: first and last of service, "" when it names none. about: the claim of ours it corrects or adds to, None for
    most. Plain values, because another process may have prepared them.
    """

    key: str
    whom: tuple[str, str, str, date | None, str, str]
    kind: str
    frequency: str
    days: str
    billed_cents: int
    content: str
    about: linking.Reference | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """The file the claims came in, and its day in the employer's time zone."""

    file_uuid: UUID
    received_at: datetime
    received_date: date


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of one claim: its intake_seq, or why no member could be told ("" when stored), or why it is turned
    away (`linking`: the claim it names cannot be corrected).
    """

    intake_seq: int
    reason: str = ""
    known_before: bool = False
    refusal: str = ""


def store(claims: Sequence[Arrived], arrival: Arrival) -> list[Stored]:
    """Store the claims in the current employer's schema and say what became of each, in the order given.

    Four statements, however many claims, and two more where some correct others. Repeating it stores nothing and gives
    the same numbers.
    """
    with transaction.atomic():
        first = _lock_counter()
        known = _known([claim.key for claim in claims])
        fresh = [claim for claim in claims if claim.key not in known]
        matches = dict(
            zip(
                [claim.key for claim in fresh],
                benefits.match_members([MemberKey(*claim.whom) for claim in fresh]) if fresh else [],
                strict=True,
            )
        )
        about = [claim.about for claim in fresh if claim.about is not None]
        batch = _Batch(first, arrival, linking.Originals(about)) if about else None
        found: list[Stored] = []
        rows: list[str] = []
        texts = _arrival_texts(arrival)
        for claim in claims:
            if claim.key in known:
                found.append(Stored(known[claim.key], known_before=True))
                continue
            match = matches[claim.key]
            if not isinstance(match, MemberMatch):
                found.append(Stored(0, AMBIGUOUS_MEMBER if isinstance(match, Ambiguous) else UNKNOWN_MEMBER))
                continue
            if batch is not None and (refusal := batch.takes(claim, match)):
                found.append(Stored(0, refusal=refusal))
                continue
            seq = first + len(rows)
            rows.append(_row(seq, claim, match, texts))
            found.append(Stored(seq))
        if rows:
            copy_block("claims_claimsubmission", _COLUMNS, "".join(rows))
            _advance_counter(first + len(rows))
        if batch is not None and batch.links:
            linking.write(batch.links, received_at=arrival.received_at)
        return found


class _Batch:
    """Claims stored together some of which correct others, of this batch or of earlier ones."""

    def __init__(self, first: int, arrival: Arrival, originals: linking.Originals) -> None:
        self.seq, self.arrival, self.originals = first, arrival, originals
        self.links: list[linking.Link] = []

    def takes(self, claim: Arrived, match: MemberMatch) -> str:
        """Count the claim in under the next number, or say why it is turned away."""
        received = self.arrival.received_date
        if claim.about is not None:
            original, refusal = self.originals.find(
                claim.about, frequency=claim.frequency, family_id=match.family_id, person_id=match.person_id
            )
            if original is None:
                return refusal
            if claim.frequency != LATE_CHARGE:
                original.taken, received = True, original.filed_date
                self.links.append(linking.Link(claim.frequency, original.intake_seq, self.seq, original.filed_date))
        self.originals.add(
            self.seq,
            claim.content,
            family_id=match.family_id,
            person_id=match.person_id,
            frequency=claim.frequency,
            received=received,
        )
        self.seq += 1
        return ""


def arrived(key: str, claim: Claim) -> Arrived:
    """The claim as it will be stored. Needs no database."""
    days = "" if _names_no_day(claim) else f"{claim.first_service_date}\t{last_service_date(claim)}"
    about = linking.reference_of(claim)
    return Arrived(key, _whom(claim), claim.kind, claim.frequency, days, claim.billed_cents, to_json(claim), about)


def _whom(claim: Claim) -> tuple[str, str, str, date | None, str, str]:
    """What the claim tells of its patient: the parts of a MemberKey."""
    subscriber, patient = claim.subscriber, claim.patient
    if patient is None:
        return (
            subscriber.member_number,
            subscriber.given_name,
            subscriber.family_name,
            subscriber.birth_date,
            subscriber.sex,
            PATIENT_IS_SUBSCRIBER,
        )
    return (
        subscriber.member_number,
        patient.given_name,
        patient.family_name,
        patient.birth_date,
        patient.sex,
        patient.relationship,
    )


def _names_no_day(claim: Claim) -> bool:
    """An estimate of work to come may name none: it is dated by the day it was received."""
    return claim.predetermination and all(line.service_start is None for line in claim.lines)


def last_service_date(claim: Claim) -> date:
    """The latest day any part of the claim names."""
    ends = [line.service_end for line in claim.lines if line.service_end is not None]
    if claim.statement_end is not None:
        ends.append(claim.statement_end)
    first = claim.first_service_date
    return max(first, max(ends) - ONE_DAY) if ends else first


def _lock_counter() -> int:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO claims_intakecounter (id, next_seq) VALUES (1, 1) ON CONFLICT DO NOTHING")
        cursor.execute("SELECT next_seq FROM claims_intakecounter WHERE id = 1 FOR UPDATE")
        return cursor.fetchone()[0]


def _advance_counter(next_seq: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_intakecounter SET next_seq = %s WHERE id = 1", [next_seq])


def _known(keys: list[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT claim_key, intake_seq FROM claims_claimsubmission"
            " WHERE claim_key = ANY(string_to_array(%s, chr(10))::varchar[])",
            ["\n".join(keys)],
        )
        return dict(cursor.fetchall())


def _arrival_texts(arrival: Arrival) -> str:
    return f"{arrival.file_uuid}\t{arrival.received_at.isoformat()}\t{arrival.received_date}"


def _row(seq: int, claim: Arrived, match: MemberMatch, arrival: str) -> str:
    days = claim.days or "\t".join([arrival.rpartition("\t")[2]] * 2)
    return (
        f"{seq}\t{escaped(claim.key)}\t{arrival}\t{claim.kind}\t{claim.frequency}"
        f"\t{match.family_id}\t{match.person_id}\t{days}\t{claim.billed_cents}\t{escaped(claim.content)}\n"
    )


_COLUMNS: Sequence[Column] = (
    "intake_seq", "claim_key", "file_uuid", "received_at", "received_date", "kind", "frequency",
    "family_id", "person_id", "first_service_date", "last_service_date", "billed_cents", "content",
)  # fmt: skip
