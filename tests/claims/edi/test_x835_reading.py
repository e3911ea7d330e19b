"""835s are read back: our own to the very text they were written as, other payers' with what is wrong in them."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.core import provider_adjustments as plb
from claims.core.remittance import imbalances
from claims.edi.x835 import write_835
from claims.edi.x835_reading import read_835
from tests.claims.edi.test_x835 import DAY, claim, line, remittance, write

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"


def again(text):
    """The text, read and written."""
    (read,) = read_835(text)
    assert read.findings == ()
    return write_835(
        read.remittance, sender=read.sender, receiver=read.receiver, written_on=DAY, filing=read.filing or "12"
    )


def reversed_line(**more):
    """Example A22: the original of 500.00 taken back."""
    given = {"billed": -50_000, "paid": -24_000, "allowed": -38_000, "units_thousandths": -1_000}
    return line(adjustments=(("CO", "45", -12_000), ("PR", "1", -8_000), ("PR", "2", -6_000)), **given | more)


def corrected_line():
    """Example A22: the replacement of 450.00."""
    reasons = (("CO", "45", 10_800), ("PR", "1", 8_000), ("PR", "2", 5_240))
    return line(billed=45_000, paid=20_960, allowed=34_200, adjustments=reasons)


def pair():
    """The original taken back, then the corrected claim, which names it (835-8)."""
    return (
        claim(reversed_line(), status="22", claim_number="C0000000018"),
        claim(corrected_line(), claim_number="C0000000026", original_number="C0000000018", frequency="7"),
    )


def test_the_pair_of_a_replacement_reads_back_to_the_same_text():
    text = write(remittance(*pair(), adjustments=[plb.carried_forward("T1", 3_040)]))
    assert again(text) == text
    assert "CLP*ALMA-1*22*-500*-240**12*C0000000018*11*1" in text
    assert "CAS*CO*45*-120" in text and "CAS*PR*1*-80**2*-60" in text
    assert "REF*F8*C0000000018" in text and "PLB*1234567893*20261231*FB:T1*-30.4" in text
    assert "BPR*H*0*C*NON" in text


def test_a_line_by_revenue_code_and_a_day_span_read_back():
    stay = line(qualifier="NU", code="0120", revenue="0120", service_last=date(2026, 3, 5), control_number="")
    text = write(remittance(claim(stay, facility_code="11"), claim(line(rarcs=("N381", "MA01")))))
    assert again(text) == text


def test_amounts_of_the_whole_claim_read_back():
    whole = claim(adjustments=(("OA", "23", 941_164),), billed=1_032_364, paid=91_200, member_owes=0, status="2")
    text = write(remittance(whole))
    assert again(text) == text
    assert not list(imbalances(read_835(text)[0].remittance))


cents = st.integers(1, 5_000_000)


@settings(max_examples=60, deadline=None)
@given(
    parts=st.lists(st.tuples(cents, cents, cents, st.booleans()), min_size=1, max_size=5),
    units=st.integers(1, 99_999),
)
def test_whatever_we_write_reads_back_to_the_same_text(parts, units):
    claims = []
    for paid, off, owed, taken_back in parts:
        sign = -1 if taken_back else 1
        one = line(
            billed=sign * (paid + off + owed),
            paid=sign * paid,
            allowed=sign * (paid + owed),
            units_thousandths=sign * units,
            adjustments=(("CO", "45", sign * off), ("PR", "2", sign * owed)),
        )
        claims.append(claim(one, status="22" if taken_back else "1"))
    total = sum(each.paid for each in claims)
    carried = [plb.carried_forward("T1", -total)] if total < 0 else []
    text = write(remittance(*claims, adjustments=carried))
    assert again(text) == text


# (file, is balanced, what cannot be read or does not add up). Facts of docs: measured on these very files.
FOREIGN = [
    ("linuxforhealth-x12/managed-care.835", True, "Segment 4 (BPR): element 16 is no day"),
    ("linuxforhealth-x12/secondary-payment.835", True, "(SVC): element 1 names no service in its parts"),
    ("linuxforhealth-x12/tertiary-payment.835", False, "line 1 is off by 2125350 cents"),
    ("edi-835-parser/emedny_sample.txt", True, ""),
    ("edi-835-parser/blue_cross_nc_sample.txt", True, "(SVC): element 2 holds no amount"),
]


if SAMPLES.is_dir():

    @pytest.mark.parametrize(("name", "balanced", "told"), FOREIGN)
    def test_a_sample_of_another_payer_balances_or_not_as_measured(name, balanced, told):
        (read,) = read_835((SAMPLES / name).read_text())
        faults = list(imbalances(read.remittance))
        assert (not faults) == balanced
        everything = [*read.findings, *faults]
        assert any(told in each for each in everything) if told else not everything

    def test_the_published_sums_of_the_secondary_payment_are_read():
        (read,) = read_835((SAMPLES / "linuxforhealth-x12/secondary-payment.835").read_text())
        first, second = read.remittance.claims
        assert (first.billed, first.adjustments, first.paid) == (1_032_364, (("OA", "23", 941_164),), 91_200)
        assert [each.paid for each in second.lines] == [3_000, 28_000]
        assert read.remittance.paid == 122_200
