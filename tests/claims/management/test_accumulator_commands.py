"""The commands that take pharmacy and takeover files: what they print, what they refuse, what they write."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from claims.models import AccumulatorEntry
from tests.factories import nights, pharmacy
from tests.factories.pharmacy import Fill, balances, feed

pytestmark = pytest.mark.django_db


@pytest.fixture
def alma(employer, as_employer):
    with as_employer(employer):
        town = nights.town(1)
        pharmacy.integrated(town)
        return town.people[town.families[0]][0]


def run(tmp_path, employer, content, *more, command="import_pharmacy"):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(command, employer.slug, str(path), *more, stdout=out, stderr=err)
        refusal = ""
    except CommandError as error:
        refusal = str(error)
    return out.getvalue(), err.getvalue(), refusal


def test_a_feed_is_taken_answered_and_listed(tmp_path, employer, as_employer, alma):
    with as_employer(employer):
        bad = Fill("A2", alma, copay=300).paid()
        bad[3] = "NOBODY"
        content = feed(Fill("A1", alma, copay=300).paid(), bad)
    answer = tmp_path / "answer.csv"
    out, _, refusal = run(tmp_path, employer, content, "--of", "claims", "--answer", str(answer))
    assert "2 records: 1 posted, 0 unchanged, 1 rejected" in out
    assert refusal == "1 of 2 records were rejected; the others are taken."
    assert answer.read_text().splitlines()[-1] == "TRAILER,2,1,1"
    again, _, _ = run(tmp_path, employer, content, "--of", "claims", "--json")
    assert json.loads(again)["status"] == "taken before"
    folder = tmp_path / "out"
    folder.mkdir()
    listed = io.StringIO()
    call_command("accumulator_files", employer.slug, "--out", str(folder), "--json", stdout=listed)
    assert json.loads(listed.getvalue())[0] | {"day": ""} == {
        "day": "",
        "kind": "claims_in",
        "partner": "RXONE",
        "reference": "RX-1",
        "records": 2,
        "posted": 1,
        "rejected": 1,
        "over": 0,
    }
    assert [path.name for path in folder.iterdir()] == ["answer-RXONE-RX-1.csv"]


def test_a_file_that_cannot_be_right_is_refused_with_its_lines(tmp_path, employer, as_employer, alma):
    with as_employer(employer):
        content = feed(Fill("A1", alma, copay=300).paid()).replace(b"TRAILER,1", b"TRAILER,2")
    _, err, refusal = run(tmp_path, employer, content, "--of", "claims")
    assert "line 4: records is 2, the records come to 1" in err
    assert refusal.endswith("refused, 1 fault. Nothing was taken.")
    out, _, _ = run(tmp_path, employer, content, "--of", "claims", "--json")
    assert json.loads(out)["faults"][0]["line"] == 4


def test_the_other_employer_takes_no_file_of_this_one(tmp_path, employer, other_employer, as_employer, alma):
    with as_employer(employer):
        content = feed(Fill("A1", alma, copay=300).paid())
    _, _, refusal = run(tmp_path, other_employer, content, "--of", "claims")
    assert "sponsors no plan of this employer" in refusal
    with as_employer(other_employer):
        assert not AccumulatorEntry.objects.exists()


def test_balances_are_taken_over(tmp_path, employer, as_employer, alma):
    with as_employer(employer):
        content = balances([(alma, "medical.deductible", "12.50")])
    out, _, refusal = run(tmp_path, employer, content, command="import_accumulators")
    assert ("1 posted" in out, refusal) == (True, "")
    with as_employer(employer):
        assert AccumulatorEntry.objects.get().amount == 1_250
