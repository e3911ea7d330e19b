"""Rule 1b: what intake let pass for a person to look at. docs/domain/edi.md says when that happens."""

from claims.core.case import Case


def check_doubts(case: Case) -> None:
    """A claim that breaks rules its sender's settings do not turn claims away for waits (EDI-01)."""
    if case.claim.doubts:
        case.pend("EDI-01", rules=" ".join(case.claim.doubts))
