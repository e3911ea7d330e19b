"""Claims with a decision in force that filters choose, and those touched by what moved. Read only, ids only."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from claims.core.reviews import NOT_COVERED, Chosen
from claims.models import ClaimChange, ClaimLine, ClaimVersion, LineAdjustment, OwnTableLoad, ReviewedClaim
from claims.reference.models import ContractTerm, FeeRate, NetworkSpan, Release

# A decision that counts, of a claim nobody has corrected and nobody has ordered to be changed.
IN_FORCE = """
    v.reverses_id IS NULL AND NOT EXISTS (SELECT FROM claims_claimversion r WHERE r.reverses_id = v.id)
"""
_UNTOUCHED = f"""{IN_FORCE}
   AND NOT EXISTS (SELECT FROM claims_claimchange c LEFT JOIN claims_claimchangeresult t ON t.change_id = c.id
                    WHERE c.submission_id = v.submission_id AND (c.successor_id IS NOT NULL OR t.change_id IS NULL))
"""


def chosen(filters: Chosen, *, most: int) -> dict[int, int]:
    """{claim: family} of at most `most` + 1 claims the filters choose, in the order of arrival."""
    found = _changeable()
    if filters.service_from is not None:
        found = found.filter(submission__last_service_date__gte=filters.service_from)
    if filters.service_to is not None:
        found = found.filter(submission__first_service_date__lt=filters.service_to)
    if filters.decided_from is not None:
        found = found.filter(decided_on__gte=filters.decided_from)
    if filters.decided_to is not None:
        found = found.filter(decided_on__lt=filters.decided_to)
    same = {
        "billing_npi": filters.npi,
        "payee_tin": filters.tin,
        "line_of_coverage": filters.line_of_coverage,
        "plan_option__code": filters.option,
        "outcome": filters.outcome,
    }
    found = found.filter(**{name: value for name, value in same.items() if value})
    if filters.codes:
        found = found.filter(Exists(ClaimLine.objects.filter(version=OuterRef("pk"), code__in=filters.codes)))
    if filters.carc:
        found = found.filter(
            Exists(LineAdjustment.objects.filter(line__version=OuterRef("pk"), carc=filters.carc).exclude(cents=0))
        )
    if filters.review:
        listed = ReviewedClaim.objects.filter(review__uuid=filters.review, submission=OuterRef("submission"))
        found = found.filter(Exists(listed))
    rows = found.order_by("submission__intake_seq").values_list("submission_id", "submission__family_id")
    return dict(rows[: most + 1])


def _changeable() -> QuerySet[Any]:
    open_or_corrected = ClaimChange.objects.filter(submission=OuterRef("submission"))
    return ClaimVersion.objects.filter(
        ~Exists(ClaimVersion.objects.filter(reverses=OuterRef("pk"))),
        ~Exists(open_or_corrected.filter(successor__isnull=False)),
        ~Exists(open_or_corrected.filter(result=None)),
        reverses=None,
    )


def standing(family_ids: Collection[int]) -> dict[int, int]:
    """{claim: decision in force} of these families, but for claims corrected or ordered to be changed."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [list(family_ids)])
        return dict(cursor.fetchall())


_STANDING = f"""
SELECT v.submission_id, v.id FROM claims_claimsubmission s JOIN claims_claimversion v ON v.submission_id = s.id
 WHERE s.family_id = ANY(%s::bigint[]) AND {_UNTOUCHED}
"""  # noqa: S608  (constant text)


def touched_by_coverage(
    person_uuid: str, line_of_coverage: str, *, lost: date | None, gained: date | None
) -> dict[int, tuple[int, str]]:
    """{claim: (family, why)} of a person's claims decided on days of a line that were lost or gained since."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BY_COVERAGE,
            {
                "person": person_uuid,
                "line": line_of_coverage,
                "lost": lost,
                "gained": gained,
                "carcs": list(NOT_COVERED),
            },
        )
        return {claim: (family, why) for claim, family, why in cursor.fetchall()}


_BY_COVERAGE = f"""
SELECT s.id, s.family_id, CASE WHEN t.lost THEN 'days_lost' ELSE 'days_gained' END
  FROM benefits_person p
  JOIN claims_claimsubmission s ON s.person_id = p.id
  JOIN claims_claimversion v ON v.submission_id = s.id
 CROSS JOIN LATERAL (
       SELECT v.line_of_coverage = %(line)s AND EXISTS (
              SELECT FROM claims_claimline l
               WHERE l.version_id = v.id AND l.service_date >= %(lost)s::date AND NOT l.denied) AS lost,
              EXISTS (
              SELECT FROM claims_claimline l JOIN claims_lineadjustment a ON a.line_id = l.id
               WHERE l.version_id = v.id AND l.service_date >= %(gained)s::date AND a.carc = ANY(%(carcs)s)) AS gained) t
 WHERE p.uuid = %(person)s::uuid AND (t.lost OR t.gained) AND {_UNTOUCHED}
 ORDER BY s.intake_seq
"""  # noqa: S608  (constant text)


def touched_by_own_table(load: OwnTableLoad) -> dict[int, int]:
    """{claim: family} of claims priced by nights before this load, on days its rows are in force for."""
    return _priced("n.own_tables < %(number)s", _OWN_ROWS, {"number": load.number, "load": load.pk})


def touched_by_release(release: Release) -> dict[int, int]:
    """{claim: family} of claims priced on earlier releases, on days this one brought prices or contracts for."""
    earlier = list(Release.objects.filter(number__lt=release.number).values_list("name", flat=True))
    if not earlier:
        return {}
    return _priced("v.reference_release = ANY(%(earlier)s)", _SHARED_ROWS, {"earlier": earlier, "load": release.pk})


def _priced(before: str, rows: str, given: Mapping[str, Any]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_BY_PRICES.format(before=before, rows=rows), given)
        return dict(cursor.fetchall())


# `code` and `npi` are "" where a row is about every code or provider.
_OWN_ROWS = """
SELECT start_date, end_date, CASE WHEN kind = 'fees' THEN split_part(key, '|', 2) ELSE '' END AS code,
       CASE WHEN kind IN ('terms', 'networks') THEN split_part(key, '|', 2) ELSE '' END AS npi
  FROM claims_ownpricerow WHERE load_id = %(load)s
"""
_SHARED_ROWS = f"""
SELECT start_date, end_date, code, '' AS npi FROM {FeeRate._meta.db_table} WHERE release_id = %(load)s
UNION ALL SELECT start_date, end_date, '', npi FROM {NetworkSpan._meta.db_table} WHERE release_id = %(load)s
UNION ALL SELECT start_date, end_date, '', npi FROM {ContractTerm._meta.db_table} WHERE release_id = %(load)s
"""  # noqa: S608  (constant text)
_BY_PRICES = f"""
WITH brought AS MATERIALIZED (
    SELECT DISTINCT ON (code, npi, start_date) start_date, end_date, code, npi FROM ({{rows}}) AS rows
     ORDER BY code, npi, start_date, end_date DESC NULLS FIRST
)
SELECT DISTINCT s.id, s.family_id
  FROM claims_claimversion v
  JOIN claims_claimsubmission s ON s.id = v.submission_id
  LEFT JOIN claims_night n ON n.id = v.night_id
  JOIN claims_claimline l ON l.version_id = v.id
  JOIN brought b ON l.service_date >= b.start_date AND (b.end_date IS NULL OR l.service_date < b.end_date)
       AND b.code IN ('', l.code) AND b.npi IN ('', v.billing_npi)
 WHERE {{before}} AND NOT l.denied AND {_UNTOUCHED}
"""  # noqa: S608  (constant text)
