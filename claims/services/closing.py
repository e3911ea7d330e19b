"""The end of a night: everything that came in went out, the books say the same as the claims, and one sum over it all.

Whatever does not agree stops the close with the figures that differ; the night stays open until a person has looked.
"""

from django.db import connection

from aso_portal.kernel.errors import DomainError
from benefits import facade as benefits
from claims.models import Night, NightChunk
from claims.services import clock, postings, reported
from claims.services.digest import digest_of
from tenants import facade as tenants


class CannotClose(DomainError):
    """What the night did does not add up. The message says where."""


def close(night: Night) -> dict[str, int]:
    """Check the night, and set its digest, figures and instant of closing. The caller holds its row and saves it.

    Raises CannotClose.
    """
    figures = figures_of(night)
    _check_claims(figures)
    _check_payments(night, figures)
    _check_lines(night)
    _check_books(night)
    night.digest = digest_of(night)
    night.figures = figures
    night.closed_at = clock.now()
    return figures


def figures_of(night: Night) -> dict[str, int]:
    """Counts and cents of claims that came in, and of what became of them."""
    figures = _one_row(_CLAIMS, night)
    figures |= _one_row(_MONEY, night)
    states = dict.fromkeys(("done", "split", "quarantined"), 0)
    for state in NightChunk.objects.filter(night=night).values_list("state", flat=True):
        states[state] += 1
    return figures | {"chunks": states["done"] + states["quarantined"], "chunks_split": states["split"]}


def _one_row(statement: str, night: Night) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"night": night.pk})
        row = cursor.fetchone()
        return {column.name: int(value) for column, value in zip(cursor.description, row, strict=True)}


# Claims that came in: arrived for this night, or brought back by a chunk. Each was decided, pended, settled without a
# decision of its own (a void, a claim replaced or voided before it was looked at, an order that changed nothing), or is
# set aside with its family; a family of a finished chunk has nothing left over.
_CLAIMS = """
WITH again AS (
    SELECT unnest(again_ids) AS id FROM claims_nightchunk WHERE night_id = %(night)s AND parent_id IS NULL
), incoming AS (
    SELECT s.id, s.family_id, s.billed_cents FROM claims_claimsubmission s, claims_night n
     WHERE n.id = %(night)s AND s.intake_seq > n.after_seq AND s.intake_seq <= n.cutoff_seq
    UNION ALL SELECT s.id, s.family_id, s.billed_cents FROM again JOIN claims_claimsubmission s USING (id)
), finished AS (
    SELECT DISTINCT unnest(family_ids) AS family_id FROM claims_nightchunk
     WHERE night_id = %(night)s AND step = 'adjudicate' AND state = 'done'
), without_decision AS (
    SELECT coalesce(c.successor_id, c.submission_id) AS id
      FROM claims_claimchangeresult r JOIN claims_claimchange c ON c.id = r.change_id
     WHERE r.night_id = %(night)s AND r.decision_id IS NULL
    UNION
    SELECT c.submission_id FROM claims_claimchange c JOIN claims_claimsubmission s ON s.id = c.successor_id, claims_night n
     WHERE n.id = %(night)s AND s.intake_seq > n.after_seq AND s.intake_seq <= n.cutoff_seq
), outcome AS (
    SELECT i.id, i.billed_cents, v.id IS NOT NULL AS decided, d.id IS NOT NULL AS pended,
           v.id IS NULL AND d.id IS NULL AND w.id IS NOT NULL AS closed, f.family_id IS NOT NULL AS finished
      FROM incoming i
      LEFT JOIN without_decision w ON w.id = i.id
      LEFT JOIN claims_claimversion v ON v.submission_id = i.id AND v.night_id = %(night)s AND v.reverses_id IS NULL
      LEFT JOIN claims_pendeddecision d ON d.submission_id = i.id AND d.night_id = %(night)s
      LEFT JOIN finished f ON f.family_id = i.family_id
)
SELECT count(*) AS claims, coalesce(sum(billed_cents), 0) AS billed_cents,
       count(*) FILTER (WHERE decided) AS decided, count(*) FILTER (WHERE pended) AS pended,
       count(*) FILTER (WHERE closed) AS closed,
       count(*) FILTER (WHERE NOT decided AND NOT pended AND NOT closed) AS set_aside,
       coalesce(sum(billed_cents) FILTER (WHERE decided), 0) AS decided_billed_cents,
       coalesce(sum(billed_cents) FILTER (WHERE pended), 0) AS pended_billed_cents,
       coalesce(sum(billed_cents) FILTER (WHERE closed), 0) AS closed_billed_cents,
       coalesce(sum(billed_cents) FILTER (WHERE NOT decided AND NOT pended AND NOT closed), 0) AS set_aside_billed_cents,
       count(*) FILTER (WHERE decided AND pended) AS twice,
       count(*) FILTER (WHERE finished AND NOT decided AND NOT pended AND NOT closed) AS lost
  FROM outcome
"""
_MONEY = """
SELECT (SELECT count(*) FROM claims_claimversion WHERE night_id = %(night)s AND reverses_id IS NULL) AS versions,
       (SELECT count(*) FROM claims_claimversion WHERE night_id = %(night)s AND reverses_id IS NOT NULL) AS reversed,
       (SELECT count(*) FROM claims_claimchangeresult
         WHERE night_id = %(night)s AND reversal_id IS NOT NULL) AS reversals_ordered,
       (SELECT count(*) FROM claims_pendeddecision WHERE night_id = %(night)s) AS pended_decisions,
       (SELECT coalesce(sum(billed_cents), 0) FROM claims_claimversion
         WHERE night_id = %(night)s AND reverses_id IS NULL) AS versions_billed_cents,
       (SELECT coalesce(sum(paid_cents), 0) FROM claims_claimversion WHERE night_id = %(night)s) AS approved_cents,
       (SELECT coalesce(sum(cents), 0) FROM claims_fundingrelease WHERE night_id = %(night)s) AS released_cents,
       (SELECT count(*) FROM claims_payment WHERE night_id = %(night)s) AS payments,
       (SELECT coalesce(sum(cents), 0) FROM claims_payment WHERE night_id = %(night)s) AS paid_cents,
       (SELECT count(*) FROM claims_quarantine WHERE night_id = %(night)s) AS quarantined
"""


def _check_claims(figures: dict[str, int]) -> None:
    """Counts and cents in = out."""
    agree = {
        "claims in, and decided, pended, closed or set aside": (
            figures["claims"],
            figures["decided"] + figures["pended"] + figures["closed"] + figures["set_aside"],
        ),
        "reversals of the night, and what ordered them": (figures["reversed"], figures["reversals_ordered"]),
        "claims decided, and versions of the night": (figures["decided"], figures["versions"]),
        "claims pended, and pended decisions of the night": (figures["pended"], figures["pended_decisions"]),
        "cents billed on claims in, and on claims out": (
            figures["billed_cents"],
            figures["decided_billed_cents"]
            + figures["pended_billed_cents"]
            + figures["closed_billed_cents"]
            + figures["set_aside_billed_cents"],
        ),
        "cents billed on claims decided, and on their versions": (
            figures["decided_billed_cents"],
            figures["versions_billed_cents"],
        ),
        "claims both decided and pended": (figures["twice"], 0),
        "claims lost by finished chunks": (figures["lost"], 0),
    }
    for what, (left, right) in agree.items():
        if left != right:
            raise CannotClose(f"In and out differ: {what}: {left} and {right}.")


def _check_payments(night: Night, figures: dict[str, int]) -> None:
    """Each claim to report was reported, but for those of payees set aside; payments are their claims less their PLB."""
    missing, _ = reported.unreported_of(night)
    set_aside = NightChunk.objects.filter(night=night, step="pay", state="quarantined").exists()
    if missing and not set_aside:
        raise CannotClose(f"{missing} claims are to be reported to payees, no payee was set aside, and they were not.")
    found = _one_row(_SENT, night)
    if found["allocated"] - found["adjusted"] != found["sent"]:
        raise CannotClose(f"Payments differ from their claims and adjustments: {found}.")
    accounts = [facts.account_id for facts in benefits.funding_accounts()]
    waiting = set_aside or any(reported.stuck_nights(each, but=night.pk) for each in accounts)
    if not waiting and figures["released_cents"] != figures["paid_cents"] + found["kept"]:
        raise CannotClose(
            f"{figures['released_cents']} cents were released, {figures['paid_cents']} paid and {found['kept']} kept for "
            "the tax office, and nobody is set aside."
        )


_SENT = """
SELECT (SELECT coalesce(sum(cents), 0) FROM claims_payment WHERE night_id = %(night)s) AS sent,
       (SELECT coalesce(sum(a.cents), 0) FROM claims_payment p JOIN claims_paymentallocation a ON a.payment_id = p.id
         WHERE p.night_id = %(night)s) AS allocated,
       (SELECT coalesce(sum(a.cents), 0) FROM claims_payment p JOIN claims_paymentadjustment a ON a.payment_id = p.id
         WHERE p.night_id = %(night)s) AS adjusted,
       (SELECT coalesce(sum(a.cents), 0) FROM claims_payment p JOIN claims_paymentadjustment a ON a.payment_id = p.id
         WHERE p.night_id = %(night)s AND a.reason = 'IR') AS kept
"""


def _check_lines(night: Night) -> None:
    """Versions are the sums of their lines, and lines of what was paid and their adjustments."""
    found = _one_row(_LINES, night)
    if found["billed"] != found["line_billed"] or found["paid"] != found["line_paid"]:
        raise CannotClose(f"Versions and their lines differ: {found}.")
    if found["line_billed"] != found["line_paid"] + found["adjusted"]:
        raise CannotClose(f"Lines billed are not paid and adjustments: {found}.")


_LINES = """
WITH tonight AS MATERIALIZED (SELECT id, billed_cents, paid_cents FROM claims_claimversion WHERE night_id = %(night)s),
lines AS MATERIALIZED (
    SELECT l.id, l.billed_cents, l.paid_cents FROM tonight JOIN claims_claimline l ON l.version_id = tonight.id
)
SELECT (SELECT coalesce(sum(billed_cents), 0) FROM tonight) AS billed,
       (SELECT coalesce(sum(paid_cents), 0) FROM tonight) AS paid,
       (SELECT coalesce(sum(billed_cents), 0) FROM lines) AS line_billed,
       (SELECT coalesce(sum(paid_cents), 0) FROM lines) AS line_paid,
       (SELECT coalesce(sum(a.cents), 0) FROM lines JOIN claims_lineadjustment a ON a.line_id = lines.id) AS adjusted
"""


def _check_books(night: Night) -> None:
    """Per funding account and line of coverage: approved less paid out, ever, is what the books owe for claims; per
    account, what payees carry forward less what they sent or were forgiven is what the books say they owe, and so with
    interest and tax kept.
    """
    uuids = postings.account_uuids()
    with connection.cursor() as cursor:
        cursor.execute(_OWED)
        owed = {
            tenants.Account(postings.PAYABLE, uuids[account], coverage).code: -cents
            for account, coverage, cents in cursor
        }
        cursor.execute(_ADJUSTED, {"on": night.business_date})
        for account, reason, cents in cursor:
            code = tenants.Account(postings.ADJUSTS[reason], uuids[account]).code
            owed[code] = owed.get(code, 0) - cents
    booked = tenants.balances(night.business_date)
    if sum(booked.values()):
        raise CannotClose(f"The trial balance of {night.business_date} is off by {sum(booked.values())} cents.")
    tied = tuple(f"{role}/" for role in (postings.PAYABLE, *sorted(set(postings.ADJUSTS.values()))))
    for code in sorted(owed.keys() | {code for code in booked if code.startswith(tied)}):
        if owed.get(code, 0) != booked.get(code, 0):
            raise CannotClose(
                f"Books and claims differ on {code}: the books hold {booked.get(code, 0)} cents, "
                f"the claims {owed.get(code, 0)}."
            )


_OWED = """
SELECT funding_account_id, line_of_coverage, sum(cents)::bigint FROM (
    SELECT funding_account_id, line_of_coverage, sum(paid_cents) AS cents FROM claims_claimversion
     WHERE paid_cents <> 0 GROUP BY 1, 2
    UNION ALL
    SELECT v.funding_account_id, v.line_of_coverage, -sum(a.cents) FROM claims_paymentallocation a
      JOIN claims_claimversion v ON v.id = a.version_id WHERE a.cents <> 0 GROUP BY 1, 2) AS movements
 GROUP BY 1, 2
"""
# By the reason of their PLB; tax sent to the IRS lowers what was kept, refunds and write-offs what is owed.
_ADJUSTED = """
SELECT funding_account_id, reason, sum(cents)::bigint FROM claims_paymentadjustment GROUP BY 1, 2
UNION ALL
SELECT funding_account_id, 'IR', -sum(cents)::bigint FROM claims_taxdeposit GROUP BY 1
UNION ALL
SELECT funding_account_id, 'FB', sum(cents)::bigint FROM claims_payeecredit WHERE posted_on <= %(on)s GROUP BY 1
"""
