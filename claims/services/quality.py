"""Counting, once a night, how well the work goes. Definitions: docs/domain/quality.md.

Measured in the transaction that ends a night's audit, as of the night's close: measuring again would give the same.
"""

from collections import Counter
from typing import Any

from django.db import connection
from django.db.models import Count, Q, Sum

from claims.models import AuditFinding, AuditRun, Night, QualityFigure
from claims.models.audits import ENGINE_FAULT
from claims.services import news
from tenants.core import quality as rules


def measure(*, run: AuditRun) -> None:
    """Write the figures of the run's night, unless they stand. Tells the operations host."""
    night = run.night
    if QualityFigure.objects.filter(night=night).exists():
        return
    figures = figures_of(run)
    QualityFigure.objects.bulk_create(
        QualityFigure(night=night, day=night.business_date, name=name, bucket=bucket, amount=amount)
        for (name, bucket), amount in sorted(figures.items())
    )
    news.quality_told(night, figures)


def figures_of(run: AuditRun) -> dict[tuple[str, str], int]:
    """Every figure of the night by name and bucket, without those that are nothing; `finalised` is always there."""
    night = run.night
    found = Counter[tuple[str, str]]()
    _finalised(found, night)
    _waiting(found, night)
    _audit(found, run)
    _corrections(found, night)
    return {at: amount for at, amount in found.items() if amount or at == (rules.FINALISED, "")}


def _finalised(found: Counter[tuple[str, str]], night: Night) -> None:
    """First decisions: corrections and what they bring are no work done anew."""
    asked = {"night": night.pk}
    found[rules.FINALISED, ""] = 0
    for days, denied, untouched, first_pass, count in _read(_FINALISED, asked):
        found[rules.FINALISED, ""] += count
        found[rules.DENIED, ""] += count if denied else 0
        found[rules.UNTOUCHED, ""] += count if untouched else 0
        found[rules.FIRST_PASS, ""] += count if first_pass else 0
        found[rules.TURNAROUND, rules.class_of(days, rules.DAYS_TAKEN)] += count
    ((stopped,),) = _read(_STOPPED, asked)
    found[rules.LOOKED_AT, ""] = found[rules.FIRST_PASS, ""] + stopped


def _waiting(found: Counter[tuple[str, str]], night: Night) -> None:
    """What waits at the close: claims by age, and their open pends by reason and age. Age counts from the receipt."""
    asked = {"day": night.business_date, "cutoff": night.cutoff_seq, "closed": night.closed_at}
    for days, count in _read(_INVENTORY, asked):
        found[rules.INVENTORY, rules.class_of(days, rules.AGES)] += count
    for code, days, count in _read(_OPEN_PENDS, asked):
        found[rules.OPEN_PENDS, f"{code} {rules.class_of(days, rules.AGES)}"] += count


def _audit(found: Counter[tuple[str, str]], run: AuditRun) -> None:
    pages = run.pages.aggregate(decisions=Sum("decisions"), lines=Sum("lines"), paid=Sum("paid_cents"))
    found[rules.AUDITED, ""] = pages["decisions"] or 0
    found[rules.AUDITED_LINES, ""] = pages["lines"] or 0
    found[rules.AUDITED_PAID, ""] = pages["paid"] or 0
    for off, absolute, paid_wrong in run.findings.values_list("off_cents", "absolute_off_cents", "paid_wrong"):
        found[rules.WRONG, ""] += 1
        found[rules.WRONG_PAID, ""] += paid_wrong
        found[rules.OVER, ""] += (absolute + off) // 2
        found[rules.UNDER, ""] += (absolute - off) // 2
    before = Night.objects.filter(closed_at__lt=run.night.closed_at).order_by("-closed_at").first()
    since = Q(closing__closed_at__gt=before.closed_at) if before is not None else Q()
    dismissed = AuditFinding.objects.filter(since, closing__closed_at__lte=run.night.closed_at)
    sums = dismissed.exclude(closing__reason=ENGINE_FAULT).aggregate(
        count=Count("pk"), paid=Count("pk", Q(paid_wrong=True)), cents=Sum("absolute_off_cents")
    )
    found[rules.DISMISSED, ""] = sums["count"]
    found[rules.DISMISSED_PAID, ""] = sums["paid"]
    found[rules.DISMISSED_CENTS, ""] = sums["cents"] or 0


def _corrections(found: Counter[tuple[str, str]], night: Night) -> None:
    """Decisions taken back this night, by cause, and by how much the payment changed."""
    for cause, count, cents in _read(_CORRECTIONS, {"night": night.pk}):
        found[rules.CORRECTIONS, cause] += count
        found[rules.CORRECTED, cause] += int(cents)


def _read(statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return cursor.fetchall()


_FINALISED = """
SELECT v.decided_on - s.received_date, v.outcome = 'deny',
       NOT EXISTS (SELECT FROM claims_pend p JOIN claims_pendresolution r ON r.pend_id = p.id
                    WHERE p.submission_id = s.id AND r.actor_kind <> 'system')
         AND NOT EXISTS (SELECT FROM claims_claimoverride o WHERE o.submission_id = s.id),
       NOT EXISTS (SELECT FROM claims_pendeddecision d WHERE d.submission_id = s.id), count(*)
  FROM claims_claimversion v JOIN claims_claimsubmission s ON s.id = v.submission_id
 WHERE v.night_id = %(night)s AND v.version = 1 AND v.reverses_id IS NULL
   AND NOT EXISTS (SELECT FROM claims_claimchange c WHERE c.successor_id = s.id)
 GROUP BY 1, 2, 3, 4
"""
_STOPPED = """
SELECT count(*) FROM claims_pendeddecision d
 WHERE d.night_id = %(night)s
   AND NOT EXISTS (SELECT FROM claims_pendeddecision e WHERE e.submission_id = d.submission_id AND e.id < d.id)
   AND NOT EXISTS (SELECT FROM claims_claimversion v WHERE v.submission_id = d.submission_id AND v.night_id < d.night_id)
   AND NOT EXISTS (SELECT FROM claims_claimchange c WHERE c.successor_id = d.submission_id)
"""
_UNDECIDED = """
       NOT EXISTS (SELECT FROM claims_claimversion v
                    WHERE v.submission_id = s.id AND v.version = 1 AND v.decided_on <= %(day)s)
   AND NOT EXISTS (SELECT FROM claims_claimchange c JOIN claims_claimsubmission n ON n.id = c.successor_id
                    WHERE c.submission_id = s.id AND n.intake_seq <= %(cutoff)s)
   AND NOT EXISTS (SELECT FROM claims_claimchange c WHERE c.successor_id = s.id AND c.kind = 'void')
"""
_INVENTORY = (
    """
SELECT %(day)s::date - s.received_date, count(*) FROM claims_claimsubmission s
 WHERE s.intake_seq <= %(cutoff)s AND """
    + _UNDECIDED
    + " GROUP BY 1"
)
_OPEN_PENDS = (
    """
SELECT p.code, %(day)s::date - s.received_date, count(*)
  FROM claims_pend p JOIN claims_claimsubmission s ON s.id = p.submission_id
 WHERE p.opened_on <= %(day)s AND """
    + _UNDECIDED
    + """
   AND NOT EXISTS (SELECT FROM claims_pendresolution r WHERE r.pend_id = p.id AND r.resolved_at <= %(closed)s)
 GROUP BY 1, 2
"""
)
_CORRECTIONS = """
SELECT c.cause, count(*), coalesce(sum(abs(b.paid_cents + coalesce(d.paid_cents, 0))), 0)
  FROM claims_claimchangeresult r JOIN claims_claimchange c ON c.id = r.change_id
  JOIN claims_claimversion b ON b.id = r.reversal_id
  LEFT JOIN claims_claimversion d ON d.id = r.decision_id
 WHERE r.night_id = %(night)s GROUP BY 1
"""
