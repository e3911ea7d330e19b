"""How units of families are packed, and how a failing chunk is taken apart."""

import pytest

from aso_portal.kernel.errors import DomainError
from claims.services.chunks import Piece, _middle, as_pieces, packed, told


def pieces(*claims: int) -> list[Piece]:
    return list(as_pieces([(number,) for number in range(len(claims))], counts=dict(enumerate(claims)), again={}))


def test_units_are_packed_in_their_order_up_to_the_most_claims():
    found = list(packed(pieces(3, 4, 2, 6, 1), most=7))
    assert [(piece.units, piece.claims) for piece in found] == [(((0,), (1,)), 7), (((2,),), 2), (((3,), (4,)), 7)]


def test_a_unit_larger_than_a_chunk_is_a_chunk_of_its_own():
    assert [piece.claims for piece in packed(pieces(1, 90, 1), most=10)] == [1, 90, 1]


def test_nothing_to_do_is_no_chunk():
    assert list(packed([], most=5)) == []


def test_a_unit_counts_the_claims_of_all_its_families_and_names_the_earlier_ones():
    (piece,) = as_pieces([(4, 9)], counts={4: 2, 9: 3}, again={9: [77], 4: [5]})
    assert (piece.claims, piece.again_ids) == (5, (5, 77))


@pytest.mark.parametrize(
    ("weights", "place"),
    [([1, 1], 1), ([1, 1, 1, 1], 2), ([9, 1, 1], 1), ([1, 1, 9], 2), ([0, 0, 0], 1), ([2, 2, 3], 2)],
)
def test_a_chunk_is_cut_where_both_parts_weigh_about_the_same_and_neither_is_empty(weights, place):
    assert _middle(weights) == place


def test_a_fault_is_told_without_the_text_that_may_name_a_person():
    try:
        {}["Alma Ruiz"]
    except KeyError as fault:
        assert told(fault).startswith("KeyError in test_a_fault_is_told") and "Alma" not in told(fault)


def test_our_own_refusals_are_told_in_full():
    assert told(DomainError("Claim C1 line 2: no price.")) == "DomainError: Claim C1 line 2: no price."
