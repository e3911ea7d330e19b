"""Callers of the API, on a day in spring 2026."""

import pytest

from tests.factories import care
from tests.factories.api_calls import with_key  # noqa: F401
from tests.factories.signed_in import home, sign_in  # noqa: F401


@pytest.fixture(autouse=True)
def _on_20_may(monkeypatch):
    """The day of every request."""
    monkeypatch.setattr("claims.api.views.today", lambda request: care.TODAY)


@pytest.fixture
def told(home):  # noqa: F811
    """Alma's and Ben's claims, one in each state."""
    return care.a_years_claims(home)
