"""The one user model. Which schema a row stands in says whether it is staff or one employer's member or HR."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.functions import RandomUUID
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.crypto import salted_hmac

from aso_portal.kernel.errors import DomainError


class WrongSchema(DomainError):
    """A user read in one schema was about to be written into another."""


class UserManager(BaseUserManager["User"]):
    """Reads by e-mail address in any letter case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user in the current schema; without a password nobody can sign in until one is set by a reset link."""
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who signs in. Never deleted, only deactivated: history names users by this UUID for ever.

    The key is a UUID because the same integer would mean one person in public and another in an employer's schema.
    `person_uuid`: the benefits.Person this user is, in the employer's schema.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, db_default=RandomUUID(), editable=False)
    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=80, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    person_uuid = models.UUIDField(null=True, blank=True)
    language = models.CharField(max_length=5, blank=True)
    joined_at = models.DateTimeField(db_default=Now(), editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="user_email_in_lower_case", condition=Q(email=Lower("email"))),
            models.UniqueConstraint(name="user_once_per_person", fields=["person_uuid"]),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **later: Any) -> "User":
        user = super().from_db(db, field_names, values, **later)
        user._schema_name = connection.schema_name
        return user

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises WrongSchema if this user was read in another schema than the current one."""
        read_in = getattr(self, "_schema_name", connection.schema_name)
        if read_in != connection.schema_name:
            raise WrongSchema(f"User {self.id} belongs to {read_in} and cannot be saved in {connection.schema_name}.")
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)
        self._schema_name = connection.schema_name

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Signs the password *and* the schema: a copied row signs nobody in elsewhere."""
        schema_name = getattr(self, "_schema_name", connection.schema_name)
        return salted_hmac(
            "accounts.User.session", f"{schema_name}:{self.password}", secret=secret, algorithm="sha256"
        ).hexdigest()

    def get_full_name(self) -> str:
        return self.display_name or self.email

    def get_short_name(self) -> str:
        return self.get_full_name()

    # What Django's admin asks. The sign-in backend answers from the roles in force, not from stored permissions.

    def get_all_permissions(self, obj: Any = None) -> set[str]:
        backends = (backend for backend in get_backends() if hasattr(backend, "get_all_permissions"))
        return {name for backend in backends for name in backend.get_all_permissions(self, obj)}

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return perm in self.get_all_permissions(obj)

    def has_perms(self, perm_list: Any, obj: Any = None) -> bool:
        return self.get_all_permissions(obj).issuperset(perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions())
