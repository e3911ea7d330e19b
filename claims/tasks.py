"""Wakes the night's workers and takes turns between employers. The rows say what is to do; a message only wakes.

A task may come twice, late or never: `wake_workers` reads the database every few seconds and sends what is missing.
"""

import logging
import math
import os
import socket
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import uuid4
from zoneinfo import ZoneInfo

from celery import shared_task
from django.conf import settings
from django.utils import timezone
from django_tenants.utils import schema_context

from claims.models import Night
from claims.services import audits, chunks, denials, information, mass_changes, night, reviews
from claims.services.reference import OtherRules
from tenants import facade as tenants
from tenants.facade import EmployerFacts, EmployerTask

QUEUE = "night"
TURN_SECONDS = 20
LINGER_SECONDS = 5
TELL_SECONDS = 3
WAKE_UP_LASTS_SECONDS = 15
STUCK_AGAIN = timedelta(minutes=5)

log = logging.getLogger(__name__)


@shared_task(name="claims.work_night", base=EmployerTask, reject_on_worker_lost=False)
def work_night(*, employer: str, night_id: int, **_: object) -> None:
    """Work on one employer's night for a turn; another turn is asked for when something is left."""
    turn_ends = time.monotonic() + TURN_SECONDS
    while True:
        outcome = _turn(employer, night_id, until=lambda: time.monotonic() > turn_ends)
        if outcome is not night.Outcome.WAITING or time.monotonic() > turn_ends - TURN_SECONDS + LINGER_SECONDS:
            break
        time.sleep(0.2)
    if outcome is night.Outcome.STOPPED:
        wake(employer, night_id, 1)
    with schema_context("public"):
        tenants.project_outbox(employer)


def _turn(employer: str, night_id: int, *, until: Callable[[], bool]) -> night.Outcome | None:
    """One stretch of work; None when the night cannot go on here, and says why in the log."""
    told_at = 0.0

    def tell(progress: night.Progress) -> None:
        nonlocal told_at
        if time.monotonic() - told_at > TELL_SECONDS:
            told_at = time.monotonic()
            night.tell_progress(night_id=night_id)

    try:
        return night.work_until_empty(
            night_id=night_id, worker=_name(os.getpid()), until=until, most_at_once=lambda: _share(employer), tell=tell
        )
    except (night.CannotContinue, OtherRules) as refusal:
        log.error("%s: %s", employer, refusal)
        return None


@lru_cache(maxsize=1)
def _name(pid: int) -> str:
    """This process as a worker: no other process, on this host or another, ever has the same name."""
    return f"{socket.gethostname()[:40]}:{pid}:{uuid4().hex[:8]}"


def _share(employer: str) -> int | None:
    """How many chunks this employer may have leased at one moment: half the workers while another waits, else any."""
    others = _others(employer, int(time.monotonic() / 2))
    return max(1, math.ceil(settings.NIGHT_WORKERS / 2)) if others else None


@lru_cache(maxsize=1)
def _others(employer: str, two_seconds: int) -> bool:
    """Whether another employer's night has work left; asked every two seconds."""
    with schema_context("public"):
        return any(other.has_work and other.schema_name != employer for other in tenants.nights_under_way())


def wake(employer: str, night_id: int, workers: int) -> None:
    """Send wake-up calls. They fade after a few seconds: whoever is not woken by then is woken by the next round."""
    for _ in range(workers):
        work_night.apply_async(kwargs={"employer": employer, "night_id": night_id}, expires=WAKE_UP_LASTS_SECONDS)


@shared_task(name="claims.wake_workers")
def wake_workers(**_: object) -> None:
    """For each night under way as many wake-up calls as it has pieces of work in reach, within its share."""
    with schema_context("public"):
        under_way = tenants.nights_under_way()
    share = math.ceil(settings.NIGHT_WORKERS / 2) if len(under_way) > 1 else settings.NIGHT_WORKERS
    for one in under_way:
        with schema_context(one.schema_name):
            for found in night.open_nights():
                if not found.error_at or timezone.now() - found.error_at > STUCK_AGAIN:
                    wake(one.schema_name, found.pk, min(share, max(1, night.ready_chunks(found))))
        with schema_context("public"):
            tenants.project_outbox(one.schema_name)


@shared_task(name="claims.reap")
def reap(**_: object) -> None:
    """Take back chunks whose worker went silent, so that nothing waits for a worker that comes by."""
    with schema_context("public"):
        under_way = tenants.nights_under_way()
    for one in under_way:
        with schema_context(one.schema_name):
            for found in night.open_nights():
                chunks.reap(night_id=found.pk)


@shared_task(name="claims.plan_nights")
def plan_nights(**_: object) -> None:
    """Plan tonight's night of every employer whose evening has come, and wake workers for it."""
    now = timezone.now()
    done = tenants.for_each_employer(
        lambda employer: _plan(employer, now), on=timezone.localdate(), service=tenants.Service.CLAIMS
    )
    for schema_name, refusal in done.failed.items():
        log.warning("%s: tonight is not planned: %s", schema_name, refusal)
    for schema_name, night_id in done.done.items():
        if night_id is not None:
            with schema_context("public"):
                tenants.project_outbox(schema_name)
            wake(schema_name, night_id, settings.NIGHT_WORKERS)


def _plan(employer: EmployerFacts, now: datetime) -> int | None:
    """Plan what is due inside the employer; None when there is nothing to plan."""
    due = business_date_due(now, employer.time_zone)
    if night.is_planned_through(due) or any(True for _ in night.open_nights()):
        return None
    planned, is_new = night.plan_night(business_date=due, planned_at=now)
    return planned.pk if is_new else None


def business_date_due(now: datetime, time_zone: str) -> date:
    """The last business day whose evening has begun where the employer is."""
    here = now.astimezone(ZoneInfo(time_zone))
    return here.date() if here.hour >= settings.NIGHT_BEGINS_HOUR else here.date() - timedelta(days=1)


@shared_task(name="claims.project_outboxes")
def project_outboxes(**_: object) -> None:
    """Carry what every employer has told and nobody has carried over yet."""
    with schema_context("public"):
        for employer in tenants.active_employers(timezone.localdate()):
            tenants.project_outbox(employer.schema_name)


@shared_task(name="claims.audit_night", base=EmployerTask)
def audit_night(*, employer: str, night_id: int, **_: object) -> None:
    """Audit one closed night for a turn; the next round goes on. A night under way at the employer comes first."""
    turn_ends = time.monotonic() + TURN_SECONDS

    def until() -> bool:
        return time.monotonic() > turn_ends or any(True for _ in night.open_nights())

    audits.audit_night(night=Night.objects.get(pk=night_id), until=until)
    with schema_context("public"):
        tenants.project_outbox(employer)


@shared_task(name="claims.audit_nights")
def audit_nights(**_: object) -> None:
    """Send every employer's oldest closed night without a finished audit to a worker, while no night is under way."""
    with schema_context("public"):
        if tenants.nights_under_way():
            return
    done = tenants.for_each_employer(
        lambda employer: next((found.pk for found in audits.nights_to_audit()), None),
        on=timezone.localdate(),
        service=tenants.Service.CLAIMS,
    )
    for schema_name, night_id in done.done.items():
        if night_id is not None:
            audit_night.apply_async(kwargs={"employer": schema_name, "night_id": night_id}, expires=120)


@shared_task(name="claims.tend_correspondence")
def tend_correspondence(**_: object) -> None:
    """Send reminders and letters of denial that are due, close questions whose time is over; by each employer's own day."""
    now = timezone.now()
    done = tenants.for_each_employer(
        lambda employer: _tend(employer, now), on=timezone.localdate(), service=tenants.Service.CLAIMS
    )
    for schema_name, refusal in done.failed.items():
        log.warning("%s: questions are not tended: %s", schema_name, type(refusal).__name__)
    for schema_name, moved in done.done.items():
        if moved:
            with schema_context("public"):
                tenants.project_outbox(schema_name)


def _tend(employer: EmployerFacts, now: datetime) -> int:
    """Questions reminded of or closed, and denials told, inside the employer."""
    day = now.astimezone(ZoneInfo(employer.time_zone)).date()
    return information.remind(day=day) + information.lapse(day=day) + denials.send_due(now=now, day=day)


@shared_task(name="claims.work_mass_changes", base=EmployerTask)
def work_mass_changes(*, employer: str, **_: object) -> None:
    """Work out what changes of many claims would do, and order approved ones, for a turn; the rest asks for another."""
    turn_ends = time.monotonic() + TURN_SECONDS
    while mass_changes.work(most=1):
        if time.monotonic() > turn_ends:
            work_mass_changes.apply_async(kwargs={"employer": employer})
            break
    with schema_context("public"):
        tenants.project_outbox(employer)


@shared_task(name="claims.look_into_changes")
def look_into_changes(**_: object) -> None:
    """Open reviews of claims under which coverage or prices moved; go on with changes of many claims that were left."""
    done = tenants.for_each_employer(_look_into, on=timezone.localdate(), service=tenants.Service.CLAIMS)
    for schema_name, refusal in done.failed.items():
        log.warning("%s: changes after the fact are not looked into: %s", schema_name, type(refusal).__name__)
    for schema_name, (opened, is_due) in done.done.items():
        if opened:
            with schema_context("public"):
                tenants.project_outbox(schema_name)
        if is_due:
            work_mass_changes.apply_async(kwargs={"employer": schema_name}, expires=60)


def _look_into(employer: EmployerFacts) -> tuple[int, bool]:
    """Reviews opened inside the employer, and whether a change of many claims has work left."""
    return len(reviews.open_due()), mass_changes.due()
