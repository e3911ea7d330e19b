"""One employer's night from plan to close, in one process."""

from datetime import timedelta

import pytest

from claims.models import ClaimVersion, Night, NightChunk, PendedDecision
from claims.services import night
from tests.factories import nights

TODAY, AT = nights.TONIGHT, nights.PLANNED_AT


def run(day=TODAY, run_no: int = 1, at=AT) -> Night:
    planned, _ = night.plan_night(business_date=day, run_no=run_no, planned_at=at)
    assert night.work_until_empty(night_id=planned.pk, worker="alone") == night.Outcome.CLOSED
    planned.refresh_from_db()
    return planned


def test_every_claim_that_came_in_is_decided_or_waits_for_a_person(in_employer):
    town = nights.town(families=5)
    nights.submit(nights.claims_of(town, claims=60))
    closed = run()
    assert closed.step == "closed"
    assert closed.figures["claims"] == 60
    assert closed.figures["decided"] + closed.figures["pended"] == 60
    assert closed.figures["pended"] == PendedDecision.objects.count() > 0
    assert ClaimVersion.objects.count() == closed.figures["decided"]
    assert len(closed.digest) == 64
