"""Surprise bills: what is protected, what is recognised, what a dispute changes. Table: surprise_bills.csv (cents)."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.core.adjudication import adjudicate_family
from claims.core.claim import ProviderRef
from claims.core.facts import Balance, Consent
from claims.core.pricing_recognized import index_to
from claims.core.rules import NetworkSpan
from claims.core.surprise_bills import answer_due, is_in_time, settle
from claims.core.trace_reading import read_trace
from tests.factories.contracts import stay, tables
from tests.factories.engine import (
    ALMA,
    DAY,
    FAMILY,
    HOSPITAL,
    LONG_AGO,
    STRANGER,
    TIN,
    accumulator,
    adjustments,
    category,
    claim,
    entries,
    facts,
    family,
    line,
    plan,
    reference,
    rules,
    share,
)

with (Path(__file__).parents[2] / "golden" / "surprise_bills.csv").open(newline="") as file:
    CASES = list(csv.DictReader(file))
REMARKS = {
    "emergency": "N864",
    "network_facility": "N865",
    "air_ambulance": "N866",
    "qualifying": "N869",
    "billed": "N870",
}
REMARKS |= {"state_law": "N867", "all_payer": "N868"}
INSIDE, OUTSIDE = share(coinsurance_bp=2_000), share(coinsurance_bp=5_000)
LEDGERS = [
    accumulator("ded.in", "deductible", 100_000, 200_000),
    accumulator("oop.in", "out_of_pocket", 500_000, 900_000),
    accumulator("ded.out", "deductible", 300_000, 600_000, tiers=["out"]),
]
INDICES = [
    {"since": 2019, "year": 2022, "factor_e10": 10_648_523_983, "start": date(2022, 1, 1)},
    {"since": 2022, "year": 2023, "factor_e10": 10_768_582_128, "start": date(2023, 1, 1)},
    {"since": 2023, "year": 2024, "factor_e10": 10_543_149_339, "start": date(2024, 1, 1)},
    {"since": 2024, "year": 2026, "factor_e10": 10_000_000_000, "start": date(2026, 1, 1)},
]
ELSEWHERE = ProviderRef(npi=STRANGER, tin=TIN)
SURGEON = {"billing": ELSEWHERE, "facility_code": "22", "facility": ProviderRef(npi=HOSPITAL)}


def document(remarks=REMARKS, *, out_of_network=True, **changes):
    """A plan with emergencies and other care, that says how surprise bills are worked out."""
    made = plan(
        [category("er", INSIDE, OUTSIDE, emergency=True), category("care", INSIDE, OUTSIDE)],
        LEDGERS if out_of_network else LEDGERS[:2],
        **({"surprise_bills": {"remark_codes": remarks}} if remarks else {}),
    )
    made["mapping"] = [
        {"id": "er", "when": {"codes": ["ER"]}, "category": "er"},
        {"id": "rest", "when": {}, "category": "care"},
    ]
    if not out_of_network:
        made["tiers"] = made["tiers"][:1]
        for each in made["categories"]:
            del each["cost_share"]["out"]
    return made | changes


def amounts(code, median=150_000, year=2026, **more):
    return {"code": code, "amount_cents": median, "year": year, "source": "contracts"} | more


def decide(content, *, prices=None, design=None, consents=(), left=30_000, **more):
    met = Balance(
        accumulator="ded.in", person_id=ALMA, family_id=FAMILY, period_start=date(2026, 1, 1), amount=100_000 - left
    )
    given_facts = replace(facts(content), consents=tuple(consents))
    book = rules(design or document(), reference(prices=prices, **more))
    return adjudicate_family(family(given_facts, balances=[met] if left < 100_000 else []), book)[0]


def bill(protection, billed, **more):
    if protection == "network_facility":
        return claim(line(code="X1000", billed=billed), **(SURGEON | more))
    code = {"emergency": "ER", "air_ambulance": "A0431"}[protection]
    return claim(line(code=code, billed=billed), **({"billing": ELSEWHERE} | more))


@pytest.mark.parametrize("row", CASES, ids=[row["case"] for row in CASES])
def test_a_protected_service_is_shared_as_the_table_says(row):
    content = bill(row["protection"], int(row["billed"]))
    code = content.lines[0].code
    stated = {"code": code, "amount_cents": int(row["stated"] or 0), "basis": row["stated_basis"]}
    prices = tables(
        qualifying_amounts=[amounts(code, int(row["median"]), int(row["year"]))],
        qualifying_indices=INDICES,
        **({"recognized_amounts": [stated]} if row["stated"] else {}),
    )
    answer = decide(content, prices=prices, left=int(row["ded_left"]))
    decided = answer.lines[0]
    deductible, coinsurance = int(row["deductible"]), int(row["coinsurance"])
    wanted = {"PR-1": deductible, "PR-2": coinsurance, "CO-45": int(row["co_45"])}
    assert adjustments(decided) == {reason: cents for reason, cents in wanted.items() if cents}
    assert (decided.allowed_cents, decided.paid_cents) == (int(row["recognized"]), int(row["paid"]))
    counted = {"ded.in": deductible, "oop.in": deductible + coinsurance}
    assert entries(answer) == {key: amount for key, amount in counted.items() if amount}
    assert (answer.payee_kind, decided.tier) == ("provider", "in")
    found = answer.protected[0]
    assert (found.protection, found.basis, found.recognized_cents, found.answer_due) == (
        row["protection"], row["basis"], int(row["recognized"]), DAY + timedelta(days=31),
    )  # fmt: skip
    remarks = (REMARKS[row["protection"]], REMARKS[row["basis"]])
    assert {each.rarcs for each in decided.adjustments if each.group == "CO" or not int(row["co_45"])} == {remarks}


def test_the_index_is_an_exact_product_of_the_published_increases():
    prices = tables(qualifying_indices=INDICES)
    assert Fraction(*index_to(prices, 2019, 2023)) == Fraction(10_648_523_983, 10**10) * Fraction(
        10_768_582_128, 10**10
    )
    assert index_to(prices, 2026, 2026) == (1, 1)
    assert index_to(prices, 2019, 2021) is None
    assert index_to(prices, 2026, 2027) is None


def test_a_decision_tells_what_the_amount_rests_on():
    prices = tables(qualifying_amounts=[amounts("ER", 100_000, 2019)], qualifying_indices=INDICES)
    told = [step.text for step in read_trace(decide(bill("emergency", 400_000), prices=prices).trace)]
    assert "Surprise-bill law protects this service (emergency): it is shared as in tier in." in told
    assert "The middle contract rate of 2019 is $1,000.00; the qualifying payment amount is $1,208.98." in told
    assert "The amount the law recognises (qualifying) is $1,208.98." in told


def pends(answer):
    return [(each.code, each.line_number, each.facts["why"], each.facts["due_by"]) for each in answer.pends]


@pytest.mark.parametrize(
    ("design", "kinds", "why"),
    [
        (document(None), {"qualifying_amounts": [amounts("ER")]}, "emergency_out_of_network"),
        (document(), {}, "no_qualifying_amount"),
        (document(), {"qualifying_amounts": [amounts("ER", end=DAY)]}, "no_qualifying_amount"),
        (document(), {"qualifying_amounts": [amounts("ER", year=2019)]}, "no_index_of_the_year"),
        (
            document({key: code for key, code in REMARKS.items() if key != "state_law"}),
            {"recognized_amounts": [{"code": "ER", "amount_cents": 1_000, "basis": "state_law"}]},
            "no_remark_code",
        ),
    ],
)
def test_what_is_missing_waits_until_an_answer_is_due(design, kinds, why):
    answer = decide(bill("emergency", 400_000), prices=tables(**kinds), design=design)
    assert pends(answer) == [("NSA-01", 1, why, "2026-04-02")]
    assert answer.protected == ()


def test_a_network_provider_is_not_a_surprise():
    answer = decide(claim(line(code="ER", billed=10_000, allowed=8_000)))
    assert (answer.outcome, answer.protected) == ("pay", ())


PRICES = tables(qualifying_amounts=[amounts(code) for code in ("X1000", "ER", "A0431")])


@pytest.mark.parametrize(
    ("changes", "protected"),
    [
        ({}, True),
        ({"facility_code": "11"}, False),
        ({"facility": ProviderRef(npi=STRANGER)}, False),
        ({"facility": None}, False),
        ({"kind": "D"}, False),
    ],
)
def test_only_professionals_at_a_network_facility_are_protected(changes, protected):
    answer = decide(bill("network_facility", 400_000, **changes), prices=PRICES)
    assert bool(answer.protected) is protected


def test_a_facility_is_in_the_network_on_the_day_or_it_is_not():
    spans = [NetworkSpan(network="HARBOR", npi=HOSPITAL, start=LONG_AGO, end=DAY)]
    assert decide(bill("network_facility", 400_000), prices=PRICES, networks=spans).protected == ()


def consent(**changes):
    usual = {
        "npi": STRANGER,
        "start": DAY,
        "end": DAY + timedelta(days=1),
        "notice_date": DAY - timedelta(days=10),
        "scheduled_date": DAY - timedelta(days=12),
    }
    return Consent(**(usual | changes))


@pytest.mark.parametrize(
    ("protection", "given_consent", "more", "waived"),
    [
        ("network_facility", consent(), {}, True),
        ("network_facility", consent(npi=HOSPITAL), {}, False),
        ("network_facility", consent(end=DAY), {}, False),
        ("network_facility", consent(notice_date=DAY - timedelta(days=2)), {}, False),
        ("network_facility", consent(), {"rendering": ProviderRef(taxonomy="207L00000X")}, False),
        ("emergency", consent(), {}, False),
        ("emergency", consent(after_emergency=True), {}, True),
        ("air_ambulance", consent(after_emergency=True), {}, False),
    ],
)
def test_consent_waives_what_may_be_waived(protection, given_consent, more, waived):
    answer = decide(bill(protection, 400_000, **more), prices=PRICES, consents=[given_consent])
    assert bool(answer.protected) is not waived
    if waived:
        assert "SW:" in answer.trace and "T:out," in answer.trace


def test_no_consent_waives_an_assistants_services():
    content = claim(line(code="X1000", billed=400_000, modifiers=("80",)), **SURGEON)
    assert decide(content, prices=PRICES, consents=[consent()]).protected


def test_notice_is_in_time_72_hours_before_or_three_hours_before_what_is_arranged_that_day():
    early, late = DAY - timedelta(days=3), DAY - timedelta(days=2)
    assert is_in_time(consent(notice_date=early, scheduled_date=early), DAY)
    assert not is_in_time(consent(notice_date=late, scheduled_date=early), DAY)
    assert is_in_time(consent(notice_date=late, scheduled_date=late, three_hours_before=True), DAY)
    assert not is_in_time(consent(notice_date=late, scheduled_date=late), DAY)
    assert not is_in_time(consent(notice_date=DAY, scheduled_date=late, three_hours_before=True), DAY)


def test_a_plan_that_covers_nothing_outside_still_covers_what_is_protected():
    design = document(out_of_network=False)
    for protection in ("emergency", "network_facility", "air_ambulance"):
        assert decide(bill(protection, 400_000), prices=PRICES, design=design).paid_cents == 96_000
    refused = decide(claim(line(code="X1000"), billing=ELSEWHERE), prices=PRICES, design=design)
    assert (refused.outcome, refused.lines[0].denials) == ("deny", ("PR-242",))


def test_the_closest_amount_counts_modifier_before_region_before_place():
    prices = tables(
        localities=[{"npi": STRANGER, "region": "MSA1"}],
        qualifying_amounts=[
            amounts("ER", 1_000),
            amounts("ER", 2_000, place="office"),
            amounts("ER", 3_000, region="MSA1"),
            amounts("ER", 4_000, region="MSA2"),
            amounts("ER", 5_000, modifier="26"),
        ],
    )

    def recognized(**more):
        content = claim(line(code="ER", billed=400_000, **more), billing=ELSEWHERE)
        return decide(content, prices=prices).lines[0].allowed_cents

    assert recognized() == 3_000
    assert recognized(modifiers=("26",)) == 5_000
    assert recognized(units_thousandths=2_500) == 7_500


def test_a_stay_is_recognised_by_its_group_and_shared_over_its_lines():
    prices = tables(qualifying_amounts=[amounts("DRG470", 1_000_001), amounts("REV0450", 40_000)])
    lines = [line(1, "ER", 1_000_000), line(2, "ER", 2_000_000)]
    grouped = decide(stay(*lines, billing=ELSEWHERE, drg="470"), prices=prices)
    assert [each.allowed_cents for each in grouped.lines] == [333_334, 666_667]
    by_revenue = document()
    by_revenue["mapping"][0]["when"] = {"revenues": ["0450"]}
    visit = claim(line(code="", revenue="0450", billed=90_000), kind="I", facility_code="13", billing=ELSEWHERE)
    assert decide(visit, prices=prices, design=by_revenue).lines[0].allowed_cents == 40_000


def test_anaesthesia_is_recognised_by_its_units():
    prices = tables(
        qualifying_amounts=[amounts("Z1000", 6_000, base_units="AN")],
        base_units=[{"schedule": "AN", "code": "Z1000", "units_thousandths": 5_000}],
    )
    timed = line(code="Z1000", billed=400_000, units_thousandths=45_000, unit_basis="MJ")
    units = line(code="Z1000", billed=400_000, units_thousandths=45_000)
    assert decide(claim(timed, **SURGEON), prices=prices).lines[0].allowed_cents == 48_000
    assert pends(decide(claim(units, **SURGEON), prices=prices))[0][2] == "no_qualifying_amount"


def test_an_answer_is_due_thirty_days_after_receipt():
    assert answer_due(date(2026, 1, 31)) == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("determined", "paid", "more", "reasons"),
    [
        (220_000, 166_000, 70_000, {"CO-45": 180_000, "PR-1": 30_000, "PR-2": 24_000}),
        (150_000, 96_000, 0, {"CO-45": 250_000, "PR-1": 30_000, "PR-2": 24_000}),
        (100_000, 46_000, -50_000, {"CO-45": 300_000, "PR-1": 30_000, "PR-2": 24_000}),
        (40_000, 0, -96_000, {"CO-45": 346_000, "PR-1": 30_000, "PR-2": 24_000}),
        (400_000, 346_000, 250_000, {"PR-1": 30_000, "PR-2": 24_000}),
        (500_000, 446_000, 350_000, {"OA-94": -100_000, "PR-1": 30_000, "PR-2": 24_000}),
    ],
)
def test_a_dispute_changes_only_what_the_plan_pays(determined, paid, more, reasons):
    """A25 continued."""
    first = decide(bill("emergency", 400_000), prices=PRICES)
    assert first.paid_cents == 96_000
    settled = settle(first, {1: determined})
    after = settled.decision
    assert (after.paid_cents, settled.more_cents) == (paid, more)
    assert adjustments(after.lines[0]) == reasons
    assert (after.member_cents, after.entries) == (first.member_cents, first.entries)


def test_a_dispute_is_about_protected_lines_only():
    first = decide(bill("emergency", 400_000), prices=PRICES)
    with pytest.raises(KeyError, match="line 2 of claim C1 is not protected"):
        settle(first, {2: 1_000})


@given(st.integers(0, 900_000), st.integers(0, 900_000), st.integers(0, 100_000), st.integers(0, 900_000))
def test_no_cent_is_lost_in_a_surprise_bill_or_its_dispute(billed, median, left, determined):
    prices = tables(qualifying_amounts=[amounts("ER", median)])
    first = decide(bill("emergency", billed), prices=prices, left=left)
    after = settle(first, {1: determined}).decision
    for answer in (first, after):
        each = answer.lines[0]
        assert each.billed_cents == each.paid_cents + sum(reason.cents for reason in each.adjustments)
        assert min(each.paid_cents, each.member_cents) >= 0
        assert not [reason for reason in each.adjustments if (reason.group, reason.carc) == ("PR", "45")]
    assert first.allowed_cents == min(billed, median)
    assert after.lines[0].member_cents == first.lines[0].member_cents
    assert after.paid_cents == max(0, determined - first.member_cents)
