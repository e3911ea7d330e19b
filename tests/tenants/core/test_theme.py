"""An employer's colour stays readable on every surface, whatever the employer chose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.core.theme import (
    DARKEST_LIGHT_SURFACE,
    DEFAULT_BRAND,
    LIGHTEST_DARK_SURFACE,
    NotAColour,
    contrast_at_least,
    derive,
    parse_colour,
)

MUTED_LIGHT, MUTED_DARK = "#52616a", "#9aa7b4"
CHOSEN = [DEFAULT_BRAND, "#ffd400", "#ff0000", "#000000", "#ffffff"]
colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def floating_contrast(one: str, other: str) -> float:
    """The contrast ratio by the book (WCAG 2.2), to compare our integers with."""

    def luminance(colour):
        parts = [channel / 255 for channel in parse_colour(colour)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("chosen", CHOSEN)
def test_brand_text_is_readable_on_the_hardest_surface_of_each_mode(chosen):
    theme = derive(chosen)
    assert floating_contrast(theme.light.brand, DARKEST_LIGHT_SURFACE) >= 4.59
    assert floating_contrast(theme.dark.brand, LIGHTEST_DARK_SURFACE) >= 4.59


@given(colours)
def test_any_colour_gives_readable_links_buttons_and_tints(chosen):
    theme = derive(chosen)
    for tokens, muted in ((theme.light, MUTED_LIGHT), (theme.dark, MUTED_DARK)):
        for face in (tokens.brand, tokens.hover):
            assert floating_contrast(face, tokens.on_brand) >= 4.5
        assert floating_contrast(tokens.brand, tokens.tint) >= 4.5
        assert floating_contrast(tokens.hover, tokens.tint) >= 4.5
        assert floating_contrast(muted, tokens.tint) >= 4.5


@given(colours, colours)
def test_integers_and_the_published_formula_agree_on_what_is_readable(one, other):
    ratio = floating_contrast(one, other)
    assert contrast_at_least(one, other, 46) == (ratio >= 4.6) or abs(ratio - 4.6) < 0.001


def test_a_colour_that_is_already_readable_stays_as_chosen():
    assert derive(DEFAULT_BRAND).light.brand == DEFAULT_BRAND


def test_yellow_turns_into_dark_gold_on_light_pages_and_stays_yellow_on_dark_ones():
    theme = derive("#ffd400")
    assert theme.light.brand == "#7e6800"
    assert theme.light.on_brand == "#ffffff"
    assert theme.dark.brand == "#ffd400"
    assert theme.dark.on_brand == "#0d1117"


@pytest.mark.parametrize("wrong", ["", "red", "#fff", "#ggg000", "#0b5d66;}body{display:none", "#0b5d66\n#"])
def test_anything_but_six_digits_is_refused_with_an_example(wrong):
    with pytest.raises(NotAColour, match="Write # and six hexadecimal digits, like #0b5d66"):
        derive(wrong)
