"""The world the URL matrix walks through, in a database of its own."""

import os
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection

from tests import databases
from tests.isolation.watch import WHOLE, Watch, listening
from tests.isolation.world import World, build

DATABASE = f"test_aso_{os.getpid()}_world"


@pytest.fixture(scope="session")
def settled_world(database_template, django_db_setup, django_db_blocker, employers_of_template) -> Iterator[World]:
    """Two marked employers whose rows are committed, so that requests run as they do outside of tests."""
    with django_db_blocker.unblock():
        databases.copy(database_template, DATABASE)
        try:
            with databases.in_use(DATABASE):
                found = build(employers_of_template["harbor"], employers_of_template["meadow"])
            yield found
        finally:
            databases.drop(DATABASE)


@pytest.fixture
def world(settled_world, django_db_blocker) -> Iterator[World]:
    """That world, for one test; what a test changes in it stays."""
    with django_db_blocker.unblock(), databases.in_use(DATABASE):
        yield settled_world


@pytest.fixture
def watch(world: World) -> Iterator[Watch]:
    """A fresh look at the world."""
    connection.set_schema_to_public()
    with listening(Watch(world, patience=1 if WHOLE else 25)) as found:
        yield found
    cache.clear()
