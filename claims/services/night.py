"""One business night of one employer: planned once with frozen inputs, worked by any number of workers, closed once.

The rows say what is to be done, so whoever asks may do the next piece: a chunk under a lease, or the step from one
stage to the next under a lock on the night's row. Called inside the employer's schema.
Timetable with a worked example: docs/domain/night.md.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import DatabaseError, connection, transaction

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.garbage import collector_paused
from benefits import facade as benefits
from claims.models import Night, NightChunk
from claims.services import (
    accumulators_out,
    adjudication,
    candidates,
    chunks,
    clock,
    closing,
    funding,
    leases,
    news,
    orthodontics,
    overpayments,
    payments,
    pends,
    reference,
    sessions,
    stop_loss,
)
from claims.services.crashpoints import crashpoint
from claims.services.deadlines import deadline
from claims.services.retries import is_passing, persistently

CHUNK_SECONDS = 240
LEASED_STEPS = ("adjudicate", "pay")
OPEN_STATES = ("ready", "leased")


class CannotPlan(DomainError):
    """This night cannot be planned now. The message says what must happen first."""


class CannotContinue(DomainError):
    """A step between the chunks failed; the night keeps the reason and waits."""


class Outcome(StrEnum):
    """Why `work_until_empty` came back."""

    CLOSED = "closed"
    WAITING = "waiting"  # everything open is in other workers' hands
    STOPPED = "stopped"  # `until` said so


@dataclass(frozen=True, slots=True)
class Progress:
    """A piece of work just finished. figures: what it did; chunk: its number, 0 for a step between chunks."""

    step: str
    chunk: int
    figures: dict[str, int]


def never() -> bool:
    """Work to the end."""
    return False


def plan_night(*, business_date: date, run_no: int = 1, planned_at: datetime) -> tuple[Night, bool]:
    """The night of this date and run, and whether it was planned just now.

    Pins what the night may see: claims that arrived before this moment, the newest plan designs published, the newest
    reference release; and cuts the families with something to decide into chunks, all in one transaction. Planning
    the same night again returns it unchanged.
    Raises CannotPlan when another night is still open, when a later one was run, or when no reference is loaded.
    """
    return persistently(lambda: _plan(business_date, run_no, planned_at))


@transaction.atomic
def _plan(business_date: date, run_no: int, planned_at: datetime) -> tuple[Night, bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || ':plan_night'))")
    night = Night.objects.filter(business_date=business_date, run_no=run_no).first()
    if night is not None:
        return night, False
    before = Night.objects.order_by("-business_date", "-run_no").first()
    _check_order(before, business_date, run_no)
    designs = benefits.published_designs(planned_at)
    release = reference.newest_release()
    if release is None:
        raise CannotPlan("No reference data is loaded. Load a release of providers, networks and fees first.")
    own_tables = reference.newest_own_load()
    orthodontics.bring_due(business_date=business_date, at=planned_at)
    night = Night(
        business_date=business_date,
        run_no=run_no,
        after_seq=before.cutoff_seq if before else 0,
        cutoff_seq=_cutoff(),
        pinned_at=planned_at,
        planned_at=planned_at,
        design_version_ids=sorted(design.version_id for design in designs),
        reference_release=release,
        own_tables=own_tables,
        rules_hash=reference.rules_for(designs, release, own_tables=own_tables).rules_hash,
    )
    night.save(force_insert=True)
    pieces = chunks.packed(candidates.work_of(night), most=chunks.MOST_CLAIMS)
    NightChunk.objects.bulk_create(
        [piece.as_chunk(night=night, number=number) for number, piece in enumerate(pieces, start=1)], batch_size=200
    )
    news.night_told(night)
    crashpoint("plan.before_commit")
    return night, True


def _check_order(before: Night | None, business_date: date, run_no: int) -> None:
    if before is None:
        return
    if before.step != "closed":
        raise CannotPlan(
            f"The night {before} is still at step {before.step!r}. Finish it first: each begins where the last ended."
        )
    if (before.business_date, before.run_no) > (business_date, run_no):
        raise CannotPlan(f"The night {before} was run already and nights go forward. Give a later date or run number.")


def _cutoff() -> int:
    """The last claim that arrived: intake holds this row while it stores claims, so all up to here are committed."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO claims_intakecounter (id, next_seq) VALUES (1, 1) ON CONFLICT DO NOTHING")
        cursor.execute("SELECT next_seq FROM claims_intakecounter WHERE id = 1 FOR UPDATE")
        return cursor.fetchone()[0] - 1


def work_until_empty(
    *,
    night_id: int,
    worker: str,
    until: Callable[[], bool] = never,
    most_at_once: Callable[[], int | None] = lambda: None,
    tell: Callable[[Progress], None] = lambda progress: None,
) -> Outcome:
    """Do what the night needs next, piece by piece, until it is closed, `until` says stop, or others hold the rest.

    worker: a name no other process has. most_at_once: asked before each lease: how many chunks of this employer may be
    leased at one moment, None for any number.
    Raises OtherRules when this process cannot decide as the night was planned, CannotContinue when a step between
    chunks fails, and database errors that outlast their retries.
    """
    while not until():
        night, left = persistently(lambda: _look(night_id))
        if night.step == "closed":
            return Outcome.CLOSED
        if night.step in LEASED_STEPS:
            lease = leases.take(night_id=night_id, step=night.step, worker=worker, most_at_once=most_at_once())
            if lease is None and chunks.reap(night_id=night_id):
                continue
            if lease is not None:
                done = _work(night, lease)
                if done is not None:
                    tell(done)
                continue
            if left:
                return Outcome.WAITING
        tell(_advance(night_id, night.step))
    return Outcome.STOPPED


def _look(night_id: int) -> tuple[Night, bool]:
    """The night, and whether its step has chunks that are ready or leased. Raises OtherRules."""
    night = Night.objects.get(pk=night_id)
    if night.step == "adjudicate":
        reference.rules_of_night(night)
    return night, NightChunk.objects.filter(night=night, step=night.step, state__in=OPEN_STATES).exists()


def _work(night: Night, lease: leases.Lease) -> Progress | None:
    """Work one leased chunk; None when it failed or was lost. Any fault but the database's own is the chunk's."""
    try:
        with deadline(CHUNK_SECONDS), collector_paused():
            progress = persistently(lambda: _in_one_transaction(night, lease))
    except leases.LostLease:
        return None
    except Exception as fault:
        if isinstance(fault, DatabaseError) and is_passing(fault):
            leases.give_back(lease)
            raise
        chunks.fail(lease, error=chunks.told(fault))
        return None
    crashpoint("chunk.committed")
    return progress


@transaction.atomic
def _in_one_transaction(night: Night, lease: leases.Lease) -> Progress:
    chunk = leases.hold(lease)
    if chunk.state == "done":
        return Progress(chunk.step, chunk.number, chunk.figures)
    if chunk.step == "pay":
        figures = payments.pay_chunk(chunk=chunk, night=night)
        crashpoint("pay.written")
    else:
        figures = adjudication.decide_chunk(chunk=chunk, night=night)
    leases.finish(chunk, figures=figures)
    return Progress(chunk.step, chunk.number, figures)


def _advance(night_id: int, step: str) -> Progress:
    """Take the night from `step` to the next, once, whoever asks first; the night keeps the reason of a failure."""
    try:
        return persistently(lambda: _step(night_id, step))
    except Exception as fault:
        if isinstance(fault, DatabaseError) and is_passing(fault):
            raise
        _remember(night_id, step, chunks.told(fault))
        raise CannotContinue(f"Night {night_id} cannot leave step {step!r}: {chunks.told(fault)}") from fault


@transaction.atomic
def _step(night_id: int, step: str) -> Progress:
    sessions.bound_silence()
    night = Night.objects.select_for_update(no_key=True).get(pk=night_id)
    if night.step != step:  # another worker was faster
        return Progress(night.step, 0, {})
    if NightChunk.objects.filter(night=night, step=step, state__in=OPEN_STATES).exists():
        return Progress(step, 0, {})
    figures = _STEPS[step](night)
    if night.error:
        news.night_freed(night, at=clock.now())
    night.error, night.error_at = "", None
    night.save()
    news.night_told(night)
    crashpoint("step.before_commit")
    return Progress(step, 0, figures)


def _begin(night: Night) -> dict[str, int]:
    night.step = "adjudicate"
    return {}


def _to_pay(night: Night) -> dict[str, int]:
    closed = pends.close_overtaken(cutoff_seq=night.cutoff_seq, at=night.planned_at)
    planned = funding.plan_pay(night_id=night.pk)
    crashpoint("pay.planned")
    night.step = "pay"
    return {"pay_chunks": planned, "pends_closed": closed}


def _to_stop_loss(night: Night) -> dict[str, int]:
    night.step = "stop_loss"
    return {}


def _to_close(night: Night) -> dict[str, int]:
    figures = stop_loss.follow_night(night_id=night.pk)
    night.step = "close"
    return figures


def _close(night: Night) -> dict[str, int]:
    accumulators_out.write_night(night)
    figures = closing.close(night)
    overpayments.tell_opened(night)
    crashpoint("close.digested")
    night.step = "closed"
    return figures


_STEPS: dict[str, Callable[[Night], dict[str, int]]] = {
    "planned": _begin,
    "adjudicate": _to_pay,
    "pay": _to_stop_loss,
    "stop_loss": _to_close,
    "close": _close,
}


@transaction.atomic
def _remember(night_id: int, step: str, error: str) -> None:
    """Keep why the night stands still; staff hear of it the first time."""
    night = Night.objects.select_for_update(no_key=True).get(pk=night_id)
    if night.step != step:
        return
    at = clock.now()
    if not night.error:
        news.night_stuck(night, at=at)
    Night.objects.filter(pk=night_id).update(error=error[:300], error_at=at)


def tell_progress(*, night_id: int) -> None:
    """Tell the operations host how far the night is."""
    persistently(lambda: _tell_progress(night_id))


@transaction.atomic
def _tell_progress(night_id: int) -> None:
    news.night_told(Night.objects.get(pk=night_id))


def open_nights() -> Iterable[Night]:
    """Nights of this employer that are not closed, oldest first. One at most, since planning waits for the last."""
    return Night.objects.exclude(step="closed").order_by("business_date", "run_no")


def ready_chunks(night: Night) -> int:
    """How many chunks of the night's step wait for a worker."""
    return NightChunk.objects.filter(night=night, step=night.step, state="ready").count()


def is_planned_through(day: date) -> bool:
    """Whether the night of `day`, or a later one, was planned."""
    return Night.objects.filter(business_date__gte=day).exists()


def chunk_counts(night_id: int) -> tuple[int, int]:
    """Chunks of a night that are done or set aside, and all of them; those that were split count by their parts."""
    states = list(NightChunk.objects.filter(night=night_id).exclude(state="split").values_list("state", flat=True))
    return sum(state not in OPEN_STATES for state in states), len(states)
