"""The demo's appeals: one waits, one is decided; a second loading adds none."""

from datetime import date, timedelta
from uuid import uuid4

from claims.management.made.appeals import appeal_twice
from claims.models import Appeal, AppealEvent, Letter
from tenants.core.roles import Actor
from tests.factories import care


def test_two_appeals_are_filed_and_one_is_decided_once(in_employer):
    home = care.household()
    on = date(2026, 4, 4)
    for person in (home.alma, home.carl):
        care.decide(home, care.submit(home, person), (100_000, (("PR", "1", 50_000),)), on=on)
    manager = Actor("staff", uuid4(), frozenset({"claims_manager"}), "public")
    given = {"manager": manager, "zone": "America/Chicago", "filed_on": on + timedelta(6)}
    assert appeal_twice(["PCN9999"], **given) == []
    numbers = ["PCN" + str(row.intake_seq) for row in care.ClaimSubmission.objects.all()]
    assert len(appeal_twice(numbers, **given)) == 2
    assert appeal_twice(numbers, **given) == []
    assert Appeal.objects.count() == 2
    assert list(AppealEvent.objects.order_by("pk").values_list("kind", flat=True)) == ["assigned", "decided"]
    assert Letter.objects.filter(kind="appeal_acknowledgment").count() == 2
