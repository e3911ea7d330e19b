"""One night of three employers twice: undisturbed, and through Celery workers that are killed in the middle. Same bytes?

Value: employers whose digest is the same both times. A child is killed (-9) after a third of the chunks, the whole
worker after two thirds, and another worker started.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from urllib.parse import quote

import psutil
from django.conf import settings
from django.db import connection, connections
from django_tenants.utils import schema_context

from bench import scene
from benefits.management.population import Population
from claims.management.made.claims import LIFELIKE, Visits
from claims.management.made.files import write_837
from claims.management.made.providers import providers
from claims.management.made.reference import load_reference
from claims.models import Night, NightChunk
from claims.services import funding, intake
from claims.services import night as nights
from tenants import facade as tenants
from tenants.services import onboarding
from tests import databases

NAME = "night_killed"
SIZES = {"full": 7_000, "quick": 200}
SLUGS = ("harbor", "meadow", "orchard")
PATIENCE = 900


def run(size: str) -> list[dict[str, Any]]:
    """Employers whose night ended with the same digest."""
    claims = SIZES[size]
    name = f"aso_bench_{os.getpid()}_killed"
    databases.copy(databases.template(), name)
    twin = f"{name}_twin"
    try:
        with databases.in_use(name):
            employers = _employers(claims)
            total = sum(_plan(schema, account) for schema, account in employers.items())
        connections.close_all()
        databases.copy(name, twin)
        with databases.in_use(name):
            undisturbed = {schema: _alone(schema) for schema in employers}
        with databases.in_use(twin):
            killed = _through_workers(list(employers))
    finally:
        connections.close_all()
        databases.drop(twin)
        databases.drop(name)
    same = sum(undisturbed[schema] == killed[schema] for schema in employers)
    for schema in employers:
        print(f"  {schema}: {undisturbed[schema][:16]} {killed[schema][:16]}", flush=True)
    label = f"{total:,} claims of {len(employers)} employers"
    return [{"name": NAME, "size": label, "value": same, "bar": len(employers), "unit": "same digests",
             "holds": same == len(employers)}]  # fmt: skip


def _employers(claims: int) -> dict[str, int]:
    """Three employers, one file of all their claims stored; schema → funding account."""
    made = providers(seed=scene.SEED, count=120)
    load_reference(made, loaded_at=scene.NOW - timedelta(days=40))
    tenants.keep_partner(
        name="Made house", their_qualifier="ZZ", their_id=scene.SENDER, our_qualifier="ZZ", our_id=scene.RECEIVER
    )
    onboarding.create_employer(slug=SLUGS[2], name="Orchard Works", now=datetime(2026, 1, 1, tzinfo=UTC))
    accounts, visits = {}, []
    for number, slug in enumerate(SLUGS):
        facts = tenants.employer_by_slug(slug, scene.NIGHT)
        if facts is None:
            raise RuntimeError(f"{slug} is not there")
        code, group = f"{scene.CODE}{number}", f"{scene.GROUP}-{number}"
        tenants.set_group_route(group_number=group, schema_name=facts.schema_name)
        people = Population(
            seed=scene.SEED + number, employees=claims // 6, code=code, year_start=scene.YEAR, options=2
        )
        accounts[facts.schema_name] = scene.load_people(people, facts.schema_name)
        visits.append(
            Visits(
                seed=scene.SEED,
                code=code,
                group_number=group,
                families=list(people),
                providers=made,
                covers=scene.COVERS,
                start=scene.YEAR,
                end=scene.NIGHT - timedelta(days=1),
                flaws=LIFELIKE,
            ).claims(claims)
        )
    with tempfile.TemporaryFile("w+") as out:
        write_837(out, chain.from_iterable(visits), control=1, at=scene.NOW - timedelta(hours=2))
        out.seek(0)
        uuid, _ = intake.receive(stream=out.buffer, name="killed.837", received_at=scene.NOW)
    report = intake.import_file(file_uuid=uuid)
    print(
        f"  {report.claims:,} claims: {report.accepted:,} accepted, {report.unroutable:,} waiting, {report.rejected:,} rejected",
        flush=True,
    )
    return accounts


def _plan(schema: str, account: int) -> int:
    """Fund and plan one employer's night in many small chunks; its claims."""
    from claims.services import chunks

    with schema_context(schema):
        funding.receive_funds(funding_account_id=account, reference="BENCH", received_on=scene.NIGHT, cents=10**9)
        before, chunks.MOST_CLAIMS = chunks.MOST_CLAIMS, 250
        try:
            night, _ = nights.plan_night(business_date=scene.NIGHT, planned_at=scene.NOW + timedelta(hours=4))
        finally:
            chunks.MOST_CLAIMS = before
        return sum(NightChunk.objects.filter(night=night).values_list("claims", flat=True))


def _alone(schema: str) -> str:
    with schema_context(schema):
        night = Night.objects.get()
        while nights.work_until_empty(night_id=night.pk, worker="alone") is not nights.Outcome.CLOSED:
            time.sleep(0.05)
        night.refresh_from_db()
        return night.digest


def _through_workers(schemas: list[str]) -> dict[str, str]:
    """Work the nights by Celery, killing a child and then everything."""
    for schema in schemas:
        tenants.project_outbox(schema)
    with _worker() as worker:
        _wait(lambda: _done(schemas) > _all(schemas) // 3)
        child = psutil.Process(worker.pid).children()[0]
        child.send_signal(signal.SIGKILL)
        print(f"  killed a child after {_done(schemas)} of {_all(schemas)} chunks", flush=True)
        _wait(lambda: _done(schemas) > 2 * _all(schemas) // 3)
        for process in [*psutil.Process(worker.pid).children(recursive=True), psutil.Process(worker.pid)]:
            process.send_signal(signal.SIGKILL)
        print(f"  killed the worker after {_done(schemas)} of {_all(schemas)} chunks", flush=True)
        worker.wait()
    with _worker():
        _wait(lambda: all(_night(schema).step == "closed" for schema in schemas))
    return {schema: _night(schema).digest for schema in schemas}


def _night(schema: str) -> Night:
    with schema_context(schema):
        return Night.objects.get()


def _count(schemas: list[str], **which: Any) -> int:
    found = 0
    for schema in schemas:
        with schema_context(schema):
            found += NightChunk.objects.filter(step="adjudicate", **which).count()
    return found


def _done(schemas: list[str]) -> int:
    return _count(schemas, state="done")


def _all(schemas: list[str]) -> int:
    return _count(schemas)


def _wait(what: Any) -> None:
    give_up = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > give_up:
            raise RuntimeError("The workers made no progress.")
        time.sleep(0.1)


@contextmanager
def _worker() -> Iterator[subprocess.Popen]:
    """A Celery worker with two children and a beat on the present database; ended with all it started."""
    runtime = connection.settings_dict
    place = f"{runtime['HOST']}:{runtime['PORT']}/{runtime['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{quote(runtime['USER'])}:{quote(runtime['PASSWORD'])}@{place}",
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "ASO_MASTER_KEY": settings.ASO_MASTER_KEY,
        "DJANGO_SETTINGS_MODULE": "aso_portal.settings",
        "ASO_PROCESS": "worker",
        "LOG_LEVEL": "ERROR",
        "NIGHT_LEASE_SECONDS": "5",
        "HTTPS": "0",
    }
    environment.pop("OWNER_DATABASE_URL", None)
    connections.close_all()
    with tempfile.TemporaryDirectory() as folder:
        worker = subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-m", "celery", "-A", "aso_portal.celery", "worker", "--beat", "--pool", "prefork"]
            + [
                "--concurrency",
                "2",
                "--queues",
                "night,default",
                "--schedule",
                f"{folder}/beat",
                "--loglevel",
                "ERROR",
            ],
            cwd=scene.WORK.parent.parent,
            env=environment,
            start_new_session=True,
        )
        try:
            yield worker
        finally:
            if worker.poll() is None:
                for process in [*psutil.Process(worker.pid).children(recursive=True), psutil.Process(worker.pid)]:
                    process.kill()
                worker.wait()
