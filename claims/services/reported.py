"""Which claim versions one night's remittances of an account report, and what of a night still waits for money.

Reported are: decisions inside a release of tonight; tonight's decisions without money; reversals of decisions that were
reported, at once or together with the decision that costs more than they give back; and what earlier nights released or
denied for payees that were set aside, tried again every night until it is reported. A decision that was taken back
before it was paid is never reported. Claims without any funding account are reported under the employer's first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from benefits import facade as benefits
from claims.models import Night
from claims.services import taken_back
from claims.services.taken_back import NO_INTEREST, TakenBack, payee_key_of


@dataclass(frozen=True, slots=True)
class Release:
    """What one night releases of one request: paid claims of `of_night` with intake_seq in (after_seq, through_seq]."""

    request_id: int
    of_night_id: int
    after_seq: int
    through_seq: int
    cents: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a night reports of an account: the releases, the reversals, and the arguments of the statements below."""

    taken: tuple[TakenBack, ...]
    arguments: dict[str, Any]

    @property
    def overpaid(self) -> dict[str, list[TakenBack]]:
        """By payee, what is taken back from him tonight and not made up for."""
        first_seen = [self.arguments["night"], *self.arguments["stuck"]]
        return taken_back.overpaid(self.taken, self.arguments["account"], first_seen)

    @property
    def statement(self) -> str:
        """(version id, payee key) of every version reported."""
        return _WITH_PAIRS if self.arguments["pair_decisions"] else _BASE

    @property
    def statement_of_some(self) -> str:
        """The same for payees given as `npis` and `persons`, found by index so that a chunk costs the same in any night."""
        return _WITH_PAIRS_OF_SOME if self.arguments["pair_decisions"] else _BASE_OF_SOME


def releases_of(*, night_id: int, funding_account_id: int) -> list[Release]:
    """What this night released of the account's requests, each with the sequence the releases before it reached."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASES, {"night": night_id, "account": funding_account_id})
        return [Release(*row) for row in cursor.fetchall()]


def report_of(night: Night, account_id: int, releases: Sequence[Release]) -> Report:
    """What tonight's remittances of an account report, given its releases."""
    stuck = stuck_nights(account_id, but=night.pk)
    nights = {night.pk, *stuck, *(release.of_night_id for release in releases)}
    taken = taken_back.unreported(nights)
    arguments = {
        "account": account_id,
        "unrouted": account_id == benefits.default_funding_account_id(),
        "night": night.pk,
        "nights": [release.of_night_id for release in releases],
        "afters": [release.after_seq for release in releases],
        "throughs": [release.through_seq for release in releases],
        "stuck": stuck,
    }
    return Report(tuple(taken), arguments | taken_back.arguments(taken, first_seen=[night.pk, *stuck]))


def payee_counts(report: Report) -> dict[str, int]:
    """How many claims of each payee are reported."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT payee_key, count(*) FROM ({report.statement}) AS r GROUP BY 1", report.arguments)  # noqa: S608
        return dict(cursor.fetchall())


def unreported_of(night: Night) -> tuple[int, int]:
    """Versions that tonight's remittances should have reported and did not, payee by payee, and their cents."""
    versions = cents = 0
    for facts in benefits.funding_accounts():
        releases = releases_of(night_id=night.pk, funding_account_id=facts.account_id)
        report = report_of(night, facts.account_id, releases)
        with connection.cursor() as cursor:
            cursor.execute(_MISSING.format(reported=report.statement), report.arguments)
            found = cursor.fetchone()
        versions, cents = versions + found[0], cents + found[1]
    return versions, cents


def stuck_nights(account_id: int, *, but: int | None = None) -> list[int]:
    """Nights of whose claims some may be unreported because payees were set aside. Mostly none. but: tonight."""
    with connection.cursor() as cursor:
        cursor.execute(_STUCK, {"but": but, "account": account_id})
        return [row[0] for row in cursor.fetchall()]


def released_and_unpaid(
    account_id: int, stuck: Sequence[int], taken: Iterable[TakenBack], interest: Mapping[int, int] = NO_INTEREST
) -> dict[str, int]:
    """By payee, cents released in earlier nights that were not paid because the payee was set aside, with interest."""
    if not stuck:
        return {}
    given: dict[str, Any] = {"account": account_id, "nights": list(stuck)} | taken_back.arguments(
        list(taken), first_seen=stuck, interest=interest
    )
    with connection.cursor() as cursor:
        cursor.execute(_RELEASED_UNPAID, given)
        return dict(cursor.fetchall())


def _base(further: str) -> str:
    key = payee_key_of("v")
    return f"""
SELECT v.id, {key} AS payee_key
  FROM unnest(%(nights)s::bigint[], %(afters)s::bigint[], %(throughs)s::bigint[])
       AS r (night_id, after_seq, through_seq)
  JOIN claims_claimversion v ON v.night_id = r.night_id AND v.funding_account_id = %(account)s AND v.paid_cents > 0
  JOIN claims_claimsubmission s ON s.id = v.submission_id
 WHERE s.intake_seq > r.after_seq AND s.intake_seq <= r.through_seq AND v.id <> ALL(%(free)s::bigint[])
   AND (v.night_id = %(night)s OR {STILL_TO_PAY}) {further}
UNION ALL
SELECT v.id, {key}
  FROM claims_claimversion v
 WHERE v.night_id = %(night)s AND v.paid_cents = 0 AND v.reverses_id IS NULL
   AND (v.funding_account_id = %(account)s OR (%(unrouted)s AND v.funding_account_id IS NULL)) {further}
UNION ALL
SELECT v.id, {key}
  FROM claims_claimversion v
 WHERE v.id = ANY(%(now)s::bigint[])
   AND (v.funding_account_id = %(account)s OR (%(unrouted)s AND v.funding_account_id IS NULL)) {further}
UNION ALL
SELECT v.id, {key}
  FROM claims_claimversion v JOIN claims_claimsubmission s ON s.id = v.submission_id
 WHERE v.night_id = ANY(%(stuck)s::bigint[]) AND v.funding_account_id = %(account)s AND v.reverses_id IS NULL
   AND v.id <> ALL(%(free)s::bigint[])
   AND NOT EXISTS (SELECT 1 FROM claims_paymentallocation a JOIN claims_payment p ON p.id = a.payment_id
                    WHERE a.version_id = v.id AND p.night_id <> %(night)s)
   AND NOT EXISTS (SELECT 1 FROM claims_claimversion t WHERE t.reverses_id = v.id)
   AND (v.paid_cents = 0 OR EXISTS (
       SELECT 1 FROM claims_fundingrelease l JOIN claims_fundingrequest q ON q.id = l.request_id
        WHERE q.night_id = v.night_id AND q.funding_account_id = %(account)s AND l.night_id <> %(night)s
          AND s.intake_seq <= l.through_seq)) {further}
"""  # noqa: S608  (constant text)


def _with_pairs(base: str) -> str:
    """Also the reversals that go with a decision which is reported."""
    return f"""
WITH base AS MATERIALIZED ({base})
SELECT id, payee_key FROM base
UNION ALL
SELECT pair.reversal_id, base.payee_key
  FROM unnest(%(pair_decisions)s::bigint[], %(pair_reversals)s::bigint[]) AS pair (decision_id, reversal_id)
  JOIN base ON base.id = pair.decision_id
"""  # noqa: S608  (constant text)


# Of earlier nights: not taken back meanwhile, and not reported (a decision whose reversal covers it goes without money).
STILL_TO_PAY = (
    "NOT EXISTS (SELECT FROM claims_claimversion t WHERE t.reverses_id = v.id) AND NOT EXISTS ("
    "SELECT FROM claims_paymentallocation a JOIN claims_payment p ON p.id = a.payment_id "
    "WHERE a.version_id = v.id AND p.night_id <> %(night)s)"
)
_BASE = _base("")
_BASE_OF_SOME = (
    _base("AND v.payee_kind = 'provider' AND v.billing_npi = ANY(%(npis)s::varchar[])")
    + "UNION ALL"
    + _base("AND v.payee_kind = 'member' AND v.person_id = ANY(%(persons)s::bigint[])")
)
_WITH_PAIRS, _WITH_PAIRS_OF_SOME = _with_pairs(_BASE), _with_pairs(_BASE_OF_SOME)

_MISSING = """
SELECT count(*), coalesce(sum(v.paid_cents), 0)::bigint FROM ({reported}) AS r JOIN claims_claimversion v ON v.id = r.id
 WHERE NOT EXISTS (SELECT 1 FROM claims_paymentallocation a WHERE a.version_id = v.id)
"""

_RELEASES = """
SELECT l.request_id, q.night_id, coalesce(max(earlier.through_seq), 0), l.through_seq, l.cents
  FROM claims_fundingrelease l
  JOIN claims_fundingrequest q ON q.id = l.request_id
  LEFT JOIN claims_fundingrelease earlier ON earlier.request_id = l.request_id AND earlier.id < l.id
 WHERE l.night_id = %(night)s AND q.funding_account_id = %(account)s
 GROUP BY l.id, q.night_id ORDER BY l.id
"""

_STUCK = """
WITH set_aside AS (
    SELECT DISTINCT night_id FROM claims_nightchunk
     WHERE step = 'pay' AND state = 'quarantined' AND funding_account_id = %(account)s
       AND night_id IS DISTINCT FROM %(but)s
)
SELECT night_id FROM set_aside
UNION
SELECT q.night_id FROM set_aside JOIN claims_fundingrelease l USING (night_id)
  JOIN claims_fundingrequest q ON q.id = l.request_id AND q.funding_account_id = %(account)s
 WHERE q.night_id IS DISTINCT FROM %(but)s
 ORDER BY 1
"""

_RELEASED_UNPAID = f"""
SELECT {payee_key_of("v")}, sum(v.paid_cents + coalesce(more.cents, 0))::bigint
  FROM claims_claimversion v JOIN claims_claimsubmission s ON s.id = v.submission_id
  LEFT JOIN unnest(%(more_versions)s::bigint[], %(more_cents)s::bigint[]) AS more (id, cents) ON more.id = v.id
 WHERE v.night_id = ANY(%(nights)s::bigint[]) AND v.funding_account_id = %(account)s AND v.paid_cents > 0
   AND v.id <> ALL(%(free)s::bigint[])
   AND NOT EXISTS (SELECT FROM claims_claimversion t WHERE t.reverses_id = v.id)
   AND NOT EXISTS (SELECT FROM claims_paymentallocation a WHERE a.version_id = v.id)
   AND EXISTS (
       SELECT FROM claims_fundingrelease l JOIN claims_fundingrequest q ON q.id = l.request_id
        WHERE q.night_id = v.night_id AND q.funding_account_id = %(account)s AND s.intake_seq <= l.through_seq)
 GROUP BY 1
"""  # noqa: S608  (constant text)
