"""The command that runs a night: what it prints, what it refuses, and how it helps."""

import json
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django_tenants.utils import schema_context

from claims.models import ClaimVersion, Night
from claims.services import chunks, night
from tests.factories import nights

ROOT = Path(__file__).resolve().parents[3]
DAY = nights.TONIGHT.isoformat()


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("run_night", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def towns(db, employer, other_employer, as_employer):
    """Both employers with a few claims."""
    for each, claims in ((employer, 12), (other_employer, 7)):
        with as_employer(each):
            nights.submit(nights.claims_of(nights.town(families=2), claims=claims))


def test_every_employer_that_bought_claims_gets_its_night(towns):
    out, err = run("--date", DAY)
    assert "harbor: 12 claims" in out and "meadow: 7 claims" in out
    assert "harbor: planned" in err and "harbor: close" in err


def test_only_the_employers_named_are_run(towns, other_employer, as_employer):
    rows = json.loads(run("harbor", "--date", DAY, "--json")[0])
    assert [(row["employer"], row["claims"], row["new"]) for row in rows] == [("harbor", 12, True)]
    assert len(rows[0]["digest"]) == 64
    with as_employer(other_employer):
        assert not Night.objects.exists()


def test_a_night_run_twice_says_so_and_changes_nothing(towns, employer, as_employer):
    first = json.loads(run("harbor", "--date", DAY, "--json")[0])
    with as_employer(employer):
        before = ClaimVersion.objects.count()
    out, err = run("harbor", "--date", DAY, "--json")
    assert json.loads(out) == [first[0] | {"new": False}]
    assert "harbor: the night 2026-03-09 run 1 was run already; nothing is changed" in err
    with as_employer(employer):
        assert ClaimVersion.objects.count() == before


def test_an_open_night_is_helped_to_its_end(towns, employer, as_employer):
    with as_employer(employer):
        night.plan_night(business_date=nights.TONIGHT, planned_at=nights.PLANNED_AT)
    out, err = run("harbor", "--date", DAY)
    assert "is open at step planned; helping" in err
    assert "12 claims" in out


def test_an_older_open_night_is_finished_first(towns, employer, as_employer):
    with as_employer(employer):
        night.plan_night(business_date=nights.TONIGHT, planned_at=nights.PLANNED_AT)
    _, err = run("harbor", "--date", (nights.TONIGHT + timedelta(days=1)).isoformat())
    assert "harbor: finishing the night 2026-03-09 run 1 first" in err
    with as_employer(employer):
        assert list(Night.objects.values_list("step", flat=True)) == ["closed", "closed"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nobody", "--date", DAY], "There is no active employer nobody. There are: harbor, meadow."),
        (["--date", "March"], "--date: invalid"),
        ([], "--date"),
        (["--date", DAY, "--processes", "0"], "--processes: invalid"),
        (["--date", DAY, "--workers", "--processes", "2"], "Choose --workers or --processes"),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_line(towns, arguments, reason):
    with pytest.raises(CommandError) as refusal:
        run(*arguments)
    assert reason in str(refusal.value) and "\n" not in str(refusal.value)


def test_one_employer_that_cannot_run_does_not_keep_the_others_from_theirs(towns, employer, as_employer):
    with as_employer(employer):
        late, _ = night.plan_night(business_date=nights.TONIGHT + timedelta(days=9), planned_at=nights.PLANNED_AT)
        night.work_until_empty(night_id=late.pk, worker="alone")
    with pytest.raises(
        CommandError, match=r"^harbor: The night 2026-03-18 run 1 was run already and nights go forward"
    ):
        run("--date", DAY)


def test_two_processes_and_a_second_command_beside_them_make_one_night(
    committing_db, employers_of_template, monkeypatch
):
    schema_name = employers_of_template["harbor"].schema_name
    monkeypatch.setattr(chunks, "MOST_CLAIMS", 5)
    with schema_context(schema_name):
        nights.submit(nights.claims_of(nights.town(families=20), claims=200))
        night.plan_night(business_date=nights.TONIGHT, planned_at=nights.PLANNED_AT)
    connections.close_all()
    command = [sys.executable, "manage.py", "run_night", "harbor", "--date", DAY, "--json"]
    beside = subprocess.Popen(command, cwd=ROOT, env=committing_db.environment(), stdout=subprocess.PIPE, text=True)
    rows = json.loads(run("harbor", "--date", DAY, "--processes", "2", "--json")[0])
    out, _ = beside.communicate(timeout=120)
    assert beside.returncode == 0
    assert json.loads(out) == rows
    assert rows[0]["claims"] == rows[0]["decided"] + rows[0]["pended"] == 200
