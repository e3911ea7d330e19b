"""What a night has to decide: claims that arrived since the last, pends that were answered, orders, leftovers set free.

A claim its provider has replaced or voided (by a claim the night may see) is none of these any more.
"""

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
    counts, again = _arrived(night), _answered_or_ordered(night)
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


def _answered_or_ordered(night: Night) -> dict[int, list[int]]:
    """By family, earlier claims to decide: every pend of their last night answered, or changed on an order of the plan."""
    with connection.cursor() as cursor:
        cursor.execute(_AGAIN, {"cutoff": night.cutoff_seq})
        return dict(cursor.fetchall())


# A pended decision waits until it is followed by a version; the one an order gave waits beside the version in force.
_AGAIN = """
WITH latest AS (
    SELECT DISTINCT ON (d.submission_id) d.submission_id, d.id FROM claims_pendeddecision d
     WHERE NOT EXISTS (
           SELECT FROM claims_claimversion v WHERE v.submission_id = d.submission_id AND v.night_id >= d.night_id)
     ORDER BY d.submission_id, d.id DESC
), open AS (
    SELECT DISTINCT p.decision_id AS id FROM claims_pend p JOIN latest ON latest.id = p.decision_id
     WHERE NOT EXISTS (SELECT FROM claims_pendresolution r WHERE r.pend_id = p.id)
), again AS (
    SELECT submission_id FROM latest WHERE NOT EXISTS (SELECT FROM open WHERE open.id = latest.id)
    UNION
    SELECT c.submission_id FROM claims_claimchange c
     WHERE c.successor_id IS NULL
       AND NOT EXISTS (SELECT FROM claims_claimchangeresult r WHERE r.change_id = c.id)
       AND NOT EXISTS (SELECT FROM latest JOIN open USING (id) WHERE latest.submission_id = c.submission_id)
       AND EXISTS (
           SELECT FROM claims_claimversion v WHERE v.submission_id = c.submission_id AND v.reverses_id IS NULL
              AND NOT EXISTS (SELECT FROM claims_claimversion r WHERE r.reverses_id = v.id))
)
SELECT s.family_id, array_agg(s.id ORDER BY s.id) FROM again JOIN claims_claimsubmission s ON s.id = again.submission_id
 WHERE NOT EXISTS (
       SELECT FROM claims_claimchange c JOIN claims_claimsubmission n ON n.id = c.successor_id
        WHERE c.submission_id = s.id AND n.intake_seq <= %(cutoff)s)
 GROUP BY 1
"""


def _left_over(units: list[tuple[int, ...]], night: Night) -> dict[int, list[int]]:
    """By family, claims of earlier nights that were neither decided nor pended because of a quarantine now released."""
    families = [family for unit in units for family in unit]
    if not families:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LEFT_OVER, {"families": families, "after": night.after_seq, "cutoff": night.cutoff_seq})
        return dict(cursor.fetchall())


_LEFT_OVER = """
SELECT s.family_id, array_agg(s.id ORDER BY s.id) FROM claims_claimsubmission s
 WHERE s.family_id = ANY(%(families)s) AND s.intake_seq <= %(after)s
   AND NOT EXISTS (SELECT FROM claims_claimversion v WHERE v.submission_id = s.id)
   AND NOT EXISTS (SELECT FROM claims_pendeddecision d WHERE d.submission_id = s.id)
   AND NOT EXISTS (
       SELECT FROM claims_claimchange c JOIN claims_claimsubmission n ON n.id = c.successor_id
        WHERE c.submission_id = s.id AND n.intake_seq <= %(cutoff)s)
   AND NOT EXISTS (
       SELECT FROM claims_claimchange c JOIN claims_claimchangeresult r ON r.change_id = c.id WHERE c.successor_id = s.id)
 GROUP BY 1
"""
