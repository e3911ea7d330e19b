"""Two workers handed the same census at the same moment: everybody is on file once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from django.db import connection
from django_tenants.utils import schema_context

from benefits.edi.census import read_census
from benefits.models import Coverage, Person
from benefits.services.census import import_census
from tests.factories import benefits as make
from tests.factories.benefits import NOW, TODAY

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "census.csv"


def test_one_applies_and_the_other_finds_nothing_to_do(committing_db, employer):
    with schema_context(employer.schema_name):
        make.plans()
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)
    together = Barrier(2)

    def hand_in(_):
        try:
            together.wait()
            with schema_context(employer.schema_name):
                report = import_census(
                    list(read_census(lines)),
                    content_sha256="0" * 64,
                    actor=make.system(employer),
                    recorded_at=NOW,
                    as_of=TODAY,
                )
            return {row.result for row in report.rows}
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        results = list(workers.map(hand_in, range(2)))
    assert sorted(results, key=str) == [{"applied"}, {"unchanged"}]
    with schema_context(employer.schema_name):
        assert (Person.objects.count(), Coverage.objects.count()) == (4, 5)
