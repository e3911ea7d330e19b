"""The same service is paid once; what is nearly the same, or corrects another claim, waits."""

from datetime import date

import pytest

from claims.core.adjudication import adjudicate_family
from claims.core.claim import ProviderRef
from claims.core.facts import REFUSED, WAITING, Ruling
from tests.factories.engine import (
    BEN,
    CLINIC,
    DAY,
    HOSPITAL,
    adjustments,
    category,
    claim,
    facts,
    family,
    history_lines,
    line,
    plan,
    rules,
    share,
)

BOOK = rules(plan([category("any", share(deductible=False)), category("other", share(deductible=False))]))


def decided(*claims, history=()):
    return adjudicate_family(family(*claims, history=history), BOOK)


def outcome(decision):
    return (
        decision.outcome,
        [each.code for each in decision.pends],
        list(decision.lines[0].denials) if decision.lines else [],
    )


PAID, DUPLICATE, SUSPECT = ("pay", [], []), ("deny", [], ["CO-18"]), ("pend", ["DUP-02"], [])


def test_the_same_claim_again_is_refused_tonight_and_on_a_later_night():
    first, again = facts(claim(), seq=1), facts(claim(), seq=2)
    one, two = decided(first, again)
    assert [outcome(one), outcome(two)] == [PAID, DUPLICATE]
    assert outcome(decided(again, history=history_lines(one, first))[0]) == DUPLICATE


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"billed": 10_100}, SUSPECT),
        ({"units_thousandths": 2_000}, SUSPECT),
        ({"modifiers": ("25",)}, SUSPECT),
        ({"modifiers": ("76",)}, PAID),
        ({"modifiers": ("LT",)}, PAID),
        ({"code": "OTHER"}, PAID),
        ({"day": date(2026, 3, 3)}, PAID),
    ],
)
def test_a_second_line_of_the_day_is_compared_in_all_that_matters(change, expected):
    _, second = sorted(
        decided(facts(claim(), seq=1), facts(claim(line(**change)), seq=2)), key=lambda each: each.submission_id
    )
    assert outcome(second) == expected


def test_another_patient_or_another_provider_is_another_service():
    elsewhere = claim(billing=ProviderRef(npi=HOSPITAL, tin="987654321"))
    assert [outcome(each)[0] for each in decided(facts(claim(), seq=1), facts(claim(), seq=2, who=BEN))] == [
        "pay",
        "pay",
    ]
    assert "DUP-02" not in outcome(decided(facts(claim(), seq=1), facts(elsewhere, seq=2))[1])[1]


def test_the_same_doctor_under_another_tax_number_is_suspect():
    moved = claim(billing=ProviderRef(npi=CLINIC, tin="987654321"))
    assert "DUP-02" in outcome(decided(facts(claim(), seq=1), facts(moved, seq=2))[1])[1]


def test_repeats_that_say_so_are_suspect_when_they_come_again():
    repeat = claim(line(modifiers=("76",)))
    assert outcome(decided(facts(repeat, seq=1), facts(repeat, seq=2))[1]) == SUSPECT


def test_two_teeth_are_two_services_and_an_unknown_tooth_is_suspect():
    first = facts(claim(line(tooth="3", surfaces="M")), seq=1)
    again, other = (
        facts(claim(line(tooth="3", surfaces="M")), seq=2),
        facts(claim(line(tooth="4", surfaces="M")), seq=2),
    )
    assert outcome(decided(first, other)[1]) == PAID
    assert outcome(decided(first, again)[1]) == DUPLICATE
    (kept,) = history_lines(decided(first)[0], first)
    kept.tooth = None
    assert outcome(decided(other, history=[kept])[0]) == SUSPECT


def test_a_refused_line_is_no_base_for_a_duplicate():
    first = facts(claim(), seq=1)
    (kept,) = history_lines(decided(first)[0], first)
    kept.state = REFUSED
    assert outcome(decided(facts(claim(), seq=2), history=[kept])[0]) == PAID


def test_a_waiting_claim_counts_only_for_those_that_came_after_it():
    first = facts(claim(), seq=5)
    (kept,) = history_lines(decided(first)[0], first)
    kept.state = WAITING
    assert outcome(decided(facts(claim(), seq=6), history=[kept])[0]) == DUPLICATE
    assert outcome(decided(facts(claim(), seq=4), history=[kept])[0]) == PAID


def test_a_claim_decided_again_is_not_a_duplicate_of_itself():
    first = facts(claim(), seq=5)
    assert outcome(decided(first, history=history_lines(decided(first)[0], first))[0]) == PAID


def test_an_examiner_may_release_or_refuse_a_suspect():
    first, near = facts(claim(), seq=1), claim(line(billed=9_000))
    released = facts(near, seq=2, rulings=[Ruling(code="DUP-02", line_number=1)])
    refused = facts(near, seq=2, rulings=[Ruling(code="DUP-02", line_number=1, carc="18")])
    assert outcome(decided(first, released)[1]) == PAID
    assert outcome(decided(first, refused)[1]) == DUPLICATE


@pytest.mark.parametrize("frequency", ["7", "8", "6", "9"])
def test_a_correction_waits_and_is_never_taken_for_a_duplicate(frequency):
    correction = claim(frequency=frequency, original_reference="C1")
    assert outcome(decided(facts(claim(), seq=1), facts(correction, seq=2))[1]) == ("pend", ["ADJ-01"], [])


def test_a_predetermination_waits_and_an_encounter_is_never_paid():
    assert outcome(decided(facts(claim(predetermination=True)))[0]) == ("pend", ["BEN-02"], [])
    assert adjustments(decided(facts(claim(encounter=True)))[0].lines[0]) == {"CO-24": 10_000}


def test_the_last_day_to_file_is_in_time_and_the_next_is_not():
    assert outcome(decided(facts(claim(), received=date(2027, 3, 2)))[0]) == PAID
    assert outcome(decided(facts(claim(), received=date(2027, 3, 3)))[0]) == ("deny", [], ["CO-29"])


def test_a_late_claim_with_a_reason_waits_until_somebody_accepts_it():
    late = claim(delay_reason="7")
    assert outcome(decided(facts(late, received=date(2027, 6, 1)))[0]) == ("pend", ["TF-02"], [])
    accepted = facts(late, received=date(2027, 6, 1), rulings=[Ruling(code="TF-02", line_number=1)])
    assert outcome(decided(accepted)[0]) == PAID


def test_a_claim_without_any_day_is_refused_not_guessed():
    undated = claim(line(service_start=None, service_end=None))
    assert outcome(decided(facts(undated, received=DAY))[0]) == ("deny", [], ["CO-16"])


def test_interim_bills_of_one_stay_resemble_each_other_and_only_the_same_is_refused():
    def interim(billed):
        return claim(line(billed=billed), kind="I", facility_code="11", frequency="3", admission_date=DAY)

    first, second, again = (facts(interim(cents), seq=seq) for seq, cents in ((1, 10_000), (2, 12_000), (3, 10_000)))
    assert [outcome(each) for each in decided(first, second, again)] == [PAID, PAID, DUPLICATE]


def test_a_claim_without_lines_pays_nothing_and_breaks_nothing():
    empty = claim()
    empty.lines = ()
    (answer,) = decided(facts(empty, received=DAY))
    assert (answer.outcome, answer.lines, answer.paid_cents) == ("deny", (), 0)
