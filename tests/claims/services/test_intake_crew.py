"""A file read by several processes gives what one process gives, to the byte; one that dies costs a repetition only."""

import io
import os
import re
import signal
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import connection, connections
from django_tenants.utils import schema_context

from claims.management.made.claims import Flaws
from claims.models import ClaimSubmission
from claims.services import intake, reading_crew, storing
from tenants import facade as tenants
from tenants.selectors import employers
from tests import databases
from tests.factories import made
from tests.factories.made import RECEIVED

COLUMNS = [
    field.attname
    for field in ClaimSubmission._meta.fields
    if field.attname not in ("id", "uuid", "public_uuid", "file_uuid")
]
BAD = Flaws(unbalanced=1_500, unknown_group=1_000, unknown_member=1_000)


@pytest.fixture
def fresh(database_template, django_db_setup, django_db_blocker):
    """A database of its own, with two employers' people, for each time it is asked."""

    @contextmanager
    def one(name):
        own = f"test_aso_{os.getpid()}_{name}"
        with django_db_blocker.unblock():
            databases.copy(database_template, own)
            try:
                with databases.in_use(own):
                    employers.forget_hosts()
                    house = made.clearing_house()
                    harbor, meadow = sorted(employers.active(datetime.now(UTC).date()), key=lambda facts: facts.slug)
                    yield made.people(harbor, house, code="HRB"), made.people(meadow, house, code="MDW", seed=6)
            finally:
                connections.close_all()
                databases.drop(own)

    return one


@pytest.fixture
def large(monkeypatch):
    """Says whether files are large enough for a crew."""

    def say(whether):
        monkeypatch.setattr(intake, "WINDOW", 20)
        monkeypatch.setattr(intake, "LARGE", 1 if whether else 10**12)
        monkeypatch.setattr(reading_crew, "possible", lambda: True)

    return say


def crooked(harbor, meadow):
    """Three interchanges: sound and unsound claims and sets of two employers; one again; one of nothing we read."""
    first = made.file_of(harbor.claims(170, flaws=BAD), meadow.claims(90, flaws=BAD))
    parts = first.split(b"SE*")
    parts[2] = b"9" + parts[2]  # the second set's count is wrong
    first = b"SE*".join(parts).replace(b"~\nCLM*", b"~\nQQ*1~\n~\nCLM*", 3).replace(b"*D8*2026", b"*D8*2O26", 2)
    second = made.file_of(harbor.claims(120, first=700), control=2).replace(b"BHT*0019", b"BHT*0099", 1)
    other = made.file_of(meadow.claims(60, first=700), control=3).replace(b"005010X222A1", b"005010X999A9")
    return first + second + first + other


def take(content):
    uuid, _ = intake.receive(stream=io.BytesIO(content), name="claims.837", received_at=RECEIVED)
    return uuid, intake.import_file(file_uuid=uuid)


def rows(which):
    with schema_context(which.facts.schema_name):
        return list(ClaimSubmission.objects.order_by("intake_seq").values_list(*COLUMNS))


def outcome(uuid, report, *employers_of_it):
    answers = []
    for answer in tenants.answers_to(uuid):
        with tenants.open_outbound_file(answer.uuid) as stream:
            answers.append((answer.kind, stream.read()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT ordinal, reason, billed_cents FROM exchange_unroutablepart ORDER BY ordinal")
        strays = cursor.fetchall()
    sealed = [tenants.open_stray(part.uuid) for part in sorted(tenants.waiting_strays(), key=lambda part: part.ordinal)]
    told = [getattr(report, name) for name in report.__slots__ if name not in ("file_uuid", "acknowledgments")]
    told = re.sub(r"t_[0-9a-f]{12}", "schema", repr(told))
    return [rows(which) for which in employers_of_it], strays, sealed, answers, told


def test_a_crew_gives_what_one_process_gives(fresh, large):
    found = []
    for name, whether in (("alone", False), ("crew", True)):
        large(whether)
        with fresh(name) as (harbor, meadow):
            uuid, report = take(crooked(harbor, meadow))
            found.append(outcome(uuid, report, harbor, meadow))
    alone, crew = found
    assert len(alone[0][0]) > 100 and len(alone[0][1]) > 50 and alone[1]
    assert len(report.faults) == intake.SHOWN_FAULTS and report.duplicate and report.rejected
    for one, other in zip((*alone[0], *alone[1:]), (*crew[0], *crew[1:]), strict=True):
        assert one == other


def test_a_reader_that_is_killed_fails_the_import_and_a_repetition_completes_it(fresh, large, monkeypatch):
    large(True)
    hired, calls = [], []

    class Watched(reading_crew.Crew):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            hired.append(self)
            self.all = list(self.pids)

    def store(claims, arrival):
        calls.append(len(claims))
        if len(calls) == 4:
            os.kill(hired[-1].pids[0], signal.SIGKILL)
        return storing.store(claims, arrival)

    monkeypatch.setattr(reading_crew, "Crew", Watched)
    monkeypatch.setattr(intake, "store", store)
    with fresh("killed") as (harbor, _):
        content = made.file_of(harbor.claims(900))
        with pytest.raises(reading_crew.HelperEnded, match="import the file again"):
            take(content)
        connection.set_schema_to_public()
        before = rows(harbor)
        assert 0 < len(before) < 900
        assert not any(os.path.exists(f"/proc/{pid}") for pid in hired[0].all)
        (waiting,) = intake.import_waiting()
        assert waiting.accepted == 900
        after = rows(harbor)
        assert after[: len(before)] == before
        assert [row[COLUMNS.index("intake_seq")] for row in after] == list(range(1, 901))


def test_what_a_reader_cannot_do_is_told_without_what_the_claims_say(fresh, large, monkeypatch):
    large(True)

    def breaks(*_):
        raise ValueError("SECRET NAME")

    monkeypatch.setattr("claims.services.preparing._ready", breaks)
    with fresh("broken") as (harbor, _), pytest.raises(reading_crew.HelperEnded, match="ValueError") as told:
        take(made.file_of(harbor.claims(60)))
    assert "SECRET" not in str(told.value)
