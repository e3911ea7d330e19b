"""Work that never ends is ended."""

import threading
import time

import pytest

from claims.services.deadlines import TookTooLong, deadline


def test_endless_work_is_interrupted():
    with pytest.raises(TookTooLong, match=r"0\.05 s"), deadline(0.05):
        while True:
            pass


def test_work_that_ends_in_time_leaves_no_alarm_behind():
    with deadline(0.05):
        pass
    time.sleep(0.1)


def test_outside_the_main_thread_the_block_simply_runs():
    ran = []

    def work() -> None:
        with deadline(0.01):
            time.sleep(0.05)
            ran.append(1)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ran == [1]
