"""An 835 that leaves adds up at line, claim and payment level, and echoes what the provider sent."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aso_portal.kernel.money import parse_cents
from claims.core.provider_adjustments import ProviderAdjustment
from claims.core.remittance import OutOfBalance, Party, Remittance, RemittedClaim, RemittedLine
from claims.edi.x835 import plain, write_835

DAY = date(2026, 3, 2)
PAYER = Party("Example Plan", "310000001", street="1 Main St", city="Dayton", state="OH", postal_code="45402")
PAYEE = Party("Niño Clínica * Sur", "320000002", npi="1234567893")


def line(
    number=1,
    billed=150_000,
    paid=40_000,
    adjustments=(("CO", "45", 40_000), ("PR", "1", 60_000), ("PR", "2", 10_000)),
    **more,
):
    """Example A1: billed 1,500; allowed 1,100; deductible 600; coinsurance 100; plan 400."""
    facts = {
        "qualifier": "HC",
        "code": "J1100",
        "modifiers": (),
        "revenue": "",
        "allowed": 110_000,
        "units_thousandths": 1000,
        "service_start": DAY,
        "service_last": DAY,
        "control_number": "L1",
    } | more
    return RemittedLine(number=number, billed=billed, paid=paid, adjustments=tuple(adjustments), **facts)


def claim(*lines, **more):
    facts = {
        "patient_control_number": "ALMA-1",
        "status": "1",
        "claim_number": "C0000000018",
        "facility_code": "11",
        "frequency": "1",
        "patient_last_name": "Berg",
        "patient_first_name": "Alma",
        "subscriber_id": "M1",
        "received": DAY,
        "billed": sum(item.billed for item in lines),
        "paid": sum(item.paid for item in lines),
        "member_owes": sum(cents for item in lines for group, _, cents in item.adjustments if group == "PR"),
    } | more
    return RemittedClaim(lines=tuple(lines), **facts)


def remittance(*claims, adjustments=(), **more):
    paid = sum(item.paid for item in claims) - sum(item.cents for item in adjustments)
    facts = {"method": "ach" if paid else "non", "paid": paid} | more
    return Remittance(
        payer=PAYER,
        payer_contact="Claims desk",
        payer_phone="8005551212",
        payee=PAYEE,
        trace_number="T1",
        control_number="7",
        paid_on=DAY,
        claims=tuple(claims),
        provider_adjustments=tuple(adjustments),
        **facts,
    )


def segments(text):
    """The segments of an 835 as lists, read with the delimiters its own ISA declares."""
    element, terminator = text[3], text[105]
    return [part.strip("\n").split(element) for part in text.split(terminator) if part.strip("\n")], text[104]


def sums(text):
    """(line differences, claim differences, payment difference) recomputed from the text alone."""
    rows, _ = segments(text)
    lines, claims, paid, plb, total = [], [], 0, 0, 0
    for row in rows:
        if row[0] == "BPR":
            total = parse_cents(row[2])
        elif row[0] == "CLP":
            claims.append(parse_cents(row[3]) - parse_cents(row[4]))
            paid += parse_cents(row[4])
        elif row[0] == "SVC":
            lines.append(parse_cents(row[2]) - parse_cents(row[3]))
        elif row[0] == "CAS":
            taken = sum(parse_cents(row[at]) for at in range(3, len(row), 3))
            lines[-1] -= taken
            claims[-1] -= taken
        elif row[0] == "PLB":
            plb += sum(parse_cents(row[at]) for at in range(4, len(row), 2))
    return lines, claims, paid - plb - total


def write(facts):
    return write_835(facts, sender="ASO", receiver="CLINIC", written_on=DAY)


def test_example_a1_reads_as_it_was_decided():
    rows, _ = segments(write(remittance(claim(line()))))
    assert ["CAS", "CO", "45", "400"] in rows
    assert ["CAS", "PR", "1", "600", "", "2", "100"] in rows
    assert ["SVC", "HC:J1100", "1500", "400", "", "1"] in rows
    assert ["CLP", "ALMA-1", "1", "1500", "400", "700", "12", "C0000000018", "11", "1"] in rows
    assert ["BPR", "I", "400", "C", "ACH", "CCP", *[""] * 10, "20260302"] in rows


def test_counts_in_the_trailers_are_right():
    rows, _ = segments(write(remittance(claim(line()))))
    start = next(at for at, row in enumerate(rows) if row[0] == "ST")
    end = next(at for at, row in enumerate(rows) if row[0] == "SE")
    assert rows[end] == ["SE", str(end - start + 1), "0001"]
    assert rows[-2:] == [["GE", "1", "7"], ["IEA", "1", "000000007"]]
    assert len(write(remittance(claim(line()))).split("~")[0]) == 105


def test_names_are_folded_into_the_basic_character_set():
    assert plain("Niño Clínica * Sur") == "NINO CLINICA SUR"


def test_a_control_number_that_holds_our_delimiters_is_echoed_exactly_under_other_delimiters():
    rows, component = segments(write(remittance(claim(line(control_number="6R:1*A"), patient_control_number="A*7:9~"))))
    assert any(row[:2] == ["CLP", "A*7:9~"] for row in rows)
    assert ["REF", "6R", "6R:1*A"] in rows
    assert component not in "*:~"


@pytest.mark.parametrize(
    ("of_claim", "of_line"),
    [
        ({"subscriber_id": "M*1~"}, {}),
        ({"facility_code": "1*"}, {}),
        ({}, {"code": "J11~CLP*X", "modifiers": ("*~",)}),
        ({}, {"revenue": "0:1*"}),
    ],
)
def test_nothing_a_provider_wrote_adds_a_segment_or_an_element(of_claim, of_line):
    """A file cut with | and ! may carry * and ~ in any of its values."""
    usual, _ = segments(write(remittance(claim(line(**{name: "X1" for name in of_line if name == "revenue"})))))
    rows, _ = segments(write(remittance(claim(line(**of_line), **of_claim))))
    assert [(row[0], len(row)) for row in rows] == [(row[0], len(row)) for row in usual]


def test_a_denial_leaves_as_status_one_without_money():
    denied = line(paid=0, adjustments=[("PR", "204", 150_000)], allowed=0, rarcs=("N130",))
    rows, _ = segments(write(remittance(claim(denied))))
    assert rows[3][:5] == ["BPR", "H", "0", "C", "NON"]
    assert ["LQ", "HE", "N130"] in rows


def test_a_negative_run_is_carried_forward():
    """Example A22: reversal and correction net −30.40; alone in the run the payment is 0 and PLB FB carries it."""
    reversal = line(
        billed=-50_000,
        paid=-24_000,
        allowed=-38_000,
        adjustments=[("CO", "45", -12_000), ("PR", "1", -8_000), ("PR", "2", -6_000)],
    )
    corrected = line(
        billed=45_000,
        paid=20_960,
        allowed=34_200,
        adjustments=[("CO", "45", 10_800), ("PR", "1", 8_000), ("PR", "2", 5_240)],
    )
    carried = [ProviderAdjustment("FB", "T1", -3_040)]
    text = write(remittance(claim(reversal, status="22", member_owes=0), claim(corrected), adjustments=carried))
    assert sums(text) == ([0, 0], [0, 0], 0)
    rows, _ = segments(text)
    assert ["PLB", "1234567893", "20261231", "FB:T1", "-30.4"] in rows


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (lambda: remittance(claim(line(paid=40_001))), "line 1 is off by -1 cents"),
        (lambda: remittance(claim(line(), paid=39_999), paid=39_999), "is off by 1 cents"),
        (lambda: remittance(claim(line()), paid=39_999), "off by 1 cents against its claims"),
        (lambda: remittance(claim(line(), member_owes=1)), "patient share"),
        (lambda: replace(remittance(claim(line())), paid=-1), "negative"),
        (lambda: replace(remittance(claim(line())), method="non"), "cannot go by non"),
        (lambda: remittance(claim(line(), billed=1)), "is off by"),
    ],
)
def test_what_does_not_add_up_never_leaves(facts, words):
    with pytest.raises(OutOfBalance, match=words):
        write(facts())


amounts = st.integers(0, 10**7)


@st.composite
def balanced_lines(draw):
    reasons = draw(
        st.lists(
            st.tuples(st.sampled_from(["CO", "PR", "OA"]), st.sampled_from(list("123") + ["45", "96", "119"])),
            unique=True,
            max_size=14,
        )
    )
    adjustments = [(group, carc, draw(st.integers(1, 10**6))) for group, carc in reasons]
    paid = draw(amounts)
    return line(billed=paid + sum(cents for _, _, cents in adjustments), paid=paid, adjustments=adjustments)


@settings(max_examples=60)
@given(st.lists(st.lists(balanced_lines(), min_size=1, max_size=4), min_size=1, max_size=5))
def test_every_835_balances_when_read_back(claims):
    lines, totals, payment = sums(write(remittance(*(claim(*lines) for lines in claims))))
    assert not any(lines) and not any(totals) and payment == 0
