"""A journal before it is posted: its entries balance, and its content has one hash."""

import hashlib
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from aso_portal.kernel.errors import DomainError
from tenants.records.core.chart import Account

NAMESPACE = UUID("0f0d3b0e-6a53-5d0b-9a5e-3f0f4c1f6f7a")
LARGEST = 2**63 - 1
MOST_ENTRIES = 32_767


class CannotPost(DomainError):
    """The journal is not one that books can hold."""


def key_of(*deed: object) -> UUID:
    """The key of a deed, the same for the same words: `key_of("payment", payment.uuid, "issued")`."""
    return uuid5(NAMESPACE, ":".join(str(part) for part in deed))


@dataclass(frozen=True, slots=True)
class Journal:
    """A deed that moved money. entries: (account, cents), debit > 0, credit < 0, at least two, adding up to zero.

    `kind` is a code ("accrual", "payment"), `source` names the deed by ids. Raises CannotPost.
    """

    key: UUID
    posted_on: date
    kind: str
    source: str
    entries: tuple[tuple[Account, int], ...]

    def __post_init__(self) -> None:
        if not 2 <= len(self.entries) <= MOST_ENTRIES:
            raise CannotPost(f"Journal {self.key} ({self.source}) has {len(self.entries)} entries; it needs two.")
        for account, cents in self.entries:
            if type(cents) is not int or cents == 0 or abs(cents) > LARGEST:
                raise CannotPost(f"Journal {self.key} ({self.source}): {account.code} is moved by no whole cents.")
        over = sum(cents for _, cents in self.entries)
        if over:
            raise CannotPost(f"Journal {self.key} ({self.source}) does not balance: it is {over} cents over.")
        if len(self.source) > 120 or len(self.kind) > 40 or not self.kind:
            raise CannotPost(f"Journal {self.key}: kind has 1 to 40 and source at most 120 characters.")

    def reversed(self, *, key: UUID, posted_on: date, kind: str, source: str) -> "Journal":
        """The exact opposite, under its own key and day."""
        return Journal(key, posted_on, kind, source, tuple((account, -cents) for account, cents in self.entries))

    @property
    def content_sha256(self) -> bytes:
        """Equal for equal content, whatever the order of the entries."""
        lines = sorted(f"{account.code}={cents}" for account, cents in self.entries)
        return hashlib.sha256("\n".join([self.posted_on.isoformat(), self.kind, self.source, *lines]).encode()).digest()
