"""Who acts, and as what. Values only: the same in pages, tasks, the API and the tests."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person may be. The first group lives in an employer's schema, the second (ASO staff) in public."""

    MEMBER = "member"
    HR = "hr"
    HR_FINANCE = "hr_finance"
    PLAN_ADMINISTRATOR = "plan_administrator"

    EXAMINER = "examiner"
    CLAIMS_MANAGER = "claims_manager"
    FINANCE = "finance"
    ACCOUNT_MANAGER = "account_manager"
    STOP_LOSS = "stop_loss"
    ADMIN = "admin"


STAFF_ROLES = frozenset(
    {Role.EXAMINER, Role.CLAIMS_MANAGER, Role.FINANCE, Role.ACCOUNT_MANAGER, Role.STOP_LOSS, Role.ADMIN}
)
HR_ROLES = frozenset({Role.HR, Role.HR_FINANCE, Role.PLAN_ADMINISTRATOR})
EMPLOYER_ROLES = HR_ROLES | {Role.MEMBER}

KINDS = frozenset({"staff", "member", "hr", "system", "api"})


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts: what audit rows, selectors (`visible_to`) and services are told instead of a user row.

    kind: "staff" | "member" | "hr" | "system" | "api".  uuid: the user's or API key's; None for the system.
    roles: names of Role, or the scopes of an API key.  schema_name: where the work happens ("public" for operations).
    person_uuid: the benefits.Person of a member.  grant_uuid: the StaffGrant under which staff work on a desk.
    """

    kind: str
    uuid: UUID | None
    roles: frozenset[str]
    schema_name: str
    person_uuid: UUID | None = None
    grant_uuid: UUID | None = field(default=None)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"There is no actor kind {self.kind!r}.")

    def has(self, *roles: str) -> bool:
        """Whether the actor has at least one of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def is_staff(self) -> bool:
        return self.kind == "staff"

    @property
    def is_hr(self) -> bool:
        return self.kind != "staff" and not self.roles.isdisjoint(HR_ROLES)

    @property
    def is_member(self) -> bool:
        return self.kind != "staff" and Role.MEMBER in self.roles


def system(schema_name: str) -> Actor:
    """The portal itself: nightly work, commands, imports."""
    return Actor("system", None, frozenset(), schema_name)
