"""The collector rests during bulk work and wakes afterwards, whatever happens."""

import gc
import weakref

import pytest

from aso_portal.kernel.garbage import collector_paused


class Knot:
    """Something that holds itself."""

    def __init__(self) -> None:
        self.itself = self


def test_nothing_is_collected_inside_and_cycles_are_at_the_end() -> None:
    with collector_paused():
        knot = Knot()
        seen = weakref.ref(knot)
        del knot
        assert not gc.isenabled()
        assert seen() is not None
    assert gc.isenabled()
    assert seen() is None


def test_an_inner_pause_does_not_wake_the_collector_early() -> None:
    with collector_paused():
        with collector_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_fault_wakes_the_collector() -> None:
    with pytest.raises(ValueError, match="broken"), collector_paused():
        raise ValueError("broken")
    assert gc.isenabled()
