"""Reversals whose payees have to hear of them: the decision was reported before, its reversal was not yet.

A decision that was never reported (approved and unreleased) is taken back in silence: neither is ever paid. Where it had
itself replaced a reported one, that one's reversal waits on and goes with whatever stands in the end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db import connection

from claims.services.copying import id_list

NO_INTEREST: Mapping[int, int] = MappingProxyType({})


def payee_key_of(version: str) -> str:
    """SQL of the payee key of a claim version known as `version`."""
    return (
        f"CASE {version}.payee_kind WHEN 'provider' THEN {version}.billing_npi || ':' || {version}.payee_tin "
        f"ELSE 'person:' || {version}.person_id END"
    )


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A reversal to be reported. cents: <= 0. decision_id and on: what stands in its place in the end, None for nothing.

    night_id: the night that last changed the claim.
    """

    reversal_id: int
    night_id: int
    account_id: int | None
    payee_key: str
    cents: int
    intake_seq: int
    decision_id: int | None
    decision_account_id: int | None
    decision_payee_key: str | None
    decision_cents: int
    decision_seq: int

    @property
    def is_pair(self) -> bool:
        """One payee is told of both, out of one account: then they go together, and only the difference is money."""
        return (
            self.decision_id is not None
            and self.decision_account_id == self.account_id
            and self.decision_payee_key == self.payee_key
        )

    @property
    def net_cents(self) -> int:
        """What the payee gets (or owes, below zero) by it."""
        return self.cents + (self.decision_cents if self.is_pair else 0)

    @property
    def waits_for_release(self) -> bool:
        """A pair that costs money is reported when its decision is released; everything else at once."""
        return self.is_pair and self.net_cents > 0

    @property
    def is_free(self) -> bool:
        """A pair whose decision has money and needs none: the reversal covers it."""
        return self.is_pair and self.decision_cents > 0 and self.net_cents <= 0

    @property
    def place(self) -> int:
        """Where the payee is told of it: right before the decision that follows, else where its claim stands."""
        return self.decision_seq if self.is_pair else self.intake_seq


def unreported(night_ids: Iterable[int]) -> list[TakenBack]:
    """Reversals not yet reported of claims that were last changed in these nights, in a fixed order. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREPORTED, {"nights": id_list(sorted(set(night_ids)))})
        return [TakenBack(*row) for row in cursor.fetchall()]


def overpaid(taken: Iterable[TakenBack], account_id: int, first_seen: Iterable[int]) -> dict[str, list[TakenBack]]:
    """By payee, what is reported tonight of the account and takes back more than it gives.

    first_seen: as in `arguments`.
    """
    seen = set(first_seen)
    found: dict[str, list[TakenBack]] = {}
    for each in taken:
        if each.account_id == account_id and each.night_id in seen and each.net_cents < 0:
            found.setdefault(each.payee_key, []).append(each)
    return found


def arguments(
    taken: Sequence[TakenBack], *, first_seen: Iterable[int], interest: Mapping[int, int] = NO_INTEREST
) -> dict[str, Any]:
    """What the statements of the pay step ask of reversals.

    first_seen: nights whose reversals are reported now, unless they wait for a release: tonight, and nights some of
    whose payees were set aside.
    now: versions reported whatever is released. free: decisions that need no money of the account. pair_decisions,
    pair_reversals: pairs that wait for the release of their decision. more_versions, more_cents: what decisions cost
    beside what they pay: less what was taken back with them, and the `interest` that is due on them.
    """
    seen = set(first_seen)
    at_once = [each for each in taken if each.night_id in seen and not each.waits_for_release]
    free = [each.decision_id for each in at_once if each.is_free]
    pairs = [each for each in taken if each.waits_for_release]
    more = dict(interest)
    for each in pairs:
        if each.decision_id is not None:
            more[each.decision_id] = more.get(each.decision_id, 0) + each.cents
    return {
        "now": [each.reversal_id for each in at_once] + free,
        "free": free,
        "pair_decisions": [each.decision_id for each in pairs],
        "pair_reversals": [each.reversal_id for each in pairs],
        "more_versions": list(more),
        "more_cents": list(more.values()),
    }


_UNREPORTED = f"""
WITH RECURSIVE back (reversal_id, decision_id, night_id) AS (
    SELECT reversal_id, decision_id, night_id FROM claims_claimchangeresult
     WHERE night_id = ANY(%(nights)s::bigint[]) AND reversal_id IS NOT NULL
    UNION ALL
    SELECT earlier.reversal_id, back.decision_id, back.night_id
      FROM back
      JOIN claims_claimversion gone ON gone.id = back.reversal_id
      JOIN claims_claimchangeresult earlier ON earlier.decision_id = gone.reverses_id
     WHERE earlier.reversal_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM claims_paymentallocation a WHERE a.version_id = gone.reverses_id)
)
SELECT back.reversal_id, back.night_id, v.funding_account_id, {payee_key_of("v")}, v.paid_cents, s.intake_seq,
       n.id, n.funding_account_id, {payee_key_of("n")}, coalesce(n.paid_cents, 0), coalesce(ns.intake_seq, 0)
  FROM back
  JOIN claims_claimversion v ON v.id = back.reversal_id
  JOIN claims_claimsubmission s ON s.id = v.submission_id
  LEFT JOIN claims_claimversion n ON n.id = back.decision_id
  LEFT JOIN claims_claimsubmission ns ON ns.id = n.submission_id
 WHERE EXISTS (SELECT FROM claims_paymentallocation a WHERE a.version_id = v.reverses_id)
   AND NOT EXISTS (SELECT FROM claims_paymentallocation a WHERE a.version_id = v.id)
   AND NOT EXISTS (SELECT FROM claims_claimversion r WHERE r.reverses_id = n.id)
 ORDER BY s.intake_seq, v.version
"""  # noqa: S608  (constant text)
