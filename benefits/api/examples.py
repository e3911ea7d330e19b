"""Replies shown in the description of the API. Made-up people; a test holds them to the schema."""

MEMBER = {
    "uuid": "6f1f0a52-6a34-4d0e-9a55-0c8d3b1f7a11",
    "person": "0d2b54ce-9f0f-4a63-8f0b-5d1f8a3a9c22",
    "family": "b3c1e4d7-2a18-4c6e-8e7b-91f0d2c4a533",
    "subscriber": None,
    "relationship": "18",
    "given_name": "Alma",
    "family_name": "Ruiz",
    "birth_date": "1985-03-02",
}
MEMBERS = {"results": [MEMBER], "next": None}

COVERAGE = {
    "uuid": "c5a7e2f0-41d9-4b8a-9d36-7e2b0f6c8d44",
    "member": MEMBER["uuid"],
    "line_of_coverage": "medical",
    "plan_option": {"code": "PPO", "name": "Harbor PPO"},
    "tier": "FAM",
    "state": "active",
    "start_date": "2026-01-01",
    "end_date": None,
}
COVERAGE_PAGE = {"results": [COVERAGE], "next": None}
