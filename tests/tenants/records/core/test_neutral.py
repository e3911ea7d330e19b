"""Logs hold ids, numbers, days and codes, and refuse everything else without repeating it."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from tenants.records.core.neutral import NotNeutral, code, neutral

CLAIM = UUID("6f1c1a52-6a8e-4a4e-9d3a-0a8f3f3f1a01")


def test_ids_numbers_days_and_codes_are_kept():
    detail = {
        "claim": CLAIM,
        "cents": -12_50,
        "urgent": True,
        "none": None,
        "day": date(2026, 2, 28),
        "at": datetime(2026, 2, 28, 7, 30, tzinfo=UTC),
        "reason": "mem-02",
        "sha256": "ab" * 32,
        "lines": [1, 2, CLAIM],
    }
    assert neutral(detail) == {
        "claim": str(CLAIM),
        "cents": -1250,
        "urgent": True,
        "none": None,
        "day": "2026-02-28",
        "at": "2026-02-28T07:30:00+00:00",
        "reason": "mem-02",
        "sha256": "ab" * 32,
        "lines": [1, 2, str(CLAIM)],
    }


@pytest.mark.parametrize(
    "value", ["Alma", "alma berg", "123-45-6789", "", 1.5, b"x", {"a": 1}, "a" * 65, list(range(101)), ["Alma"]]
)
def test_what_may_name_somebody_is_refused(value):
    with pytest.raises(NotNeutral, match="note") as refusal:
        neutral({"note": value})
    assert "lma" not in str(refusal.value) and "6789" not in str(refusal.value)


@pytest.mark.parametrize("text", ["Claim", "claim pended", "", "1st", "ä"])
def test_kinds_are_codes(text):
    with pytest.raises(NotNeutral):
        code(text)
    with pytest.raises(NotNeutral):
        neutral({text: 1})
