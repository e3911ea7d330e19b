"""`import_edit_table` and `import_code_set`: a file is loaded whole, refused whole, and twice is once."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from claims.models import OwnCodePair, OwnCodeValue, OwnTableLoad
from claims.reference.models import CodePair, CodeValue, Release, TableLoad
from tests.factories import edits

pytestmark = pytest.mark.django_db
PTP = str(edits.FILES / "ptp.csv")


def run(command, *arguments, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command(command, *arguments, stdout=out, stderr=err, **options)
    return out.getvalue()


def refused(command, *arguments):
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command(command, *arguments, stdout=out, stderr=err)
    return str(refusal.value), err.getvalue(), out.getvalue()


def test_a_table_becomes_a_release_once():
    assert run("import_edit_table", "ptp", PTP, "--release", "2026Q1") == f"{PTP}: loaded, 8 rows as 2026Q1.\n"
    assert run("import_edit_table", "ptp", PTP) == f"{PTP}: unchanged, 2026Q1 says the same.\n"
    assert (Release.objects.count(), TableLoad.objects.count(), CodePair.objects.count()) == (1, 1, 8)


def test_programs_get_json():
    told = json.loads(run("import_edit_table", "ptp", PTP, "--json"))
    assert told == {"status": "loaded", "release": TableLoad.objects.get().release.name, "rows": 8}
    assert told["release"].startswith("ptp-")


def test_a_table_of_one_employer_is_nobody_elses(employer, other_employer, as_employer):
    run("import_edit_table", "ptp", PTP, "--employer", "harbor")
    assert not Release.objects.exists()
    with as_employer(employer):
        assert (OwnTableLoad.objects.get().name[:4], OwnCodePair.objects.count()) == ("ptp-", 8)
    with as_employer(other_employer):
        assert not OwnTableLoad.objects.exists()


def test_every_fault_is_told_with_its_line_and_nothing_is_loaded(tmp_path):
    table = tmp_path / "ptp.csv"
    table.write_text(
        "setting,column1,column2,indicator,start,end\n"
        "all,X1000,X1001,0,2026-01-01,\n"
        "all,X1000,X1002,7,2026-01-01,\n"
        "all,X1000,X1003,0,soon,\n"
        "all,X1000,X1001,1,2026-05-01,\n"
    )
    message, faults, _ = refused("import_edit_table", "ptp", str(table))
    assert message == f"{table}: refused, 3 faults. Nothing was loaded."
    assert faults.splitlines() == [
        f"{table}: line 3: indicator '7' must be one of 0, 1, 9.",
        f"{table}: line 4: start 'soon' is no day. Write it like 2026-03-01.",
        f"{table}: line 5: its days overlap those of line 2.",
    ]
    assert not CodePair.objects.exists() and not Release.objects.exists()
    _, _, told = refused("import_edit_table", "ptp", str(table), "--json")
    assert [fault["line"] for fault in json.loads(told)["faults"]] == [3, 4, 5]


def test_wrong_columns_are_refused(tmp_path):
    table = tmp_path / "units.csv"
    table.write_text("setting,column1,column2,indicator,start,end\nall,X1000,X1001,0,2026-01-01,\n")
    message, faults, _ = refused("import_edit_table", "units", str(table))
    assert "refused, 6 faults" in message
    assert "line 1: the column 'mai' is missing." in faults


def test_a_file_may_be_checked_without_loading_it():
    assert run("import_edit_table", "ptp", PTP, "--check") == f"{PTP}: 8 rows.\n"
    assert not CodePair.objects.exists()


@pytest.mark.parametrize("arguments", [("ptp", "/nowhere.csv"), ("ptp", PTP, "--employer", "nobody")])
def test_what_is_not_there_is_said_in_one_line(arguments):
    message, _, _ = refused("import_edit_table", *arguments)
    assert "no such file" in message or "no active employer" in message


def test_an_unknown_kind_is_refused():
    message, _, _ = refused("import_edit_table", "rumours", PTP)
    assert "invalid choice: 'rumours'" in message


def test_a_code_set_is_shared_and_an_owned_one_needs_employer_and_licence(tmp_path, employer, as_employer):
    hcpcs, cpt = tmp_path / "hcpcs.csv", tmp_path / "cpt.csv"
    hcpcs.write_text("code,start,end\nX1000,2026-01-01,\n")
    cpt.write_text("code,start,end\n12345,2026-01-01,\n")
    run("import_code_set", "hcpcs", str(hcpcs))
    assert CodeValue.objects.get().code == "X1000"
    assert "licensed to each employer" in refused("import_code_set", "cpt", str(cpt))[0]
    assert "Say with --licence" in refused("import_code_set", "cpt", str(cpt), "--employer", "harbor")[0]
    run("import_code_set", "cpt", str(cpt), "--employer", "harbor", "--licence", "AMA 12-3456")
    assert CodeValue.objects.count() == 1
    with as_employer(employer):
        assert (OwnCodeValue.objects.get().code, OwnTableLoad.objects.get().licence) == ("12345", "AMA 12-3456")
