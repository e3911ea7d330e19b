"""A place of its own for each cluster of these tests: real servers, never the ones other tests run on."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aso_portal.embedded import supervisor

NAMED_SERVERS = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ASO_MASTER_KEY")


@contextmanager
def place_with_spaces() -> Iterator[Path]:
    """An empty folder that root's server account can reach, as ASO_VAR; what was started in it is stopped."""
    folder = Path(tempfile.mkdtemp(prefix="aso portal's tests "))
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASO_VAR", str(folder / "a checkout with a rather long name" / "and a space"))
        for name in NAMED_SERVERS:
            patch.delenv(name, raising=False)
        try:
            yield Path(os.environ["ASO_VAR"])
        finally:
            for name in ("main", "test"):
                supervisor.stop(name)
            shutil.rmtree(folder)


@pytest.fixture
def empty_place() -> Iterator[Path]:
    """A place in which nothing was ever started, for one test."""
    with place_with_spaces() as folder:
        yield folder


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A place for the tests of a module, who leave its servers startable."""
    with place_with_spaces() as folder:
        yield folder


@pytest.fixture(scope="module")
def servers(place) -> supervisor.Servers:
    """The pair of servers in that place, for tests that only look."""
    return supervisor.ensure("test")
