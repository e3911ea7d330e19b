"""Which claim of ours a replacement, void or late charge is about, decided while it is stored, under the intake lock.

A provider names the claim by our number (REF*F8). It must be the patient's or his family's, billed by the same provider,
and the newest of its line: a claim that was replaced, voided or taken back is not corrected again. Who breaks this is
turned away with a 277CA and never stored. A claim of another provider or family is as unknown as one that does not
exist: the answer does not tell whether we have it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from claims.core import numbers
from claims.core.changes import REPLACE, REPLACEMENT, VOID, VOIDED
from claims.core.claim import LATE_CHARGE, Claim
from claims.core.claim import REPLACEMENT as REPLACES
from claims.core.claim import VOID as VOIDS
from claims.services.copying import id_list

ORIGINAL_UNKNOWN, ORIGINAL_CORRECTED = "original_unknown", "original_corrected"

_ORDERS = {REPLACES: (REPLACE, REPLACEMENT), VOIDS: (VOID, VOIDED)}


class Reference(NamedTuple):
    """What a claim says of the claim it is about: our number as sent, and who bills."""

    number: str
    npi: str
    tin: str


@dataclass(slots=True)
class Original:
    """A claim of ours that another one names. taken: it was corrected or taken back already, or is itself a void."""

    intake_seq: int
    family_id: int
    person_id: int
    npi: str
    tin: str
    filed_date: date
    taken: bool


class Link(NamedTuple):
    """A replacement or void that was stored: the order it is to be written as."""

    frequency: str
    original_seq: int
    successor_seq: int
    filed_date: date


def reference_of(claim: Claim) -> Reference | None:
    """What has to be looked up before this claim may be stored; None for nearly all.

    A late charge that names no claim simply adds to what is on file.
    """
    if claim.frequency in _ORDERS or (claim.frequency == LATE_CHARGE and claim.original_reference):
        return Reference(claim.original_reference, claim.billing.npi, claim.billing.tin)
    return None


class Originals:
    """The claims of ours a batch names, as they stand while the intake lock is held."""

    def __init__(self, references: Iterable[Reference]) -> None:
        self.wanted = {seq for each in references if (seq := _sequence(each.number))}
        self.known = _read(sorted(self.wanted)) if self.wanted else {}

    def add(self, seq: int, content: str, *, family_id: int, person_id: int, frequency: str, received: date) -> None:
        """A claim of the same batch, stored a moment ago under `seq`: those after it may be about it."""
        if seq not in self.wanted:
            return
        billing = json.loads(content).get("billing", {})
        self.known[seq] = Original(
            intake_seq=seq,
            family_id=family_id,
            person_id=person_id,
            npi=billing.get("npi", ""),
            tin=billing.get("tin", ""),
            filed_date=received,
            taken=frequency == VOIDS,
        )

    def find(
        self, reference: Reference, *, frequency: str, family_id: int, person_id: int
    ) -> tuple[Original | None, str]:
        """The claim a reference is about, or why a claim of this frequency must be turned away."""
        found = self.known.get(_sequence(reference.number))
        if found is None or not _same_provider(found, reference):
            return None, ORIGINAL_UNKNOWN
        if found.family_id != family_id and found.person_id != person_id:
            return None, ORIGINAL_UNKNOWN
        if frequency in _ORDERS and found.taken:
            return None, ORIGINAL_CORRECTED
        return found, ""


def _same_provider(found: Original, reference: Reference) -> bool:
    """One of the two numbers a provider bills under is the same."""
    return (found.npi != "" and found.npi == reference.npi) or (found.tin != "" and found.tin == reference.tin)


def _sequence(number: str) -> int:
    try:
        return numbers.intake_seq(number)
    except numbers.NotAClaimNumber:
        return 0


def _read(sequences: Sequence[int]) -> dict[int, Original]:
    with connection.cursor() as cursor:
        cursor.execute(_ORIGINALS, [id_list(sequences)])
        return {row[0]: Original(*row) for row in cursor.fetchall()}


_ORIGINALS = """
SELECT s.intake_seq, s.family_id, s.person_id, coalesce(s.content::jsonb #>> '{billing,npi}', ''),
       coalesce(s.content::jsonb #>> '{billing,tin}', ''), coalesce(c.filed_date, s.received_date),
       s.frequency = '8'
       OR EXISTS (SELECT FROM claims_claimchange n WHERE n.submission_id = s.id AND n.successor_id IS NOT NULL)
       OR (EXISTS (SELECT FROM claims_claimversion v WHERE v.submission_id = s.id)
           AND NOT EXISTS (
               SELECT FROM claims_claimversion v WHERE v.submission_id = s.id AND v.reverses_id IS NULL
                  AND NOT EXISTS (SELECT FROM claims_claimversion r WHERE r.reverses_id = v.id)))
  FROM claims_claimsubmission s LEFT JOIN claims_claimchange c ON c.successor_id = s.id
 WHERE s.intake_seq = ANY(%s::bigint[])
"""


def write(links: Sequence[Link], *, received_at: datetime) -> None:
    """The orders of claims just stored, in one statement. The database refuses a second correction of a claim."""
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            [
                received_at,
                [_ORDERS[link.frequency][0] for link in links],
                [_ORDERS[link.frequency][1] for link in links],
                [link.original_seq for link in links],
                [link.successor_seq for link in links],
                [link.filed_date for link in links],
            ],
        )


_WRITE = """
INSERT INTO claims_claimchange
       (kind, cause, submission_id, successor_id, filed_date, note, actor_kind, actor_uuid, ordered_at)
SELECT link.kind, link.cause, original.id, successor.id, link.filed, '', 'system', NULL, %s
  FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::date[])
       AS link (kind, cause, original_seq, successor_seq, filed)
  JOIN claims_claimsubmission original ON original.intake_seq = link.original_seq
  JOIN claims_claimsubmission successor ON successor.intake_seq = link.successor_seq
 ORDER BY link.successor_seq
"""
