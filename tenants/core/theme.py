"""An employer's colour, made readable: derived once for light and once for dark pages.

One stored colour must serve as link text, button and bar on every surface we use. So it is darkened (light pages) or
lightened (dark pages) until it stands out by at least 4.6 : 1 against the hardest surface of the mode. Contrast and
relative luminance are those of WCAG 2.2; all of it in integers: the same
colour always gives the same bytes.
"""

import re
from dataclasses import dataclass
from functools import cache

from aso_portal.kernel.errors import DomainError

DEFAULT_BRAND = "#0b5d66"

DARKEST_LIGHT_SURFACE = "#e9eef0"
LIGHTEST_DARK_SURFACE = "#1f2630"
ON_DARK_COLOUR, ON_LIGHT_COLOUR = "#ffffff", "#0d1117"

LEAST_CONTRAST_TENTHS = 46
"""The contrast asked for, in tenths: a little above the 4.5 : 1 of WCAG 1.4.3, so that a rounded pixel still passes."""

_SCALE = 10**6
_COLOUR = re.compile(r"#[0-9a-f]{6}\Z")

Rgb = tuple[int, int, int]

_BLACK: Rgb = (0, 0, 0)
_WHITE: Rgb = (255, 255, 255)
_DARK_PAPER: Rgb = (0x16, 0x1B, 0x22)


class NotAColour(DomainError):
    """The text is not a colour written as # and six hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours of one mode, each "#rrggbb".

    brand: text, links, button faces. hover: the face under the pointer. tint: a quiet background.
    on_brand: text on brand.
    """

    brand: str
    hover: str
    tint: str
    on_brand: str


@dataclass(frozen=True, slots=True)
class Theme:
    """An employer's derived tokens for both modes."""

    light: Tokens
    dark: Tokens


def parse_colour(text: str) -> Rgb:
    """Red, green, blue 0..255 of "#rrggbb" (any case). Raises NotAColour."""
    colour = text.strip().lower()
    if not _COLOUR.match(colour):
        raise NotAColour(f"{text[:32]!r} is not a colour. Write # and six hexadecimal digits, like {DEFAULT_BRAND}.")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast_at_least(one: str, other: str, tenths: int = LEAST_CONTRAST_TENTHS) -> bool:
    """Whether two colours differ by at least `tenths` / 10 : 1 (WCAG 2.2 contrast ratio)."""
    return _apart(parse_colour(one), parse_colour(other), tenths)


@cache
def derive(brand: str = DEFAULT_BRAND) -> Theme:
    """The tokens of an employer whose colour is `brand`. Raises NotAColour."""
    colour = parse_colour(brand)
    return Theme(
        light=_tokens(colour, via=[_BLACK], surface=DARKEST_LIGHT_SURFACE, paper=_WHITE),
        dark=_tokens(colour, via=[_vivid(colour), _WHITE], surface=LIGHTEST_DARK_SURFACE, paper=_DARK_PAPER),
    )


def _tokens(colour: Rgb, *, via: list[Rgb], surface: str, paper: Rgb) -> Tokens:
    """The first colour on the way from `colour` over the points of `via` that stands out against `surface`."""
    against = parse_colour(surface)
    legs = zip([colour, *via], via, strict=False)
    way = (_mix(start, end, share) for start, end in legs for share in range(257))
    brand = next(mixed for mixed in way if _apart(mixed, against, LEAST_CONTRAST_TENTHS))
    on_brand = next(
        text for text in (ON_DARK_COLOUR, ON_LIGHT_COLOUR) if _apart(parse_colour(text), brand, LEAST_CONTRAST_TENTHS)
    )
    return Tokens(
        brand=_hex(brand),
        hover=_hex(_mix(brand, via[-1], 40)),
        tint=_hex(_tint(brand, paper, against)),
        on_brand=on_brand,
    )


def _vivid(colour: Rgb) -> Rgb:
    """The colour at full brightness, hue and saturation kept: a dark teal lightens to teal, not to grey."""
    strongest = max(colour)
    if not strongest:
        return _WHITE
    red, green, blue = (channel * 255 // strongest for channel in colour)
    return red, green, blue


def _tint(brand: Rgb, paper: Rgb, surface: Rgb) -> Rgb:
    """As much brand on paper as keeps it no nearer to the text than the hardest surface is (at most 36/256)."""
    light_paper = _luminance(paper) > _luminance(surface)
    for share in range(36, -1, -1):
        tint = _mix(paper, brand, share)
        if (_luminance(tint) >= _luminance(surface)) if light_paper else (_luminance(tint) <= _luminance(surface)):
            return tint
    return paper


def _mix(start: Rgb, end: Rgb, share: int) -> Rgb:
    """`share` / 256 of the way from one colour to another, channel by channel."""
    red, green, blue = (a + ((b - a) * share + 128) // 256 for a, b in zip(start, end, strict=True))
    return red, green, blue


def _apart(one: Rgb, other: Rgb, tenths: int) -> bool:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return 10 * (20 * light + _SCALE) >= tenths * (20 * dark + _SCALE)  # (L + 0.05) of both, times 20


def _luminance(colour: Rgb) -> int:
    """Relative luminance in millionths (WCAG 2.2: 0.2126 R + 0.7152 G + 0.0722 B of linear light)."""
    red, green, blue = colour
    return (2126 * _linear(red) + 7152 * _linear(green) + 722 * _linear(blue)) // 10_000


@cache
def _linear(channel: int) -> int:
    """Linear light of one sRGB channel 0..255 in millionths.

    Up to 10 (0.04045 of 255): c / 12.92. Above: ((c + 0.055) / 1.055) ** 2.4, the fifth root of the
    twelfth power.
    """
    if channel <= 10:
        return channel * _SCALE * 100 // (255 * 1292)
    return _fifth_root(_SCALE**5 * (channel * 1000 + 14_025) ** 12 // 269_025**12)


def _fifth_root(number: int) -> int:
    """The largest integer whose fifth power is at most `number` (>= 0), by bisection."""
    low, high = 0, 1 << (number.bit_length() // 5 + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**5 <= number else (low, middle - 1)
    return low


def _hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
