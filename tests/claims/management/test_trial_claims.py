"""`trial_claims` answers without a database, as its documentation shows, and refuses bad files in one line."""

import json
import os
import re
import shlex
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "docs" / "examples"
PPO, CLAIMS = EXAMPLES / "plan_ppo.json", EXAMPLES / "trial_claims.json"
FAMILY, REFERENCE = EXAMPLES / "trial_family.json", EXAMPLES / "trial_reference.json"
DOCUMENTED = re.findall(
    r"```sh\npython (manage.py trial_claims [^\n]*)\n```\n\n```text\n(.*?)\n```",
    (ROOT / "docs" / "trial_claims.md").read_text("utf-8"),
    re.DOTALL,
)


def run(*arguments, home):
    """The command in a process of its own that was told of no database, key or server."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def trial(*arguments):
    printed = StringIO()
    call_command("trial_claims", *map(str, arguments), stdout=printed)
    return printed.getvalue()


def answer(*arguments):
    return json.loads(trial(*arguments, "--json"))


@pytest.mark.parametrize(("command", "shown"), DOCUMENTED, ids=["json", "837"])
def test_the_documented_examples_print_what_the_page_shows(command, shown, tmp_path):
    done = run(*shlex.split(command), home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip("\n") == shown


def test_the_answer_for_programs_holds_ledger_accumulators_and_trace():
    found = answer("--plan", PPO, "--claims", CLAIMS, "--family", FAMILY, "--reference", REFERENCE)
    visit, checkup, abroad = found["decisions"]
    assert [visit["outcome"], checkup["outcome"], abroad["outcome"]] == ["pay", "pay", "pend"]
    assert [(line["paid_cents"], line["member_cents"]) for line in visit["lines"]] == [
        (10_000, 3_000),
        (0, 6_000),
        (0, 20_000),
    ]
    for decision in found["decisions"]:
        for line in decision["lines"]:
            assert line["billed_cents"] == line["paid_cents"] + sum(each["cents"] for each in line["adjustments"])
        assert decision["trace"][-1]["text"].endswith(f"${decision['member_cents'] / 100:,.2f}.")
    assert [(each["code"], each["line"], each["facts"]["service_code"]) for each in abroad["pends"]] == [
        ("BEN-01", 2, "Q4001")
    ]
    assert (abroad["lines"], abroad["counted"]) == ([], [])
    assert {(each["accumulator"], each["person"]): each["amount"] for each in found["accumulators"]} == {
        ("medical.deductible.in", "alma"): 146_000,
        ("medical.oop.in", "alma"): 149_000,
    }
    assert found["assumptions"] == []


def test_what_is_not_given_is_assumed_and_said():
    found = answer("--plan", PPO, "--claims", EXAMPLES / "trial_claims.837")
    assert [text.split(":")[0] for text in found["assumptions"]] == ["No family file", "No reference file"]
    assert found["decisions"][0]["paid_cents"] == 15_000


def test_several_plans_each_take_their_own_kind_of_claim(tmp_path):
    dental = json.loads(CLAIMS.read_text())["claims"][0]["claim"] | {"kind": "D"}
    dental["lines"] = [dental["lines"][0] | {"code": "DZ110"}]
    file = tmp_path / "dental.json"
    file.write_text(json.dumps([dental]))
    plans = ("--plan", PPO, "--plan", EXAMPLES / "plan_dental.json")
    (decision,) = answer(*plans, "--claims", file)["decisions"]
    assert (decision["line_of_coverage"], decision["plan"], decision["outcome"]) == ("dental", 2, "pay")


def bad(tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return file


def claims_with(**change):
    document = json.loads(CLAIMS.read_text())
    document["claims"][0] |= change
    return document


def plan_with(**change):
    return json.loads(PPO.read_text()) | change


@pytest.mark.parametrize(
    ("option", "content", "message"),
    [
        ("--plan", b"", "this is not JSON"),
        ("--plan", b"\xff\xfe\x00", "is not UTF-8 text"),
        ("--plan", plan_with(hdhp=True), "an HDHP pays nothing for primary_visit before its deductible is met"),
        ("--plan", plan_with(mapping=[]), "/mapping: [] should be non-empty"),
        ("--claims", b"", "The claims file is not JSON"),
        ("--claims", [], "holds no claim"),
        ("--claims", {"claims": []}, "/claims"),
        ("--claims", claims_with(person="zoe"), "Claim VISIT is for a person the family file does not have"),
        ("--claims", claims_with(received_date="2026-02-30"), "/claims/0/received_date: there is no day 2026-02-30"),
        ("--claims", claims_with(claim={"kind": "P"}), "/claims/0/claim: a Claim needs"),
        ("--claims", b"ISA*00*", "holds no acceptable claim"),
        ("--family", {"people": []}, "The family file, /people"),
        ("--family", {"people": [], "colour": 1}, "The family file, /"),
        ("--reference", {"providers": []}, "The reference file, /: 'networks' is a required property"),
    ],
)
def test_a_bad_file_is_refused_in_one_line_that_says_where(option, content, message, tmp_path):
    files = {"--plan": PPO, "--claims": CLAIMS, "--family": FAMILY, "--reference": REFERENCE}
    files[option] = bad(tmp_path, "bad.json", content)
    with pytest.raises(CommandError) as refusal:
        trial(*[part for pair in files.items() for part in pair])
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_missing_file_or_a_folder_is_named(name, tmp_path):
    with pytest.raises(CommandError, match=re.escape(str(tmp_path / name))):
        trial("--plan", PPO, "--claims", tmp_path / name)


def test_a_refusal_is_one_line_on_the_error_stream_and_exit_code_one(tmp_path):
    done = run("manage.py", "trial_claims", "--plan", PPO, "--claims", bad(tmp_path, "bad.json", b"{"), home=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"CommandError: The claims file is not JSON: [^\n]*\n", done.stderr)


def edited(tmp_path, **on):
    """The example plan with code edits on, and a claim of a visit and a blood test of one day."""
    plan = json.loads(PPO.read_text("utf-8")) | {"edits": on}
    given = json.loads(CLAIMS.read_text("utf-8"))["claims"][0]
    first, second = given["claim"]["lines"][:2]
    paths = {"plan": plan, "claims": {"claims": [given]}}
    for name, content in paths.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    return tmp_path / "plan.json", tmp_path / "claims.json", first["code"], second["code"]


def test_edits_are_tried_with_the_tables_of_the_reference_file(tmp_path):
    plan, claims, first, second = edited(tmp_path, ptp="deny")
    reference = json.loads(REFERENCE.read_text("utf-8"))
    pair = {"kind": "ptp", "setting": "all", "column1": first, "column2": second, "indicator": "0"}
    reference["edits"] = {"pairs": [pair | {"start": "2025-01-01"}]}
    (tmp_path / "reference.json").write_text(json.dumps(reference))
    asked = ("--plan", plan, "--claims", claims, "--family", FAMILY)
    (refused,) = answer(*asked, "--reference", tmp_path / "reference.json")["decisions"]
    assert [line["denials"] for line in refused["lines"]][1] == ["CO-236"]
    (waits,) = answer(*asked, "--reference", REFERENCE)["decisions"]
    assert [pend["code"] for pend in waits["pends"]] == ["EDT-02"]


def test_without_a_reference_file_edits_are_passed_over_and_it_says_so(tmp_path):
    plan, claims, *_ = edited(tmp_path, ptp="deny")
    found = answer("--plan", plan, "--claims", claims, "--family", FAMILY)
    assert [pend for pend in found["decisions"][0]["pends"] if pend["code"] == "EDT-02"] == []
    assert any("edits are not applied" in each for each in found["assumptions"])


FATHERS_PLAN = {
    "kind": "group",
    "start": "2024-01-01",
    "role": "dependant",
    "holder": "parent",
    "holder_birthday": "3-14",
    "parents": "together",
}


def family_with(tmp_path, other):
    document = json.loads(FAMILY.read_text())
    document["employer"] = {"employees": 45, "employed_since": "2020-01-01"}
    document["people"][1] |= {"other_coverage": [other], "asked": [{"on": "2026-01-05", "has_other": True}]}
    return bad(tmp_path, "family.json", document)


@pytest.mark.parametrize(
    ("birthday", "outcome", "told"),
    [
        ("7-14", "pay", "this plan pays first, by the rule birthday"),
        ("3-14", "pend", "the other plan pays first, by the rule birthday"),
    ],
)
def test_a_childs_other_plan_is_put_in_order_on_trial(tmp_path, birthday, outcome, told):
    """Ben is nine, Alma was born on 1 June; his father's plan comes first when his birthday is earlier in the year."""
    file = family_with(tmp_path, FATHERS_PLAN | {"holder_birthday": birthday})
    found = answer("--plan", PPO, "--claims", CLAIMS, "--family", file, "--reference", REFERENCE)
    checkup = found["decisions"][1]
    assert checkup["outcome"] == outcome
    assert any(told in step["text"] for step in checkup["trace"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"basis": "job"}, "/people/1/other_coverage/0/basis"),
        ({"holder_birthday": "2-30"}, "holder_birthday is no day of any year"),
        ({"start": "2026-02-30"}, "other coverage"),
    ],
)
def test_wrong_facts_of_other_coverage_are_refused_with_their_place(tmp_path, change, message):
    with pytest.raises(CommandError) as refusal:
        trial("--plan", PPO, "--claims", CLAIMS, "--family", family_with(tmp_path, FATHERS_PLAN | change))
    assert message in str(refusal.value)


def corrected(tmp_path, *more):
    """The first example claim, and corrections of it: (number, frequency, claim corrected, charge of line 1)."""
    first = json.loads(CLAIMS.read_text("utf-8"))["claims"][0]
    claims = [first]
    for number, frequency, about, cents in more:
        again = json.loads(json.dumps(first)) | {"claim_number": number}
        again["claim"] |= {"frequency": frequency, "original_reference": about}
        change = cents - again["claim"]["lines"][0]["charge_cents"]
        again["claim"]["lines"][0]["charge_cents"] = cents
        again["claim"]["billed_cents"] += change
        claims.append(again)
    return bad(tmp_path, "corrected.json", {"claims": claims})


def told(found):
    return [
        (each["claim_number"], each["version"], each["reverses"], each["outcome"], each["paid_cents"])
        for each in found["decisions"]
    ]


def test_a_replacement_takes_its_claim_back_and_counts_as_if_it_had_come_alone(tmp_path):
    options = ("--plan", PPO, "--family", FAMILY, "--reference", REFERENCE)
    found = answer("--claims", corrected(tmp_path, ("FIXED", "7", "VISIT", 9_000)), *options)
    first, undone, fixed = told(found)
    assert (first[:4], undone[:4], fixed[:4]) == (
        ("VISIT", 1, False, "pay"),
        ("VISIT", 2, True, "pay"),
        ("FIXED", 1, False, "pay"),
    )
    assert undone[4] == -first[4]
    alone = json.loads(corrected(tmp_path, ("FIXED", "1", "", 9_000)).read_text("utf-8"))
    only = answer("--claims", bad(tmp_path, "alone.json", {"claims": alone["claims"][1:]}), *options)
    assert found["accumulators"] == only["accumulators"]
    assert fixed[4] == only["decisions"][0]["paid_cents"]


def test_a_void_takes_the_newest_of_its_line_back_to_the_cent(tmp_path):
    options = ("--plan", PPO, "--family", FAMILY, "--reference", REFERENCE)
    file = corrected(tmp_path, ("FIXED", "7", "VISIT", 9_000), ("GONE", "8", "FIXED", 9_000))
    found = answer("--claims", file, *options)
    assert sum(each[4] for each in told(found)) == 0
    opening = json.loads(FAMILY.read_text("utf-8")).get("accumulators", [])
    assert sum(each["amount"] for each in found["accumulators"]) == sum(each["amount"] for each in opening)
    assert "Claim FIXED for alma: taken back" in trial("--claims", file, *options)


def test_a_correction_of_an_unknown_claim_still_waits(tmp_path):
    found = answer("--plan", PPO, "--claims", corrected(tmp_path, ("FIXED", "7", "OTHER", 9_000)), "--family", FAMILY)
    assert [pend["code"] for pend in found["decisions"][1]["pends"]] == ["ADJ-01"]


@pytest.mark.parametrize(
    ("corrections", "message"),
    [
        ((("ONE", "7", "VISIT", 9_000), ("TWO", "7", "VISIT", 8_000)), "is taken back by ONE. Name the newest"),
        ((("ONE", "8", "VISIT", 18_000), ("TWO", "7", "ONE", 8_000)), "is taken back by itself"),
        ((("ONE", "7", "TWO", 9_000), ("TWO", "7", "VISIT", 8_000)), "comes after it"),
    ],
)
def test_corrections_that_do_not_fit_are_refused(tmp_path, corrections, message):
    with pytest.raises(CommandError, match=message):
        trial("--plan", PPO, "--claims", corrected(tmp_path, *corrections), "--family", FAMILY)


def priced_by(tmp_path, prices, **term):
    document = json.loads(REFERENCE.read_text("utf-8"))
    document["terms"] = [{"network": "HARBOR", "priority": 1, "start": "2026-01-01"} | term]
    return bad(tmp_path, "priced.json", document | {"prices": prices})


def test_every_pricing_method_may_be_tried_with_its_tables(tmp_path):
    """One relative value of 2.0 (work 1.2, practice 0.7, liability 0.1) at $40.00 is $80.00."""
    prices = {
        "relative_values": [
            {
                "schedule": "RV",
                "code": code,
                "work_e4": 12_000,
                "practice_e4": 7_000,
                "practice_facility_e4": 5_000,
                "liability_e4": 1_000,
                "start": "2026-01-01",
            }
            for code in ("T1015", "G0306", "R0070")
        ],
        "indices": [
            {"schedule": "RV", "locality": "", "work_e4": 10_000, "practice_e4": 10_000, "liability_e4": 10_000}
            | {"start": "2026-01-01"}
        ],
        "factors": [{"schedule": "RV", "locality": "", "factor_e4": 400_000, "start": "2026-01-01"}],
    }
    file = priced_by(tmp_path, prices, method="relative_value", schedule="RV")
    found = answer("--plan", PPO, "--claims", CLAIMS, "--family", FAMILY, "--reference", file)
    assert [line["allowed_cents"] for line in found["decisions"][0]["lines"]] == [8_000, 8_000, 8_000]


@pytest.mark.parametrize(
    ("prices", "message"),
    [
        ({"weights": [{"start": "2026-01-01"}]}, "/prices/weights/0: There is no price table 'weights'"),
        ({"factors": [{"start": "2026-01-01", "schedule": "RV"}]}, "has no usable factor_e4"),
        ({"factors": [{"schedule": "RV", "factor_e4": 1}]}, "'start' is a required property"),
        ({"factors": [{"start": "2026-02-30", "schedule": "RV", "factor_e4": 1}]}, "There is no day 2026-02-30"),
    ],
)
def test_price_tables_that_are_none_are_refused(tmp_path, prices, message):
    file = priced_by(tmp_path, prices, method="relative_value", schedule="RV")
    with pytest.raises(CommandError, match=re.escape(message)):
        trial("--plan", PPO, "--claims", CLAIMS, "--family", FAMILY, "--reference", file)
