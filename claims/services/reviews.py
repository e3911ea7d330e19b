"""Opens reviews of decided claims under which coverage, prices or contracts have moved, and ends them.

Nothing is changed here: a review lists what is touched and waits for a person (domain rule: claims paid in days now lost
are never silently reversed). News that comes twice, or a load that was looked into, opens nothing again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from aso_portal.kernel.errors import DomainError
from benefits import facade as benefits
from claims.core.authority import may_change
from claims.core.price_books import PRICE_KINDS
from claims.core.reviews import CAUSE_OF, COUNTED_BEFORE, COVERAGE, FILLS, OWN_TABLE, PRICED_BEFORE, RELEASE
from claims.models import (
    AccumulatorFileEnd,
    ChangeReview,
    ClaimVersion,
    OwnPriceRow,
    OwnTableLoad,
    ReviewedClaim,
    ReviewEnd,
    ReviewSource,
)
from claims.models.mass_changes import NOTHING
from claims.reference.models import Release
from claims.selectors import chosen_claims
from claims.selectors.late_fills import claims_behind
from claims.services import clock, news
from tenants import facade as tenants
from tenants.facade import Actor, Deed

CONSUMER = "claims"
SHORTEST_NOTE, LONGEST_NOTE = 5, 2_000
CHANGES_NO_PRICE = frozenset(("authority", "settings", "payment_terms", "tax_statuses"))


class CannotEnd(DomainError):
    """The review stays open. The message says why."""


@dataclass(slots=True)
class _Touched:
    """What is to be reviewed of one family and line: claims with why, the first day meant, the news that told of it."""

    first_day: date
    claims: dict[int, str] = field(default_factory=dict)
    references: list[str] = field(default_factory=list)


def open_due() -> list[ChangeReview]:
    """Look into everything that moved and was not looked into yet. Returns the reviews opened; mostly none."""
    return [*_of_coverage(), *_of_own_tables(), *_of_releases(), *_of_fills()]


def _of_coverage() -> list[ChangeReview]:
    """News of moved coverage: one review a family and line for all that is waiting. Confirmed once it is written."""
    opened: list[ChangeReview] = []
    while events := tenants.waiting_news(consumer=CONSUMER):
        with transaction.atomic():
            _alone()
            seen = _seen(COVERAGE, [str(event.uuid) for event in events])
            fresh = [event for event in events if event.kind == benefits.COVERAGE_MOVED and str(event.uuid) not in seen]
            touched: dict[tuple[int, str], _Touched] = {}
            for event in fresh:
                told = event.payload
                lost, gained = _day(told["first_day_lost"]), _day(told["first_day_gained"])
                line = told["line_of_coverage"]
                found = chosen_claims.touched_by_coverage(str(event.subject_uuid), line, lost=lost, gained=gained)
                if not found:
                    _look(COVERAGE, [str(event.uuid)], None)
                    continue
                first = min(day for day in (lost, gained) if day is not None)
                family = min(family for family, _ in found.values())
                one = touched.setdefault((family, line), _Touched(first))
                one.first_day = min(one.first_day, first)
                one.claims |= {claim: why for claim, (_, why) in found.items()}
                one.references.append(str(event.uuid))
            for (family, line), one in sorted(touched.items()):
                opened.append(_open(COVERAGE, one, family_id=family, line_of_coverage=line))
        tenants.confirm_news([event.id for event in events], consumer=CONSUMER)
    return opened


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _of_own_tables() -> list[ChangeReview]:
    """Loads of the employer's own prices and contracts."""
    kinds = [kind for kind in PRICE_KINDS if kind not in CHANGES_NO_PRICE]
    opened = []
    for load in OwnTableLoad.objects.filter(kind__in=kinds).order_by("number"):
        first = (
            OwnPriceRow.objects.filter(load=load).order_by("start_date").values_list("start_date", flat=True).first()
        )
        opened += _of_prices(OWN_TABLE, load.name, first, lambda load=load: chosen_claims.touched_by_own_table(load))
    return opened


def _of_releases() -> list[ChangeReview]:
    """Releases of the shared prices and contracts, where claims were decided on an earlier one."""
    opened = []
    used = ClaimVersion.objects.order_by().values_list("reference_release", flat=True).distinct()
    oldest = Release.objects.filter(name__in=list(used)).order_by("number").values_list("number", flat=True).first()
    for release in Release.objects.filter(number__gt=oldest).order_by("number") if oldest is not None else ():
        touched = lambda release=release: chosen_claims.touched_by_release(release)  # noqa: E731
        opened += _of_prices(RELEASE, release.name, date.min, touched)
    return opened


def _of_fills() -> list[ChangeReview]:
    """Pharmacy and takeover files some records of which went past a limit that claims had used up before."""
    looked = ReviewSource.objects.filter(kind=FILLS).values_list("reference", flat=True)
    files = AccumulatorFileEnd.objects.filter(over__gt=0).order_by("file_id").values_list("file_id", "file__uuid")
    opened = []
    for key, uuid in files.exclude(file__uuid__in=list(looked)):
        touched = lambda key=key: dict(claims_behind(key))  # noqa: E731
        opened += _of_prices(FILLS, str(uuid), date.min, touched, COUNTED_BEFORE)
    return opened


def _of_prices(  # type: ignore[no-untyped-def]
    kind: str, reference: str, first: date | None, touched, why: str = PRICED_BEFORE
) -> list[ChangeReview]:
    if ReviewSource.objects.filter(kind=kind, reference=reference).exists():
        return []
    with transaction.atomic():
        _alone()
        if _seen(kind, [reference]):
            return []
        claims = touched() if first is not None else {}
        if not claims:
            _look(kind, [reference], None)
            return []
        first_day = _first_service(claims) if first == date.min else first
        return [_open(kind, _Touched(first_day or date.min, dict.fromkeys(claims, why), [reference]))]


def _first_service(claims: Iterable[int]) -> date | None:
    found = ClaimVersion.objects.filter(submission_id__in=list(claims)).order_by("submission__first_service_date")
    return found.values_list("submission__first_service_date", flat=True).first()


def _open(kind: str, touched: _Touched, **about: object) -> ChangeReview:
    at = clock.now()
    review = ChangeReview.objects.create(
        cause=CAUSE_OF[kind], first_day=touched.first_day, claims=len(touched.claims), opened_at=at, **about
    )
    review.refresh_from_db()
    ReviewedClaim.objects.bulk_create(
        [ReviewedClaim(review=review, submission_id=claim, why=why) for claim, why in sorted(touched.claims.items())],
        batch_size=5_000,
    )
    _look(kind, touched.references, review)
    news.review_opened(review)
    return review


def _look(kind: str, references: Iterable[str], review: ChangeReview | None) -> None:
    at = clock.now()
    ReviewSource.objects.bulk_create(
        ReviewSource(kind=kind, reference=reference, review=review, seen_at=at) for reference in references
    )


def _seen(kind: str, references: list[str]) -> set[str]:
    found = ReviewSource.objects.filter(kind=kind, reference__in=references)
    return set(found.values_list("reference", flat=True))


def _alone() -> None:
    """One at a time in this employer, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reviews'), hashtext(current_schema()))")


@transaction.atomic
def end_with_nothing(*, review_uuid: UUID, note: str, actor: Actor) -> ReviewEnd:
    """Nothing is to be done about what the review lists; `note` says why. Raises CannotEnd."""
    note = note.strip()
    if actor.kind != "staff" or actor.uuid is None or not may_change(actor.roles):
        raise CannotEnd("Claims managers end a review.")
    if not SHORTEST_NOTE <= len(note) <= LONGEST_NOTE:
        raise CannotEnd(f"Say why, in {SHORTEST_NOTE} to {LONGEST_NOTE} characters.")
    _alone()
    review = ChangeReview.objects.filter(uuid=review_uuid).first()
    if review is None:
        raise CannotEnd("There is no such review here.")
    if ReviewEnd.objects.filter(review=review).exists():
        raise CannotEnd("This review has ended already.")
    return _end(review, kind=NOTHING, note=note, actor_uuid=actor.uuid, at=clock.now(), actor=actor, named={})


def end_with_orders(review: ChangeReview, *, mass_change_id: int, actor: Actor, at: datetime) -> ReviewEnd | None:
    """The review is answered by a mass change that was ordered; None when it has ended already. In the caller's
    transaction."""
    if actor.uuid is None or ReviewEnd.objects.filter(review=review).exists():
        return None
    named = {"mass_change_id": mass_change_id}
    return _end(review, kind="ordered", note="", actor_uuid=actor.uuid, at=at, actor=actor, named=named)


def _end(
    review: ChangeReview,
    *,
    kind: str,
    note: str,
    actor_uuid: UUID,
    at: datetime,
    actor: Actor,
    named: Mapping[str, int],
) -> ReviewEnd:
    end = ReviewEnd.objects.create(review=review, kind=kind, note=note, actor_uuid=actor_uuid, ended_at=at, **named)
    tenants.record_audits(actor=actor, deeds=[Deed(f"review.{kind}", "change_review", review.uuid, {})])
    news.review_ended(review, at=at)
    return end
