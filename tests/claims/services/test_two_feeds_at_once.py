"""Two workers handed the same feed at the same moment, in batches of a few: every record is posted once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection
from django.db.models import Sum
from django_tenants.utils import schema_context

from claims.models import AccumulatorEntry, AccumulatorFile, AccumulatorFileEnd, AccumulatorFileRecord
from claims.services import accumulator_files
from claims.services.pharmacy_fills import Fills
from tenants import facade as tenants
from tests.factories import nights, pharmacy
from tests.factories.pharmacy import Fill, feed


def test_both_report_the_same_and_nothing_counts_twice(committing_db, employer, monkeypatch):
    monkeypatch.setattr(accumulator_files, "BATCH", 3)
    with schema_context(employer.schema_name):
        town = nights.town(4)
        pharmacy.integrated(town)
        people = [person for family in town.families for person in town.people[family]]
        content = feed(*(Fill(f"A{number}", person, copay=100 + number).paid() for number, person in enumerate(people)))
    together = Barrier(2)

    def hand_in(_):
        try:
            together.wait()
            with schema_context(employer.schema_name):
                return accumulator_files.take(Fills(), content=content, actor=tenants.system(employer.schema_name))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        one, other = workers.map(hand_in, range(2))
    assert (one.uuid, one.posted) == (other.uuid, len(people))
    assert {one.is_new, other.is_new} == {True, False}
    with schema_context(employer.schema_name):
        assert AccumulatorFileRecord.objects.count() == len(people)
        assert (AccumulatorFile.objects.count(), AccumulatorFileEnd.objects.count()) == (1, 1)
        total = AccumulatorEntry.objects.aggregate(total=Sum("amount"))["total"]
        assert total == sum(100 + number for number in range(len(people)))
