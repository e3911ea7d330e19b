"""Pages of a signed-in person."""

from tests.factories.signed_in import home, sign_in  # noqa: F401
