"""A code is valid on a day, known but not then, unknown, or nobody can say."""

import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.core.code_sets import (
    KIND_OF_SYSTEM,
    KINDS,
    NO_CODES,
    NOT_IN_FORCE,
    NOT_LOADED,
    SYSTEMS,
    UNKNOWN,
    VALID,
    CodeRow,
    CodeSets,
    system_of,
)

YEAR, LATER = date(2026, 1, 1), date(2026, 7, 1)


def row(system, code, start=YEAR, end=None, release="2026.1"):
    return CodeRow(system, code, start, end, release)


SETS = CodeSets(
    [
        row("hcpcs", "G0463"),
        row("hcpcs", "G9001", YEAR, LATER),
        row("hcpcs", "G9002", YEAR, date(2026, 3, 1)),
        row("hcpcs", "G9002", date(2026, 5, 1)),
        row("icd10cm", "J069"),
        row("hcpcs_mod", "LT"),
    ]
)


@pytest.mark.parametrize(
    ("kind", "code", "day", "standing"),
    [
        ("procedure", "G0463", YEAR, VALID),
        ("procedure", "G0463", date(2025, 12, 31), NOT_IN_FORCE),
        ("procedure", "G9001", date(2026, 6, 30), VALID),
        ("procedure", "G9001", LATER, NOT_IN_FORCE),
        ("procedure", "G9002", date(2026, 4, 1), NOT_IN_FORCE),
        ("procedure", "G9002", date(2026, 5, 1), VALID),
        ("procedure", "G0000", YEAR, UNKNOWN),
        ("procedure", "NOSHAPE", YEAR, UNKNOWN),
        ("procedure", "12345", YEAR, NOT_LOADED),
        ("procedure", "D0011", YEAR, NOT_LOADED),
        ("diagnosis", "J069", YEAR, VALID),
        ("diagnosis", "J06", YEAR, UNKNOWN),
        ("modifier", "LT", YEAR, VALID),
        ("modifier", "25", YEAR, NOT_LOADED),
        ("place", "11", YEAR, NOT_LOADED),
    ],
)
def test_where_a_code_stands(kind, code, day, standing):
    for _ in range(2):
        assert SETS.standing(kind, code, day) == standing
    expected = None if standing == NOT_LOADED else standing == VALID
    assert SETS.code_is_valid(kind, code, day) is expected


def test_an_employers_own_row_stands_in_for_the_shared_one():
    sets = CodeSets([row("hcpcs", "G0463"), row("hcpcs", "G0464")], [row("hcpcs", "G0463", YEAR, LATER, "own")])
    assert sets.standing("procedure", "G0463", LATER) == NOT_IN_FORCE
    assert sets.standing("procedure", "G0464", LATER) == VALID
    assert (sets.release_of("procedure", "G0463"), sets.release_of("procedure", "G0464")) == ("own", "2026.1")
    assert sets.release_of("procedure", "G0000") == ""


def test_without_any_set_nothing_is_judged():
    assert not NO_CODES
    assert {NO_CODES.code_is_valid(kind, "X", YEAR) for kind in KINDS} == {None}
    assert SETS
    assert SETS.loaded("hcpcs")
    assert not SETS.loaded("cpt")


def test_sets_travel_to_another_process():
    there = pickle.loads(pickle.dumps(SETS))  # noqa: S301  (made here)
    assert there.standing("procedure", "G9001", LATER) == NOT_IN_FORCE


@given(st.sampled_from(KINDS), st.text(st.characters(codec="ascii"), max_size=7))
def test_a_shape_belongs_to_a_system_of_its_kind(kind, code):
    system = system_of(kind, code)
    assert system in (*SYSTEMS[kind], "")
    assert not system or KIND_OF_SYSTEM[system] == kind
