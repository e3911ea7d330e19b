"""Authorisations and a prior carrier's knowledge from CSV: refused whole, or reported row by row; repeating is harmless."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from benefits.models import Member, Person
from claims.models import Authorization, AuthorizationEvent, PriorCoverage, TreatmentEntry
from claims.services import care_imports
from claims.services.table_files import BadTable
from tenants import facade as tenants
from tenants.records.models import AuditEvent
from tests.factories import mouths

STAFF = tenants.system("public")
ASKED = "number,member_number,given_name,birth_date,requested_on,measure,amount,codes,refused,start,end\n"
DONE = "reference,member_number,given_name,birth_date,code,tooth,surfaces,area,start\n"
BEFORE = "member_number,given_name,birth_date,line_of_coverage,late_entrant,start\n"


@pytest.fixture
def alma(in_employer) -> str:
    """Alma's part of a row: member number, first name, birth date."""
    town = mouths.town()
    person = Person.objects.get(pk=town.people[town.families[0]][0])
    member = Member.objects.get(person=person)
    return f"{member.member_number},{person.given_name},{person.birth_date}"


def results(rows):
    return [(row.line, row.result) for row in rows]


def test_authorisations_are_recorded_once_and_reported(alma):
    content = (
        ASKED
        + f'PA-1,{alma},2026-01-02,units,10,"SZ100-SZ199,SZ210",no,2026-01-05,2026-07-01\n'
        + "PA-2,NOBODY,Zed,1990-01-01,2026-01-02,units,10,SZ110,no,2026-01-05,\n"
        + f"PA-3,{alma},2026-01-02,visits,0,SZ110,yes,2026-01-05,\n"
    ).encode()
    found = care_imports.import_authorizations(content=content, actor=STAFF)
    assert results(found) == [(2, "recorded"), (3, "rejected"), (4, "recorded")]
    assert "nobody has this member number" in found[1].reason and "Zed" not in found[1].reason
    again = care_imports.import_authorizations(content=content, actor=STAFF)
    assert results(again) == [(2, "unchanged"), (3, "rejected"), (4, "unchanged")]
    told = AuthorizationEvent.objects.order_by("pk").values_list("kind", "amount", "start_date", "end_date")
    assert list(told) == [("approved", 10, date(2026, 1, 5), date(2026, 7, 1)), ("refused", 0, None, None)]
    other = content.replace(b",units,10,", b",units,11,")
    changed = care_imports.import_authorizations(content=other, actor=STAFF)
    assert (changed[0].result, "other content" in changed[0].reason) == ("rejected", True)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("pa 1,M1,A,1980-01-01,2026-01-02,units,1,SZ110,no,2026-01-05,", "line 2: number"),
        ("PA-1,M1,A,1980-13-01,2026-01-02,weeks,1,SZ110,no,2026-01-05,", "birth_date"),
        ("PA-1,M1,A,1980-01-01,2026-01-02,units,1,,no,2026-01-05,", "name the services"),
        ("PA-1,M1,A,1980-01-01,2026-01-02,units,1,SZ110,yes,2026-01-05,", "grants nothing"),
        ("PA-1,M1,A,1980-01-01,2026-01-02,units,1,SZ110,no,2026-01-05,2026-01-01", "before its start"),
    ],
)
def test_a_file_with_a_fault_is_refused_whole(alma, row, told):
    good = f"PA-9,{alma},2026-01-02,units,1,SZ110,no,2026-01-05,\n"
    with pytest.raises(BadTable) as refusal:
        care_imports.import_authorizations(content=(ASKED + row + "\n" + good).encode(), actor=STAFF)
    assert told in str(refusal.value)
    assert not Authorization.objects.exists()


def test_treatments_are_taken_over_once(alma):
    content = (
        DONE
        + f"OLD-1,{alma},DZ710,5,,,2019-05-01\nOLD-2,{alma},DZ210,3,FOM,,2025-06-01\nOLD-3,{alma},DZ310,,,10,2025-06-01\n"
        + "OLD-4,NOBODY,Zed,1990-01-01,DZ110,,,,2025-06-01\n"
    ).encode()
    found = care_imports.import_treatments(content=content, actor=STAFF)
    assert results(found) == [(2, "recorded"), (3, "recorded"), (4, "recorded"), (5, "rejected")]
    again = care_imports.import_treatments(content=content, actor=STAFF)
    assert [row.result for row in again] == ["unchanged"] * 3 + ["rejected"]
    told = TreatmentEntry.objects.order_by("pk").values_list("code", "tooth", "surfaces", "area", "source")
    assert list(told) == [
        ("DZ710", "5", "", "", "takeover"),
        ("DZ210", "3", "BMO", "", "takeover"),
        ("DZ310", "", "", "10", "takeover"),
    ]
    assert AuditEvent.objects.get(action="treatments.taken_over").detail == {"rows": 3}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("OLD-1,M1,A,1980-01-01,DZ710,33,,,2019-05-01", "no tooth is called '33'"),
        ("OLD-1,M1,A,1980-01-01,DZ710,5,,10,2019-05-01", "a tooth or an area"),
        ("OLD-1,M1,A,1980-01-01,DZ710,,M,,2019-05-01", "surfaces go with a tooth"),
        ("OLD-1,M1,A,1980-01-01,DZ710,,,99,2019-05-01", "area"),
    ],
)
def test_treatments_that_cannot_be_are_refused(alma, row, told):
    with pytest.raises(BadTable, match=told):
        care_imports.import_treatments(content=(DONE + row + "\n").encode(), actor=STAFF)


def test_earlier_coverage_is_taken_over_and_the_latest_word_counts(alma):
    content = (BEFORE + f"{alma},dental,no,2024-01-01\n").encode()
    assert results(care_imports.import_earlier_coverage(content=content, actor=STAFF)) == [(2, "recorded")]
    assert results(care_imports.import_earlier_coverage(content=content, actor=STAFF)) == [(2, "unchanged")]
    late = content.replace(b",no,", b",yes,")
    assert results(care_imports.import_earlier_coverage(content=late, actor=STAFF)) == [(2, "recorded")]
    assert list(PriorCoverage.objects.order_by("pk").values_list("late_entrant", flat=True)) == [False, True]


def test_the_commands_say_what_became_of_each_row(alma, tmp_path, capsys):
    connection.set_schema_to_public()
    file = tmp_path / "asked.csv"
    file.write_text(ASKED + f"PA-1,{alma},2026-01-02,units,10,SZ110,no,2026-01-05,\n")
    call_command("import_authorizations", "harbor", str(file))
    assert "1 recorded" in capsys.readouterr().out
    file.write_text(DONE + f"OLD-1,{alma},DZ110,,,,2025-06-01\nOLD-2,NOBODY,Zed,1990-01-01,DZ110,,,,2025-06-01\n")
    with pytest.raises(CommandError, match="1 of 2 rows were rejected"):
        call_command("import_takeover", "harbor", str(file), "--of", "treatments")
    assert "line 3: rejected" in capsys.readouterr().out
    file.write_text("nonsense\n")
    with pytest.raises(CommandError, match="is refused"):
        call_command("import_takeover", "harbor", str(file), "--of", "coverage")
    with pytest.raises(CommandError, match="no active employer"):
        call_command("import_authorizations", "nobody", str(file))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_authorizations", "harbor", str(tmp_path / "missing.csv"))
