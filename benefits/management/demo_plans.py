"""Plan designs of the demo and the benches: a PPO with embedded family limits, an aggregate HDHP, dental, vision.

They cover the services of `claims.management.made`; network MADE-PPO. Limits lie within the 2026 figures.
"""

from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Any
from uuid import UUID

from tenants.core.roles import Actor, Role

NETWORK = "MADE-PPO"
EDITS = {"ptp": "deny", "mue": "deny", "mue_action": "cut_back", "earlier_claims": "report"}
"""The code edits of the demo's medical plans; their tables come with `claims.management.made`."""
PHARMACY = {"managers": ["MADERX"], "deductible": "ded.inn", "out_of_pocket": "oop.inn"}
"""What the demo's medical plans share with the made-up pharmacy manager, whose feed comes with `claims.management.made`."""
Document = dict[str, Any]

GOLDEN_YEAR = "2026"


def golden_table(document: Mapping[str, Any]) -> str:
    """The golden claims of one of these plans as a table (docs/golden_claims.md), in the document's first year."""
    line = str(document["line_of_coverage"])
    name = line if line != "medical" else "hdhp" if document.get("hdhp") else "ppo"
    text = files("benefits.management").joinpath(f"golden/{name}.csv").read_text("utf-8")
    return text.replace(f",{GOLDEN_YEAR}-", f",{str(document['effective']['start'])[:4]}-")


def author(schema_name: str) -> Actor:
    """The made-up member of staff who writes plans of the demo and the benches."""
    return Actor("staff", UUID("5eed0000-0000-4000-8000-00000000000a"), frozenset({Role.ACCOUNT_MANAGER}), schema_name)


def approver(schema_name: str) -> Actor:
    """The made-up second one, who approves them."""
    return Actor("staff", UUID("5eed0000-0000-4000-8000-00000000000b"), frozenset({Role.CLAIMS_MANAGER}), schema_name)


_TIERS = [
    {"key": "inn", "name": "In network", "networks": [NETWORK], "payee": "provider"},
    {
        "key": "oon",
        "name": "Out of network",
        "out_of_network": True,
        "payee": "assignment",
        "allowed": {"basis": "percent_of_billed", "rate_bp": 6_000},
    },
]

_MEDICAL_MAPPING: list[tuple[str, Document, str]] = [
    ("preventive_marked", {"kinds": ["P"], "modifiers": ["33"]}, "preventive"),
    ("wellness", {"kinds": ["P"], "codes": ["G0438-G0439"], "first_diagnosis": ["Z00"]}, "preventive"),
    ("screening", {"kinds": ["I"], "codes": ["G0121"], "first_diagnosis": ["Z12"]}, "preventive"),
    ("emergency_room", {"kinds": ["I"], "bill_types": ["13"], "revenues": ["0450-0459"]}, "emergency"),
    ("inpatient", {"kinds": ["I"], "bill_types": ["11"]}, "inpatient"),
    ("outpatient_hospital", {"kinds": ["I"], "bill_types": ["13"]}, "outpatient"),
    ("therapy", {"kinds": ["P"], "codes": ["S9131", "G0283"]}, "therapy"),
    ("behavioral", {"kinds": ["P"], "codes": ["H0004"]}, "behavioral"),
    ("urgent_care", {"kinds": ["P"], "codes": ["S9083"]}, "urgent_care"),
    ("ambulance", {"kinds": ["P"], "codes": ["A0425-A0436"]}, "ambulance"),
    ("equipment", {"kinds": ["P"], "codes": ["A7030-A7046", "E0100-E8002"]}, "equipment"),
    ("specialist", {"kinds": ["P"], "codes": ["G0463"]}, "specialist_visit"),
    ("office", {"kinds": ["P"], "codes": ["T1015", "G0438-G0439"]}, "office_visit"),
    ("laboratory", {"kinds": ["P"], "codes": ["G0103", "G0306", "G0480", "P9612", "R0075"]}, "tests"),
    ("injections", {"kinds": ["P"], "codes": ["G0008", "J0000-J9999"]}, "drugs_given"),
]
_MEDICAL_NAMES = {
    "preventive": "Preventive care",
    "office_visit": "Office visit",
    "specialist_visit": "Specialist visit",
    "urgent_care": "Urgent care",
    "emergency": "Emergency room",
    "inpatient": "Hospital stay",
    "outpatient": "Outpatient hospital",
    "therapy": "Physical therapy",
    "behavioral": "Counseling",
    "ambulance": "Ambulance",
    "equipment": "Medical equipment",
    "tests": "Laboratory and X-ray",
    "drugs_given": "Injections and infusions",
}


def _mapping(rules: list[tuple[str, Document, str]]) -> list[Document]:
    return [{"id": name, "when": when, "category": category} for name, when, category in rules]


def _share(*, deductible: bool, coinsurance_bp: int, **more: Any) -> Document:
    return {"deductible": deductible, "coinsurance_bp": coinsurance_bp, **more}


def _copay(cents: int, basis: str = "visit") -> Document:
    return _share(deductible=False, coinsurance_bp=0, copay_cents=cents, copay_basis=basis)


def _category(key: str, inn: Document, oon: Document) -> Document:
    marks: Document = {}
    if key == "preventive":
        marks["preventive"] = True
    if key == "emergency":
        marks |= {"emergency": True, "takes_whole_day": True}
    return {"key": key, "name": _MEDICAL_NAMES[key], **marks, "cost_share": {"inn": inn, "oon": oon}}


def _accumulator(
    key: str, name: str, kind: str, tier: str, self_only: int, family: int, rule: str, person: int | None = None
) -> Document:
    found: Document = {
        "key": key,
        "name": name,
        "kind": kind,
        "tiers": [tier],
        "self_only_cents": self_only,
        "family_cents": family,
        "family_rule": rule,
    }
    return found | ({"person_in_family_cents": person} if person is not None else {})


def _medical(name: str, start: date, end: date) -> Document:
    return {
        "schema": "aso.plan_design/1",
        "name": name,
        "line_of_coverage": "medical",
        "effective": {"start": start.isoformat(), "end": end.isoformat()},
        "tiers": _TIERS,
        "mapping": _mapping(_MEDICAL_MAPPING),
        "limits": [
            {
                "key": "therapy_visits",
                "name": "Physical therapy visits",
                "measure": "visits",
                "period": "benefit_period",
                "per_person": 30,
                "categories": ["therapy"],
            }
        ],
        "timely_filing": {"days": 365},
        "coordination": {"method": "standard"},
        "accident": "pend",
    }


def ppo(*, start: date, end: date, name: str = "PPO 750") -> Document:
    """Copays for visits, deductible 750/1,500 embedded, 20 %, out-of-pocket 4,000/8,000; 40 % out of network."""
    inn, oon = _share(deductible=True, coinsurance_bp=2_000), _share(deductible=True, coinsurance_bp=4_000)
    own = {
        "preventive": _share(deductible=False, coinsurance_bp=0),
        "office_visit": _copay(2_500),
        "specialist_visit": _copay(4_500),
        "urgent_care": _copay(5_000),
        "emergency": _share(deductible=True, coinsurance_bp=2_000, copay_cents=25_000, copay_basis="visit"),
        "behavioral": _copay(2_500),
        "therapy": _copay(3_000),
    }
    return _medical(name, start, end) | {
        "accumulators": [
            _accumulator("ded.inn", "Deductible in network", "deductible", "inn", 75_000, 150_000, "embedded"),
            _accumulator("ded.oon", "Deductible out of network", "deductible", "oon", 150_000, 300_000, "embedded"),
            _accumulator("oop.inn", "Limit in network", "out_of_pocket", "inn", 400_000, 800_000, "embedded"),
            _accumulator("oop.oon", "Limit out of network", "out_of_pocket", "oon", 900_000, 1_800_000, "embedded"),
        ],
        "cross_accumulation": {"deductible": "better", "out_of_pocket": "none"},
        "categories": [
            _category(key, own.get(key, inn), own[key] if key == "emergency" else oon) for key in _MEDICAL_NAMES
        ],
    }  # fmt: skip


def hdhp(*, start: date, end: date, name: str = "HDHP 2000") -> Document:
    """Nothing but prevention before the deductible of 2,000/4,000; 10 %; out-of-pocket 5,000/10,000; all aggregate."""
    inn, oon = _share(deductible=True, coinsurance_bp=1_000), _share(deductible=True, coinsurance_bp=3_000)
    prevention = _share(deductible=False, coinsurance_bp=0)
    return _medical(name, start, end) | {
        "hdhp": True,
        "accumulators": [
            _accumulator("ded.inn", "Deductible in network", "deductible", "inn", 200_000, 400_000, "aggregate"),
            _accumulator("ded.oon", "Deductible out of network", "deductible", "oon", 400_000, 800_000, "aggregate"),
            _accumulator("oop.inn", "Limit in network", "out_of_pocket", "inn", 500_000, 1_000_000, "aggregate"),
            _accumulator("oop.oon", "Limit out of network", "out_of_pocket", "oon", 1_000_000, 2_000_000, "aggregate"),
        ],
        "cross_accumulation": {"deductible": "none", "out_of_pocket": "none"},
        "categories": [
            _category(key, prevention if key == "preventive" else inn, inn if key == "emergency" else oon)
            for key in _MEDICAL_NAMES
        ],
    }  # fmt: skip


def dental(*, start: date, end: date, name: str = "Dental") -> Document:
    """Prevention in full, fillings 20 %, crowns 50 % after twelve months, deductible 50/150, 1,500 a year."""
    classes = {
        "prevention": ("Preventive dental", _share(deductible=False, coinsurance_bp=0), ["D0010-D0019", "D0021"]),
        "basic": ("Basic dental", _share(deductible=True, coinsurance_bp=2_000), ["D0030-D0039"]),
        "major": ("Major dental", _share(deductible=True, coinsurance_bp=5_000), ["D0070-D0079"]),
    }
    limited = {
        "name": "Dental maximum",
        "measure": "plan_paid_cents",
        "period": "benefit_period",
        "per_person": 150_000,
    }
    return {
        "schema": "aso.plan_design/1",
        "name": name,
        "line_of_coverage": "dental",
        "effective": {"start": start.isoformat(), "end": end.isoformat()},
        "tiers": _TIERS,
        "accumulators": [
            _accumulator("dental.ded", "Dental deductible", "deductible", "inn", 5_000, 15_000, "embedded")
        ],
        "limits": [{"key": "dental.max", **limited, "categories": list(classes)}],
        "categories": [
            {"key": key, "name": label, "cost_share": {"inn": share, "oon": {**share, "deductible": False}}}
            for key, (label, share, _) in classes.items()
        ],
        "mapping": _mapping([(key, {"kinds": ["D"], "codes": codes}, key) for key, (_, _, codes) in classes.items()]),
        "timely_filing": {"days": 365},
        "coordination": {"method": "non_duplication"},
    }


def vision(*, start: date, end: date, name: str = "Vision") -> Document:
    """Eye examination 10, materials 25 with an allowance of 150 for frames."""
    exam, materials = _copay(1_000), {**_copay(2_500), "allowance_cents": 15_000, "overage_discount_bp": 2_000}
    outside = _share(deductible=False, coinsurance_bp=5_000)
    return {
        "schema": "aso.plan_design/1",
        "name": name,
        "line_of_coverage": "vision",
        "effective": {"start": start.isoformat(), "end": end.isoformat()},
        "tiers": _TIERS,
        "accumulators": [],
        "categories": [
            {"key": "exam", "name": "Eye examination", "cost_share": {"inn": exam, "oon": outside}},
            {"key": "materials", "name": "Frames and lenses", "cost_share": {"inn": materials, "oon": outside}},
        ],
        "mapping": _mapping(
            [
                ("exam", {"kinds": ["P"], "codes": ["S0620-S0621"]}, "exam"),
                ("materials", {"kinds": ["P"], "codes": ["V2020-V2599"]}, "materials"),
            ]
        ),
        "timely_filing": {"days": 365},
        "coordination": {"method": "standard"},
    }
