"""The separators are read from the ISA, never assumed."""

import pytest

from aso_portal.kernel.x12.delimiters import Delimiters, Header, find_isa, read_header

ISA = "ISA*00*          *00*          *ZZ*CLR01          *ZZ*ASO01          *260105*0930*^*00501*000000017*0*P*:~"


def header(text, *, lenient=False):
    found = read_header(text, 0, lenient=lenient)
    assert isinstance(found, Header), found
    return found


def test_a_fixed_header_names_its_four_delimiters():
    found = header(ISA)
    assert found.delimiters == Delimiters("*", ":", "~", "^")
    assert (found.length, found.fixed, found.fields[13]) == (106, True, "000000017")


@pytest.mark.parametrize("terminator", ["~", "\r", "\n", "\x1d", "_", "'"])
def test_any_terminator_seen_in_the_wild_is_taken_from_place_106(terminator):
    assert header(ISA[:-1] + terminator).delimiters.terminator == terminator


def test_a_letter_is_no_repetition_separator():
    assert header(ISA.replace("*^*00501", "*U*00501")).delimiters.repetition == ""
    assert header(ISA.replace("*^*00501", "*^*00401")).delimiters.repetition == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ISA[:80], "the ISA has 80 of its 106 characters"),
        (ISA.replace("CLR01          ", "CLR01"), "of its 106 characters"),
        (ISA.replace("CLR01          ", "CLR01") + "GS*HC*CLR01*ASO01", "elements, not 16"),
        (ISA.replace("260105*0930", "2601050*930"), "ISA09 is 7 characters long, not 6"),
        (ISA[:-2] + "*~", "elements, not 16"),
        (ISA[:-1] + ":", "two of the separators are the same"),
        (ISA[:-1] + "A", "the segment separator is a letter"),
        (ISA[:-1] + "\0", "the segment separator is a letter, digit, blank or not text"),
    ],
)
def test_a_header_that_cannot_be_trusted_is_refused_with_the_reason(text, says):
    found = read_header(text, 0, lenient=False)
    assert isinstance(found, str)
    assert says in found


def test_a_trimmed_header_is_counted_out_when_the_partner_may_send_it():
    trimmed = "ISA*00**00**ZZ*CLR01*ZZ*ASO01*260105*0930*^*00501*17*0*P*:~GS*HC"
    assert isinstance(read_header(trimmed, 0, lenient=False), str)
    found = header(trimmed, lenient=True)
    assert (found.delimiters, found.fixed, found.length) == (Delimiters("*", ":", "~", "^"), False, len(trimmed) - 5)


def test_the_next_header_is_found_past_words_that_only_look_like_one():
    assert find_isa("VISA*1~ISABEL~ISA*00*") == 14
    assert find_isa("nothing here") == -1
