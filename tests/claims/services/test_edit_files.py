"""A table file is taken whole or refused whole: every fault with its line, whatever the kind."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.core.code_sets import CodeRow
from claims.core.edit_tables import KINDS, PairRow, PairTerm, PersonTerm, ProcedureTerm, UnitTerm
from claims.services import edit_files
from claims.services.edit_files import read_code_set, read_edit_table
from claims.services.table_files import BadTable
from tests.factories import edits

HEADER = {
    "ptp": "setting,column1,column2,indicator,start,end",
    "exclusive": "setting,column1,column2,indicator,start,end",
    "bundle": "setting,column1,column2,indicator,start,end",
    "add_on": "setting,primary,add_on,start,end",
    "units": "setting,code,units,mai,start,end",
    "persons": "subject,code,sex,age_from,age_under,start,end",
    "procedures": "code,global_days,in_package,assistant,co_surgeon,components,start,end",
}


def read(kind, *lines):
    return read_edit_table(kind, "\n".join([HEADER[kind], *lines]).encode(), release="R")


def refused(kind, *lines):
    with pytest.raises(BadTable) as refusal:
        read(kind, *lines)
    return [str(fault) for fault in refusal.value.faults]


def test_every_kind_has_an_example_that_is_read():
    assert HEADER.keys() == set(KINDS)
    for kind in KINDS:
        assert (edits.FILES / f"{kind}.csv").read_text().startswith(HEADER[kind] + "\n")
        assert edits.rows_of(kind)


def test_rows_become_what_the_engine_takes():
    since, until = date(2026, 1, 1), date(2026, 7, 1)
    assert read("ptp", "dme,x1000,X1001,1,2026-01-01,2026-07-01").rows == [
        PairRow("ptp", "dme", "X1000", "X1001", PairTerm("1", since, until, "R"))
    ]
    assert read("add_on", "all,*,X1001,2026-01-01,").rows == [
        PairRow("add_on", "all", "*", "X1001", PairTerm("", since, None, "R"))
    ]
    assert read("units", "all,X1000,0,3,2026-01-01,").rows[0].term == UnitTerm(0, 3, since, None, "R")
    assert read("persons", "diagnosis,Z99.01,,,18,2026-01-01,").rows[0][:2] == ("diagnosis", "Z9901")
    assert read("persons", "procedure,X1000,F,12,,2026-01-01,").rows[0].term == PersonTerm(
        "F", 12, None, since, None, "R"
    )
    row = read("procedures", "X1000,090,yes,2,1,0,2026-01-01,").rows[0]
    assert row.term == ProcedureTerm(90, True, "2", "1", "0", since, None, "R")
    assert read("procedures", "X1000,ZZZ,,,,,2026-01-01,").rows[0].term.global_days is None
    assert read_code_set("icd10cm", b"code,start,end\nj06.9,2026-01-01,\n", release="R").rows == [
        CodeRow("icd10cm", "J069", since, None, "R")
    ]


@pytest.mark.parametrize(
    ("kind", "lines", "faults"),
    [
        (
            "ptp",
            [
                "clinic,X1000,X1001,0,2026-01-01,",
                "all,X1000,X1000,0,2026-01-01,",
                "all,*,X1001,0,2026-01-01,",
                "all,X1000,X 01,2,2026-02-30,",
                "all,X1000,X1002,0,2026-03-01,2026-02-01",
                "all,X1000,X1003,0",
            ],
            [
                "line 2: setting 'clinic' must be one of practitioner, outpatient, dme, all.",
                "line 3: both codes are the same.",
                "line 4: column1 '*' is not a code: up to eight letters and digits.",
                "line 5: column2 'X 01' is not a code: up to eight letters and digits.",
                "line 5: indicator '2' must be one of 0, 1, 9.",
                "line 5: start '2026-02-30' is no day. Write it like 2026-03-01.",
                "line 6: its end 2026-02-01 lies before its start 2026-03-01.",
                "line 7: it has 4 cells, the heading has 6.",
            ],
        ),
        (
            "ptp",
            [
                "all,X1000,X1001,0,2026-01-01,2026-06-01",
                "all,X1000,X1001,1,2026-05-31,",
                "dme,X1000,X1001,1,2026-05-31,",
                "all,X1001,X1000,0,2026-01-01,",
            ],
            [
                "line 3: its days overlap those of line 2.",
                "line 5: X1001 and X1000 stand the other way round on line 2.",
                "line 5: X1001 and X1000 stand the other way round on line 3.",
            ],
        ),
        (
            "ptp",
            [
                "all,X1000,X1001,0,2026-01-01,2026-06-01",
                "all,X1001,X1000,0,2026-05-31,",
                "all,X1001,X1000,0,2025-01-01,2026-01-01",
            ],
            ["line 3: X1001 and X1000 stand the other way round on line 2."],
        ),
        (
            "units",
            [
                "all,X1000,-1,1,2026-01-01,",
                "all,X1001,1.5,1,2026-01-01,",
                "all,X1002,1,4,2026-01-01,",
                "all,X1003,100000,1,2026-01-01,",
            ],
            [
                "line 2: units '-1' is no number. Write it like 12.5.",
                "line 3: units '1.5' has more than 0 decimals.",
                "line 4: mai '4' must be one of 1, 2, 3.",
                "line 5: units '100000' is out of range.",
            ],
        ),
        (
            "persons",
            [
                "procedure,X1000,,,,2026-01-01,",
                "procedure,X1001,X,5,5,2026-01-01,",
                "thing,X1002,F,,,2026-01-01,",
                "procedure,X1003,,9,9,2026-01-01,",
            ],
            [
                "line 2: it names neither a sex nor an age.",
                "line 3: sex 'X' must be one of F, M.",
                "line 4: subject 'thing' must be one of procedure, diagnosis.",
                "line 5: no age is from 9 and under 9.",
            ],
        ),
        (
            "procedures",
            ["X1000,7,,,,,2026-01-01,", "X1001,10,maybe,,,,2026-01-01,", "X1002,,,3,,,2026-01-01,"],
            [
                "line 2: global_days '7' must be 0, 10 or 90, or one of XXX, YYY, ZZZ, MMM.",
                "line 3: in_package 'maybe' must be yes or no.",
                "line 4: assistant '3' must be one of 0, 1, 2, 9.",
            ],
        ),
    ],
)
def test_every_fault_is_told_with_its_line(kind, lines, faults):
    assert refused(kind, *lines) == faults


def test_a_withdrawn_pair_stands_in_nobodys_way():
    assert len(read("ptp", "all,X1000,X1001,0,2026-01-01,", "all,X1001,X1000,9,2026-01-01,").rows) == 2


def test_wrong_columns_are_refused_before_any_row():
    with pytest.raises(BadTable) as refusal:
        read_edit_table("units", b"setting,code,limit,start\nall,X1000,2,2026-01-01\n", release="R")
    assert [fault.line for fault in refusal.value.faults] == [1, 1, 1]


def test_a_code_has_the_shape_of_its_system():
    with pytest.raises(BadTable) as refusal:
        read_code_set("hcpcs", b"code,start\nG0463,2026-01-01\n99213,2026-01-01\nD0120,2026-01-01\n", release="R")
    assert [str(fault) for fault in refusal.value.faults] == [
        "line 3: code 99213 does not have the shape of a code of hcpcs.",
        "line 4: code D0120 does not have the shape of a code of hcpcs.",
    ]


def test_lines_with_codes_that_somebody_owns_are_named():
    assert read("ptp", "all,X1000,12345,0,2026-01-01,", "all,X1000,X1001,0,2026-01-01,").licensed == (2,)
    assert read("persons", "diagnosis,12345,F,,,2026-01-01,").licensed == ()
    assert read_code_set("cpt", b"code,start\n12345,2026-01-01\n", release="R").licensed == (2,)
    assert read_code_set("hcpcs", b"code,start\nX2345,2026-01-01\n", release="R").licensed == ()


def test_a_file_is_not_larger_than_we_say(monkeypatch):
    monkeypatch.setattr(edit_files, "MOST_ROWS", 2)
    assert refused("units", *["all,X1000,1,1,2026-01-01,"] * 4) == ["the file has more than 2 rows. Split it."]


@given(st.sampled_from(KINDS), st.binary(max_size=200))
def test_anything_else_is_refused_and_never_breaks(kind, content):
    with pytest.raises(BadTable):
        read_edit_table(kind, content, release="R")
