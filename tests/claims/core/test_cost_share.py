"""Who bears a line: never more than is open, never less than nothing, and always the whole amount."""

from hypothesis import given
from hypothesis import strategies as st

from claims.core.cost_share import share_line

cents = st.integers(0, 10_000_000)


@given(
    allowed=cents,
    deductible_left=cents,
    copay_due=cents,
    coinsurance_bp=st.integers(0, 10_000),
    out_of_pocket_left=cents,
    copay_after_deductible=st.booleans(),
    gross=st.booleans(),
)
def test_no_share_is_negative_or_beyond_what_is_open(allowed, deductible_left, copay_due, out_of_pocket_left, **rule):
    share = share_line(
        allowed=allowed,
        deductible_left=deductible_left,
        copay_due=copay_due,
        out_of_pocket_left=out_of_pocket_left,
        **rule,
    )
    assert min(share) >= 0
    assert share.deductible <= deductible_left
    assert share.copay <= copay_due
    assert sum(share) <= min(allowed, out_of_pocket_left)


@given(
    allowed=cents, deductible_left=cents, copay_due=cents, coinsurance_bp=st.integers(0, 10_000), gross=st.booleans()
)
def test_a_lower_out_of_pocket_limit_never_raises_a_share(allowed, deductible_left, copay_due, coinsurance_bp, gross):
    def shared(limit):
        return sum(
            share_line(
                allowed=allowed,
                deductible_left=deductible_left,
                copay_due=copay_due,
                coinsurance_bp=coinsurance_bp,
                gross=gross,
                out_of_pocket_left=limit,
            )
        )

    whole = shared(1 << 60)
    assert shared(whole) == whole
    assert shared(whole // 2) == whole // 2


def test_past_the_limit_coinsurance_goes_first_then_copay_then_deductible():
    def shared(limit):
        return tuple(
            share_line(
                allowed=100_000,
                deductible_left=30_000,
                copay_due=10_000,
                coinsurance_bp=2_000,
                out_of_pocket_left=limit,
            )
        )

    assert shared(60_000) == (30_000, 10_000, 12_000)
    assert shared(45_000) == (30_000, 10_000, 5_000)
    assert shared(35_000) == (30_000, 5_000, 0)
    assert shared(20_000) == (20_000, 0, 0)


def test_half_a_cent_of_coinsurance_is_rounded_up_once():
    assert share_line(allowed=101, deductible_left=0, copay_due=0, coinsurance_bp=5_000, out_of_pocket_left=1_000) == (
        0,
        0,
        51,
    )
