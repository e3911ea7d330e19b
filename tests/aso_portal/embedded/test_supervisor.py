"""Servers start once, are found again, and come back after everything was killed."""

import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from aso_portal.embedded import processes, state, supervisor
from aso_portal.embedded.errors import ServerError


def postmaster(place: Path, name: str = "test") -> psutil.Process:
    data = place / name / "postgres"
    process = processes.running(data / "postmaster.pid", argument=str(data))
    assert process is not None
    return process


def redis_server(place: Path, name: str = "test") -> psutil.Process:
    folder = place / name / "redis"
    process = processes.running(folder / "redis.pid", argument=str(folder / "redis.conf"))
    assert process is not None
    return process


def kill_everything(place: Path, name: str) -> None:
    """What a lost machine leaves behind: all processes gone at once, their pid files still there."""
    server = postmaster(place, name)
    doomed = [server, *server.children(recursive=True), redis_server(place, name)]
    for process in doomed:
        process.send_signal(signal.SIGKILL)
    assert processes.wait_until(lambda: not any(map(processes.alive, doomed)), seconds=10)


def test_a_second_start_reuses_what_runs(place):
    first = supervisor.ensure("test")
    pids = postmaster(place).pid, redis_server(place).pid
    assert supervisor.ensure("test") == first
    assert (postmaster(place).pid, redis_server(place).pid) == pids


def test_after_kill_9_of_everything_the_data_is_there_and_so_is_the_address(place):
    before = supervisor.ensure("main")
    with psycopg.connect(before.owner_url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('Alma')")
    kill_everything(place, "main")
    after = supervisor.ensure("main")
    assert after == before
    with psycopg.connect(after.owner_url) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("Alma",)]


def test_a_pid_file_whose_number_now_belongs_to_another_program_stops_nobody(place):
    supervisor.ensure("test")
    old_files = [place / "test" / "postgres" / "postmaster.pid", place / "test" / "redis" / "redis.pid"]
    kill_everything(place, "test")
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        for path in old_files:
            path.write_text("\n".join([str(bystander.pid), *path.read_text().splitlines()[1:]]) + "\n")
        supervisor.ensure("test")
        assert postmaster(place).pid != bystander.pid
        supervisor.stop("test")
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_two_starters_at_once_end_up_with_one_pair_of_servers(empty_place):
    starter = [sys.executable, "-c", "from aso_portal.embedded import supervisor as s; print(s.ensure('test'))"]

    def start(_):
        return subprocess.run(starter, capture_output=True, text=True, check=True, cwd=state.CHECKOUT).stdout

    with ThreadPoolExecutor(3) as starters:
        addresses = set(starters.map(start, range(3)))
    assert len(addresses) == 1
    assert addresses == {f"{supervisor.ensure('test')}\n"}
    assert (
        len(started_on(empty_place / "test" / "postgres"))
        == len(started_on(empty_place / "test" / "redis" / "redis.conf"))
        == 1
    )


def started_on(path: Path) -> list[psutil.Process]:
    """Living processes with this path among the words they were started with."""
    return [one for one in psutil.process_iter() if processes.alive(one) and str(path) in one.cmdline()]


def test_a_port_taken_meanwhile_is_left_to_its_new_owner(place):
    before = supervisor.ensure("test").environment()
    supervisor.stop("test")
    ports = [state.load("test")[key] for key in ("postgres_port", "redis_port")]
    squatters = [socket.create_server(("127.0.0.1", port)) for port in ports]
    try:
        after = supervisor.ensure("test")
        assert after.database_url != before["DATABASE_URL"]
        assert after.redis_url != before["REDIS_URL"]
        assert state.read("test")["DATABASE_URL"] == after.database_url
        psycopg.connect(after.database_url).close()
    finally:
        for squatter in squatters:
            squatter.close()


def test_a_journal_that_redis_cannot_read_is_set_aside(place):
    supervisor.ensure("test")
    supervisor.stop("test")
    journal = place / "test" / "redis" / "appendonly.aof"
    journal.write_bytes(b"*3\r\nthis is no journal\r\n" * 10)
    servers = supervisor.ensure("test")
    assert redis.Redis.from_url(servers.redis_url).ping()
    assert journal.with_suffix(".unreadable").exists()


def test_stopping_ends_both_and_stopping_again_does_nothing(place):
    supervisor.stop("test")
    assert supervisor.stop("test") == []
    servers = supervisor.ensure("test")
    sockets = Path(state.load("test")["socket_folder"])
    assert sockets.is_dir()
    assert supervisor.stop("test") == ["Redis", "PostgreSQL"]
    assert supervisor.stop("test") == []
    assert started_on(place / "test" / "postgres") == started_on(place / "test" / "redis" / "redis.conf") == []
    assert not sockets.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(servers.database_url)


def test_servers_named_in_the_environment_are_used_and_none_is_started(empty_place, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://web:w@db.example.org/aso")
    monkeypatch.setenv("REDIS_URL", "redis://:r@cache.example.org/0")
    servers = supervisor.ensure("main")
    assert servers.environment() == {key: os.environ[key] for key in ("DATABASE_URL", "REDIS_URL")}
    assert not servers.own_database
    assert not servers.own_redis
    assert not empty_place.exists()


def test_only_the_server_that_is_missing_is_started(empty_place, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://web:w@db.example.org/aso")
    servers = supervisor.ensure("test")
    assert servers.database_url == "postgresql://web:w@db.example.org/aso"
    assert servers.owner_url is None
    assert redis.Redis.from_url(servers.redis_url).ping()
    assert not (empty_place / "test" / "postgres").exists()


def test_lost_passwords_are_reported_and_the_data_left_alone(place):
    supervisor.ensure("test")
    supervisor.stop("test")
    passwords = place / "test" / "state.json"
    passwords.rename(place / "kept.json")
    with pytest.raises(ServerError, match=r"state\.json is gone"):
        supervisor.ensure("test")
    assert (place / "test" / "postgres" / "PG_VERSION").exists()
    (place / "kept.json").rename(passwords)
    supervisor.ensure("test")


def test_data_of_another_major_version_is_reported_and_left_alone(place):
    supervisor.ensure("test")
    supervisor.stop("test")
    version = place / "test" / "postgres" / "PG_VERSION"
    version.write_text("9\n")
    with pytest.raises(ServerError, match="is of PostgreSQL 9, installed is 18"):
        supervisor.ensure("test")
    version.write_text("18\n")
    supervisor.ensure("test")


def test_a_full_disk_is_one_clear_line(empty_place, monkeypatch):
    monkeypatch.setattr(processes, "LEAST_FREE_BYTES", 2**60)
    with pytest.raises(ServerError, match=r"Only \d+ MB are free at .*Make room, or set ASO_VAR\.") as refusal:
        supervisor.ensure("test")
    assert "\n" not in str(refusal.value)


def test_the_command_ends_with_one_line_and_a_failure_where_there_is_no_place(tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "aso_portal.embedded", "start", "test"],
        env=os.environ | {"ASO_VAR": str(blocked), "DATABASE_URL": "", "REDIS_URL": ""},
        cwd=state.CHECKOUT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Cannot keep servers in {blocked}/test: Not a directory.")
    assert done.stderr.count("\n") == 1
