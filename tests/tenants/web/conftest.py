"""Pages of a signed-in person."""

from tests.factories.api_calls import own_counters  # noqa: F401
from tests.factories.signed_in import home, sign_in  # noqa: F401
