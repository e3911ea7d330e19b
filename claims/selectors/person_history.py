"""Other claims of one person, for the page about one of them."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from claims.core.numbers import claim_number
from claims.models import ClaimSubmission

MOST = 15


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another claim of the same person. outcome: "pay", "deny", "waits" or "new"."""

    submission_id: int
    number: str
    first_service_date: date
    kind: str
    billed_cents: int
    outcome: str
    paid_cents: int | None
    member_cents: int | None


def history_of(submission: ClaimSubmission) -> tuple[Earlier, ...]:
    """The person's other claims, the latest service first, each with its decision in force. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, {"person": submission.person_id, "own": submission.pk, "most": MOST})
        return tuple(Earlier(key, claim_number(seq), *rest) for key, seq, *rest in cursor.fetchall())


_HISTORY = """
SELECT s.id, s.intake_seq, s.first_service_date, s.kind, s.billed_cents,
       coalesce(v.outcome, CASE WHEN p.waits THEN 'waits' ELSE 'new' END), v.paid_cents, v.member_cents
  FROM claims_claimsubmission s
  LEFT JOIN LATERAL (
       SELECT outcome, paid_cents, member_cents FROM claims_claimversion own
        WHERE own.submission_id = s.id AND own.reverses_id IS NULL ORDER BY version DESC LIMIT 1) v ON true
  LEFT JOIN LATERAL (SELECT true AS waits FROM claims_pend WHERE submission_id = s.id LIMIT 1) p ON true
 WHERE s.person_id = %(person)s AND s.id <> %(own)s
 ORDER BY s.last_service_date DESC, s.id DESC LIMIT %(most)s
"""
