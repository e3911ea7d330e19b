"""`publish_plan`: a lawful design becomes the newest version; everything else is refused with its place."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from benefits.models import PlanDesignVersion
from benefits.services import plan_publishing
from tests.factories import benefits as make
from tests.factories import tenants as people
from tests.factories.two_people import approver

EXAMPLE = Path(__file__).parents[4] / "docs" / "examples" / "plan_ppo.json"


GOLDEN = EXAMPLE.with_name("golden_ppo.csv")


@pytest.fixture
def harbor(db, employer, as_employer):
    people.staff("account_manager", email="writer@aso.example", name="Writer")
    with as_employer(employer):
        make.plans()
    return employer


@pytest.fixture
def design():
    return json.loads(EXAMPLE.read_text(encoding="utf-8"))


def run(*arguments, golden=GOLDEN):
    out = io.StringIO()
    given = ("--golden", str(golden), "--by", "writer@aso.example")
    call_command("publish_plan", *arguments, *given, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def written(tmp_path, design):
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(design), encoding="utf-8")
    return str(file)


def test_a_design_is_drafted_proved_and_waits_for_a_second_person(harbor, as_employer):
    told = json.loads(run("harbor", str(EXAMPLE), "--option", "PPO", "--json"))
    assert (told["status"], told["version"]) == ("requested", 1)
    with as_employer(harbor):
        version = PlanDesignVersion.objects.get()
        assert version.published_at is None
        assert version.golden_sets.get().runs.filter(passed=False).count() == 0
        plan_publishing.approve(
            version_uuid=version.uuid, actor=approver(harbor.schema_name), approved_at=timezone.now()
        )
    assert json.loads(run("harbor", str(EXAMPLE), "--option", "PPO", "--json"))["status"] == "unchanged"


def test_a_correction_is_a_newer_version_over_the_same_days(harbor, as_employer, tmp_path, design):
    assert "version 1 of PPO" in run("harbor", str(EXAMPLE), "--option", "PPO")
    design["name"] = "Corrected"
    assert "version 2 of PPO for 2026-01-01 to 2027-01-01 is proved" in run(
        "harbor", written(tmp_path, design), "--option", "PPO"
    )
    with as_employer(harbor):
        assert PlanDesignVersion.objects.filter(published_at=None).count() == 2


def test_a_design_whose_golden_claims_differ_is_refused_claim_line_and_figure(harbor, as_employer, tmp_path, design):
    next(each for each in design["categories"] if each["key"] == "primary_visit")["cost_share"]["in"]["copay_cents"] = (
        3_500
    )
    with pytest.raises(
        CommandError, match="Golden claim 'family doctor', line 1: copay is expected to be 3000, the engine gives 3500"
    ):
        run("harbor", written(tmp_path, design), "--option", "PPO")
    with as_employer(harbor):
        assert not PlanDesignVersion.objects.exclude(published_at=None).exists()


def test_nothing_is_drafted_without_an_author_or_golden_claims(harbor, as_employer):
    for given, message in (
        (["--golden", str(GOLDEN)], "Say with --by EMAIL"),
        (["--golden", str(GOLDEN), "--by", "nobody@aso.example"], "no member of staff"),
        (["--by", "writer@aso.example"], "--golden FILE"),
    ):
        with pytest.raises(CommandError, match=message):
            call_command("publish_plan", "harbor", str(EXAMPLE), "--option", "PPO", *given)
    with as_employer(harbor):
        assert not PlanDesignVersion.objects.exists()


def test_a_line_with_one_option_needs_no_name_for_it(harbor):
    dental = str(EXAMPLE.with_name("plan_dental.json"))
    assert "of DENTAL" in run("harbor", dental, golden=EXAMPLE.with_name("golden_dental.csv"))
    with pytest.raises(CommandError, match="2 medical options are set up. Choose one with --option: HDHP, PPO."):
        run("harbor", str(EXAMPLE))
    with pytest.raises(CommandError, match="No vision options are set up"):
        run("harbor", str(EXAMPLE.with_name("plan_vision.json")))


def test_an_unlawful_design_is_refused_with_every_reason_and_its_source(harbor, as_employer, tmp_path, design):
    for accumulator in design["accumulators"]:
        if accumulator["kind"] == "out_of_pocket":
            accumulator["self_only_cents"] = accumulator["family_cents"] = 99_000_000
    with pytest.raises(CommandError, match=r"/accumulators/.*45 CFR 156.130"):
        run("harbor", written(tmp_path, design), "--option", "PPO")
    with as_employer(harbor):
        assert not PlanDesignVersion.objects.exists()


def test_a_design_of_another_line_or_for_an_unknown_option_is_refused(harbor):
    with pytest.raises(CommandError, match="/line_of_coverage: medical, but option DENTAL is dental"):
        run("harbor", str(EXAMPLE), "--option", "DENTAL")
    with pytest.raises(CommandError, match="Plan option 'GOLD' is not set up"):
        run("harbor", str(EXAMPLE), "--option", "GOLD")


def test_a_check_publishes_nothing(harbor, as_employer):
    assert "may be drafted for PPO" in run("harbor", str(EXAMPLE), "--option", "PPO", "--check")
    with as_employer(harbor):
        assert not PlanDesignVersion.objects.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b'{"schema": ', "is not JSON"),
        (b'{"schema": "aso.plan_design/1", "schema": "twice"}', "names 'schema' twice"),
        (b"[1, 2]", "a plan design is"),
        (b"\xff\xfe{", "is text in UTF-16"),
        (b'{"name": "Zo\xeb"}', "line 1: byte 13 is not UTF-8"),
        (b"subscriber_number,sex\n", "is not JSON"),
        (b"{}", "required property"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_is_no_design_is_refused_with_one_line(harbor, tmp_path, content, message):
    file = tmp_path / "plan.json"
    file.write_bytes(content)
    with pytest.raises(CommandError) as refusal:
        run("harbor", str(file), "--option", "PPO")
    assert message in str(refusal.value) and "\n" not in str(refusal.value)


def test_missing_and_oversized_files_and_unknown_employers_are_refused(harbor, tmp_path):
    with pytest.raises(CommandError, match="there is no such file"):
        run("harbor", str(tmp_path / "nothing.json"))
    big = tmp_path / "big.json"
    with big.open("wb") as file:
        file.truncate(5 * 1024**3)
    with pytest.raises(CommandError, match="at most 4 MB are read"):
        run("harbor", str(big))
    with pytest.raises(CommandError, match="no active employer 'atlantis'"):
        run("atlantis", str(EXAMPLE))
