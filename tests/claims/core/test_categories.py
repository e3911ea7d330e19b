"""A line belongs to the category of the first rule that fits everything the rule asks."""

import json
from datetime import date
from pathlib import Path

import pytest

from claims.core.adjudication import adjudicate_family
from claims.core.claim import ProviderRef
from tests.factories.engine import ALMA, CLINIC, TIN, claim, facts, family, line, person, reference, rules, span

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
PPO = rules(json.loads((EXAMPLES / "plan_ppo.json").read_text()))
DENTAL = json.loads((EXAMPLES / "plan_dental.json").read_text())


def categories(content, book=PPO, people=None, **more):
    answer = adjudicate_family(family(facts(content), people=people, **more), book)[0]
    return [each.category for each in answer.lines] or [each.code for each in answer.pends]


def family_doctor(taxonomy):
    return ProviderRef(npi=CLINIC, tin=TIN, taxonomy=taxonomy)


@pytest.mark.parametrize(
    ("changes", "more", "expected"),
    [
        ({"code": "T1015"}, {"billing": family_doctor("207Q00000X")}, "primary_visit"),
        ({"code": "T1015"}, {"billing": family_doctor("207X00000X")}, "specialist_visit"),
        ({"code": "T1015"}, {"diagnoses": ("Z0000", "E119")}, "preventive"),
        ({"code": "T1015", "diagnosis_pointers": (2, 1)}, {"diagnoses": ("Z0000", "E119")}, "specialist_visit"),
        ({"code": "T1015", "modifiers": ("25", "33")}, {}, "preventive"),
        ({"code": "T1015"}, {"facility_code": "23"}, "emergency"),
        ({"code": "T1015", "place": "11"}, {"facility_code": "23"}, "specialist_visit"),
        ({"code": "A0430"}, {}, "ambulance"),
        ({"code": "J0119"}, {}, "BEN-01"),
        ({"code": "J0120"}, {}, "injected_drugs"),
        ({"code": "", "revenue": "0301"}, {"kind": "I", "facility_code": "13"}, "laboratory"),
        (
            {"code": "G0306", "revenue": "0250"},
            {"kind": "I", "facility_code": "11", "authorization": "A1"},
            "inpatient",
        ),
        ({"code": "", "revenue": "0250"}, {"kind": "I", "facility_code": "13"}, "outpatient_facility"),
        ({"code": "", "revenue": "0250"}, {"kind": "I", "facility_code": "32"}, "BEN-01"),
    ],
)
def test_the_first_rule_that_fits_names_the_category(changes, more, expected):
    assert categories(claim(line(**changes), **more)) == [expected]


def test_the_emergency_room_takes_every_line_of_its_day_and_claim():
    day_after = date(2026, 3, 3)
    content = claim(
        line(1, code="G0306", revenue="0300"),
        line(2, code="", revenue="0450"),
        line(3, code="G0306", revenue="0300", day=day_after),
        kind="I",
        facility_code="13",
    )
    assert categories(content) == ["emergency", "emergency", "laboratory"]


@pytest.mark.parametrize(("birth", "expected"), [(date(2007, 3, 3), "orthodontic"), (date(2007, 3, 2), "")])
def test_age_is_that_of_the_day_of_service(birth, expected):
    content = claim(line(code="DZ810"), kind="D")
    tables = reference()
    tables.networks[CLINIC][0].network = "BRIGHT"
    tables = type(tables)(
        release="test",
        providers=tables.providers,
        networks=tables.networks,
        terms={"BRIGHT": tables.terms["HARBOR"]},
        rates={},
    )
    found = categories(
        content,
        rules(DENTAL, tables),
        [person(ALMA, birth_date=birth)],
        spans=[span(ALMA, line_of_coverage="dental")],
    )
    assert found == [expected]
