"""One portal at a time, on a port that is free."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from aso_portal.embedded import portal, processes, state
from aso_portal.embedded.errors import ServerError

HOLDER = """
import pathlib, signal, sys, threading
from aso_portal.embedded import portal
told = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: told.set())
with portal.only_one(pathlib.Path(sys.argv[1])) as note:
    portal.write(note, address="http://localhost:8000/")
    print("running", flush=True)
    told.wait(60)
"""


@pytest.fixture
def holder(tmp_path):
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=state.CHECKOUT
    )
    assert other.stdout.readline() == "running\n"
    yield other
    other.kill()
    other.wait()
    other.stdout.close()


def test_a_second_portal_is_told_where_the_first_one_is(holder, tmp_path):
    words = rf"The portal runs already at http://localhost:8000/ \(process {holder.pid}\)"
    with pytest.raises(ServerError, match=words), portal.only_one(tmp_path):
        pass


def test_another_terminal_can_stop_it(holder, tmp_path):
    assert portal.ask_to_stop(tmp_path) is True
    assert holder.wait(10) == 0
    assert portal.ask_to_stop(tmp_path) is False


def test_a_killed_portal_blocks_nobody(holder, tmp_path):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with portal.only_one(tmp_path) as note:
        assert portal.read(note)["pid"] == os.getpid()


def test_the_port_asked_for_is_used_or_refused():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerError, match=f"Port {port} is in use by another program"):
            portal.choose_port(str(port))
        assert portal.choose_port(None, first=port) > port
    assert portal.choose_port(str(port)) == port


@pytest.mark.parametrize("nonsense", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(nonsense):
    with pytest.raises(ServerError, match="write a number from 1 to 65535"):
        portal.choose_port(nonsense)


def test_nobody_answers_on_a_free_port():
    assert portal.answers(processes.free_port(0)) is False
