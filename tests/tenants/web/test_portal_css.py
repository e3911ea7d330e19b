"""The portal's own colours are readable in both modes, and its built-in brand is the derived default."""

import re
from pathlib import Path

import pytest

from tenants.core.theme import contrast_at_least, derive
from tenants.web.theme_css import stylesheet, version

CSS = (Path(__file__).resolve().parents[3] / "static/css/portal.css").read_text()


def tokens(selector: str) -> dict[str, str]:
    """The custom colours declared under `selector`, as #rrggbb."""
    block = CSS.split(selector + " {", 1)[1].split("}", 1)[0]
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block))
    return {
        name: value if len(value) == 7 else "#" + "".join(c * 2 for c in value[1:]) for name, value in found.items()
    }


LIGHT, DARK = tokens(":root"), tokens('[data-bs-theme="dark"]')


@pytest.mark.parametrize("mode", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("surface", ["page", "surface", "sunken", "brand-tint"])
def test_text_is_readable_on_every_surface(mode, surface):
    for text in ("ink", "muted", "brand", "brand-hover"):
        assert contrast_at_least(mode[text], mode[surface], 45), (text, surface)


@pytest.mark.parametrize("mode", [LIGHT, DARK], ids=["light", "dark"])
def test_status_words_are_readable_on_their_tint_and_on_panels(mode):
    for status in ("ok", "warn", "bad"):
        for surface in (f"{status}-tint", "surface", "page"):
            assert contrast_at_least(mode[status], mode[surface], 45), (status, surface)


@pytest.mark.parametrize("mode", [LIGHT, DARK], ids=["light", "dark"])
def test_field_borders_and_the_focus_ring_stand_out_three_to_one(mode):
    for edge in ("field-line", "focus"):
        for surface in ("page", "surface", "sunken"):
            assert contrast_at_least(mode[edge], mode[surface], 30), (edge, surface)


def test_dark_by_system_and_dark_by_choice_are_the_same():
    assert tokens(":root:not([data-bs-theme])") == DARK


def test_the_built_in_brand_is_the_derived_default():
    theme = derive()
    for mode, derived in ((LIGHT, theme.light), (DARK, theme.dark)):
        assert (mode["brand"], mode["brand-hover"]) == (derived.brand, derived.hover)
        assert (mode["brand-tint"], mode["on-brand"]) == (derived.tint, derived.on_brand)


def test_an_employers_stylesheet_declares_both_modes_and_prints_light():
    css = stylesheet(derive("#ffd400"))
    assert css.count("--brand:#7e6800") == 2
    assert css.count("--brand:#ffd400") == 2
    assert css.rindex("#7e6800") > css.index("@media print")


def test_another_colour_is_another_address():
    assert version(derive("#ffd400")) != version(derive("#ff0000"))
    assert version(derive("#ffd400")) == version(derive("#FFD400"))
