"""The tags that draw: true minus signs, whole dollars half up, drawings that speak to a screen reader."""

import xml.etree.ElementTree as ElementTree

import pytest
from django.template import Context, Template

from tenants.web.icons import DRAWINGS
from tenants.web.templatetags.portal import in_words, whole_dollars

SVG = "{http://www.w3.org/2000/svg}"


def rendered(source: str, **context) -> str:
    return Template("{% load portal %}" + source).render(Context(context))


def drawing(source: str, **context) -> ElementTree.Element:
    body = rendered(source, **context)
    start, end = body.index("<svg role"), body.index("</svg>") + len("</svg>")
    return ElementTree.fromstring(body[start:end])  # noqa: S314 - our own markup


@pytest.mark.parametrize(("cents", "words"), [(0, "$0.00"), (123_450, "$1,234.50"), (-5, "\N{MINUS SIGN}$0.05")])
def test_money_is_written_with_cents_and_a_true_minus(cents, words):
    assert in_words(cents) == words
    assert rendered("{{ cents|money }}", cents=cents) == f'<span class="money">{words}</span>'


@pytest.mark.parametrize(("cents", "words"), [(49, "$0"), (50, "$1"), (123_449, "$1,234"), (-150, "\N{MINUS SIGN}$2")])
def test_estimates_are_whole_dollars_half_up(cents, words):
    assert whole_dollars(cents) == words


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_icon_is_well_formed_and_hidden_from_screen_readers(name):
    icon = ElementTree.fromstring(rendered(f'{{% ico "{name}" %}}'))  # noqa: S314 - our own markup
    assert icon.get("aria-hidden") == "true"
    assert icon.get("viewBox") == "0 0 16 16"


def test_a_meter_speaks_its_numbers():
    svg = drawing('{% meter "d" "You" 88760 150000 %}')
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "d-title d-desc"
    assert svg.find("title").text == "You"
    assert svg.find("desc").text == "$887.60 of $1,500.00 used, $612.40 left"
    assert [rect.get("width") for rect in svg.iter("rect")] == ["1000", "591"]


def test_a_limit_reached_is_said_and_drawn_as_good_news():
    body = rendered('{% meter "d" "You" 160000 150000 %}')
    assert "Met" in body
    assert "chart-met" in body


def test_bars_and_splits_carry_their_numbers_as_a_table():
    rows = [("April", 110_000), ("May", 220_000)]
    for tag in ("bars", "split"):
        body = rendered(f'{{% {tag} "k" "Paid" rows %}}', rows=rows)
        assert "See the numbers as a table" in body
        assert '<td class="num">$1,100.00</td>' in body


def test_labels_are_escaped():
    assert "<script>" not in rendered('{% bars "k" title rows %}', title="<script>", rows=[("<script>", 100)])
