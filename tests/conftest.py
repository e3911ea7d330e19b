"""What every test may ask for: a database with two employers, the runtime's rights, a clean start."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django_tenants.utils import schema_context

from tenants.core.employers import EmployerFacts
from tenants.selectors import employers
from tests import databases
from tests.factories import audits  # noqa: F401  (remembers the document of every plan design from the beginning)


@pytest.fixture(scope="session")
def database_template(django_test_environment, django_db_blocker) -> str:
    """The name of the template database."""
    with django_db_blocker.unblock():
        return databases.template()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, database_template) -> Iterator[None]:
    """A copy of the template for this process; tests run in it as the runtime login, so a missing grant shows."""
    name = f"test_aso_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock():
        databases.copy(database_template, name)
        with databases.in_use(name):
            yield
        databases.drop(name)


@pytest.fixture(autouse=True)
def _public_again() -> Iterator[None]:
    """Each test starts in public and with no host remembered, whatever the one before did."""
    employers.forget_hosts()
    connection.set_schema_to_public()
    yield
    connection.set_schema_to_public()


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests that use the database leave nothing in the cache."""
    yield
    if {"db", "committing_db", "client"} & set(request.fixturenames):
        cache.clear()


_OWN = count(1)


@dataclass(frozen=True)
class CommittedDatabase:
    """A database of one test alone, in which commits last."""

    name: str

    def environment(self) -> dict[str, str]:
        """For child processes (commands, workers): the whole environment, pointing here."""
        runtime = connection.settings_dict
        place = f"{runtime['HOST']}:{runtime['PORT']}/{self.name}"
        owner = settings.OWNER
        return {
            **os.environ,
            "DATABASE_URL": f"postgresql://{quote(runtime['USER'])}:{quote(runtime['PASSWORD'])}@{place}",
            "OWNER_DATABASE_URL": f"postgresql://{quote(owner['USER'])}:{quote(owner['PASSWORD'])}@{place}",
            "REDIS_URL": settings.REDIS_URL,
            "SECRET_KEY": settings.SECRET_KEY,
            "ASO_MASTER_KEY": settings.ASO_MASTER_KEY,
        }


@pytest.fixture
def committing_db(database_template, django_db_setup, django_db_blocker) -> Iterator[CommittedDatabase]:
    """A fresh database for tests that commit: threads, workers, commands, new employers.

    Its name is new too: what a process keeps of reference tables it keeps by database.
    """
    name = f"test_aso_{os.getpid()}_own{next(_OWN)}"
    with django_db_blocker.unblock():
        databases.copy(database_template, name)
        try:
            with databases.in_use(name):
                yield CommittedDatabase(name)
        finally:
            databases.drop(name)


@pytest.fixture(scope="session")
def employers_of_template(django_db_setup, django_db_blocker) -> dict[str, EmployerFacts]:
    """By slug: the same in every copy of the template."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        found = {facts.slug: facts for facts in employers.active(datetime.now(UTC).date())}
        connection.close()
    return found


@pytest.fixture
def employer(employers_of_template) -> EmployerFacts:
    """Harbor Freight Lines: bought every service; host harbor.localhost."""
    return employers_of_template["harbor"]


@pytest.fixture
def other_employer(employers_of_template) -> EmployerFacts:
    """Meadow Dairy: another employer that must never see Harbor's; host meadow.localhost."""
    return employers_of_template["meadow"]


@pytest.fixture
def as_employer() -> Callable[[EmployerFacts | str], AbstractContextManager[None]]:
    """`with as_employer(employer):` works in that employer's schema, under its role."""

    @contextmanager
    def inside(which: EmployerFacts | str) -> Iterator[None]:
        with schema_context(which if isinstance(which, str) else which.schema_name):
            yield

    return inside


@pytest.fixture
def in_employer(db, employer, as_employer) -> Iterator[EmployerFacts]:
    """The whole test works inside Harbor's schema."""
    with as_employer(employer):
        yield employer
