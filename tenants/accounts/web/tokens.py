"""Password reset tokens. Named in the settings; imported by allauth while it still loads, so they stand alone."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import connection

from tenants.accounts.models import User


class ResetTokenGenerator(PasswordResetTokenGenerator):
    """A reset link of one employer means nothing to another, not even for a copied user; a new address ends it too."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        from allauth.account.models import EmailAddress

        addresses = EmailAddress.objects.filter(user_id=user.pk).order_by("email").values_list("email", flat=True)
        return f"{connection.schema_name}:{super()._make_hash_value(user, timestamp)}:{'|'.join(addresses)}"
