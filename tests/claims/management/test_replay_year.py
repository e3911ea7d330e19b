"""The command that decides a year again on another design: what it tells, what it refuses, whom it never shows."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from claims.core.replay_report import SMALLEST_CELL
from claims.management.plan_files import plan_file
from claims.models import ClaimVersion, PendedDecision
from claims.services import night, replays
from tests.factories import nights

NIGHTS = 3


def a_year() -> None:
    """Claims of 2026, decided in three nights."""
    town = nights.town(families=8)
    arrived = list(nights.claims_of(town, claims=120))
    for number in range(NIGHTS):
        nights.submit(arrived[number * 40 : (number + 1) * 40])
        planned, _ = night.plan_night(business_date=nights.TONIGHT, run_no=number + 1, planned_at=nights.PLANNED_AT)
        assert night.work_until_empty(night_id=planned.pk, worker="alone") is night.Outcome.CLOSED


@pytest.fixture
def year(db, employer, as_employer):
    """Harbor has a year; Meadow has none."""
    with as_employer(employer):
        a_year()
    return employer


def a_design(tmp_path, change=lambda document: None) -> str:
    document = nights.document()
    change(document)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document))
    return str(path)


def without_deductible(document) -> None:
    for each in document["accumulators"]:
        if each["kind"] == "deductible":
            each["self_only_cents"], each["family_cents"] = 10_000, 20_000


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("replay_year", *arguments, "--year", "2026", "--processes", "1", stdout=out, stderr=StringIO())
    return out.getvalue()


def test_on_the_design_in_force_every_stored_decision_comes_out_again(year, tmp_path, as_employer):
    told = json.loads(run("harbor", "--plan", a_design(tmp_path), "--json"))
    with as_employer(year):
        versions = ClaimVersion.objects.count()
    assert (told["claims"], told["drifted"], told["changed"]) == (versions, 0, 0)
    assert told["plan_cents"]["in_force"] == told["plan_cents"]["other"]


def test_another_design_moves_money_and_stores_nothing(year, tmp_path, as_employer):
    with as_employer(year):
        before = ClaimVersion.objects.count(), PendedDecision.objects.count()
    told = json.loads(run("harbor", "--plan", a_design(tmp_path, without_deductible), "--json"))
    plan, members = told["plan_cents"], told["member_cents"]
    assert plan["other"] > plan["in_force"]
    assert plan["other"] + members["other"] == plan["in_force"] + members["in_force"]
    assert sum(cell["people"] for cell in told["cells"]) == told["people"]
    assert all(cell["people"] >= SMALLEST_CELL for cell in told["cells"])
    words = run("harbor", "--plan", a_design(tmp_path, without_deductible))
    assert f"{told['claims']} claims of {told['people']} people replayed" in words
    assert f"{told['changed']} claims differ" in words
    with as_employer(year):
        assert (ClaimVersion.objects.count(), PendedDecision.objects.count()) == before


def test_the_answer_does_not_depend_on_how_the_year_is_cut(year, tmp_path, monkeypatch):
    whole = run("harbor", "--plan", a_design(tmp_path, without_deductible), "--json")
    monkeypatch.setattr(replays, "MOST_CLAIMS", 5)
    assert run("harbor", "--plan", a_design(tmp_path, without_deductible), "--json") == whole


def test_processes_share_the_work_and_give_the_same(committing_db, employer, as_employer, tmp_path, monkeypatch):
    monkeypatch.setattr(replays, "MOST_CLAIMS", 30)
    with as_employer(employer):
        a_year()
    asked = ("replay_year", "harbor", "--plan", a_design(tmp_path, without_deductible), "--year", "2026", "--json")
    answers = []
    for processes in ("1", "3"):
        out = StringIO()
        call_command(*asked, "--processes", processes, stdout=out)
        answers.append(out.getvalue())
    assert answers[0] == answers[1]


def test_a_chunk_costs_the_same_few_statements_whatever_it_holds(
    year, as_employer, django_assert_max_num_queries, tmp_path
):
    with as_employer(year):
        design, document = plan_file(a_design(tmp_path))
        span = replays.Span(nights.NEW_YEAR, nights.NEW_YEAR.replace(year=2027))
        option = replays.option_for("medical", None)
        rules = replays.two_rules(option=option, document=document, design=design, span=span)
        (chunk,) = replays.chunks_of_year(span)
        with django_assert_max_num_queries(25):
            replays.replay_chunk(chunk, rules, span)
        assert connection.schema_name == year.schema_name


def test_another_employers_claims_are_never_read(year, tmp_path):
    with pytest.raises(CommandError, match="medical options have a design"):
        run("meadow", "--plan", a_design(tmp_path))


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nobody"], "There is no active employer nobody"),
        (["harbor", "--option", "HDHP"], "There is no medical option 'HDHP' with a design. There are: PPO."),
        (["harbor", "--year", "1999"], "choose a year from 2000"),
        (["harbor", "--year", "2024"], "no finalised claim has its first service in 2024"),
        (["harbor", "--processes", "0"], "choose 1 to 64"),
    ],
)
def test_bad_input_is_one_clear_line(year, tmp_path, arguments, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("replay_year", "--plan", a_design(tmp_path), "--year", "2026", *arguments)


def test_a_file_that_is_no_design_is_refused(year, tmp_path):
    with pytest.raises(CommandError, match="is not a file"):
        run("harbor", "--plan", str(tmp_path / "none.json"))
    bad = tmp_path / "bad.json"
    bad.write_text("{}")
    with pytest.raises(CommandError, match="bad.json"):
        run("harbor", "--plan", str(bad))
