"""A claim its provider corrected: both claims decided, the pair on file, and the EOBs of what was reported."""

from datetime import UTC, date, datetime

from claims.models import ClaimChange, ClaimChangeResult, ClaimSubmission, ClaimVersion, Eob
from claims.selectors.eobs import seal_of
from tests.factories import care


def replaced(home: care.Household) -> tuple[ClaimSubmission, ClaimSubmission]:
    """Alma's claim of 1,500.00 and the one of 1,200.00 that took its place."""
    first = care.submit(home, home.alma, charges=(150_000,))
    before = care.decide(home, first, (28_000, (("CO", "45", 40_000), ("PR", "1", 75_000), ("PR", "2", 7_000))))
    second = care.submit(home, home.alma, charges=(120_000,))
    reversal = care.reverse(before)
    after = care.decide(home, second, (20_000, (("CO", "45", 20_000), ("PR", "1", 75_000), ("PR", "2", 5_000))))
    change = ClaimChange.objects.create(
        kind="replace", cause="replacement", submission=first, successor=second, filed_date=date(2026, 4, 3),
        actor_kind="system", ordered_at=datetime(2026, 4, 4, tzinfo=UTC),
    )  # fmt: skip
    ClaimChangeResult.objects.create(
        change=change, night=care.night(), outcome="changed", reversal=reversal, decision=after
    )
    for each in (first, second):
        each.refresh_from_db()
    return first, second


def reported(version: ClaimVersion, *, seal: str = "") -> Eob:
    """The row that says a member was told of a decision; sealed with its own figures unless said otherwise."""
    version.refresh_from_db()
    row = Eob.objects.create(
        version=version, template_version=1, language="en", available_on=date(2026, 4, 5),
        content_sha256=bytes.fromhex(seal or seal_of(version)),
    )  # fmt: skip
    row.refresh_from_db()
    return row
