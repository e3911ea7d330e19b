"""The made-up pharmacy feed can be read, balances, and is taken without a rejection; it is the same every time."""

from datetime import date
from itertools import islice

import pytest

from benefits.core.plan_design_reading import canonical_sha256
from benefits.management import demo_plans
from benefits.management.commands.demo_people import population
from benefits.models import PlanDesignVersion
from claims.core.pharmacy import CLAIMS_IN
from claims.management.made.pharmacy import Feed
from claims.models import AccumulatorEntry, PharmacyFill
from claims.services import accumulator_file_reading as reading
from claims.services import accumulator_files
from claims.services.pharmacy_fills import Fills
from tenants import facade as tenants
from tenants.management import demo
from tests.factories import made as made_people
from tests.factories.two_people import TWO_PEOPLE

pytestmark = pytest.mark.django_db
CEDAR = demo.EMPLOYERS[2]


def made() -> bytes:
    feed = Feed(code="CED", deductibles=[0, 400_000], start=date(2026, 1, 1), end=date(2026, 3, 1))
    return feed.fill(islice(population(CEDAR, 2026), 200)).file(receiver=CEDAR.ein, day=date(2026, 3, 2))


def test_the_made_feed_is_read_and_is_the_same_every_time():
    content = made()
    assert content == made()
    records = reading.read_file(CLAIMS_IN, content).records
    assert len(records) > 60
    assert {record.values["transaction"] for record in records} == {"paid", "adjusted", "reversed"}
    assert any(record.values["deductible"] for record in records) and any(record.values["copay"] for record in records)


def test_the_made_feed_is_taken_without_a_rejection(employer, as_employer):
    harbor = made_people.people(employer, (), code="HFL")
    feed = Feed(code="HFL", deductibles=[0], start=made_people.YEAR, end=date(2026, 3, 1), share_bp=10_000)
    content = feed.fill(harbor.families).file(receiver="310000001", day=date(2026, 3, 2))
    with as_employer(employer):
        first = PlanDesignVersion.objects.get(plan_option__code="PPO")
        document = first.document | {"pharmacy": demo_plans.PHARMACY}
        PlanDesignVersion.objects.create(
            plan_option=first.plan_option,
            version=2,
            start_date=first.start_date,
            end_date=first.end_date,
            document=document,
            document_sha256=canonical_sha256(document),
            published_at=first.published_at,
            **TWO_PEOPLE,
        )
        report = accumulator_files.take(Fills(), content=content, actor=tenants.system(employer.schema_name))
        assert (report.posted, report.rejected, report.over) == (len(feed.rows), 0, 0)
        stands = sum(AccumulatorEntry.objects.filter(accumulator="oop.inn").values_list("amount", flat=True))
        assert stands == sum(PharmacyFill.objects.exclude(transaction="adjusted").values_list("copay_cents", flat=True))
