"""Whatever a test of the engine decides, the auditor looks at too: he must never find anything."""

from collections.abc import Iterator

import pytest

from tests.factories import on_file
from tests.factories.audits import Watch


@pytest.fixture(autouse=True)
def _audited(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    watch = Watch()
    for module in (request.module, on_file):
        watch.over(module, monkeypatch)
    yield
    assert not watch.findings
