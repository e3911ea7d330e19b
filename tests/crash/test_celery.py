"""A real Celery worker with a beat, its child killed and its Redis lost in the middle of a night."""

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
                + ["--concurrency", "2", "--queues", "night,default", "--schedule", str(tmp_path / "beat")],
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
        for process in [*psutil.Process(worker.pid).children(recursive=True), worker]:
            process.kill()
        worker.wait()


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
        wait_for(lambda: not yard.chunks(state="ready"), seconds=90, log=log)
    wait_for(lambda: yard.night().step == "closed", seconds=120, log=log)
    assert yard.night().digest == undisturbed
    connections.close_all()
    assert portal.CELERY_TASK_REJECT_ON_WORKER_LOST is False
