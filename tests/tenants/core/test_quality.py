"""Rates of how the work goes, made of sums."""

import pytest

from tenants.core import quality

MONDAY = {"looked_at": 100, "first_pass": 90, "finalised": 90, "untouched": 90, "audited_paid_cents": 1_000_000,
          "over_cents": 400, "under_cents": 100}  # fmt: skip
TUESDAY = {"looked_at": 50, "first_pass": 40, "finalised": 48, "untouched": 42, "audited_paid_cents": 600_000}
WEDNESDAY = {"finalised": 2, "audited_paid_cents": 20_000, "dismissed_cents": 100}


def week(*nights):
    sums = {}
    for night in nights:
        for name, amount in night.items():
            sums[name, ""] = sums.get((name, ""), 0) + amount
    return sums


def test_the_week_of_the_page_comes_out_as_written():
    sums = week(MONDAY, TUESDAY, WEDNESDAY)
    assert quality.first_pass(sums).told == "86.7 %"
    assert quality.auto_adjudicated(sums).told == "94.3 %"
    accuracy = quality.financial_accuracy(sums)
    assert (accuracy.part, accuracy.of, accuracy.told) == (1_619_600, 1_620_000, "100.0 %")


def test_nothing_to_divide_by_is_a_dash_and_no_rate_is_below_nothing():
    assert quality.first_pass({}).told == "–"
    assert quality.Rate(-5, 10).told == "0.0 %"


def test_a_correction_of_our_own_error_lowers_the_accuracy_and_a_providers_does_not():
    sums = week({"audited": 10, "audited_paid_cents": 1_000})
    ours = sums | {("corrections", "configuration"): 1, ("corrected_cents", "configuration"): 100}
    theirs = sums | {("corrections", "replacement"): 1, ("corrected_cents", "replacement"): 100}
    assert (quality.financial_accuracy(ours).told, quality.payment_accuracy(ours).told) == ("90.0 %", "90.0 %")
    assert (quality.financial_accuracy(theirs).told, quality.payment_accuracy(theirs).told) == ("100.0 %", "100.0 %")


@pytest.mark.parametrize(
    ("days", "told"), [(-1, "0-1"), (0, "0-1"), (1, "0-1"), (2, "2-5"), (14, "11-14"), (30, "15-30"), (31, "31-")]
)
def test_days_fall_into_their_class(days, told):
    assert quality.class_of(days, quality.DAYS_TAKEN) == told


def test_within_counts_every_class_up_to_the_limit():
    sums = {("turnaround", "0-1"): 5, ("turnaround", "6-10"): 3, ("turnaround", "15-30"): 1, ("turnaround", "31-"): 1}
    assert [quality.within(sums, limit).told for limit in (10, 14, 30)] == ["80.0 %", "80.0 %", "90.0 %"]
