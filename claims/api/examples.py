"""Replies shown in the description of the API. Made-up care; a test holds them to the schema and to the cent."""

CLAIM = {
    "uuid": "5a0f7c1e-3b52-4f0a-8d27-1c9e6b4a2f55",
    "number": "C0000000018",
    "person": "0d2b54ce-9f0f-4a63-8f0b-5d1f8a3a9c22",
    "provider": "Mercy General Hospital",
    "status": "settled",
    "service_date": "2026-04-01",
    "received_date": "2026-04-03",
    "decided_date": "2026-04-04",
    "paid_date": "2026-04-05",
    "plan_paid_cents": 28_000,
    "member_owes_cents": 82_000,
    "patient_paid_cents": 4_000,
    "member_still_owes_cents": 78_000,
}
CLAIMS = {"results": [CLAIM], "next": None}
CLAIM_DETAIL = {
    **CLAIM,
    "lines": [
        {
            "number": 1,
            "service_date": "2026-04-01",
            "code": "G0463",
            "modifiers": "",
            "revenue_code": "",
            "units_thousandths": 1000,
            "category": "specialist_visit",
            "billed_cents": 150_000,
            "allowed_cents": 110_000,
            "paid_cents": 28_000,
            "adjustments": [
                {"group": "CO", "carc": "45", "cents": 40_000},
                {"group": "PR", "carc": "1", "cents": 75_000},
                {"group": "PR", "carc": "2", "cents": 7_000},
            ],
        }
    ],
    "explanation": {
        "plan_name": "Harbor PPO",
        "plan_design_version": 1,
        "steps": [
            {"kind": "billed", "topic": "billed", "cents": 150_000, "codes": []},
            {"kind": "off", "topic": "network_price", "cents": 40_000, "codes": ["CO-45"]},
            {"kind": "plan", "topic": "plan", "cents": 28_000, "codes": []},
            {"kind": "yours", "topic": "deductible", "cents": 75_000, "codes": ["PR-1"]},
            {"kind": "yours", "topic": "coinsurance", "cents": 7_000, "codes": ["PR-2"]},
            {"kind": "total", "topic": "total", "cents": 82_000, "codes": []},
        ],
        "rules": ["Line 1: G0463 on 2026-04-01, billed 1500.00."],
        "effects": [
            {
                "name": "Deductible",
                "kind": "deductible",
                "of_family": False,
                "before_cents": 0,
                "after_cents": 75_000,
            }
        ],
    },
}
CLAIM_DETAIL["corrections"] = [
    {
        "kind": "replace",
        "outcome": "changed",
        "changed_date": "2026-04-04",
        "claim": {"uuid": "8b7f3f0a-55a2-4f0c-9d3e-2b7c0c1d9e44", "number": "C0000000011"},
        "replaced_by": {"uuid": CLAIM["uuid"], "number": CLAIM["number"]},
        "before": {
            "billed_cents": 120_000,
            "allowed_cents": 90_000,
            "plan_paid_cents": 12_000,
            "member_owes_cents": 78_000,
        },
        "after": {
            "billed_cents": 150_000,
            "allowed_cents": 110_000,
            "plan_paid_cents": 28_000,
            "member_owes_cents": 82_000,
        },
    }
]
STANDING = {
    "person": CLAIM["person"],
    "line_of_coverage": "medical",
    "plan_name": "Harbor PPO",
    "period_start": "2026-01-01",
    "period_end": "2027-01-01",
    "accumulators": [
        {
            "key": "ded.inn",
            "name": "Deductible",
            "kind": "deductible",
            "in_network": True,
            "person_used_cents": 75_000,
            "person_limit_cents": 75_000,
            "family_used_cents": 75_000,
            "family_limit_cents": 150_000,
            "left_cents": 0,
        }
    ],
}
