"""Runs one business night: plans it, decides, pays, follows stop-loss and closes, here or through the workers."""

import json
import multiprocessing
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connections
from django.utils import timezone
from django_tenants.utils import schema_context

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.money import dollars
from claims import tasks
from claims.management.night_work import drive, help_all, one_line, worker_name
from claims.models import Night
from claims.services import night
from tenants import facade as tenants
from tenants.facade import EmployerFacts

REPORT_SECONDS = 2.0
SILENCE_SECONDS = 60


class Command(BaseCommand):
    help = "Run one business night. A night that was run already is left as it is; an open one is helped to its end."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("employers", nargs="*", metavar="EMP", help="Slugs (default: all who bought claims).")
        parser.add_argument("--date", required=True, type=_day, help="The business date, like 2026-03-09.")
        parser.add_argument("--run-no", type=_positive, default=1, help="A further run of the same date (default: 1).")
        parser.add_argument("--workers", action="store_true", help="Let Celery's workers do it and watch.")
        parser.add_argument("--processes", type=_positive, default=1, help="Processes to work in here (default: 1).")
        parser.add_argument("--json", action="store_true", help="Print what came out as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["workers"] and options["processes"] > 1:
            raise CommandError("Choose --workers or --processes: with --workers the work is not done here.")
        chosen = self._chosen(options["employers"])
        if options["workers"]:
            _need_workers()
        failed: dict[str, str] = {}
        planned = self._plan_all(chosen, options["date"], options["run_no"], failed)
        mine = [(employer, found) for employer, found, _ in planned if found.step != "closed"]
        if options["workers"]:
            self._watch(mine, failed)
        elif options["processes"] > 1 and mine:
            self._work_in_processes(mine, options["processes"], failed)
        else:
            self._work(mine, failed)
        self._report(planned, failed, as_json=options["json"])
        if failed:
            raise CommandError("; ".join(f"{slug}: {reason}" for slug, reason in failed.items()))

    def _chosen(self, slugs: Sequence[str]) -> list[EmployerFacts]:
        """The employers named, or all who bought claims; every slug that is wrong is named."""
        active = {each.slug: each for each in tenants.active_employers(timezone.localdate())}
        unknown = sorted(set(slugs) - active.keys())
        if unknown:
            known = ", ".join(active) or "none"
            raise CommandError(f"There is no active employer {', '.join(unknown)}. There are: {known}.")
        without = sorted(slug for slug in slugs if not active[slug].bought(tenants.Service.CLAIMS))
        if without:
            raise CommandError(f"{', '.join(without)} did not buy claims: no night is run there.")
        chosen = [active[slug] for slug in dict.fromkeys(slugs)] or [
            each for each in active.values() if each.bought(tenants.Service.CLAIMS)
        ]
        if not chosen:
            raise CommandError("No active employer has bought claims.")
        return chosen

    def _plan_all(
        self, chosen: Sequence[EmployerFacts], day: date, run_no: int, failed: dict[str, str]
    ) -> list[tuple[EmployerFacts, Night, bool]]:
        """The night of each employer, planned now or found; an older night still open is finished first."""
        planned = []
        for employer in chosen:
            try:
                with schema_context(employer.schema_name):
                    for older in list(night.open_nights()):
                        if (older.business_date, older.run_no) < (day, run_no):
                            self.stderr.write(f"{employer.slug}: finishing the night {older} first")
                            drive(older.pk, worker_name())
                    found, is_new = night.plan_night(business_date=day, run_no=run_no, planned_at=timezone.now())
                tenants.project_outbox(employer.schema_name)
            except (DomainError, DatabaseError) as refusal:
                failed[employer.slug] = one_line(refusal)
                continue
            if found.step == "closed":
                self.stderr.write(f"{employer.slug}: the night {found} was run already; nothing is changed")
            elif not is_new:
                self.stderr.write(f"{employer.slug}: the night {found} is open at step {found.step}; helping")
            planned.append((employer, found, is_new))
        return planned

    def _work(self, nights: Sequence[tuple[EmployerFacts, Night]], failed: dict[str, str]) -> None:
        """Work here, one employer after the other."""
        worker = worker_name()
        for employer, found in nights:
            watch = _Watch(self, employer.slug)
            try:
                with schema_context(employer.schema_name):
                    drive(found.pk, worker, watch)
                tenants.project_outbox(employer.schema_name)
            except (DomainError, DatabaseError) as refusal:
                failed[employer.slug] = one_line(refusal)

    def _work_in_processes(
        self, nights: Sequence[tuple[EmployerFacts, Night]], processes: int, failed: dict[str, str]
    ) -> None:
        """Work in child processes; each begins with another employer and helps wherever work is left."""
        connections.close_all()
        fork = multiprocessing.get_context("fork")
        todo = [(employer.slug, employer.schema_name, found.pk) for employer, found in nights]
        children = [
            fork.Process(target=help_all, args=(todo[place % len(todo) :] + todo[: place % len(todo)],))
            for place in range(processes)
        ]
        for child in children:
            child.start()
        while any(child.is_alive() for child in children):
            self._say(nights)
            for child in children:
                child.join(REPORT_SECONDS / len(children))
        for employer, found in nights:
            with schema_context(employer.schema_name):
                found.refresh_from_db()
            if found.step != "closed":
                failed[employer.slug] = found.error or f"every process ended before the night {found} was closed"
            tenants.project_outbox(employer.schema_name)

    def _watch(self, nights: Sequence[tuple[EmployerFacts, Night]], failed: dict[str, str]) -> None:
        """Wake the workers and wait until they are done; an hour is nothing, a minute without any progress is."""
        last: Any = None
        since = time.monotonic()
        left = dict(nights)
        while left:
            for employer, found in list(left.items()):
                with schema_context(employer.schema_name):
                    found.refresh_from_db()
                    ready = night.ready_chunks(found)
                if found.step == "closed" or found.error:
                    if found.error:
                        failed[employer.slug] = found.error
                    del left[employer]
                else:
                    tasks.wake(employer.schema_name, found.pk, max(1, min(ready, 4)))
            state = self._say(nights)
            if state != last:
                last, since = state, time.monotonic()
            elif left and time.monotonic() - since > SILENCE_SECONDS:
                for employer in left:
                    failed[employer.slug] = f"the workers did nothing for {SILENCE_SECONDS} s; are they alive?"
                return
            if left:
                time.sleep(REPORT_SECONDS)

    def _say(self, nights: Sequence[tuple[EmployerFacts, Night]]) -> list[str]:
        """How far each night is, on stderr."""
        lines = []
        with suppress(DatabaseError):  # away for a moment; the next look tells
            for employer, found in nights:
                with schema_context(employer.schema_name):
                    step = Night.objects.values_list("step", flat=True).get(pk=found.pk)
                    done, total = night.chunk_counts(found.pk)
                lines.append(f"{employer.slug}: {step}, {done} of {total} chunks")
        for line in lines:
            self.stderr.write(line)
        return lines

    def _report(
        self, planned: Sequence[tuple[EmployerFacts, Night, bool]], failed: dict[str, str], *, as_json: bool
    ) -> None:
        rows = []
        for employer, found, is_new in planned:
            if employer.slug in failed:
                continue
            with schema_context(employer.schema_name):
                found.refresh_from_db()
            rows.append(
                {
                    "employer": employer.slug,
                    "business_date": found.business_date.isoformat(),
                    "run_no": found.run_no,
                    "new": is_new,
                    "digest": found.digest,
                    **found.figures,
                }
            )
        if as_json:
            self.stdout.write(json.dumps(rows))
            return
        for row in rows:
            self.stdout.write(
                f"{row['employer']}: {row['claims']} claims, {row['decided']} decided, {row['pended']} pended, "
                f"{row['set_aside']} set aside; {dollars(row['approved_cents'])} approved, "
                f"{dollars(row['released_cents'])} released in {row['payments']} payments; digest {row['digest'][:16]}"
            )


class _Watch:
    """Tells on stderr, now and then, how an employer's night goes."""

    def __init__(self, command: BaseCommand, slug: str) -> None:
        self.command, self.slug = command, slug
        self.claims, self.said_at = 0, time.monotonic()

    def __call__(self, progress: night.Progress) -> None:
        if progress.step == "adjudicate":
            self.claims += progress.figures.get("claims", 0)
        if not progress.chunk or time.monotonic() - self.said_at > REPORT_SECONDS:
            self.said_at = time.monotonic()
            self.command.stderr.write(f"{self.slug}: {progress.step}, {self.claims} claims decided here")


def _need_workers() -> None:
    """Raises CommandError when no broker or no worker answers."""
    try:
        answers = current_app.control.ping(timeout=2)
    except Exception as error:  # noqa: BLE001  whatever the broker's client raises means the same here
        reason = type(error).__name__
        raise CommandError(f"Redis does not answer ({reason}). Start it, or leave out --workers.") from None
    if not answers:
        raise CommandError("No worker answers. Start one, or leave out --workers to do the work here.")


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  a day has no zone


def _positive(text: str) -> int:
    number = int(text)
    if not 0 < number < 1000:
        raise ValueError(text)
    return number
