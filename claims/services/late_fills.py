"""What follows when a file of fills comes after the claims that used the same limit up: those claims decided again."""

from django.db import transaction

from claims.models import AccumulatorFile
from claims.selectors.late_fills import claims_behind
from claims.services import reversals
from tenants.facade import Actor

CAUSE = "pharmacy_feed"


@transaction.atomic
def decide_again(*, file: AccumulatorFile, actor: Actor) -> int:
    """Have the claims behind a file decided again by the next night; how many. Asked twice, none is left.

    Raises reversals.CannotChange.
    """
    found = [submission_id for submission_id, _ in claims_behind(file.pk)]
    if found:
        note = f"Fills of {file.partner} {file.reference} came after this decision."
        reversals.readjudicate(submission_ids=found, cause=CAUSE, note=note, actor=actor)
    return len(found)
