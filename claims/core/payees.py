"""Who gets the money of a claim version, as one key that sorts and groups."""

from typing import NamedTuple

PROVIDER, MEMBER = "provider", "member"


class Payee(NamedTuple):
    """A provider by NPI and the tax number it is paid under, or a person (our id) when the member is paid."""

    kind: str
    npi: str = ""
    tin: str = ""
    person_id: int = 0

    @property
    def key(self) -> str:
        """`npi:tin` of a provider, `person:<id>` of a member."""
        return f"{self.npi}:{self.tin}" if self.kind == PROVIDER else f"person:{self.person_id}"


def payee_of(key: str) -> Payee:
    """The payee a key was made from. Raises ValueError for a key nobody made."""
    left, separator, right = key.partition(":")
    if not separator:
        raise ValueError(f"{key!r} is not a payee key")
    if left == "person":
        return Payee(MEMBER, person_id=int(right))
    return Payee(PROVIDER, npi=left, tin=right)


def packed(counts: dict[str, int], *, most: int) -> list[list[str]]:
    """Payee keys in key order, cut into runs of at most `most` claims (a larger payee is a run of its own)."""
    runs: list[list[str]] = []
    filled = most
    for key in sorted(counts):
        if not runs or filled + counts[key] > most:
            runs.append([])
            filled = 0
        runs[-1].append(key)
        filled += counts[key]
    return runs
