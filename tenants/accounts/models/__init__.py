"""Tables that stand in public (staff) and in every employer's schema (members, HR)."""

from tenants.accounts.models.keys import ApiKey
from tenants.accounts.models.roles import RoleGrant
from tenants.accounts.models.users import User, WrongSchema

__all__ = ["ApiKey", "RoleGrant", "User", "WrongSchema"]
