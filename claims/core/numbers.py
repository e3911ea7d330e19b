"""Claim numbers: the employer's intake sequence with a check digit, so that a mistyped number finds nothing."""

from aso_portal.kernel.errors import DomainError

PREFIX = "C"
_DOUBLED = str.maketrans("0123456789", "0246813579")  # 5 doubled is 10, whose digits add up to 1


class NotAClaimNumber(DomainError):
    """The text is not a claim number this portal gave."""


def _check_digit(seq: int) -> int:
    """Luhn (ISO/IEC 7812-1): every single wrong digit and nearly every swap of neighbours is noticed."""
    digits = str(seq)[::-1]
    return -sum(map(int, digits[::2].translate(_DOUBLED) + digits[1::2])) % 10


def claim_number(intake_seq: int) -> str:
    """The number of the claim stored as `intake_seq` (> 0): "C", nine or more digits, check digit last."""
    return f"{PREFIX}{intake_seq:09d}{_check_digit(intake_seq)}"


def intake_seq(number: str) -> int:
    """The sequence a claim number was made from. Raises NotAClaimNumber."""
    digits = number.strip().upper().removeprefix(PREFIX)
    if not (digits.isascii() and digits.isdigit() and len(digits) >= 10):
        raise NotAClaimNumber(f"{number[:24]!r} is not a claim number. It looks like C0000001236.")
    seq = int(digits[:-1])
    if not seq or _check_digit(seq) != int(digits[-1]):
        raise NotAClaimNumber(f"{number[:24]!r} fails its check digit. Compare it with the paper it is on.")
    return seq
