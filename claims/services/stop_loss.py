"""After the money of a night moved: where each person stands under each policy, and whom the carrier must hear of.

Only people paid tonight, or with fills that came since the last night, can have moved, so only they are summed.
Rules: docs/domain/stop_loss.md.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from aso_portal.kernel.money import percent_of
from aso_portal.kernel.periods import Period
from claims.core.stop_loss.specific import Position, position
from claims.core.stop_loss.terms import SpecificTerms
from claims.models import Night, StopLossNotice, StopLossPolicy, StopLossPosition
from claims.services import news


def terms_of(policy: StopLossPolicy) -> SpecificTerms:
    """The policy row as the core reads it."""
    return SpecificTerms(
        incurred=Period(policy.incurred_from, policy.incurred_to),
        paid=Period(policy.paid_from, policy.paid_to),
        deductible=policy.specific_deductible_cents,
        covered_lines=frozenset(policy.covered_lines),
        reimbursed_bp=policy.reimbursed_bp,
        notice_bp=policy.notice_bp,
    )


@transaction.atomic
def follow_night(*, night_id: int) -> dict[str, int]:
    """Positions of everyone paid tonight who is, or ever was, at or past the notice share; a notice the first time, an
    outbox event for each new notice.

    Repeating it appends nothing. Returns figures: positions, notices, excess in cents.
    """
    night = Night.objects.select_for_update().get(pk=night_id)
    positions = notices = excess = 0
    for policy in StopLossPolicy.objects.filter(
        paid_from__lte=night.business_date, paid_to__gt=night.business_date
    ).order_by("id"):
        standing = list(_standing(policy, night))
        StopLossPosition.objects.bulk_create(
            [
                StopLossPosition(
                    policy=policy,
                    person_id=person_id,
                    night=night,
                    eligible_cents=found.eligible,
                    excess_cents=found.excess,
                    reimbursable_cents=found.reimbursable,
                )
                for person_id, found in standing
            ],
            ignore_conflicts=True,
        )
        known = set(
            StopLossNotice.objects.filter(policy=policy, threshold_bp=policy.notice_bp).values_list(
                "person_id", flat=True
            )
        )
        fresh = StopLossNotice.objects.bulk_create(
            [
                StopLossNotice(
                    policy=policy,
                    person_id=person_id,
                    threshold_bp=policy.notice_bp,
                    night=night,
                    noticed_on=night.business_date,
                    eligible_cents=found.eligible,
                )
                for person_id, found in standing
                if person_id not in known and found.notice_due
            ]
        )
        news.stop_loss_noticed(StopLossNotice.objects.filter(pk__in=[notice.pk for notice in fresh]).order_by("pk"))
        positions += len(standing)
        notices += len(fresh)
        excess += sum(found.excess for _, found in standing)
    return {"positions": positions, "notices": notices, "excess_cents": excess}


def _standing(policy: StopLossPolicy, night: Night) -> Iterator[tuple[int, Position]]:
    """(person, position) of people paid tonight whose eligible claims reach the notice share, by person.

    Somebody noticed before is followed also below it: what was taken back may have lowered him.
    """
    terms = terms_of(policy)
    with connection.cursor() as cursor:
        cursor.execute(
            _ELIGIBLE,
            {
                "night": night.pk,
                "incurred_from": policy.incurred_from,
                "incurred_to": policy.incurred_to,
                "paid_from": policy.paid_from,
                "paid_to": policy.paid_to,
                "covered": policy.covered_lines,
                "least": percent_of(terms.deductible, terms.notice_bp),
                "policy": policy.pk,
                "fills_since": _fills_since(night),
            },
        )
        for person_id, eligible in cursor.fetchall():
            yield person_id, position(eligible, terms)


def _fills_since(night: Night) -> datetime:
    """From when on fills are new to this night: a day before the last one was planned, so that none falls between two.

    Somebody looked at twice has another position, never another notice.
    """
    before = Night.objects.filter(planned_at__lt=night.planned_at).order_by("-planned_at").first()
    return before.planned_at - timedelta(days=1) if before else datetime.min.replace(tzinfo=UTC)


_ELIGIBLE = """
WITH tonight AS (
    SELECT DISTINCT v.person_id
      FROM claims_payment p
      JOIN claims_paymentallocation a ON a.payment_id = p.id AND a.cents <> 0
      JOIN claims_claimversion v ON v.id = a.version_id
     WHERE p.night_id = %(night)s
    UNION
    SELECT f.person_id FROM claims_pharmacyfill f JOIN claims_accumulatorfilerecord r ON r.id = f.record_id
     WHERE 'pharmacy' = ANY(%(covered)s::varchar[]) AND r.recorded_at > %(fills_since)s
)
SELECT l.person_id, sum(l.cents)::bigint
  FROM tonight JOIN claims_stoplosspaidline l USING (person_id)
 WHERE l.incurred_date >= %(incurred_from)s AND l.incurred_date < %(incurred_to)s
   AND l.paid_date >= %(paid_from)s AND l.paid_date < %(paid_to)s
   AND l.line_of_coverage = ANY(%(covered)s::varchar[])
 GROUP BY l.person_id
HAVING sum(l.cents) >= %(least)s
    OR EXISTS (SELECT FROM claims_stoplossnotice n WHERE n.policy_id = %(policy)s AND n.person_id = l.person_id)
 ORDER BY l.person_id
"""
