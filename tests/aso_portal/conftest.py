"""Callers of the API."""

from tests.factories.api_calls import own_counters, with_key  # noqa: F401
from tests.factories.signed_in import home, sign_in  # noqa: F401
