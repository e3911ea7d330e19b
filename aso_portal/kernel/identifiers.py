"""Check digits and shapes of the identifiers payers exchange. Nothing here says that an identifier was issued."""

from functools import lru_cache

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


@lru_cache(maxsize=65_536)
def is_npi(text: str) -> bool:
    """Ten digits, first 1 or 2, Luhn over the prefix 80840 (45 CFR 162.406; CMS check digit document)."""
    if len(text) != 10 or not (text.isascii() and text.isdigit()) or text[0] not in "12":
        return False
    total = 24  # the prefix 80840 adds 24
    for place, digit in enumerate(reversed(text)):
        total += _DOUBLED[int(digit)] if place % 2 else int(digit)
    return total % 10 == 0


def npi_with_check_digit(nine: str) -> str:
    """The NPI made of nine digits and their check digit; for generators of examples."""
    for last in "0123456789":
        if is_npi(nine + last):
            return nine + last
    raise ValueError(f"{nine!r} cannot begin an NPI: nine digits, the first 1 or 2")


def is_ssn(text: str) -> bool:
    """Nine digits the Social Security Administration can issue: area not 000, 666 or 9xx, group not 00, serial not 0000."""
    if len(text) != 9 or not (text.isascii() and text.isdigit()):
        return False
    return text[:3] not in ("000", "666") and text[0] != "9" and text[3:5] != "00" and text[5:] != "0000"


def is_ein(text: str) -> bool:
    """Nine digits with a campus prefix other than 00 (the IRS adds prefixes over the years, so no list is kept)."""
    return len(text) == 9 and text.isascii() and text.isdigit() and text[:2] != "00"


def is_routing_number(text: str) -> bool:
    """Nine digits whose 3-7-1 weighted sum is a multiple of ten (ABA routing transit number)."""
    if len(text) != 9 or not (text.isascii() and text.isdigit()) or text == "000000000":
        return False
    return sum(int(digit) * weight for digit, weight in zip(text, (3, 7, 1) * 3, strict=True)) % 10 == 0


def digits_only(text: str) -> str:
    """The text without anything but digits, as identifiers are stored."""
    return "".join(character for character in text if character.isascii() and character.isdigit())
