"""Appends what decisions add beside money: uses of authorisations, treatments, estimates, parts of courses; and undoes it.

Decisions that add nothing cost nothing: no statement is made for a table without rows.
"""

from collections.abc import Iterable, Sequence

from django.db import connection

from claims.core.decision import ClaimDecision
from claims.services.copying import copy_rows


def append(decided: Iterable[tuple[int, ClaimDecision]]) -> None:
    """Write what these decisions add, each with the id of its ClaimVersion."""
    uses, treatments, estimates, parts = [], [], [], []
    for version, decision in decided:
        care = decision.care
        if care is None:
            continue
        for use in care.uses:
            key, day = use.authorization_id, use.day
            uses.append((key, version, use.line_number, day, use.provider_npi, use.amount))
        for each in care.treatments:
            where = (each.tooth, each.surfaces, each.area)
            treatments.append(
                (version, each.line_number, "claim", "", each.person_id, each.day, each.code, each.category, *where)
                + (each.quantity,)
            )
        if care.estimate is not None:
            told = care.estimate
            estimates.append((version, told.valid_until, told.plan_cents, told.member_cents))
        parts += [
            (version, part.line_number, part.number, part.of, part.due_on, part.cents) for part in care.installments
        ]
    copy_rows("claims_authorizationuse", _USE, uses)
    copy_rows("claims_treatmententry", _TREATMENT, treatments)
    copy_rows("claims_predetermination", _ESTIMATE, estimates)
    copy_rows("claims_orthodonticinstallment", _PART, parts)


def reverse(pairs: Sequence[tuple[int, int]]) -> None:
    """Add the exact negative of what versions added, as (version, its reversal) pairs; two statements.

    Uses and treatments are sums. Parts of a course not due yet fall away with their version, estimates with it.
    """
    originals, reversals = [list(ids) for ids in zip(*pairs, strict=True)] if pairs else ([], [])
    if not originals:
        return
    with connection.cursor() as cursor:
        for statement in (_REVERSE_USES, _REVERSE_TREATMENTS):
            cursor.execute(statement, {"originals": originals, "reversals": reversals})


_USE = ("authorization_id", "version_id", "line_no", "service_date", "provider_npi", "amount")
_TREATMENT = (
    "version_id", "line_no", "source", "source_key", "person_id", "service_date", "code", "category", "tooth", "surfaces",
    "area", "quantity",
)  # fmt: skip
_ESTIMATE = ("version_id", "valid_until", "plan_cents", "member_cents")
_PART = ("version_id", "line_no", "number", "of", "due_on", "cents")
_REVERSE_USES = """
INSERT INTO claims_authorizationuse (authorization_id, version_id, line_no, service_date, provider_npi, amount)
SELECT u.authorization_id, p.reversal, u.line_no, u.service_date, u.provider_npi, -u.amount
  FROM unnest(%(originals)s::bigint[], %(reversals)s::bigint[]) AS p (original, reversal)
  JOIN claims_authorizationuse u ON u.version_id = p.original ORDER BY u.id
"""
_REVERSE_TREATMENTS = """
INSERT INTO claims_treatmententry
       (version_id, line_no, source, source_key, person_id, service_date, code, category, tooth, surfaces, area, quantity)
SELECT p.reversal, t.line_no, t.source, t.source_key, t.person_id, t.service_date, t.code, t.category, t.tooth, t.surfaces,
       t.area, -t.quantity
  FROM unnest(%(originals)s::bigint[], %(reversals)s::bigint[]) AS p (original, reversal)
  JOIN claims_treatmententry t ON t.version_id = p.original ORDER BY t.id
"""
