"""Programs of the portal are kept alive, and none outlives it."""

import os
import sys
import time

import psutil
import pytest

from aso_portal.embedded import children, processes
from aso_portal.embedded.errors import ServerError

# A program with a child of its own, like a web server with its workers.
FAMILY = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
time.sleep(60)
"""
DEAF_FAMILY = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + FAMILY


@pytest.fixture
def kept(tmp_path):
    all_of_them = children.Children(note=tmp_path / "children.json", folder=tmp_path)
    yield all_of_them
    all_of_them.stop()


def start(kept: children.Children, script: str) -> children.Child:
    kept.start({"worker": [sys.executable, "-c", script]}, dict(os.environ))
    return kept.all[-1]


def family_of(child: children.Child) -> list[psutil.Process]:
    leader = psutil.Process(child.process.pid)
    assert processes.wait_until(lambda: len(leader.children()) == 1, seconds=10)
    return [leader, *leader.children()]


def all_gone(family: list[psutil.Process]) -> bool:
    return processes.wait_until(lambda: not any(map(processes.alive, family)), seconds=5)


def test_each_line_carries_the_name_of_its_speaker(capsys):
    children.pass_on("web", ["first\n", "second\n"])
    assert capsys.readouterr().out == "web    | first\nweb    | second\n"


def test_a_program_that_falls_is_started_again_and_its_own_children_end(kept):
    child = start(kept, FAMILY)
    family = family_of(child)
    family[0].kill()
    assert processes.wait_until(lambda: child.fell() is not None, seconds=5)
    kept.mend(dict(os.environ))
    assert child.fell() is None
    assert child.process.pid != family[0].pid
    assert all_gone(family)


def test_a_program_that_keeps_falling_ends_the_portal_with_its_name(kept):
    child = start(kept, "raise SystemExit(3)")
    with pytest.raises(ServerError, match=r"worker ended 4 times within a minute \(exit code 3\)"):
        for _ in range(10):
            assert processes.wait_until(lambda: child.fell() is not None, seconds=5)
            kept.mend(dict(os.environ))


def test_stopping_ends_whole_families_even_deaf_ones(kept, monkeypatch):
    monkeypatch.setattr(children, "GRACE_SECONDS", 0.5)
    families = [*family_of(start(kept, FAMILY)), *family_of(start(kept, DEAF_FAMILY))]
    kept.stop()
    assert all_gone(families)


def test_what_a_killed_parent_left_behind_is_ended_by_the_next_start(kept, tmp_path):
    family = family_of(start(kept, FAMILY))
    assert children.end_leftovers(tmp_path / "children.json") == 1
    assert all_gone(family)
    assert children.end_leftovers(tmp_path / "children.json") == 0


def test_a_process_that_only_inherited_the_number_is_left_alone(tmp_path):
    note = tmp_path / "children.json"
    note.write_text(f'{{"{os.getpid()}": {time.time() - 10**6}}}')
    assert children.end_leftovers(note) == 0
