"""Orders of the plan to change claims that were decided: taken back, or decided again. For any cause but the provider's.

Contract, for whoever builds on it (mass re-adjudication, retroactive coverage, appeals, recoveries):

- An order is a ClaimChange row: which claim, which kind, for which cause, by whom, when, with a note. It is appended here,
  under the lock of the claim's family, and carried out by the next night that is planned after it, in the transaction
  that decides the family. Nothing else ever appends a reversal, so a night's books always tie.
- `reverse`: the decision is taken back and nothing takes its place. `readjudicate`: the claim is decided again from its
  stored content with the rules, coverage and other claims of that night, on balances and history without itself. What
  came of it is the order's ClaimChangeResult: reversed, changed (reversal and new decision), unchanged (the same result:
  nothing appended), or none yet.
- A new decision that has to wait for a person leaves the old one in force; its pends stand in the queues like any other.
  When they are answered the next night decides again. The order stays open until then.
- Several orders about one family are carried out in the order their claims were decided first: night, first service date,
  order of arrival; pure reversals before all, tonight's new claims after.
- A provider's replacement or void of the same claim goes before: the order then has nothing left to do.
- One open order a claim. The same order again is the one that stands.
- Money follows by itself: see `claims.services.funding` and `payments`. What a payee owes after a night is a PLB FB row;
  other ways of recovery (WO, 72) are PaymentAdjustment rows of the payment that shows them, their payee's header locked
  with `payee_debts.lock`, and never between `plan_pay` and the last pay chunk of a night.
- To see what an order would do: write it in a transaction, read `facts.facts_of` of the families with the claim among
  `again_ids`, hand the unit to `claims.core.changing.change_family`, and roll back.

Rules and worked examples: docs/domain/reversals.md.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from aso_portal.kernel.errors import DomainError
from benefits import facade as benefits
from claims.core.authority import may_change
from claims.core.changes import CAUSES, REDECIDE, REPLACEMENT, REVERSE, VOIDED
from claims.core.numbers import claim_number
from claims.models import ClaimChange
from claims.services import clock
from claims.services.copying import id_list
from tenants import facade as tenants
from tenants.facade import Actor, Deed

SHORTEST_NOTE, LONGEST_NOTE = 5, 2_000
SHOWN = 5


class CannotChange(DomainError):
    """These claims cannot be changed like this; nothing was ordered. The message says which and why."""


def reverse(*, submission_ids: Sequence[int], cause: str, note: str, actor: Actor) -> list[ClaimChange]:
    """Have the decisions on these claims taken back by the next night. Raises CannotChange."""
    return _order(REVERSE, submission_ids, cause, note, actor)


def readjudicate(*, submission_ids: Sequence[int], cause: str, note: str, actor: Actor) -> list[ClaimChange]:
    """Have these claims decided again by the next night, as things are then. Raises CannotChange."""
    return _order(REDECIDE, submission_ids, cause, note, actor)


@transaction.atomic
def _order(kind: str, submission_ids: Sequence[int], cause: str, note: str, actor: Actor) -> list[ClaimChange]:
    """All or none. Four statements and those of the audit, however many claims."""
    note = note.strip()
    _check(cause, note, actor)
    wanted = sorted(set(submission_ids))
    claims = _families(wanted)
    if len(claims) < len(wanted):
        raise CannotChange(f"{len(wanted) - len(claims)} of these claims do not exist here. Nothing was ordered.")
    benefits.lock_families(sorted({family for family, _, _ in claims.values()}))
    standing, refusals = _standing(wanted, kind, cause)
    if refusals:
        shown = "; ".join(f"{claim_number(claims[key][2])} {why}" for key, why in list(refusals.items())[:SHOWN])
        more = f"; and {len(refusals) - SHOWN} more" if len(refusals) > SHOWN else ""
        raise CannotChange(f"Nothing was ordered: {shown}{more}.")
    at = clock.now()
    fresh = [key for key in wanted if key not in standing]
    ClaimChange.objects.bulk_create(
        ClaimChange(
            kind=kind,
            cause=cause,
            submission_id=key,
            note=note,
            actor_kind=actor.kind,
            actor_uuid=actor.uuid,
            ordered_at=at,
        )
        for key in fresh
    )
    tenants.record_audits(
        actor=actor,
        deeds=[Deed(f"claim.{kind}_ordered", "claim", claims[key][1], {"cause": cause}) for key in fresh],
    )
    ordered = ClaimChange.objects.filter(submission_id__in=wanted, successor=None, result=None)
    return list(ordered.order_by("submission_id"))


def _check(cause: str, note: str, actor: Actor) -> None:
    if actor.kind != "system" and not (actor.kind == "staff" and actor.uuid is not None and may_change(actor.roles)):
        raise CannotChange("Claims managers have decided claims changed.")
    if cause not in CAUSES or cause in (REPLACEMENT, VOIDED):
        raise CannotChange(f"{cause!r} is no cause to change a claim for. Causes are those of claims.core.changes.")
    if not SHORTEST_NOTE <= len(note) <= LONGEST_NOTE:
        raise CannotChange(f"Say why, in {SHORTEST_NOTE} to {LONGEST_NOTE} characters.")


def _families(submission_ids: Sequence[int]) -> dict[int, tuple[int, Any, int]]:
    """(family, uuid, intake_seq) of each claim."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, family_id, uuid, intake_seq FROM claims_claimsubmission WHERE id = ANY(%s::bigint[])",
            [id_list(submission_ids)],
        )
        return {key: (family, uuid, seq) for key, family, uuid, seq in cursor.fetchall()}


def _standing(submission_ids: Sequence[int], kind: str, cause: str) -> tuple[set[int], dict[int, str]]:
    """Claims for which this very order stands already, and why others cannot be ordered."""
    standing: set[int] = set()
    refusals: dict[int, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STATES, [id_list(submission_ids)])
        for key, in_force, corrected, open_kind, open_cause in cursor.fetchall():
            if corrected:
                refusals[key] = "was replaced or voided by its provider"
            elif not in_force:
                refusals[key] = "has no decision in force"
            elif (open_kind, open_cause) == (kind, cause):
                standing.add(key)
            elif open_kind:
                refusals[key] = f"is to be changed already ({open_kind}, {open_cause}) by the next night"
    return standing, refusals


_STATES = """
SELECT s.id,
       EXISTS (SELECT FROM claims_claimversion v WHERE v.submission_id = s.id AND v.reverses_id IS NULL
                  AND NOT EXISTS (SELECT FROM claims_claimversion r WHERE r.reverses_id = v.id)),
       EXISTS (SELECT FROM claims_claimchange c WHERE c.submission_id = s.id AND c.successor_id IS NOT NULL),
       o.kind, o.cause
  FROM claims_claimsubmission s
  LEFT JOIN LATERAL (
       SELECT c.kind, c.cause FROM claims_claimchange c
        WHERE c.submission_id = s.id AND c.successor_id IS NULL
          AND NOT EXISTS (SELECT FROM claims_claimchangeresult r WHERE r.change_id = c.id) LIMIT 1) o ON true
 WHERE s.id = ANY(%s::bigint[]) ORDER BY s.intake_seq
"""
