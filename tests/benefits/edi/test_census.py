"""A census is read row by row; every fault says where it is, and none repeats a personal value."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits.core.instructions import CoverageInstruction, EmploymentDetails
from benefits.edi.census import COLUMNS, NotACensus, read_census

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "census.csv"
HEADER = "subscriber_number,relationship,given_name,family_name,birth_date,sex"
ALMA = "W1,self,Alma,Okafor,1980-05-04,F"


def read(*lines):
    return list(read_census([line + "\n" for line in lines]))


def faults(row, more_columns="", more_cells=""):
    [only] = read(HEADER + more_columns, row + more_cells)
    assert only.instruction is None
    return only.faults


def test_the_documented_example_reads_without_a_fault():
    rows = list(read_census(EXAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)))
    assert [row.faults for row in rows] == [()] * 4
    alma = rows[0].instruction
    assert (alma.subscriber_number, alma.relationship, alma.person.ssn) == ("W100001", "18", "123456789")
    assert alma.employment == EmploymentDetails(
        ein="123456789", division="NORTH", employee_class="FULLTIME", start=date(2019, 3, 1)
    )
    assert [one.line_of_coverage for one in alma.coverages] == ["medical", "dental"]


def test_the_last_day_covered_becomes_a_half_open_end():
    rows = list(read_census(EXAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)))
    assert rows[3].instruction.coverages == (
        CoverageInstruction(
            action="audit",
            line_of_coverage="medical",
            option_code="HDHP",
            tier="EMP",
            start=date(2026, 1, 1),
            end=date(2026, 7, 1),
        ),
    )


def test_days_may_be_written_as_in_the_united_states():
    [row] = read(HEADER, "W1,self,Alma,Okafor,05/04/1980,female")
    assert (row.instruction.person.birth_date, row.instruction.person.sex) == (date(1980, 5, 4), "F")


def test_blank_lines_are_passed_over_and_lines_still_counted():
    rows = read(HEADER, "", ALMA, ",,,,,", "W2,self,Dan,Weiss,nonsense,M")
    assert [row.line for row in rows] == [3, 5]


def test_a_name_over_two_lines_counts_from_its_first():
    rows = read(HEADER, 'W1,self,"Al', 'ma",Okafor,1980-05-04,F', "W2,self,Dan,Weiss,1991-11-30,M")
    assert [(row.line, row.faults) for row in rows] == [
        (2, ("given_name: holds a character that cannot be printed",)),
        (4, ()),
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("W1,self,Alma,Okafor,1980-05-04", "5 cells, where the header has 6. Is the line cut off?"),
        (",self,Alma,Okafor,1980-05-04,F", "subscriber_number: is empty"),
        ("--,self,Alma,Okafor,1980-05-04,F", "subscriber_number: write 1 to 30 letters and digits"),
        ("W1,cousine,Alma,Okafor,1980-05-04,F", "relationship: 'cousine' is not known."),
        ("W1,self,Alma,Okafor,1980-02-30,F", "birth_date: is not a day. Write it like 2026-01-31."),
        ("W1,self,Alma,Okafor,04/05/80,F", "birth_date: is not a day."),
        ("W1,self,Alma,Okafor,1980-05-04,X", "sex: write F, M or U"),
        (f"W1,self,{'a' * 61},Okafor,1980-05-04,F", "given_name: is longer than 60 characters"),
    ],
)
def test_a_bad_cell_is_named_by_its_column(row, fault):
    assert faults(row)[0].startswith(fault)


@pytest.mark.parametrize(
    ("columns", "cells", "fault"),
    [
        (",ssn", ",000-12-3456", "ssn: is not a social security number of nine digits"),
        (",ssn", ",XXX-XX-4521", "ssn: is not a social security number of nine digits"),
        (",legal_entity_ein", ",12345", "legal_entity_ein: is not an EIN of nine digits"),
        (",medical_option", ",PPO", "medical_from: is empty, but other medical columns are filled"),
        (",medical_from", ",2026-01-01", "medical_option: is empty, but other medical columns are filled"),
        (",medical_option,medical_from,medical_tier", ",PPO,2026-01-01,gold", "medical_tier: 'gold' is none of"),
        (
            ",medical_option,medical_from,medical_through",
            ",PPO,2026-05-01,2026-04-30",
            "medical_through: lies before medical_from",
        ),
    ],
)
def test_a_bad_optional_cell_is_named_by_its_column(columns, cells, fault):
    assert faults(ALMA, columns, cells)[0].startswith(fault)


def test_every_fault_of_a_row_is_told_and_neighbours_are_read():
    good, bad = read(HEADER, ALMA, "W2,self,Dan,Weiss,1991,X")
    assert good.faults == () and len(bad.faults) == 2


def test_no_fault_repeats_a_number_or_a_name():
    told = faults("W1,self,Alma,Okafor,1980-99-99,Q", ",ssn", ",123-45-678X")
    assert not any(secret in " ".join(told) for secret in ("Alma", "Okafor", "1980-99-99", "678X"))


def test_the_same_person_twice_is_rejected_the_second_time():
    first, second = read(HEADER, ALMA, ALMA.replace("Alma", "ALMA"))
    assert first.faults == () and second.faults == ("the same person as on line 2",)


def test_a_number_has_one_employee():
    first, second = read(HEADER, ALMA, "W-1,self,Dan,Weiss,1991-11-30,M")
    assert first.faults == () and second.faults == ("a second employee under the number of line 2",)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "The census is empty."),
        (["", "  "], "The census is empty."),
        ([HEADER], "no rows"),
        ([HEADER.replace(",", ";"), ALMA.replace(",", ";")], "line 1: the columns are separated by semicolons"),
        ([HEADER.replace(",", "\t"), ALMA], "line 1: the columns are separated by tabs"),
        ([HEADER + ",shoe_size", ALMA + ",40"], "line 1: column 'shoe_size' is not known"),
        ([HEADER + ",sex", ALMA + ",F"], "line 1: column 'sex' appears twice"),
        (["subscriber_number,relationship,given_name,family_name,sex", ALMA], "line 1: column 'birth_date' is missing"),
        ([HEADER, ALMA, 'W2,self,"Dan,Weiss'], "line 3: the quoting is broken or the file is cut off"),
        ([",".join(["sex"] * 201)], "line 1: 201 columns"),
    ],
)
def test_a_file_that_is_no_census_is_refused_with_its_line(lines, message):
    with pytest.raises(NotACensus, match=r".+") as refusal:
        read(*lines)
    assert message in str(refusal.value)


cells = st.text(alphabet=st.characters(codec="utf-8", exclude_characters='\n\r",'), max_size=12)


@given(st.lists(st.lists(cells, min_size=1, max_size=9), max_size=5))
def test_any_rows_at_all_are_read_or_rejected_one_by_one(rows):
    lines = [HEADER, *(",".join(row) for row in rows), ALMA]
    read_rows = read(*lines)
    assert read_rows[-1].instruction is not None
    assert all((row.instruction is None) == bool(row.faults) for row in read_rows)


def test_every_documented_column_is_read_and_every_read_column_documented():
    page = (EXAMPLE.parents[1] / "census.md").read_text(encoding="utf-8")
    for column in COLUMNS:
        assert column in page or column.split("_", 1)[1] in ("tier", "from", "through", "option")
