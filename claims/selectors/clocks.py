"""Clocks of claims, counted from the questions that were sent about them and the answers that came."""

from collections.abc import Iterable, Mapping
from datetime import date

from claims.core.claim import Claim
from claims.core.clocks import POST_SERVICE, PRE_SERVICE, Due, Pause, decide_by, due
from claims.core.information import pause
from claims.models import ClaimSubmission, InformationRequest, Pend


def pauses_of(submission_ids: Iterable[int], *, today: date) -> Mapping[int, list[Pause]]:
    """The days each claim's clock stood still. One statement."""
    found: dict[int, list[Pause]] = {}
    rows = InformationRequest.objects.filter(submission_id__in=list(submission_ids)).order_by("pk")
    for submission_id, asked_on, reply_by, ended_on in rows.values_list(
        "submission_id", "asked_on", "due_date", "answer__on_date"
    ):
        one = pause(asked_on=asked_on, reply_by=reply_by, ended_on=ended_on, today=today)
        found.setdefault(submission_id, []).append(one)
    return found


def kind_of(claim: Claim) -> str:
    """Which times a claim has: care that was not given yet, or was. Urgent care is not asked for by an 837."""
    return PRE_SERVICE if claim.predetermination else POST_SERVICE


def decide_claim_by(submission: ClaimSubmission, claim: Claim, *, today: date) -> Due:
    """The last day to decide a claim; a question that was sent is a notice of extension too."""
    pauses = pauses_of([submission.pk], today=today).get(submission.pk, [])
    return decide_by(
        kind=kind_of(claim), received=submission.received_date, pauses=pauses, extended=bool(pauses), today=today
    )


def pend_due(pend: Pend, *, today: date) -> date:
    """The day a pend is due, later by the days its claim's clock stood still since it was opened."""
    pauses = pauses_of([pend.submission_id], today=today).get(pend.submission_id, [])
    days = (pend.due_date - pend.opened_on).days
    return due(start=pend.opened_on, days=days, pauses=pauses, today=today).on
