"""Who on the staff may answer which pend, and who may have decided claims changed."""

from collections.abc import Collection, Mapping

from claims.core.reasons import ACCOUNT_MANAGER, CLAIMS_MANAGER, EXAMINER, PENDS, STOP_LOSS

ADMIN = "admin"
RELEASE, DENY, RERUN = "release", "deny", "rerun"
ANSWERS = (RELEASE, DENY)

NO_REFUSAL = 900
"""CARCs of this rank say how a charge was shared or priced, not why it is refused."""


def may_answer(roles: Collection[str], code: str, answer: str) -> bool:
    """Whether a person with these roles may end a pend of this code with this answer.

    The owner of the reason may, and claims managers. An examiner may also send a claim back once an account manager has
    put the plan in order: that asserts nothing, the claim is only decided again.
    """
    rule = PENDS.get(code)
    if not {CLAIMS_MANAGER, ADMIN}.isdisjoint(roles):
        return True
    if rule is None:
        return False
    return rule.owner in roles or (answer == RELEASE and rule.owner == ACCOUNT_MANAGER and EXAMINER in roles)


def may_rerun(roles: Collection[str]) -> bool:
    """Whether a person with these roles may have a waiting claim decided again: that asserts nothing about it."""
    return not {EXAMINER, CLAIMS_MANAGER, STOP_LOSS, ADMIN}.isdisjoint(roles)


def may_set(roles: Collection[str]) -> bool:
    """Whether a person with these roles may set values by hand."""
    return not {EXAMINER, CLAIMS_MANAGER, ADMIN}.isdisjoint(roles)


def may_approve(roles: Collection[str]) -> bool:
    """Whether a person with these roles may be the second one for what somebody else set."""
    return not {CLAIMS_MANAGER, ADMIN}.isdisjoint(roles)


def may_change(roles: Collection[str]) -> bool:
    """Whether a person with these roles may have decided claims taken back or decided again."""
    return not {CLAIMS_MANAGER, ADMIN}.isdisjoint(roles)


def ceiling(roles: Collection[str], limits: Mapping[str, int]) -> int | None:
    """The most a person with these roles may let the plan pay on one claim, in cents; None: no ceiling.

    limits: by role. The highest of the person's counts, and a deciding role without one has none.
    """
    deciding = [role for role in (EXAMINER, CLAIMS_MANAGER, ADMIN) if role in roles]
    if not deciding or any(role not in limits for role in deciding):
        return None
    return max(limits[role] for role in deciding)
