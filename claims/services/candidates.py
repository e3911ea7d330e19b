"""What a night has to decide: claims that arrived since the last, pends that were answered, leftovers set free."""

from collections.abc import Iterator

from django.db import connection

from benefits import facade as benefits
from claims.models import Night, Quarantine
from claims.services.chunks import Piece, as_pieces


def work_of(night: Night) -> Iterator[Piece]:
    """Units of families with something to decide, by their first family, each with its claims counted.

    A unit with a family still in quarantine is left out whole; its new claims wait with the old ones and come back
    when the quarantine is released.
    """
    counts, again = _arrived(night), _answered()
    held = set(Quarantine.objects.filter(released_at=None).values_list("family_id", flat=True))
    freed = set(Quarantine.objects.exclude(released_at=None).values_list("family_id", flat=True))
    units = benefits.family_units([*counts, *again, *freed])
    open_units = [unit for unit in units if held.isdisjoint(unit)]
    for family, claims in _left_over([unit for unit in open_units if not freed.isdisjoint(unit)], night).items():
        again.setdefault(family, []).extend(claims)
    for family, claims in again.items():
        counts[family] = counts.get(family, 0) + len(claims)
    return (piece for piece in as_pieces(open_units, counts=counts, again=again) if piece.claims)


def _arrived(night: Night) -> dict[int, int]:
    """New claims by family: intake_seq in (after_seq, cutoff_seq]."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT family_id, count(*) FROM claims_claimsubmission WHERE intake_seq > %s AND intake_seq <= %s"
            " GROUP BY family_id",
            [night.after_seq, night.cutoff_seq],
        )
        return dict(cursor.fetchall())


def _answered() -> dict[int, list[int]]:
    """By family, claims still undecided whose last night's pends are all resolved."""
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED)
        return dict(cursor.fetchall())


_ANSWERED = """
WITH latest AS (
    SELECT DISTINCT ON (d.submission_id) d.submission_id, d.id FROM claims_pendeddecision d
     WHERE NOT EXISTS (SELECT FROM claims_claimversion v WHERE v.submission_id = d.submission_id)
     ORDER BY d.submission_id, d.id DESC
)
SELECT s.family_id, array_agg(s.id ORDER BY s.id)
  FROM latest JOIN claims_claimsubmission s ON s.id = latest.submission_id
 WHERE NOT EXISTS (
       SELECT FROM claims_pend p WHERE p.decision_id = latest.id
          AND NOT EXISTS (SELECT FROM claims_pendresolution r WHERE r.pend_id = p.id))
 GROUP BY 1
"""


def _left_over(units: list[tuple[int, ...]], night: Night) -> dict[int, list[int]]:
    """By family, claims of earlier nights that were neither decided nor pended because of a quarantine now released."""
    families = [family for unit in units for family in unit]
    if not families:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LEFT_OVER, {"families": families, "after": night.after_seq})
        return dict(cursor.fetchall())


_LEFT_OVER = """
SELECT s.family_id, array_agg(s.id ORDER BY s.id) FROM claims_claimsubmission s
 WHERE s.family_id = ANY(%(families)s) AND s.intake_seq <= %(after)s
   AND NOT EXISTS (SELECT FROM claims_claimversion v WHERE v.submission_id = s.id)
   AND NOT EXISTS (SELECT FROM claims_pendeddecision d WHERE d.submission_id = s.id)
 GROUP BY 1
"""
