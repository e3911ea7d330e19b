"""What the portal templates may call: `{% load portal %}`."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from aso_portal.kernel import money as cents_of
from tenants.web import charts, icons

register = template.Library()

MINUS = "\N{MINUS SIGN}"


@register.simple_tag
def ico(name: str) -> SafeString:
    """`{% ico "home" %}`: an icon. Put its text label beside it."""
    return icons.drawing(name)


@register.filter
def money(cents: int) -> SafeString:
    """`{{ cents|money }}`: "$1,234.50" in figures of one width; a true minus sign before a negative amount."""
    return format_html('<span class="money">{}</span>', in_words(cents))


@register.filter
def in_words(cents: int) -> str:
    """`{{ cents|in_words }}`: the same amount as plain text, for titles and attributes."""
    return cents_of.dollars(cents).replace("-", MINUS)


@register.filter
def signed(cents: int) -> SafeString:
    """`{{ cents|signed }}`: a change of an amount: "+$12.00", "±$0.00", a true minus sign."""
    sign = "+" if cents > 0 else "" if cents < 0 else "±"
    return format_html('<span class="money">{}{}</span>', sign, in_words(cents))


@register.filter
def cents(text: str) -> SafeString:
    """`{{ text|cents }}`: whole cents that were kept as text, as money."""
    return money(int(text)) if text.removeprefix("-").isdigit() else format_html("{}", text)


@register.filter
def plain(code: str) -> str:
    """`{{ item.category|plain }}`: a code as words: "second_look" is "second look"."""
    return code.replace("_", " ")


@register.filter
def rate(text: str) -> str:
    """`{{ text|rate }}`: basis points that were kept as text: "2050" is "20.5 %"."""
    if not text.isdigit():
        return text
    whole, rest = divmod(int(text), 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + " %"


@register.filter
def whole_dollars(cents: int) -> str:
    """`{{ cents|whole_dollars }}`: rounded half up to the dollar, for axes and estimates: "$1,235"."""
    sign, size = (MINUS, -cents) if cents < 0 else ("", cents)
    return f"{sign}${(size + 50) // 100:,}"


@register.filter
def day(when: date) -> str:
    """`{{ when|day }}`: "Nov 29, 2026", in the order the reader's language writes it."""
    return date_format(when, pgettext("date format of Django", "M j, Y"))


@register.filter
def called(names: Mapping[UUID, str], uuid: UUID) -> str:
    """`{{ names|called:uuid }}`: what a member of staff is called, or his id where nobody knows."""
    return names.get(uuid) or f"staff {uuid}"


@register.inclusion_tag("components/_meter.html")
def meter(key: str, label: str, used: int, limit: int) -> dict[str, Any]:
    """How much of a limit is used, in cents. `key` names the drawing on the page. A limit reached is good: green."""
    left = max(0, limit - used)
    return {
        "key": key,
        "label": label,
        "used": used,
        "limit": limit,
        "left": left,
        "met": limit > 0 and left == 0,
        "width": charts.share_of(used, limit),
        "full": charts.FULL,
    }


@register.inclusion_tag("components/_bars.html")
def bars(key: str, title: str, rows: Sequence[tuple[str, int]]) -> dict[str, Any]:
    """Horizontal bars from (label, cents) with an axis at round amounts."""
    drawn, ticks, height = charts.bars(rows)
    return {
        "key": key,
        "title": title,
        "bars": drawn,
        "ticks": ticks,
        "height": height,
        "axis_y": height - charts.AXIS_HEIGHT,
        "label_y": height - 6,
        "width": charts.BARS_WIDTH,
        "bar_height": charts.BAR_HEIGHT,
    }


@register.inclusion_tag("components/_split.html")
def split(key: str, title: str, rows: Sequence[tuple[str, int]]) -> dict[str, Any]:
    """One whole and its parts from (label, cents), with a legend in words."""
    drawn = charts.parts(rows)
    return {
        "key": key,
        "title": title,
        "parts": drawn,
        "total": sum(part.cents for part in drawn),
        "full": charts.FULL,
        "description": "; ".join(f"{part.label} {in_words(part.cents)}" for part in drawn),
    }
