"""Sealed values open in their own place only; equal values meet in the blind index and nowhere else."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from tenants.core import ciphers
from tenants.core.ciphers import CannotOpen, NotSealed, Place

KEY = AESGCM(bytes(range(32)))
OTHER_KEY = AESGCM(bytes(range(1, 33)))
NONCE = b"twelve bytes"
ALMA = UUID("6f1c1a52-6a8e-4a4e-9d3a-0a8f3f3f1a01")
BEN = UUID("6f1c1a52-6a8e-4a4e-9d3a-0a8f3f3f1a02")
SSN = Place("t_0123456789ab", "benefits_person", "ssn")
MASTER, OLD_MASTER = b"m" * 32, b"o" * 32


def sealed(plain: bytes = b"123-45-6789", key_id: int = 7) -> bytes:
    return ciphers.seal(plain, key=KEY, key_id=key_id, nonce=NONCE, place=SSN, row=ALMA)


def test_a_sealed_number_opens_again_and_costs_31_bytes():
    value = sealed(b"123456789")
    assert ciphers.open_sealed(value, key=KEY, place=SSN, row=ALMA) == b"123456789"
    assert len(value) == 9 + 31


def test_the_format_is_version_key_id_nonce_ciphertext_and_tag():
    value = sealed(b"", key_id=258)
    assert value[:15] == b"\x01\x01\x02" + NONCE
    assert len(value) == 31
    assert ciphers.key_id_of(value) == 258
    assert value.startswith(ciphers.sealed_with(258))


@pytest.mark.parametrize(
    "place",
    [
        replace(SSN, scope="t_ba9876543210"),
        replace(SSN, table="benefits_member"),
        replace(SSN, column="bank_account"),
        replace(SSN, table="benefits_personssn", column=""),
    ],
    ids=["another employer", "another table", "another column", "the same letters cut elsewhere"],
)
def test_a_value_carried_to_another_place_does_not_open(place):
    with pytest.raises(CannotOpen, match=str(ALMA)):
        ciphers.open_sealed(sealed(), key=KEY, place=place, row=ALMA)


def test_a_value_carried_to_another_row_does_not_open():
    with pytest.raises(CannotOpen):
        ciphers.open_sealed(sealed(), key=KEY, place=SSN, row=BEN)


def test_another_key_does_not_open_it():
    with pytest.raises(CannotOpen):
        ciphers.open_sealed(sealed(), key=OTHER_KEY, place=SSN, row=ALMA)


def test_the_message_names_place_and_row_but_never_the_value():
    with pytest.raises(CannotOpen) as refusal:
        ciphers.open_sealed(sealed(), key=KEY, place=SSN, row=BEN)
    assert "t_0123456789ab.benefits_person.ssn" in str(refusal.value)
    assert "45-6789" not in str(refusal.value)


@given(position=st.integers(0, 41), bit=st.integers(0, 7))
def test_no_single_bit_can_be_changed_unseen(position, bit):
    value = bytearray(sealed())
    value[position] ^= 1 << bit
    with pytest.raises((CannotOpen, NotSealed)):
        ciphers.open_sealed(bytes(value), key=KEY, place=SSN, row=ALMA)


@given(st.binary(max_size=200))
def test_whatever_is_sealed_opens_as_it_was(plain):
    assert ciphers.open_sealed(sealed(plain), key=KEY, place=SSN, row=ALMA) == plain


@pytest.mark.parametrize("value", [b"", b"123456789", b"\x02" + bytes(40), b"\x01" + bytes(29)])
def test_bytes_of_another_shape_are_not_a_sealed_value(value):
    with pytest.raises(NotSealed):
        ciphers.key_id_of(value)


def wrapped(master: bytes = MASTER, scope: str = "t_0123456789ab") -> bytes:
    return ciphers.wrap(b"k" * 32, master=master, nonce=NONCE, scope=scope, purpose="data", key_id=1)


def test_a_wrapped_key_opens_under_either_master_slot():
    named = {"scope": "t_0123456789ab", "purpose": "data", "key_id": 1}
    assert ciphers.unwrap(wrapped(), masters=(MASTER,), **named) == b"k" * 32
    assert ciphers.unwrap(wrapped(OLD_MASTER), masters=(MASTER, OLD_MASTER), **named) == b"k" * 32
    assert ciphers.wrapped_under(wrapped(), MASTER)
    assert not ciphers.wrapped_under(wrapped(OLD_MASTER), MASTER)


@pytest.mark.parametrize(
    "change", [{"scope": "public"}, {"purpose": "index"}, {"key_id": 2}, {"masters": (OLD_MASTER,)}], ids=str
)
def test_a_wrapped_key_serves_one_scope_purpose_and_id_only(change):
    with pytest.raises(CannotOpen, match="ASO_MASTER_KEY_PREVIOUS"):
        ciphers.unwrap(
            wrapped(), **{"masters": (MASTER,), "scope": "t_0123456789ab", "purpose": "data", "key_id": 1, **change}
        )


def test_half_a_wrapped_key_is_said_to_be_none():
    with pytest.raises(NotSealed, match="data key 1 of public"):
        ciphers.unwrap(wrapped()[:-1], masters=(MASTER,), scope="public", purpose="data", key_id=1)


def test_the_ways_of_writing_one_number_meet_in_one_index():
    key = uuid4().bytes * 2
    spelled = [ciphers.digits("123-45-6789"), ciphers.letters_and_digits("123 456789")]
    index = [ciphers.blind_index(text, key=key, label="benefits_person.ssn") for text in spelled]
    assert index[0] == index[1]
    assert len(index[0]) == ciphers.INDEX_BYTES


def test_employers_and_columns_have_indexes_of_their_own():
    def index(key, label):
        return ciphers.blind_index("123456789", key=key, label=label)

    assert index(b"a" * 32, "benefits_person.ssn") != index(b"b" * 32, "benefits_person.ssn")
    assert index(b"a" * 32, "benefits_person.ssn") != index(b"a" * 32, "payees.tin")


@pytest.mark.parametrize(
    "normalise, text, expected",
    [
        ("letters_and_digits", " ab-12/3 ", "AB123"),
        ("letters_and_digits", "ä12", "12"),
        ("digits", "123-45-6789", "123456789"),
        ("digits", "٣12", "12"),
    ],
)
def test_normalisers_keep_what_counts(normalise, text, expected):
    assert ciphers.NORMALISERS[normalise](text) == expected
