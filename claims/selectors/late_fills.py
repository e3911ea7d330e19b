"""Claims that took what a late file counts as well: decided before it, on a limit that the file's records went past."""

from django.db import connection


def claims_behind(file_id: int) -> list[tuple[int, int]]:
    """(submission, order of arrival) of decisions in force that posted to such a limit of the person or family.

    In the order they arrived; not those a provider corrected or that are to be decided again already. Decided again, they
    take what is left without the rest that was counted twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND, {"file": file_id})
        return cursor.fetchall()


_BEHIND = """
WITH past AS (
    SELECT e.id, e.person_id, e.family_id, e.accumulator, e.period_start
      FROM claims_accumulatorfilerecord r JOIN claims_accumulatorposting p ON p.record_id = r.id
      JOIN claims_accumulatorentry e ON e.id = p.entry_id AND e.amount > 0
     WHERE r.file_id = %(file)s AND r.over_cents > 0
), taken AS (
    SELECT c.version_id FROM past JOIN claims_accumulatorentry c ON c.person_id = past.person_id
       AND c.accumulator = past.accumulator AND c.period_start = past.period_start AND c.amount > 0 AND c.id < past.id
    UNION
    SELECT c.version_id FROM past JOIN claims_accumulatorentry c ON c.family_id = past.family_id
       AND c.accumulator = past.accumulator AND c.period_start = past.period_start AND c.amount > 0 AND c.id < past.id
)
SELECT s.id, s.intake_seq
  FROM taken JOIN claims_claimversion v ON v.id = taken.version_id AND v.reverses_id IS NULL
  JOIN claims_claimsubmission s ON s.id = v.submission_id
 WHERE NOT EXISTS (SELECT FROM claims_claimversion r WHERE r.reverses_id = v.id)
   AND NOT EXISTS (
       SELECT FROM claims_claimchange c WHERE c.submission_id = s.id
          AND (c.successor_id IS NOT NULL
               OR NOT EXISTS (SELECT FROM claims_claimchangeresult x WHERE x.change_id = c.id)))
 ORDER BY s.intake_seq
"""
