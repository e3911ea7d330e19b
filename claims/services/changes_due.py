"""The orders a chunk has to carry out, with the decisions they take back. Read only when a chunk has such claims.

One statement finds the orders and the line of claims behind each, one reads the decisions in force, whatever the number.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from claims.core.care_values import AuthorizationUse, CareEntries, Treatment
from claims.core.changes import REDECIDE, REPLACE, REVERSE, Change, InForce, NightOrder
from claims.core.claim import REPLACEMENT, VOID
from claims.core.decision import AccumulatorEntry, Adjustment, ClaimDecision, LineDecision
from claims.core.facts import ClaimFacts
from claims.core.numbers import claim_number
from claims.services.copying import id_list

CORRECTIONS = frozenset((REPLACEMENT, VOID))


@dataclass(slots=True)
class _Order:
    """An order as read: the claims behind it, the nearest first, and their orders that were never carried out."""

    change_id: int
    kind: str
    cause: str
    submission_id: int
    successor_id: int | None
    is_open: bool
    corrects: int = 0
    filed_date: date | None = None
    behind: list[int] = field(default_factory=list)
    standing: int | None = None
    undecided: list[int] = field(default_factory=list)
    moot: list[int] = field(default_factory=list)


def changes_for(claims: Sequence[ClaimFacts], again_ids: Sequence[int]) -> list[Change]:
    """The orders about these claims of one chunk, those of claims that are themselves corrected tonight left out.

    again_ids: earlier claims the chunk has; an order of the plan brings its claim back this way. Each replacement among
    `claims` is told, too, which claim it corrects and since when that one is on file.
    """
    asking = [each.submission_id for each in claims if each.claim.frequency in CORRECTIONS]
    if not asking and not again_ids:
        return []
    orders = _orders(asking, again_ids)
    if not orders:
        return []
    _tell(claims, orders)
    due = [order for order in orders if order.is_open]
    corrected = {claim for order in due for claim in order.behind if order.successor_id is not None}
    due = [order for order in due if order.successor_id not in corrected and not _overtaken(order, corrected)]
    decisions = decisions_in_force([order.standing for order in due if order.standing is not None])
    return [_change(order, decisions) for order in due]


def _overtaken(order: _Order, corrected: Collection[int]) -> bool:
    """The plan's order about a claim that a provider corrects tonight: the correction settles it."""
    return order.successor_id is None and order.submission_id in corrected


def _tell(claims: Iterable[ClaimFacts], orders: Iterable[_Order]) -> None:
    replacing = {order.successor_id: order for order in orders if order.kind == REPLACE}
    for facts in claims:
        order = replacing.get(facts.submission_id)
        if order is not None:
            facts.corrects = claim_number(order.corrects)
            facts.received_date = order.filed_date or facts.received_date


def _change(order: _Order, decisions: Mapping[int, InForce]) -> Change:
    return Change(
        change_id=order.change_id,
        kind=order.kind,
        cause=order.cause,
        submission_id=order.submission_id,
        successor_id=order.successor_id,
        in_force=decisions[order.standing] if order.standing is not None else None,
        closes=tuple(order.undecided),
        fulfils=tuple(order.moot),
    )


def _orders(asking: Sequence[int], again_ids: Sequence[int]) -> list[_Order]:
    orders: dict[int, _Order] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ORDERS, {"asking": id_list(asking), "again": id_list(again_ids)})
        for row in cursor.fetchall():
            top, change_id, kind, cause, claim, seq, successor, filed, done, standing, decided = row
            if top not in orders:
                orders[top] = _Order(
                    top, kind, cause, claim, successor, is_open=not done, corrects=seq, filed_date=filed
                )
            order = orders[top]
            order.behind.append(claim)
            if change_id != top and not done:
                order.moot.append(change_id)
            if order.standing is None:
                order.standing = standing
            if not decided:
                order.undecided.append(claim)
    return list(orders.values())


# Each order with the line of claims behind it: what a replacement corrects may itself be a replacement.
_ORDERS = f"""
WITH RECURSIVE line (top, change_id, claim_id, depth, goes_on) AS (
    SELECT c.id, c.id, c.submission_id, 1, true FROM claims_claimchange c
     WHERE c.successor_id = ANY(%(asking)s::bigint[])
    UNION ALL
    SELECT c.id, c.id, c.submission_id, 1, false FROM claims_claimchange c
     WHERE c.submission_id = ANY(%(again)s::bigint[]) AND c.kind IN ('{REDECIDE}', '{REVERSE}')
       AND NOT EXISTS (SELECT FROM claims_claimchangeresult r WHERE r.change_id = c.id)
    UNION ALL
    SELECT line.top, c.id, c.submission_id, depth + 1, true
      FROM line JOIN claims_claimchange c ON c.successor_id = line.claim_id WHERE goes_on
)
SELECT line.top, c.id, c.kind, c.cause, c.submission_id, s.intake_seq, c.successor_id, c.filed_date,
       EXISTS (SELECT FROM claims_claimchangeresult r WHERE r.change_id = c.id),
       (SELECT v.id FROM claims_claimversion v WHERE v.submission_id = s.id AND v.reverses_id IS NULL
           AND NOT EXISTS (SELECT FROM claims_claimversion r WHERE r.reverses_id = v.id)),
       EXISTS (SELECT FROM claims_claimversion v WHERE v.submission_id = s.id)
  FROM line JOIN claims_claimchange c ON c.id = line.change_id JOIN claims_claimsubmission s ON s.id = line.claim_id
 ORDER BY line.top, line.depth
"""  # noqa: S608  (constant text)


def decisions_in_force(version_ids: Sequence[int]) -> dict[int, InForce]:
    """These decisions, whole, by key: what a reversal turns round. One statement; none for no keys."""
    if not version_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_DECISIONS, {"versions": id_list(version_ids)})
        return {row[0]: _in_force(row) for row in cursor.fetchall()}


def _in_force(row: tuple[Any, ...]) -> InForce:
    version_id, version, business_date, run_no, submission_id, intake_seq, family_id, first_day, *facts = row
    (
        person_id, outcome, coverage, option_id, design_id, account_id, release, rules_hash, billed, allowed, paid,
        member, payee_kind, npi, tin, lines, entries, uses, treatments,
    ) = facts  # fmt: skip
    decision = ClaimDecision(
        submission_id=submission_id,
        claim_number=claim_number(intake_seq),
        person_id=person_id,
        family_id=family_id,
        first_service_date=first_day,
        outcome=outcome,
        pends=(),
        line_of_coverage=coverage,
        plan_option_id=option_id,
        plan_design_version_id=design_id,
        funding_account_id=account_id,
        reference_release=release,
        rules_hash=rules_hash,
        billed_cents=billed,
        allowed_cents=allowed,
        paid_cents=paid,
        member_cents=member,
        payee_kind=payee_kind,
        billing_npi=npi,
        payee_tin=tin,
        lines=tuple(_line(*line) for line in json.loads(lines)),
        entries=tuple(_entry(*entry) for entry in json.loads(entries)),
        trace="",
        care=_care(submission_id, json.loads(uses), json.loads(treatments)),
        version=version,
    )
    return InForce(version_id=version_id, version=version, night=NightOrder(business_date, run_no), decision=decision)


def _care(submission_id: int, uses: Sequence[Sequence[Any]], treatments: Sequence[Sequence[Any]]) -> CareEntries | None:
    """What the decision added to authorisations and treatments; parts of a course and estimates fall away with it."""
    if not uses and not treatments:
        return None
    return CareEntries(
        [AuthorizationUse(key, line, date.fromisoformat(day), npi, amount) for key, line, day, npi, amount in uses],
        [
            Treatment(
                person, date.fromisoformat(day), code, kind, tooth, surfaces, area, many, line, str(submission_id)
            )
            for person, day, code, kind, tooth, surfaces, area, many, line in treatments
        ],
    )


def _entry(line_no: int | None, person_id: int, family_id: int, key: str, period: str, amount: int) -> AccumulatorEntry:
    return AccumulatorEntry(key, person_id, family_id, date.fromisoformat(period), amount, line_no or 0)


def _line(
    number: int,
    day: str,
    code: str,
    modifiers: str,
    revenue: str,
    units: int,
    npi: str,
    category: str,
    tier: str,
    billed: int,
    allowed: int,
    eligible: int,
    paid: int,
    denied: bool,
    reasons: Sequence[tuple[str, str, int, str]],
) -> LineDecision:
    adjustments = tuple(Adjustment(group, carc, cents, tuple(rarcs.split())) for group, carc, cents, rarcs in reasons)
    shares = {each.carc: each.cents for each in adjustments if each.group == "PR"}
    return LineDecision(
        number=number,
        service_date=date.fromisoformat(day),
        code=code,
        modifiers=modifiers,
        revenue=revenue,
        units_thousandths=units,
        rendering_npi=npi,
        category=category,
        tier=tier,
        billed_cents=billed,
        allowed_cents=allowed,
        deductible_cents=shares.get("1", 0),
        copay_cents=shares.get("3", 0),
        coinsurance_cents=shares.get("2", 0),
        paid_cents=paid,
        member_cents=sum(shares.values()),
        adjustments=adjustments,
        denials=tuple(f"{each.group}-{each.carc}" for each in adjustments) if denied else (),
        eligible_cents=eligible,
    )


_DECISIONS = """
SELECT v.id, v.version, coalesce(n.business_date, v.decided_on), coalesce(n.run_no, 0), s.id, s.intake_seq, s.family_id,
       s.first_service_date, v.person_id, v.outcome, v.line_of_coverage, v.plan_option_id, v.plan_design_version_id,
       v.funding_account_id, v.reference_release, v.rules_hash, v.billed_cents, v.allowed_cents, v.paid_cents,
       v.member_cents, v.payee_kind, v.billing_npi, v.payee_tin,
       (SELECT coalesce(json_agg(json_build_array(
                   l.line_no, l.service_date, l.code, l.modifiers, l.revenue, l.units_thousandths, l.rendering_npi,
                   l.category, l.tier, l.billed_cents, l.allowed_cents, l.eligible_cents, l.paid_cents, l.denied,
                   (SELECT coalesce(json_agg(json_build_array(a."group", a.carc, a.cents, a.rarcs) ORDER BY a.id), '[]')
                      FROM claims_lineadjustment a WHERE a.line_id = l.id)) ORDER BY l.line_no), '[]')
          FROM claims_claimline l WHERE l.version_id = v.id)::text,
       (SELECT coalesce(json_agg(json_build_array(
                   e.line_no, e.person_id, e.family_id, e.accumulator, e.period_start, e.amount) ORDER BY e.id), '[]')
          FROM claims_accumulatorentry e WHERE e.version_id = v.id)::text,
       (SELECT coalesce(json_agg(json_build_array(
                   u.authorization_id, u.line_no, u.service_date, u.provider_npi, u.amount) ORDER BY u.id), '[]')
          FROM claims_authorizationuse u WHERE u.version_id = v.id)::text,
       (SELECT coalesce(json_agg(json_build_array(
                   t.person_id, t.service_date, t.code, t.category, t.tooth, t.surfaces, t.area, t.quantity, t.line_no)
                   ORDER BY t.id), '[]')
          FROM claims_treatmententry t WHERE t.version_id = v.id)::text
  FROM claims_claimversion v JOIN claims_claimsubmission s ON s.id = v.submission_id
  LEFT JOIN claims_night n ON n.id = v.night_id
 WHERE v.id = ANY(%(versions)s::bigint[])
"""
