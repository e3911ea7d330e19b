"""Two made-up appeals for each employer of the demo: one that waits for a reviewer, one a manager decided."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F

from claims.core.appeals import FIRST, UPHELD
from claims.models import Appeal, ClaimSubmission, ClaimVersion
from claims.selectors import appeals as stored
from claims.services import appeal_decisions, appeal_filing, appeals
from claims.services.appeal_decisions import Ruling
from claims.services.appeal_filing import Filing
from tenants.facade import Actor, Role

WHY = "I was told at the visit that the plan pays this. Please look at it again."
BECAUSE = "The plan's rules share the price of this service with the member, and the limit was not reached."


def appeal_twice(control_numbers: Sequence[str], *, manager: Actor, zone: str, filed_on: date) -> list[str]:
    """File two appeals about these claims as their patients and decide one; their references. Repeating adds nothing.

    In the employer's schema; nobody is appealed for where fewer than two claims were paid short.
    """
    if Appeal.objects.exists():
        return []
    short = ClaimVersion.objects.filter(paid_cents__lt=F("billed_cents"), reverses=None, decided_on__lt=filed_on)
    sent = short.values("submission").filter(submission__content__regex=_any_of(control_numbers))
    claims = list(ClaimSubmission.objects.filter(pk__in=sent).select_related("person").order_by("intake_seq"))
    open_ones = [claim for claim in claims if stored.in_force(claim.pk) is not None][:2]
    if len(open_ones) < 2:
        return []
    rows = []
    for claim in open_ones:
        member = Actor("member", None, frozenset({Role.MEMBER}), connection.schema_name, person_uuid=claim.person.uuid)
        at = datetime.combine(filed_on, time(10), ZoneInfo(zone))
        filing = Filing(level=FIRST, reason=WHY, received_at=at, zone=zone, language="en")
        rows.append(appeal_filing.file(submission_uuid=claim.uuid, filing=filing, actor=member))
    decided, who = rows[1], replace(manager, schema_name=connection.schema_name, grant_uuid=manager.uuid)
    on = filed_on + timedelta(1)
    appeals.take(appeal_uuid=decided.uuid, independent=True, on=on, actor=who)
    if decided.rests_on_judgment:
        appeals.consult(appeal_uuid=decided.uuid, expert="Made Up, MD, family medicine", text=BECAUSE, on=on, actor=who)
    ruling = Ruling(outcome=UPHELD, text=BECAUSE)
    appeal_decisions.decide(appeal_uuid=decided.uuid, ruling=ruling, on=on + timedelta(1), actor=who)
    return [row.reference for row in rows]


def _any_of(control_numbers: Sequence[str]) -> str:
    """The stored content of a claim with one of these numbers; made-up numbers are letters and digits."""
    return rf'"patient_control_number": ?"({"|".join(control_numbers)})"'
