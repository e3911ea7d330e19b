"""The world the URL matrix walks through, in a database of its own."""

import os
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection

from tests import databases
from tests.isolation.watch import Watch, listening
from tests.isolation.world import World, build


@pytest.fixture(scope="module")
def world(database_template, django_db_setup, django_db_blocker, employers_of_template) -> Iterator[World]:
    """Two marked employers whose rows are committed, so that requests run as they do outside of tests."""
    name = f"test_aso_{os.getpid()}_world"
    with django_db_blocker.unblock():
        databases.copy(database_template, name)
        try:
            with databases.in_use(name):
                yield build(employers_of_template["harbor"], employers_of_template["meadow"])
        finally:
            databases.drop(name)


@pytest.fixture
def watch(world: World) -> Iterator[Watch]:
    """A fresh look at the world; counters of rate limits begin at nothing."""
    cache.clear()
    connection.set_schema_to_public()
    with listening(Watch(world)) as found:
        yield found
    cache.clear()
