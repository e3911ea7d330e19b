"""Staff at the desk of Harbor."""

from tests.claims.admin.conftest import desk

__all__ = ["desk"]
