"""Reviews and changes of many claims as pages show them: figures in all, and claims a page at a time. Read only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum

from claims.core.affected import WAITS
from claims.core.changes import CHANGED, REVERSED, UNCHANGED
from claims.core.reviews import WHYS
from claims.models import ChangeReview, ClaimChange, MassChange, MassChangeClaim, ReviewedClaim
from tenants import facade as tenants
from tenants.facade import Actor

PAGE = 50
CSV_HEADINGS = (
    "claim", "chosen", "ordered", "would be", "paid before", "paid after", "member before", "member after", "overpaid",
    "underpaid", "counted", "waits because", "other payee",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Totals:
    """What a change does to some of its claims; cents."""

    words: str
    claims: int
    changed: int
    reversed: int
    unchanged: int
    waiting: int
    old_paid: int
    new_paid: int
    overpaid: int
    underpaid: int
    old_member: int
    new_member: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a preview is, in parts; what came of its orders, by outcome."""

    parts: int
    done: int
    outcomes: tuple[tuple[str, int], ...]

    @property
    def is_whole(self) -> bool:
        return self.done == self.parts


def visible_changes(actor: Actor) -> QuerySet[MassChange]:
    """Changes of this employer, for staff at its desk; none for anybody else."""
    return MassChange.objects.all() if _is_here(actor) else MassChange.objects.none()


def visible_reviews(actor: Actor) -> QuerySet[ChangeReview]:
    """Reviews of this employer, for staff at its desk; none for anybody else."""
    return ChangeReview.objects.all() if _is_here(actor) else ChangeReview.objects.none()


def _is_here(actor: Actor) -> bool:
    return actor.kind == "staff" and actor.grant_uuid is not None and actor.schema_name == connection.schema_name


def totals(change: MassChange) -> tuple[Totals, ...]:
    """Figures of what would be ordered, and of affected claims that are left as they are."""
    return tuple(
        _totals(words, change.effects.filter(ordered=ordered))
        for words, ordered in (("ordered", True), ("affected and left", False))
    )


def _totals(words: str, rows: QuerySet[MassChangeClaim]) -> Totals:
    less, more = Q(new_paid_cents__lt=F("old_paid_cents")), Q(new_paid_cents__gt=F("old_paid_cents"))
    found = rows.aggregate(
        claims=Count("pk"),
        changed=Count("pk", filter=Q(outcome=CHANGED)),
        reversed=Count("pk", filter=Q(outcome=REVERSED)),
        unchanged=Count("pk", filter=Q(outcome=UNCHANGED)),
        waiting=Count("pk", filter=Q(outcome=WAITS)),
        old_paid=Sum("old_paid_cents", default=0),
        new_paid=Sum("new_paid_cents", default=0),
        overpaid=Sum(F("old_paid_cents") - F("new_paid_cents"), filter=less, default=0),
        underpaid=Sum(F("new_paid_cents") - F("old_paid_cents"), filter=more, default=0),
        old_member=Sum("old_member_cents", default=0),
        new_member=Sum("new_member_cents", default=0),
    )
    return Totals(words, **{name: int(value) for name, value in found.items()})


def counted(change: MassChange) -> list[tuple[str, int]]:
    """What the orders would count more or less, by accumulator (cents, visits, days or units)."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [change.pk])
        return [(key, int(amount)) for key, amount in cursor.fetchall()]


_COUNTED = """
SELECT c.key, sum(c.value::bigint) FROM claims_masschangeclaim m, jsonb_each_text(m.counted) c
 WHERE m.mass_change_id = %s AND m.ordered GROUP BY 1 HAVING sum(c.value::bigint) <> 0 ORDER BY 1
"""


def progress(change: MassChange) -> Progress:
    """How far the preview is, and what nights have made of the orders."""
    parts = change.parts.aggregate(parts=Count("pk"), done=Count("previewed"))
    outcomes: list[tuple[str, int]] = []
    if hasattr(change, "end"):
        ordered = ClaimChange.objects.filter(
            submission__in=change.effects.filter(ordered=True).values("submission"),
            cause=change.cause,
            ordered_at__gte=change.ruling.ruled_at,
            result__isnull=False,
        )
        outcomes = list(ordered.order_by("result__outcome").values_list("result__outcome").annotate(Count("pk")))
    return Progress(parts["parts"], parts["done"], tuple(outcomes))


def effects_page(
    actor: Actor, change: MassChange, *, after: UUID | None, request_id: str, size: int = PAGE
) -> "tenants.Page[MassChangeClaim]":
    """Claims of a preview in the order they were worked out, the look at them written down.

    Raises tenants.UnknownCursor, tenants.ReadNotLogged.
    """
    page = tenants.page_of(change.effects.select_related("submission"), key="id", cursor=after, limit=size)
    _log(actor, "mass_change", [row.submission.uuid for row in page.rows], request_id)
    return page


def listed_page(
    actor: Actor, review: ChangeReview, *, after: int, request_id: str, size: int = PAGE
) -> tuple[list[tuple[ReviewedClaim, str]], int]:
    """Claims of a review with why they are listed, and where the next page begins (0: nowhere), the look written down."""
    rows = ReviewedClaim.objects.filter(review=review, pk__gt=after).select_related("submission").order_by("pk")
    found = list(rows[: size + 1])
    _log(actor, "change_review", [row.submission.uuid for row in found[:size]], request_id)
    told = [(row, WHYS[row.why]) for row in found[:size]]
    return told, found[size - 1].pk if len(found) > size else 0


def csv_rows(actor: Actor, change: MassChange, *, request_id: str) -> Iterator[Sequence[Any]]:
    """The whole preview for a spreadsheet: headings first, amounts as dollars, nothing about a person but claim numbers."""
    rows = change.effects.select_related("submission").order_by("pk")
    tenants.log_view(
        actor=actor,
        record_class="claim",
        purpose="care_payment",
        request_id=request_id,
        record_uuids=[change.uuid],
        filter_code="mass_change.csv",
        shown=change.effects.count(),
    )
    yield CSV_HEADINGS
    for row in rows.iterator(chunk_size=1_000):
        yield (
            row.submission.claim_number, _yes(row.chosen), _yes(row.ordered), row.outcome, _dollars(row.old_paid_cents),
            _dollars(row.new_paid_cents), _dollars(row.old_member_cents), _dollars(row.new_member_cents),
            _dollars(max(0, row.old_paid_cents - row.new_paid_cents)),
            _dollars(max(0, row.new_paid_cents - row.old_paid_cents)),
            " ".join(f"{key}={amount}" for key, amount in sorted(row.counted.items())), row.pends, _yes(row.payee_moves),
        )  # fmt: skip


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _log(actor: Actor, what: str, uuids: list[UUID], request_id: str) -> None:
    if uuids:
        tenants.log_view(
            actor=actor,
            record_class="claim",
            purpose="care_payment",
            request_id=request_id,
            record_uuids=uuids,
            filter_code=what,
            shown=len(uuids),
        )
