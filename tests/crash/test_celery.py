"""A real Celery worker with a beat, its child killed and its Redis lost in the middle of a night."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings as portal
from django.db import connection, connections, transaction
from django_tenants.utils import schema_context

from aso_portal.embedded import account, processes, redis, state
from benefits.models import Family
from claims.services import chunks
from tenants import facade as tenants
from tests.conftest import CommittedDatabase
from tests.factories import nights

ROOT = Path(__file__).resolve().parents[2]


class OwnRedis:
    """A Redis of this test alone, which may be killed and started again on its port."""

    def __init__(self, home: Path) -> None:
        self.home, self.known = home, state.fresh()

    def start(self) -> None:
        redis.start(self.home, self.known, account=account.current())

    def lose(self) -> None:
        """Kill it and throw away everything it remembers."""
        folder = self.home / "redis"
        processes.running(folder / "redis.pid", argument=str(folder / "redis.conf")).kill()
        time.sleep(0.5)
        for journal in folder.glob("appendonly*"):
            journal.unlink()

    @property
    def url(self) -> str:
        return state.addresses(self.known)["REDIS_URL"]


@pytest.fixture
def own_redis() -> Iterator[OwnRedis]:
    home = state.top() / f"test-redis-{os.getpid()}"
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)
    server = OwnRedis(home)
    server.start()
    yield server
    redis.stop(home)
    subprocess.run(["rm", "-rf", str(home)], check=True)


@pytest.fixture
def start_worker(own_redis, tmp_path) -> Iterator[Callable[[], subprocess.Popen]]:
    """Starts `celery worker` with two children and a beat, on the database the test uses."""
    started: list[subprocess.Popen] = []

    def start() -> subprocess.Popen:
        database = CommittedDatabase(connection.settings_dict["NAME"])
        environment = database.environment() | {"REDIS_URL": own_redis.url, "NIGHT_LEASE_SECONDS": "2"}
        environment |= {
            "DJANGO_SETTINGS_MODULE": "aso_portal.settings",
            "ASO_PROCESS": "worker",
            "LOG_LEVEL": "WARNING",
        }
        environment.pop("OWNER_DATABASE_URL")
        with (tmp_path / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "aso_portal.celery", "worker", "--beat", "--pool", "prefork"]
                + [
                    "--concurrency",
                    "2",
                    "--queues",
                    "night,default",
                    "--schedule",
                    str(tmp_path / "beat"),
                    "--loglevel",
                    "INFO",
                ],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        started.append(worker)
        return worker

    yield start
    for worker in started:
        if worker.poll() is None:
            for process in [*psutil.Process(worker.pid).children(recursive=True), worker]:
                process.kill()
        worker.wait()


def supervisor_of(worker: subprocess.Popen, start: Callable[[], subprocess.Popen]) -> Callable[[], bool]:
    """Starts the worker again when it has ended, as `up` and every init system do: a lost broker may end it."""
    running = [worker]

    def look() -> bool:
        if running[-1].poll() is not None:
            running.append(start())
        return True

    return look


def wait_for(what: Callable[[], bool], *, seconds: float, log: Path) -> None:
    give_up = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < give_up, log.read_text()[-4000:]
        time.sleep(0.2)


def test_a_child_killed_and_all_of_redis_lost_cost_time_and_nothing_else(
    make_yard, undisturbed, start_worker, own_redis, tmp_path, monkeypatch
):
    monkeypatch.setattr(chunks, "MOST_CLAIMS", 1)
    yard, log = make_yard(), tmp_path / "worker.log"
    tenants.project_outbox(yard.schema_name)
    with schema_context(yard.schema_name), transaction.atomic():
        Family.objects.select_for_update().order_by("-pk")[0]  # an examiner at work: the night cannot end yet
        worker = start_worker()
        wait_for(lambda: len(yard.chunks(state="done")) > 3, seconds=90, log=log)
        children = psutil.Process(worker.pid).children()
        assert len(children) >= 2
        children[0].send_signal(signal.SIGKILL)
        own_redis.lose()
        time.sleep(1)
        own_redis.start()
        supervised = supervisor_of(worker, start_worker)
        wait_for(lambda: supervised() and not yard.chunks(state="ready"), seconds=120, log=log)
    wait_for(lambda: supervised() and yard.night().step == "closed", seconds=120, log=log)
    assert yard.night().digest == undisturbed
    connections.close_all()
    assert portal.CELERY_TASK_REJECT_ON_WORKER_LOST is False


def run_night(own_redis: OwnRedis) -> subprocess.CompletedProcess:
    """The command in a process of its own, watching the workers."""
    database = CommittedDatabase(connection.settings_dict["NAME"])
    return subprocess.run(
        [
            sys.executable,
            "manage.py",
            "run_night",
            "harbor",
            "--date",
            nights.TONIGHT.isoformat(),
            "--workers",
            "--json",
        ],
        cwd=ROOT,
        env=database.environment() | {"REDIS_URL": own_redis.url, "DJANGO_SETTINGS_MODULE": "aso_portal.settings"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_command_watches_the_workers_to_the_end_of_the_night(
    make_yard, undisturbed, start_worker, own_redis, tmp_path
):
    make_yard()
    connections.close_all()
    refused = run_night(own_redis)
    assert refused.returncode == 1
    assert refused.stderr.strip() == (
        "CommandError: No worker answers. Start one, or leave out --workers to do the work here."
    )
    start_worker()
    log = tmp_path / "worker.log"
    wait_for(lambda: " ready." in log.read_text(), seconds=60, log=log)
    done = run_night(own_redis)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["digest"] == undisturbed
    redis.stop(own_redis.home)
    gone = run_night(own_redis)
    assert gone.returncode == 1
    assert gone.stderr.strip().startswith("CommandError: Redis does not answer")
    assert "\n" not in gone.stderr.strip()
