"""The file that remembers ports, passwords and keys."""

import stat
from base64 import b64decode

import pytest

from aso_portal.embedded import processes, state
from aso_portal.embedded.errors import ServerError


def test_a_cluster_that_was_never_made_has_no_addresses(empty_place):
    assert state.read("main") is None


def test_addresses_carry_the_names_of_the_environment(servers):
    known = state.read("test")
    assert known["DATABASE_URL"].startswith("postgresql://aso_web:")
    assert known["OWNER_DATABASE_URL"].startswith("postgresql://aso_owner:")
    assert known["REDIS_URL"].startswith("redis://:")
    assert len(b64decode(known["ASO_MASTER_KEY"])) == 32
    assert len(known["SECRET_KEY"]) >= 50


def test_two_clusters_share_no_password(empty_place):
    first, second = state.fresh(), state.fresh()
    assert not set(first.values()) & set(second.values()) - {0, ""}


def test_an_unknown_name_is_refused(empty_place):
    with pytest.raises(ServerError, match="no cluster called 'prod'; there are main and test"):
        state.home("prod")


def test_a_damaged_file_is_reported_with_its_path(empty_place):
    state.make_home("main")
    (empty_place / "main" / "state.json").write_text("{")
    with pytest.raises(ServerError, match=r"Cannot read .*main/state\.json"):
        state.read("main")
    (empty_place / "main" / "state.json").unlink()


def test_a_private_file_was_never_readable_by_others(tmp_path):
    state.write_private(tmp_path / "secret", "word")
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_platform_without_the_wheel_is_told_what_to_set():
    with pytest.raises(ServerError, match=r"No PostgreSQL comes with this installation \(.*\): set DATABASE_URL"):
        processes.package_folder("no_such_wheel", serves="PostgreSQL", instead="DATABASE_URL")
