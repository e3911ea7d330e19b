"""What an employer's schema tells the operations host: work that waits, and how a night goes. Never about a person."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A piece of work for ASO staff.

    kind and category are neutral codes ("pend", "stop_loss_notice"); never a diagnosis or what triggered it.
    subject_uuid: the row in the employer's schema that waits; telling the same subject again changes its line.
    paused_days: how long its clock stood still, which is in `due_at`.
    """

    kind: str
    category: str
    subject_uuid: UUID
    opened_at: datetime
    amount_cents: int = 0
    due_at: datetime | None = None
    paused_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NightFigures:
    """How far one employer's night is: counts and cents."""

    business_date: date
    run_no: int
    step: str
    started_at: datetime
    chunks: int = 0
    chunks_done: int = 0
    quarantined: int = 0
    claims: int = 0
    pended: int = 0
    approved_cents: int = 0
    released_cents: int = 0
    closed_at: datetime | None = None
    digest: str = ""
