"""A claim above a person's ceiling is not his to release."""

from datetime import date
from uuid import UUID

import pytest

from claims.models import OwnPriceRow, OwnTableLoad, Pend
from claims.services import night, pends
from tenants.facade import Actor
from tests.factories import engine, nights

pytestmark = pytest.mark.django_db


def test_what_is_above_a_ceiling_is_somebody_elses_to_release(in_employer):
    town = nights.town(families=1)
    family = town.families[0]
    load = OwnTableLoad.objects.create(
        kind="authority", sha256="0" * 64, rows=2, file_name="a.csv", number=1, name="A1",
        loaded_at=nights.PLANNED_AT, actor_kind="system",
    )  # fmt: skip
    for role, cents in (("system", 1_000), ("claims_manager", 5_000)):
        content = {"role": role, "limit_cents": cents}
        OwnPriceRow.objects.create(load=load, kind="authority", key=role, content=content, start_date=date(2020, 1, 1))
    visit = nights.visit(engine.line(1, "OFFICE", 12_000, day=nights.WEEK))
    nights.submit([(family, town.people[family][0], visit)])
    planned, _ = night.plan_night(business_date=nights.TONIGHT, planned_at=nights.PLANNED_AT)
    night.work_until_empty(night_id=planned.pk, worker="alone")
    pend = Pend.objects.get()
    assert (pend.code, pend.facts) == ("HIGH-01", {"limit_cents": 1_000, "paid_cents": 9_500})

    def release(role):
        actor = Actor("staff", UUID(int=7), frozenset({role}), in_employer.schema_name, grant_uuid=UUID(int=8))
        return pends.release(pend_uuids=[pend.uuid], note="Looked at it.", actor=actor)

    with pytest.raises(pends.CannotAnswer, match=r"your ceiling of \$50.00"):
        release("claims_manager")
    assert release("admin")
