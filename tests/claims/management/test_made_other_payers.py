"""Made-up claims after another plan can be read, add up, and are decided by the plan's own method."""

import io

import pytest

from claims.core.coordination_figures import Figures, figures_of, payers_before
from claims.edi.x837 import ClaimAccepted, ClaimRejected, read_837
from claims.management.made.claims import MIXED, Flaws
from tests.factories import made

pytestmark = pytest.mark.django_db


def read(content):
    found = [event for event in read_837(io.BytesIO(content)) if isinstance(event, ClaimAccepted | ClaimRejected)]
    assert [event.faults for event in found if isinstance(event, ClaimRejected)] == []
    return [event.claim for event in found]


def test_every_kind_of_claim_may_come_after_another_plan_and_adds_up(employer):
    harbor = made.people(employer, made.clearing_house(), code="HFL")
    claims = read(made.file_of(harbor.claims(80, flaws=Flaws(coordinated=10_000))))
    assert {claim.kind for claim in claims} == {"P", "I", "D"}
    for claim in claims:
        figures = figures_of(claim, payers_before(claim))
        assert isinstance(figures, Figures), figures
        assert sum(line.paid for line in figures.lines.values()) == claim.other_payers[0].paid_cents


def test_one_claim_in_twenty_of_the_mix_and_the_others_are_as_they_were(employer):
    harbor = made.people(employer, made.clearing_house(), code="HFL")
    mixed, plain = harbor.claims(400, flaws=MIXED), harbor.claims(400)
    marked = [claim for claim in mixed if claim.flaw == "coordinated"]
    assert 8 <= len(marked) <= 35
    assert [claim for claim in mixed if not claim.flaw] == [
        one for one, other in zip(plain, mixed, strict=True) if not other.flaw
    ]
