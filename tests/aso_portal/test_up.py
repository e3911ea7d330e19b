"""From nothing to the first page and back to nothing: the command behind `make run`, on a place of its own."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psutil
import pytest

from aso_portal.embedded import portal, processes, state

NAMED_SERVERS = {"DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ASO_MASTER_KEY", "ASO_SERVERS"}
START_SECONDS = 120


@pytest.fixture
def place():
    folder = Path(tempfile.mkdtemp(prefix="aso up "))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def environment(place: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in NAMED_SERVERS}
    return inherited | {
        "ASO_VAR": str(place / "servers"),
        "STATIC_ROOT": str(place / "static"),
        "PORT": str(processes.free_port(0)),
        "DJANGO_SETTINGS_MODULE": "aso_portal.settings",
    }


def command(*words: str) -> list[str]:
    return [sys.executable, "manage.py", *words]


def page(port: str, path: str = "/", host: str = "localhost") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)
    connection.request("GET", path, headers={"Host": host})
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def test_the_portal_comes_up_answers_and_leaves_nothing_behind(place):
    environ = environment(place)
    running = subprocess.Popen(
        command("up", "--without-demo"),
        cwd=state.CHECKOUT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said: list[str] = []
    listener = threading.Thread(target=lambda: said.extend(running.stdout))
    listener.start()
    try:
        assert processes.wait_until(
            lambda: any("The portal answers after" in line for line in said) or running.poll() is not None,
            seconds=START_SECONDS,
        ), "".join(said)
        assert running.poll() is None, "".join(said)
        assert page(environ["PORT"]) == 302
        assert page(environ["PORT"], "/accounts/login/") == 200
        assert page(environ["PORT"], host="nobody.localhost") == 404
        assert portal.read(place / "servers" / "main" / "portal.json")["pid"] == running.pid

        programs = [psutil.Process(int(pid)) for pid in json.loads((place / "servers/main/children.json").read_text())]
        assert len(programs) == 3
        for program in programs:
            assert "OWNER_DATABASE_URL" not in program.environ()

        second = subprocess.run(command("up"), cwd=state.CHECKOUT, env=environ, capture_output=True, text=True)
        assert second.returncode == 1
        assert "The portal runs already at http://localhost:" in second.stderr

        family = [running_one for program in programs for running_one in (program, *program.children(recursive=True))]
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) == 0
        assert not any(map(processes.alive, family))
        left = [one for one in psutil.process_iter() if processes.alive(one) and str(place) in " ".join(one.cmdline())]
        assert left == []
    finally:
        subprocess.run(command("down"), cwd=state.CHECKOUT, env=environ, capture_output=True, check=True)
        running.wait(60)
        listener.join()
        running.stdout.close()


def test_a_real_installation_never_loads_the_demo(place):
    environ = environment(place) | {
        "DATABASE_URL": "postgresql://aso_web:word@127.0.0.1:1/aso",
        "SECRET_KEY": "x" * 50,
    }
    done = subprocess.run(command("load_demo"), cwd=state.CHECKOUT, env=environ, capture_output=True, text=True)
    assert done.returncode == 1
    assert "demo people do not belong into a real one" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_that_cannot_start_is_one_clear_line(place):
    (place / "servers").write_text("not a folder")
    done = subprocess.run(command("up"), cwd=state.CHECKOUT, env=environment(place), capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith(f"CommandError: Cannot read {place}/servers")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_an_environment_that_makes_no_sense_is_one_clear_line(place):
    environ = environment(place) | {"DATABASE_URL": "mysql://somewhere"}
    done = subprocess.run(command("up"), cwd=state.CHECKOUT, env=environ, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: DATABASE_URL")
    assert done.stderr.count("\n") == 1
