"""What became of a file, for whoever handed it in."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(slots=True)
class FileReport:
    """What became of a file and its claims, or its questions. `faults`: the first located ones, for who sent it.

    questions: of a file that asks (270, 276); then accepted counts those answered and rejected the sets turned away.
    """

    file_uuid: UUID
    name: str
    claims: int = 0
    questions: int = 0
    accepted: int = 0
    rejected: int = 0
    unroutable: int = 0
    duplicate: int = 0
    billed_cents: int = 0
    employers: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    refusal: str = ""
    acknowledgments: list[UUID] = field(default_factory=list)
