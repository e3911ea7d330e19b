"""The PostgreSQL of the wheel: who may do what in it, and that nobody else may."""

import os
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest

from aso_portal.embedded import account, postgres, state


def test_the_runtime_login_owns_nothing_and_inherits_nothing(servers):
    with psycopg.connect(servers.database_url) as connection:
        rights = "SELECT rolsuper, rolinherit, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(rights).fetchone() == (False, False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE public.mine (id int)")


def test_the_owner_makes_databases_and_roles_but_is_no_superuser(servers):
    with psycopg.connect(servers.owner_url) as connection:
        rights = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(rights).fetchone() == (False, True, True)
        owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        assert connection.execute(owner).fetchone() == ("aso_owner",)


def test_what_migrations_need_is_there_before_the_first_of_them(servers):
    with psycopg.connect(servers.database_url) as connection:
        extensions = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
        assert {"btree_gist", "pg_trgm"} <= extensions
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("SHOW max_locks_per_transaction").fetchone() == ("512",)
        assert connection.execute("SELECT upper('grönt')").fetchone() == ("GRÖNT",)


def test_a_wrong_password_is_refused_over_loopback_and_socket(servers):
    known = state.load("test")
    for host in ("127.0.0.1", known["socket_folder"]):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(host=host, port=known["postgres_port"], user="aso", password="guess", dbname="postgres")


def test_the_socket_path_is_short_enough_and_its_folder_private(servers):
    known = state.load("test")
    folder = Path(known["socket_folder"])
    assert len(os.fsencode(folder / f".s.PGSQL.{known['postgres_port']}")) < 107
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    login = {"user": "aso_web", "password": known["web_password"], "dbname": "aso"}
    psycopg.connect(host=str(folder), port=known["postgres_port"], **login).close()


def test_a_long_temporary_folder_does_not_lengthen_the_socket_path(tmp_path, monkeypatch):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    made = postgres.socket_folder(account.current())
    try:
        assert len(os.fsencode(made)) < 40
    finally:
        made.rmdir()


def test_passwords_and_data_are_readable_by_their_owner_only(servers):
    home = state.home("test")
    assert stat.S_IMODE((home / "state.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "redis").stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "redis" / "redis.conf").stat().st_mode) == 0o600
    assert list(home.glob("*password*")) == []


def test_neither_server_runs_as_root(servers):
    home = state.home("test")
    for data in (home / "postgres", home / "redis"):
        assert data.stat().st_uid != 0


def test_client_programs_are_called_by_their_full_path(servers):
    dump = [postgres.binary("pg_dump"), "--schema-only", servers.owner_url]
    assert (
        "PostgreSQL database dump complete" in subprocess.run(dump, capture_output=True, text=True, check=True).stdout
    )


def test_only_what_tests_committed_may_be_lost():
    assert [name for name, settings in postgres.FOR.items() if settings.get("fsync") == "off"] == ["test"]
    assert "full_page_writes" not in postgres.SETTINGS | postgres.FOR[postgres.BENCH]
