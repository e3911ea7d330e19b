"""Password reset tokens. Named in the settings and imported by allauth alone, which this module needs loaded first."""

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from django.db import connection

from tenants.accounts.models import User


class ResetTokenGenerator(EmailAwarePasswordResetTokenGenerator):
    """A reset link of one employer means nothing to another, not even for a copied user."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{connection.schema_name}:{super()._make_hash_value(user, timestamp)}"
