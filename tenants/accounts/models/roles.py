"""Which roles a user has had, and since when."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from tenants.core.roles import Role


class RoleGrant(models.Model):
    """One role of one user; ended, never deleted. Staff roles belong in public, the others in an employer's schema."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=20, choices=[(name, name) for name in Role])
    granted_at = models.DateTimeField(db_default=Now())
    granted_by_uuid = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="role_grant_known_role", condition=Q(role__in=[str(name) for name in Role])),
            models.UniqueConstraint(
                name="role_grant_once", fields=["user", "role"], condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.user_id}"
