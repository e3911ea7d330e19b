"""`import_834`: files are kept, sets find their employer, and what is not taken fails the command with its place."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from benefits.models import EnrollmentImport, Member
from tenants import facade as tenants
from tests.factories import benefits as make
from tests.factories.benefits import ALMA, BEN, CARA, DAN
from tests.factories.enrollment_files import coverage, file, member

SINCE_NEW_YEAR = coverage(begin="20260101")


@pytest.fixture
def harbor(db, employer, as_employer):
    with as_employer(employer):
        make.plans()
    tenants.set_group_route(group_number="HARBOR-01", schema_name=employer.schema_name)
    return employer


@pytest.fixture
def okafors():
    return file(
        member(ALMA, SINCE_NEW_YEAR),
        member(BEN, SINCE_NEW_YEAR, relationship="01"),
        member(CARA, SINCE_NEW_YEAR, relationship="19"),
    )


@pytest.fixture
def put(tmp_path):
    def write(content, name="enrollment.834"):
        path = tmp_path / name
        path.write_bytes(content)
        return str(path)

    return write


def run(*arguments):
    out = io.StringIO()
    call_command("import_834", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def refused(*arguments):
    with pytest.raises(CommandError) as refusal:
        run(*arguments)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


def test_a_set_is_applied_to_the_employer_of_its_group(harbor, other_employer, as_employer, put, okafors):
    assert "applied (3 applied)" in run(put(okafors))
    with as_employer(harbor):
        assert Member.objects.count() == 3
        assert EnrollmentImport.objects.get().file_uuid is not None
    with as_employer(other_employer):
        assert not Member.objects.exists()


def test_programs_get_json(harbor, put, okafors):
    [told] = json.loads(run(put(okafors), "--json"))
    assert (told["employer"], told["status"], told["counts"]["applied"]) == ("harbor", "applied", 3)


def test_the_same_file_twice_and_two_names_for_it_change_nothing(harbor, put, okafors):
    run(put(okafors))
    assert "repeated (3 applied)" in run(put(okafors), put(okafors, "copy.834"))


def test_a_check_keeps_neither_people_nor_file(harbor, as_employer, put, okafors):
    assert "checked (3 ready)" in run(put(okafors), "--check")
    with as_employer(harbor):
        assert not Member.objects.exists() and not EnrollmentImport.objects.exists()
    assert "applied (3 applied)" in run(put(okafors))


def test_a_rejected_member_fails_the_command_but_not_the_others(harbor, as_employer, put):
    broken = member(DAN, SINCE_NEW_YEAR, number="W100002")
    broken[-2] = "HD*021**XXX*PPO*EMP"
    told = refused(put(file(member(ALMA, SINCE_NEW_YEAR), broken)))
    assert "1 members rejected, the first at segment 20 (HD-3, loop 2300)" in told
    with as_employer(harbor):
        assert Member.objects.count() == 1


def test_an_unknown_group_is_refused_by_name_and_can_be_routed_later(harbor, put):
    lost = put(file(member(ALMA, SINCE_NEW_YEAR, group="MEADOW01"), group=""))
    assert "No employer is known for the groups the set names ('MEADOW01')" in refused(lost)
    tenants.set_group_route(group_number="MEADOW01", schema_name=harbor.schema_name)
    assert "applied (1 applied)" in run(lost)


def test_a_set_for_two_employers_is_refused(harbor, other_employer, put):
    tenants.set_group_route(group_number="MEADOW01", schema_name=other_employer.schema_name)
    both = put(file(member(ALMA, SINCE_NEW_YEAR), member(DAN, SINCE_NEW_YEAR, number="W2", group="MEADOW01")))
    assert "names groups of 2 employers ('HARBOR01', 'MEADOW01')" in refused(both)


def test_a_held_file_says_why_and_passes_when_released(harbor, put, okafors):
    run(put(okafors))
    short = put(file(member(ALMA, SINCE_NEW_YEAR), kind="RX", control="000000002"), "full.834")
    assert "held: 2 of 3 covered people are missing from this full file" in refused(short)
    assert "2 terminations proposed" in run(short, "--release")


def test_one_bad_file_does_not_keep_the_next_from_being_applied(harbor, as_employer, put, okafors):
    told = refused(put(b"nonsense", "bad.834"), put(okafors))
    assert "bad.834" in told
    with as_employer(harbor):
        assert Member.objects.count() == 3


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda good: b"", "is empty"),
        (lambda good: b"PK\x03\x04" + good, "is a zip archive or a spreadsheet"),
        (lambda good: good[:300] + b"\0" + good[300:], "is binary: byte 301 is NUL"),
        (lambda good: b"subscriber_number,relationship\n", "not-x12"),
        (lambda good: good[:-60], "se-missing"),
        (lambda good: good[:90], "isa-structure"),
        (lambda good: good.replace(b"SE*2", b"SE*3"), "se-segment-count"),
        (lambda good: good.replace(b"005010X220A1", b"005010X222A1").replace(b"*834*", b"*837*"), "set-not-supported"),
        (lambda good: good.replace(b"*834*", b"|834|", 1), "ge-set-count"),
        (lambda good: good.replace(b"IEA*1*000000001", b"IEA*1*000000009"), "iea-control-number"),
    ],
)
def test_a_damaged_file_is_refused_with_its_place_and_nothing_is_applied(
    harbor, as_employer, put, okafors, damage, message
):
    assert message in refused(put(damage(okafors)))
    with as_employer(harbor):
        assert not Member.objects.exists()


def test_missing_files_folders_and_five_gigabytes_are_refused(harbor, tmp_path):
    assert "there is no such file" in refused(str(tmp_path / "nothing.834"))
    assert "cannot be opened" in refused(str(tmp_path))
    big = tmp_path / "big.834"
    with big.open("wb") as stream:
        stream.truncate(5 * 1024**3)
    assert "where at most 256 MB are read" in refused(str(big))
