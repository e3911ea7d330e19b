"""The demo's edits refuse and cut back something on a night of made-up claims, and add up to the cent."""

import io
from datetime import UTC, date, datetime

import pytest
from django.db.models import F, Sum
from django_tenants.utils import schema_context

from benefits.management import demo_plans
from claims.management.made.edit_tables import load_edit_tables
from claims.models import ClaimLine, LineAdjustment, Night, Pend
from claims.reference.models import CodePair, TableLoad, UnitLimit
from claims.services import intake, night
from tests.factories import made

pytestmark = pytest.mark.django_db


def test_a_demo_night_refuses_by_pairs_and_cuts_back_by_units(employer):
    providers = made.clearing_house()
    for _ in range(2):
        load_edit_tables(loaded_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert (TableLoad.objects.count(), CodePair.objects.count(), UnitLimit.objects.count()) == (2, 2, 2)
    home = made.people(employer, providers, code="HRB", edits=demo_plans.EDITS)
    file = made.file_of(home.claims(250))
    uuid, _ = intake.receive(stream=io.BytesIO(file), name="made.837", received_at=made.RECEIVED)
    intake.import_file(file_uuid=uuid)
    with schema_context(employer.schema_name):
        at = datetime(2026, 3, 3, 3, tzinfo=UTC)
        planned, _ = night.plan_night(business_date=date(2026, 3, 2), planned_at=at)
        night.work_until_empty(night_id=planned.pk, worker="alone")
        assert Night.objects.get().step == "closed"
        assert not Pend.objects.filter(code="EDT-02").exists()
        refused = LineAdjustment.objects.filter(carc="236", line__denied=True)
        cut = LineAdjustment.objects.filter(carc="151", line__denied=False, line__paid_cents__gt=0)
        assert refused.exists()
        assert cut.exists()
        assert set(refused.values_list("line__code", flat=True)) <= {"P9612", "G0283"}
        assert set(cut.values_list("line__code", flat=True)) <= {"J1100", "A7038"}
        lines = ClaimLine.objects.annotate(told=F("paid_cents") + Sum("adjustments__cents"))
        assert not lines.exclude(billed_cents=F("told")).exists()
