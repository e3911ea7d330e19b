"""`import_census`: what people and programs are told, and what a file may be."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from benefits.models import EnrollmentEvent, Member
from tests.factories import benefits as make

EXAMPLE = Path(__file__).parents[4] / "docs" / "examples" / "census.csv"
HEADER = "subscriber_number,relationship,given_name,family_name,birth_date,sex"


@pytest.fixture
def harbor(db, employer, as_employer):
    with as_employer(employer):
        make.plans()
    return employer


def run(*arguments, **options):
    out = io.StringIO()
    call_command("import_census", *arguments, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def test_the_example_is_imported_and_summed_up(harbor, as_employer):
    assert run("harbor", str(EXAMPLE)) == f"{EXAMPLE}: applied (4 applied)\n"
    with as_employer(harbor):
        assert Member.objects.count() == 4


def test_programs_get_json(harbor):
    told = json.loads(run("harbor", str(EXAMPLE), "--json"))
    assert (told["status"], told["counts"]["applied"], told["employer"]) == ("applied", 4, "harbor")
    assert [row["position"] for row in told["rows"]] == [2, 3, 4, 5]


def test_importing_twice_changes_nothing(harbor, as_employer):
    run("harbor", str(EXAMPLE))
    with as_employer(harbor):
        events = EnrollmentEvent.objects.count()
    assert run("harbor", str(EXAMPLE)) == f"{EXAMPLE}: applied (4 unchanged)\n"
    with as_employer(harbor):
        assert EnrollmentEvent.objects.count() == events


def test_only_the_named_employer_gets_the_people(harbor, other_employer, as_employer):
    run("harbor", str(EXAMPLE))
    with as_employer(other_employer):
        assert not Member.objects.exists()


def test_a_bad_row_fails_the_command_with_its_line(harbor, as_employer, tmp_path):
    census = tmp_path / "census.csv"
    census.write_text(f"{HEADER}\nW1,self,Alma,Okafor,1980-05-04,F\nW2,self,Dan,Weiss,soon,M\n")
    with pytest.raises(CommandError, match=r"1 of 2 rows rejected, the first on line 3: birth_date: is not a day"):
        run("harbor", str(census))
    with as_employer(harbor):
        assert not Member.objects.exists()
    assert "line 3: rejected: birth_date" in run("harbor", str(census), "--skip-bad")
    with as_employer(harbor):
        assert Member.objects.count() == 1


def test_a_check_stores_nothing(harbor, as_employer):
    assert run("harbor", str(EXAMPLE), "--check") == f"{EXAMPLE}: checked (4 ready)\n"
    with as_employer(harbor):
        assert not Member.objects.exists()


def test_an_unknown_employer_is_refused(db):
    with pytest.raises(CommandError, match="There is no active employer 'atlantis'"):
        run("atlantis", str(EXAMPLE))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04\x14\x00", "is a spreadsheet or zip archive"),
        (b"\xff\xfea\x00", "is text in UTF-16"),
        (HEADER.encode() + b"\nW1,self,Al\x00ma", "is binary: byte 80 is NUL"),
        (HEADER.encode() + b"\nW1,self,Zo\xeb,Okafor,1980-05-04,F\n", "line 2: byte 80 is not UTF-8"),
        (HEADER.replace(",", ";").encode() + b"\n", "line 1: the columns are separated by semicolons"),
        (HEADER.encode() + b'\nW1,self,"Alma,Okafor', "line 2: the quoting is broken or the file is cut off"),
        (
            HEADER.encode() + b"\nW1,self,Alma,Okafor,19",
            "line 2: 5 cells, where the header has 6.",
        ),
        (b"ISA*00*          *00*", "is an X12 file. Enrollment files are read by import_834"),
        (b'{"schema": "aso.plan_design/1"}', "line 1: column"),
        (b"just some words\n", "line 1: column 'just_some_words' is not known"),
    ],
)
def test_a_file_of_the_wrong_kind_is_refused_with_one_located_line(harbor, tmp_path, content, message):
    census = tmp_path / "census.csv"
    census.write_bytes(content)
    with pytest.raises(CommandError) as refusal:
        run("harbor", str(census))
    assert message in str(refusal.value) and str(refusal.value).startswith(str(census))
    assert "\n" not in str(refusal.value)


def test_a_missing_file_and_a_folder_are_refused(harbor, tmp_path):
    with pytest.raises(CommandError, match="there is no such file"):
        run("harbor", str(tmp_path / "nothing.csv"))
    with pytest.raises(CommandError, match="cannot be opened"):
        run("harbor", str(tmp_path))


def test_five_gigabytes_are_refused_without_being_read(harbor, tmp_path):
    census = tmp_path / "census.csv"
    with census.open("wb") as file:
        file.truncate(5 * 1024**3)
    with pytest.raises(CommandError, match=r"has 5,368,709,120 bytes, where at most 64 MB are read"):
        run("harbor", str(census))
