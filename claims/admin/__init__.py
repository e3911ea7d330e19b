"""What ASO staff see and do at the desk of one employer: claims and what they wait for, nights, money, stop-loss."""

from claims.admin import (
    accumulator_files,
    appeals,
    audits,
    authorizations,
    claims,
    edit_tables,
    mass_changes,
    money,
    nights,
    overpayments,
    partners,
    queues,
    stop_loss,
    strays,
    taxes,
)

__all__ = [
    "accumulator_files",
    "appeals",
    "audits",
    "authorizations",
    "claims",
    "edit_tables",
    "mass_changes",
    "money",
    "nights",
    "overpayments",
    "partners",
    "queues",
    "stop_loss",
    "strays",
    "taxes",
]
