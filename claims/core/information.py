"""What may be asked for when a claim cannot be decided: of whom, until when, and what silence means."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from aso_portal.kernel.errors import DomainError
from claims.core.clocks import SUPPLY_DAYS, Pause

PROVIDER, MEMBER = "provider", "member"
REMIND_DAYS = 21
MOST_DAYS = 180
SILENCE: Mapping[str, str] = {PROVIDER: "226", MEMBER: "227"}
"""The CARC of a claim nobody sent the missing part of, by who was asked."""


class Item(NamedTuple):
    """A thing to ask for: our words for staff, who may have it, and the reasons to wait it usually answers."""

    words: str
    of: tuple[str, ...]
    answers: tuple[str, ...] = ()


ITEMS: Mapping[str, Item] = {
    "medical_records": Item("medical records", (PROVIDER,), ("MED-01", "EDT-01", "AUT-01", "DRG-01")),
    "itemized_bill": Item("an itemised bill", (PROVIDER,), ("PRC-01", "PRC-02", "HIGH-01")),
    "primary_eob": Item("what the first payer paid and why", (PROVIDER, MEMBER), ("COB-02",)),
    "filing_proof": Item("proof that the claim was sent in time", (PROVIDER,), ("TF-02",)),
    "tax_form": Item("a tax form of the provider", (PROVIDER,), ("PRV-01", "PRV-02", "PRV-03")),
    "attachment": Item("the attachment the claim speaks of", (PROVIDER,), ("ATT-01",)),
    "x_rays": Item("X-rays or charting", (PROVIDER,), ()),
    "authorization": Item("the authorisation number or the order", (PROVIDER,), ("AUT-01",)),
    "accident_details": Item("what happened, when and where", (MEMBER,), ("SUB-01",)),
    "other_coverage": Item("what other insurance there is", (MEMBER,), ("COB-01",)),
    "proof_of_payment": Item("proof of what was paid to the provider", (MEMBER,), ()),
    "original_claim": Item("the number of the claim it corrects", (PROVIDER,), ("ADJ-01",)),
}


class BadQuestion(DomainError):
    """Nobody can be asked this. The message says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to ask, of whom. reply_by: the last day an answer counts; remind_on: when a reminder goes out."""

    asked_of: str
    items: tuple[str, ...]
    text: str
    asked_on: date
    remind_on: date
    reply_by: date


def question(*, asked_of: str, items: Collection[str], text: str, asked_on: date, days: int = SUPPLY_DAYS) -> Question:
    """A question that can be sent. Raises BadQuestion.

    days: at least what the law gives a claimant; providers get as much.
    """
    if asked_of not in SILENCE:
        raise BadQuestion("Choose who is asked: the provider or the member.")
    chosen = tuple(code for code in ITEMS if code in set(items))
    if len(chosen) != len(set(items)) or not (chosen or text):
        raise BadQuestion("Choose what is missing from the list, or write what you need.")
    wrong = [ITEMS[code].words for code in chosen if asked_of not in ITEMS[code].of]
    if wrong:
        raise BadQuestion(f"The {asked_of} cannot be asked for {', '.join(wrong)}.")
    if not SUPPLY_DAYS <= days <= MOST_DAYS:
        raise BadQuestion(f"Give {SUPPLY_DAYS} to {MOST_DAYS} days to answer.")
    return Question(
        asked_of=asked_of,
        items=chosen,
        text=text,
        asked_on=asked_on,
        remind_on=asked_on + timedelta(REMIND_DAYS),
        reply_by=asked_on + timedelta(days),
    )


def pause(*, asked_on: date, reply_by: date, ended_on: date | None, today: date) -> Pause:
    """The days a question stops the claim's clock: until the answer, at most until its time was up."""
    if ended_on is None and today <= reply_by:
        return Pause(asked_on, None)
    return Pause(asked_on, max(asked_on, min(ended_on or reply_by, reply_by)))


def suggested(codes: Collection[str]) -> tuple[tuple[str, str], ...]:
    """(item, of whom) that usually answers these reasons to wait, in the order of the list."""
    wanted = set(codes)
    return tuple((code, item.of[0]) for code, item in ITEMS.items() if wanted.intersection(item.answers))
