"""What waits for ASO staff inside one employer: claims with open pends, families set aside. Three statements a page.

No name, diagnosis or service is read here; a list tells claims apart by their numbers. Each look is logged.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from claims.core.numbers import claim_number
from claims.core.reasons import PENDS
from claims.models import ClaimSubmission, ClaimVersion, InformationRequest, NightChunk, Pend, PendDue, Quarantine
from tenants import facade as tenants
from tenants.core.queue_views import BANDS
from tenants.facade import Actor

PAGE = 50
ASKED = "asked"
"""The list of claims that wait for an answer from outside."""
CARE_PAYMENT = "care_payment"
"""Why staff look: to pay for care (45 CFR 164.501, payment)."""


@dataclass(frozen=True, slots=True)
class OpenPend:
    """A reason of `claims.core.reasons` that waits for an answer, and its queue."""

    code: str
    words: str
    queue: str


@dataclass(frozen=True, slots=True)
class WaitingClaim:
    """A claim that waits. due: the earliest of its pends. would_pay_cents: what the engine would have paid."""

    submission_id: int
    number: str
    received_on: date
    due: date
    age_days: int
    late: bool
    billed_cents: int
    would_pay_cents: int
    pends: tuple[OpenPend, ...]

    @property
    def mark(self) -> str:
        """Where the next page begins: behind this claim."""
        return f"{self.due:%Y%m%d}-{self.submission_id}"


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """One page, the earliest due first. next_mark: where the next one begins, "" at the end."""

    rows: tuple[WaitingClaim, ...]
    next_mark: str


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How many open pends a queue has, and how many of them are late."""

    queue: str
    open: int
    late: int

    @property
    def queue_told(self) -> str:
        return self.queue.replace("_", " ")


def waiting_claims(
    actor: Actor, *, day: date, request_id: str, queue: str = "", after: str = "", size: int = PAGE
) -> WaitingPage:
    """A page of claims that wait, for staff at this desk; `after` is a mark, `queue` one of the queues of `PENDS`.

    Raises tenants.ReadNotLogged when the look cannot be written down.
    """
    found = _open_pends(actor, asked=queue == ASKED).values("submission_id").annotate(due=Min("due_now"))
    if queue and queue != ASKED:
        found = found.filter(code__in=[code for code, rule in PENDS.items() if rule.queue == queue])
    if (mark := _mark(after)) is not None:
        found = found.filter(Q(due__gt=mark[0]) | Q(due=mark[0], submission_id__gt=mark[1]))
    taken = list(found.order_by("due", "submission_id").values_list("submission_id", "due")[: size + 1])
    dues = dict(taken[:size])
    submissions = ClaimSubmission.objects.filter(pk__in=dues).defer("content").in_bulk()
    pends = _pends_of(dues)
    rows = tuple(_row(submissions[key], due, pends[key], day) for key, due in dues.items())
    if rows:
        tenants.log_view(
            actor=actor,
            record_class="claim",
            purpose=CARE_PAYMENT,
            request_id=request_id,
            record_uuids=[submissions[key].uuid for key in dues],
            filter_code=f"waiting.{queue}" if queue else "waiting",
            shown=len(rows),
        )
    return WaitingPage(rows, rows[-1].mark if len(taken) > size else "")


def queue_counts(actor: Actor, *, day: date) -> tuple[QueueCount, ...]:
    """Open pends by queue, the fullest first."""
    totals: dict[str, list[int]] = {}
    grouped = _open_pends(actor).values("code").annotate(open=Count("pk"), late=Count("pk", Q(due_now__lt=day)))
    for code, waiting, late in grouped.values_list("code", "open", "late"):
        total = totals.setdefault(_told(code).queue, [0, 0])
        total[0] += waiting
        total[1] += late
    counts = [QueueCount(queue, waiting, late) for queue, (waiting, late) in totals.items()]
    return tuple(sorted(counts, key=lambda count: (-count.open, count.queue)))


def neighbours(actor: Actor, submission_id: int) -> tuple[int | None, int | None]:
    """The claims before and behind this one in the queue. Behind a claim that waits no more comes the earliest due."""
    waiting = _open_pends(actor).values("submission_id").annotate(due=Min("due_now"))
    due = waiting.filter(submission_id=submission_id).order_by("due").values_list("due", flat=True).first()
    others = waiting.exclude(submission_id=submission_id).values_list("submission_id", flat=True)
    if due is None:
        return None, others.order_by("due", "submission_id").first()
    earlier = others.filter(Q(due__lt=due) | Q(due=due, submission_id__lt=submission_id))
    later = others.filter(Q(due__gt=due) | Q(due=due, submission_id__gt=submission_id))
    return earlier.order_by("-due", "-submission_id").first(), later.order_by("due", "submission_id").first()


def reason_counts(actor: Actor, *, day: date) -> tuple[tuple[OpenPend, tuple[int, ...], int], ...]:
    """(reason, open pends by the age bands of their claims, how many are late), the fullest reason first. One statement."""
    ages = {
        f"band_{at}": Count(
            "pk",
            Q(submission__received_date__lte=day - timedelta(first))
            & (Q() if last is None else Q(submission__received_date__gte=day - timedelta(last))),
        )
        for at, (first, last, _) in enumerate(BANDS.values())
    }
    found = _open_pends(actor).values("code").annotate(**ages, late=Count("pk", Q(due_now__lt=day)))
    rows = [(_told(row["code"]), tuple(row[name] for name in ages), row["late"]) for row in found]
    return tuple(sorted(rows, key=lambda row: (-sum(row[1]), row[0].code)))


def asked_claims(actor: Actor) -> int:
    """How many claims wait for somebody's answer, and for nobody here until it comes."""
    return _open_pends(actor, asked=True).values("submission_id").distinct().count()


def held_families() -> tuple[int, int]:
    """Families set aside and not released; payees whose payment failed, counted in chunks."""
    families = Quarantine.objects.filter(released_at=None).count()
    return families, NightChunk.objects.filter(step="pay", state="quarantined").count()


def _open_pends(actor: Actor, *, asked: bool = False) -> QuerySet[Any]:
    """Pends without an answer, of claims not decided since; none for an actor who is not at this employer's desk.

    A claim decided again on order may wait beside the decision that stands on it. asked: those of claims about which
    somebody was asked and has not answered; otherwise all others. `due_now`: later than the pend's own day by the days
    its claim's clock stood still.
    """
    found = Pend.objects.filter(resolution=None)
    if actor.kind != "staff" or actor.grant_uuid is None or actor.schema_name != connection.schema_name:
        found = found.none()
    questions = InformationRequest.objects.filter(submission=OuterRef("submission"), answer=None)
    moved = PendDue.objects.filter(pend=OuterRef("pk")).order_by("-pk").values("due_date")[:1]
    return found.filter(
        ~Exists(ClaimVersion.objects.filter(submission=OuterRef("submission"), night__gte=OuterRef("decision__night"))),
        Exists(questions) if asked else ~Exists(questions),
    ).annotate(due_now=Coalesce(Subquery(moved), "due_date"))


def _pends_of(submission_ids: Iterable[int]) -> Mapping[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = {}
    rows = Pend.objects.filter(submission_id__in=list(submission_ids), resolution=None).order_by("pk")
    for submission_id, code, cents in rows.values_list("submission_id", "code", "decision__paid_cents"):
        found.setdefault(submission_id, []).append((code, cents))
    return found


def _row(submission: ClaimSubmission, due: date, pends: list[tuple[str, int]], day: date) -> WaitingClaim:
    return WaitingClaim(
        submission_id=submission.pk,
        number=claim_number(submission.intake_seq),
        received_on=submission.received_date,
        due=due,
        age_days=(day - submission.received_date).days,
        late=due < day,
        billed_cents=submission.billed_cents,
        would_pay_cents=pends[-1][1],
        pends=tuple(_told(code) for code in dict.fromkeys(code for code, _ in pends)),
    )


def _told(code: str) -> OpenPend:
    rule = PENDS.get(code)
    return OpenPend(code, rule.words if rule else code, rule.queue if rule else "claims")


def _mark(text: str) -> tuple[date, int] | None:
    """A mark that was handed out; anything else begins at the first page."""
    day, _, key = text.partition("-")
    if not (len(day) == 8 and day.isascii() and day.isdigit() and key.isascii() and key.isdigit() and len(key) < 19):
        return None
    try:
        return date(int(day[:4]), int(day[4:6]), int(day[6:])), int(key)
    except ValueError:
        return None
