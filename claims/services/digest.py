"""One sum over everything a night decided and paid, by natural keys: the same for any workers, crashes or reruns.

Rows are streamed from the database in a fixed order, so what is summed is what was committed, in bounded memory. No id,
no instant and no chunk enters it; a claim is named by its claim key once and by its order of arrival after that.
"""

import hashlib
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django_tenants.utils import schema_context

from claims.models import Night

READERS = 2


def digest_of(night: Night) -> str:
    """SHA-256, 64 hex digits, of the night's decisions, line ledger, accumulators, pends, changes, payments and notices.

    Each table is summed by itself, two at a time over connections of their own: the workers have nothing else to do by
    then. Inside a caller's own transaction, which no other connection could see, one after the other.
    """
    schema_name = connection.schema_name
    statements = [rows % {"night": int(night.pk)} for _, rows in _SECTIONS]
    if len(connection.atomic_blocks) > 1:
        sums = [_sum(statement) for statement in statements]
    else:
        with ThreadPoolExecutor(READERS) as readers:
            sums = list(readers.map(lambda statement: _sum_apart(schema_name, statement), statements))
    named = "".join(
        f"{name} {each}\n"
        for (name, _), each in zip(_SECTIONS, sums, strict=True)
        if each != NOTHING or name not in _RARE
    )
    return hashlib.sha256(named.encode()).hexdigest()


def _sum(statement: str) -> str:
    """SHA-256 of the rows of a statement, as COPY writes them."""
    sha = hashlib.sha256()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', '64MB', true)")
        with cursor.copy(f"COPY ({statement}) TO STDOUT") as stream:
            for block in stream:
                sha.update(block)
    return sha.hexdigest()


def _sum_apart(schema_name: str, statement: str) -> str:
    """The same in a thread, on this thread's own connection to the employer's schema."""
    try:
        with schema_context(schema_name):
            return _sum(statement)
    finally:
        connection.close()


def _in_blocks(row: str, order: str, joined: str = "") -> str:
    """A statement that gives one text for every 256 claims: their rows of one table, in order.

    The server sends a message for each row of an answer; a row for each claim line would take longer to receive than
    to sum.
    """
    return f"""
SELECT string_agg(ROW({row})::text, E'\\n' ORDER BY s.intake_seq, v.version{order})
  FROM claims_claimversion v JOIN claims_claimsubmission s ON s.id = v.submission_id {joined}
 WHERE v.night_id = %(night)s GROUP BY s.intake_seq / 256 ORDER BY s.intake_seq / 256
"""  # noqa: S608  (constant text)


_VERSIONS = _in_blocks(
    "s.intake_seq, s.claim_key, v.version, v.outcome, v.decided_on, o.code, v.line_of_coverage, f.code, "
    "v.reference_release, v.rules_hash, v.billed_cents, v.allowed_cents, v.paid_cents, v.member_cents, "
    "v.billing_npi, v.payee_kind, v.payee_tin",
    "",
    "LEFT JOIN benefits_planoption o ON o.id = v.plan_option_id "
    "LEFT JOIN benefits_fundingaccount f ON f.id = v.funding_account_id",
)
_LINES = _in_blocks(
    "s.intake_seq, v.version, l.line_no, l.service_date, l.code, l.modifiers, l.revenue, l.units_thousandths, "
    "l.rendering_npi, l.category, l.tier, l.billed_cents, l.allowed_cents, l.eligible_cents, l.paid_cents, l.denied",
    ", l.line_no",
    "JOIN claims_claimline l ON l.version_id = v.id",
)
_ADJUSTMENTS = _in_blocks(
    's.intake_seq, v.version, l.line_no, a."group", a.carc, a.cents, a.rarcs',
    ', l.line_no, a."group" COLLATE "C", a.carc COLLATE "C"',
    "JOIN claims_claimline l ON l.version_id = v.id JOIN claims_lineadjustment a ON a.line_id = l.id",
)
_ENTRIES = _in_blocks(
    "s.intake_seq, v.version, e.line_no, e.accumulator, e.period_start, e.amount",
    ', e.line_no, e.accumulator COLLATE "C", e.period_start, e.amount',
    "JOIN claims_accumulatorentry e ON e.version_id = v.id",
)
_PENDS = """
SELECT s.intake_seq, s.claim_key, d.allowed_cents, d.paid_cents, d.member_cents, p.code, p.line_no, p.due_date
  FROM claims_pendeddecision d JOIN claims_claimsubmission s ON s.id = d.submission_id
  LEFT JOIN claims_pend p ON p.decision_id = d.id
 WHERE d.night_id = %(night)s ORDER BY s.intake_seq, p.code COLLATE "C", p.line_no
"""
_QUARANTINED = """
SELECT s.intake_seq, s.claim_key FROM claims_quarantine q
  JOIN claims_night n ON n.id = q.night_id
  JOIN claims_claimsubmission s ON s.family_id = q.family_id AND s.intake_seq <= n.cutoff_seq
 WHERE q.night_id = %(night)s
   AND NOT EXISTS (SELECT FROM claims_claimversion v WHERE v.submission_id = s.id)
   AND NOT EXISTS (SELECT FROM claims_pendeddecision d WHERE d.submission_id = s.id)
   AND NOT EXISTS (
       SELECT FROM claims_claimchange c JOIN claims_claimchangeresult r ON r.change_id = c.id WHERE c.successor_id = s.id)
 ORDER BY s.intake_seq
"""
# A member as payee is named by the first claim paid to him; a provider by NPI and tax number.
_PAYMENTS = """
SELECT f.code, p.payee_kind, p.method,
       CASE p.payee_kind WHEN 'provider' THEN p.payee_key ELSE min(s.intake_seq)::text END,
       p.cents, p.issued_on,
       string_agg(ROW(s.intake_seq, v.version, a.issue, a.cents)::text, ' ' ORDER BY s.intake_seq, v.version, a.issue)
  FROM claims_payment p
  JOIN benefits_fundingaccount f ON f.id = p.funding_account_id
  JOIN claims_paymentallocation a ON a.payment_id = p.id
  JOIN claims_claimversion v ON v.id = a.version_id
  JOIN claims_claimsubmission s ON s.id = v.submission_id
 WHERE p.night_id = %(night)s GROUP BY p.id, f.code ORDER BY f.code COLLATE "C", min(s.intake_seq)
"""
_STOP_LOSS = """
SELECT y.number, n.threshold_bp, n.eligible_cents, n.noticed_on, 'notice'
  FROM claims_stoplossnotice n JOIN claims_stoplosspolicy y ON y.id = n.policy_id WHERE n.night_id = %(night)s
UNION ALL
SELECT y.number, NULL, x.eligible_cents, NULL, x.excess_cents || '/' || x.reimbursable_cents
  FROM claims_stoplossposition x JOIN claims_stoplosspolicy y ON y.id = x.policy_id WHERE x.night_id = %(night)s
 ORDER BY 1, 2, 3, 4, 5
"""
_USES = """
SELECT s.intake_seq, v.version, u.line_no, a.number, u.service_date, u.provider_npi, u.amount
  FROM claims_claimversion v JOIN claims_claimsubmission s ON s.id = v.submission_id
  JOIN claims_authorizationuse u ON u.version_id = v.id JOIN claims_authorization a ON a.id = u.authorization_id
 WHERE v.night_id = %(night)s ORDER BY 1, 2, 3, a.number COLLATE "C", 5, u.provider_npi COLLATE "C", 7
"""
_TREATMENTS = """
SELECT s.intake_seq, v.version, t.line_no, t.service_date, t.code, t.tooth, t.surfaces, t.area, t.quantity
  FROM claims_claimversion v JOIN claims_claimsubmission s ON s.id = v.submission_id
  JOIN claims_treatmententry t ON t.version_id = v.id
 WHERE v.night_id = %(night)s ORDER BY 1, 2, 3, t.tooth COLLATE "C", t.area COLLATE "C", 9, t.surfaces COLLATE "C"
"""
_COURSES = """
SELECT s.intake_seq, v.version, i.line_no, i.number, i.due_on, i.cents
  FROM claims_claimversion v JOIN claims_claimsubmission s ON s.id = v.submission_id
  JOIN claims_orthodonticinstallment i ON i.version_id = v.id WHERE v.night_id = %(night)s ORDER BY 1, 2, 3, 4
"""
# What contracts promise where a claim is paid late, and the interest that was planned for tonight's payments.
_INTEREST = """
SELECT s.intake_seq, v.version, 'term' AS kind, t.interest_bp, t.after_days, t.year_days, t.cents
  FROM claims_interestterm t JOIN claims_claimversion v ON v.id = t.version_id
  JOIN claims_claimsubmission s ON s.id = v.submission_id WHERE v.night_id = %(night)s
UNION ALL
SELECT s.intake_seq, v.version, 'due', NULL, d.days, NULL, d.cents
  FROM claims_interestdue d JOIN claims_claimversion v ON v.id = d.version_id
  JOIN claims_claimsubmission s ON s.id = v.submission_id WHERE d.night_id = %(night)s
 ORDER BY 1, 2, 3, 4, 5, 6
"""
_RARE = {"authorizations", "treatments", "courses", "changes", "adjusted", "interest"}
"""Sections that are left out of the sum where a night has nothing of the kind."""
NOTHING = hashlib.sha256().hexdigest()
# What was taken back or decided again tonight, on whose order, and what came of it.
_CHANGES = """
SELECT s.intake_seq, c.kind, c.cause, n.intake_seq, r.outcome, v.version, ds.intake_seq, d.version
  FROM claims_claimchangeresult r JOIN claims_claimchange c ON c.id = r.change_id
  JOIN claims_claimsubmission s ON s.id = c.submission_id
  LEFT JOIN claims_claimsubmission n ON n.id = c.successor_id
  LEFT JOIN claims_claimversion v ON v.id = r.reversal_id
  LEFT JOIN claims_claimversion d ON d.id = r.decision_id
  LEFT JOIN claims_claimsubmission ds ON ds.id = d.submission_id
 WHERE r.night_id = %(night)s ORDER BY s.intake_seq, n.intake_seq, v.version
"""
# Amounts that belong to payments and no claim. Trace numbers name accounts and members by keys, so they stay out.
_ADJUSTED = """
SELECT f.code, p.payee_kind, CASE p.payee_kind WHEN 'provider' THEN p.payee_key ELSE min(s.intake_seq)::text END,
       a.reason, a.reference = p.trace_number, a.cents
  FROM claims_paymentadjustment a JOIN claims_payment p ON p.id = a.payment_id
  JOIN benefits_fundingaccount f ON f.id = p.funding_account_id
  JOIN claims_paymentallocation al ON al.payment_id = p.id JOIN claims_claimversion v ON v.id = al.version_id
  JOIN claims_claimsubmission s ON s.id = v.submission_id
 WHERE p.night_id = %(night)s GROUP BY a.id, p.id, f.code
 ORDER BY f.code COLLATE "C", min(s.intake_seq), a.reason, a.cents
"""
# The longest first, so that two readers end at about the same time.
_SECTIONS = (
    ("lines", _LINES),
    ("adjustments", _ADJUSTMENTS),
    ("claims", _VERSIONS),
    ("accumulators", _ENTRIES),
    ("payments", _PAYMENTS),
    ("pends", _PENDS),
    ("quarantined", _QUARANTINED),
    ("stop_loss", _STOP_LOSS),
    ("authorizations", _USES),
    ("treatments", _TREATMENTS),
    ("courses", _COURSES),
    ("changes", _CHANGES),
    ("adjusted", _ADJUSTED),
    ("interest", _INTEREST),
)
