"""Who may decide an appeal: somebody new to it within the plan, and in turn one of several organisations outside of it."""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from claims.core.appeals import CannotAppeal
from claims.core.authority import may_change

FEWEST_ORGANIZATIONS = 3
"""A plan has contracts with at least so many, 29 CFR 2590.715-2719(d)(2)(iii)(A)."""

PARTS: Mapping[str, str] = {
    "override": "set a value of that decision by hand",
    "ruling": "approved or declined a value of that decision",
    "pend": "released or denied the claim",
    "order": "had the claim decided again",
    "appeal": "decided an earlier appeal about it",
}
"""What makes a person part of a decision that is appealed."""

Key = TypeVar("Key", int, str, UUID)


def check_reviewer(*, reviewer: UUID, roles: Collection[str], had_part: Mapping[UUID, str], independent: bool) -> None:
    """Whether this person may review. Raises CannotAppeal.

    29 CFR 2560.503-1(h)(3)(ii): neither one who had part in the decision nor anybody who works under one. had_part: the
    part (of PARTS) by person. independent: the reviewer states that he works under none of them.
    """
    if not may_change(roles):
        raise CannotAppeal("Claims managers review appeals.")
    if (part := had_part.get(reviewer)) is not None:
        raise CannotAppeal(f"You {PARTS[part]}. Somebody else has to review it (29 CFR 2560.503-1(h)(3)(ii)).")
    if not independent:
        raise CannotAppeal(
            "Say that you work under nobody who had part in the decision. If you do, leave it to somebody else."
        )


def next_in_rotation(organizations: Sequence[Key], given: Sequence[Key]) -> Key:
    """Whose turn it is: the one that got a case longest ago, those that never got one first, in the order of contracts.

    given: who got the earlier cases, oldest first. Raises CannotAppeal with fewer than three under contract.
    """
    if len(set(organizations)) < FEWEST_ORGANIZATIONS:
        raise CannotAppeal(
            f"{len(set(organizations))} review organisations are under contract; {FEWEST_ORGANIZATIONS} are needed so "
            "that cases go to them in turn. Add them first."
        )
    last = {key: place for place, key in enumerate(given)}
    return min(organizations, key=lambda key: (last.get(key, -1), organizations.index(key)))
