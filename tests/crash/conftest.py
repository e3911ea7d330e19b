"""A town with a night to come, in a database of its own; each test gets a fresh copy and workers it may kill."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from django.db import connections
from django_tenants.utils import schema_context

from benefits.models import FamilyMembership
from claims.core.claim import Claim, changed
from claims.core.facts import FamilyFacts
from claims.management.night_work import help_all
from claims.models import Night, NightChunk
from claims.services import adjudication, chunks, crashpoints, funding, night
from tenants.models import Employer
from tests import databases
from tests.factories import engine, nights

FAMILIES, CLAIMS, MOST_CLAIMS = 40, 400, 25
EARLIER, CORRECTED = 60, 20
THE_DAY_BEFORE = nights.TONIGHT - timedelta(days=1)
Arrived = tuple[int, int, Claim]
Decided = TypeVar("Decided")
FORK = multiprocessing.get_context("fork")


@pytest.fixture(scope="session")
def town_database(database_template, django_db_setup, django_db_blocker) -> Iterator[str]:
    """Harbor's town with its money and the claims of a night to come, some of which correct an earlier night's."""
    name = f"test_aso_{os.getpid()}_town"
    with django_db_blocker.unblock():
        databases.copy(database_template, name)
        with databases.in_use(name), schema_context(_harbor()):
            town = nights.town(families=FAMILIES)
            earlier = _a_night_before(town)
            nights.submit(nights.claims_of(town, claims=CLAIMS))
            funding.receive_funds(
                funding_account_id=town.account.pk, reference="WIRE1", received_on=nights.TONIGHT, cents=900_000
            )
            for place, (seq, arrived) in enumerate(list(earlier.items())[:: len(earlier) // CORRECTED]):
                nights.correct(seq, _billed_higher(arrived), void=place % 3 == 0)
        yield name
        databases.drop(name)


def _a_night_before(town: nights.Town) -> dict[int, Arrived]:
    """A night that decided and paid a few claims; they by their number."""
    arrived = list(nights.claims_of(town, claims=EARLIER, seed=2))
    stored = dict(zip(nights.submit(arrived), arrived, strict=True))
    funding.receive_funds(
        funding_account_id=town.account.pk, reference="WIRE0", received_on=THE_DAY_BEFORE, cents=5_000_000
    )
    before, _ = night.plan_night(business_date=THE_DAY_BEFORE, planned_at=nights.PLANNED_AT - timedelta(days=1))
    night.work_until_empty(night_id=before.pk, worker="before")
    return stored


def _billed_higher(arrived: Arrived) -> Arrived:
    family, person, claim = arrived
    lines = tuple(changed(line, charge_cents=line.charge_cents + 1_000) for line in claim.lines)
    return family, person, changed(claim, lines=lines, billed_cents=sum(line.charge_cents for line in lines))


def _harbor() -> str:
    return Employer.objects.get(slug="harbor").schema_name


@dataclass
class Yard:
    """A database with one planned night, and processes that work on it."""

    schema_name: str
    night_id: int
    processes: list[Any] = field(default_factory=list)

    def start(self, *, crash_at: str = "", poison: bool = False) -> Any:
        """A worker process. crash_at: "<place>:<n>"; poison: claims with the poison code end the process."""
        connections.close_all()
        process = FORK.Process(target=_work, args=(self.schema_name, self.night_id, crash_at, poison), daemon=True)
        process.start()
        self.processes.append(process)
        return process

    def kill(self, process: Any) -> None:
        """End a worker the hard way, wherever it is."""
        os.kill(process.pid, signal.SIGKILL)
        process.join()

    def finish(self, *, workers: int = 1, seconds: float = 120, poison: bool = False) -> Night:
        """Let fresh workers, replaced when they die, bring the night to its close."""
        give_up = time.monotonic() + seconds
        running = [self.start(poison=poison) for _ in range(workers)]
        while self.night().step != "closed":
            assert time.monotonic() < give_up, f"The night is still at {self.night().step}."
            time.sleep(0.1)
            running = [process if process.is_alive() else self.start(poison=poison) for process in running]
        for process in running:
            process.join(30)
        return self.night()

    def night(self) -> Night:
        """The night as it stands."""
        with schema_context(self.schema_name):
            return Night.objects.get(pk=self.night_id)

    def chunks(self, **which: Any) -> list[NightChunk]:
        """Its chunks."""
        with schema_context(self.schema_name):
            return list(NightChunk.objects.filter(night=self.night_id, **which).order_by("step", "number"))


def _work(schema_name: str, night_id: int, crash_at: str, poison: bool) -> None:
    if poison:
        adjudication.adjudicate_family = _deadly(adjudication.adjudicate_family)
        adjudication.change_family = _deadly(adjudication.change_family)
    if crash_at:
        crashpoints._hook = crashpoints._killer(crash_at)
    help_all([("harbor", schema_name, night_id)])


def _deadly(sound: Callable[[FamilyFacts, Any], Decided]) -> Callable[[FamilyFacts, Any], Decided]:
    def adjudicate(unit: FamilyFacts, rules: Any) -> Decided:
        if any(line.code == nights.POISON for facts in unit.claims for line in facts.claim.lines):
            os.kill(os.getpid(), signal.SIGKILL)
        return sound(unit, rules)

    return adjudicate


@pytest.fixture
def make_yard(town_database, django_db_blocker, monkeypatch, settings) -> Iterator[Callable[..., Yard]]:
    """Makes copies of the town with tonight's night planned. poison: so many families have a claim that kills."""
    settings.NIGHT_LEASE_SECONDS = 1
    monkeypatch.setattr(chunks, "MOST_CLAIMS", MOST_CLAIMS)
    made: list[tuple[Any, str, Yard]] = []

    def make(*, poison: int = 0) -> Yard:
        name = f"test_aso_{os.getpid()}_yard{len(made)}"
        connections.close_all()
        databases.copy(town_database, name)
        inside = databases.in_use(name)
        inside.__enter__()
        schema_name = _harbor()
        with schema_context(schema_name):
            _add_poison(poison)
            planned, _ = night.plan_night(business_date=nights.TONIGHT, planned_at=nights.PLANNED_AT)
        yard = Yard(schema_name, planned.pk)
        made.append((inside, name, yard))
        return yard

    with django_db_blocker.unblock():
        try:
            yield make
        finally:
            for inside, name, yard in reversed(made):
                for process in yard.processes:
                    if process.is_alive():
                        process.kill()
                    process.join()
                inside.__exit__(None, None, None)
                databases.drop(name)


def _add_poison(families: int) -> None:
    if families:
        rows = FamilyMembership.objects.order_by("family_id", "person_id").values_list("family_id", "person_id")
        people = dict(reversed(list(rows)))
        chosen = sorted(people)[3 :: len(people) // families][:families]
        deadly = nights.visit(engine.line(1, nights.POISON, 5_000))
        nights.submit([(family, people[family], deadly) for family in chosen])


@pytest.fixture(scope="session")
def undisturbed(town_database, django_db_blocker) -> str:
    """The digest of the same night when nothing happens to it."""
    name = f"test_aso_{os.getpid()}_quiet"
    with django_db_blocker.unblock():
        connections.close_all()
        databases.copy(town_database, name)
        try:
            with databases.in_use(name), schema_context(_harbor()):
                planned, _ = night.plan_night(business_date=nights.TONIGHT, planned_at=nights.PLANNED_AT)
                night.work_until_empty(night_id=planned.pk, worker="alone")
                planned.refresh_from_db()
                assert planned.figures["released_cents"] > 0 and planned.figures["decided"] > CLAIMS // 2
                assert planned.figures["reversed"] > CORRECTED // 2 and planned.figures["closed"] > 0
                return planned.digest
        finally:
            databases.drop(name)
