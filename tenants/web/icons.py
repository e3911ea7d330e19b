"""The portals' icons: 16 x 16 line drawings kept by hand, written into the page. Each stands beside a text label."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

DRAWINGS = {
    "alert": '<path d="M8 2 1.5 13.5h13z"/><path d="M8 6.5v3.25M8 11.75v.01"/>',
    "arrow-left": '<path d="M13.5 8h-11M6.5 4l-4 4 4 4"/>',
    "arrow-right": '<path d="M2.5 8h11M9.5 4l4 4-4 4"/>',
    "bank": '<path d="M2 6.25 8 2.5l6 3.75zM3.5 6.5v5M6.5 6.5v5M9.5 6.5v5M12.5 6.5v5M2 13.5h12"/>',
    "calendar": '<rect x="2" y="3.25" width="12" height="10.75" rx="1.5"/>'
    '<path d="M2 6.75h12M5.25 1.75v3M10.75 1.75v3"/>',
    "card": '<rect x="1.5" y="3" width="13" height="10" rx="1.5"/><path d="M1.5 6.25h13M4 10h3"/>',
    "chart": '<path d="M2 2v12h12"/><path d="M5 11V8M8 11V5M11 11V6.5"/>',
    "check": '<path d="m2.75 8.5 3.5 3.75 7-8.5"/>',
    "check-circle": '<circle cx="8" cy="8" r="6.25"/><path d="m5.25 8.25 2 2.25 3.5-4.5"/>',
    "clock": '<circle cx="8" cy="8" r="6.25"/><path d="M8 4.5V8l2.5 1.75"/>',
    "cross": '<path d="m3.5 3.5 9 9M12.5 3.5l-9 9"/>',
    "cross-circle": '<circle cx="8" cy="8" r="6.25"/><path d="m5.75 5.75 4.5 4.5M10.25 5.75l-4.5 4.5"/>',
    "download": '<path d="M8 2v8M4.75 7 8 10.25 11.25 7M2.5 13.5h11"/>',
    "file": '<path d="M3.5 1.75h6l3 3v9.5h-9z"/><path d="M9.25 1.75V5h3.25M5.75 8h4.5M5.75 10.75h4.5"/>',
    "filter": '<path d="M2 3.5h12M4.25 8h7.5M6.5 12.5h3"/>',
    "globe": '<circle cx="8" cy="8" r="6.25"/><path d="M1.75 8h12.5M8 1.75c4 4 4 8.5 0 12.5-4-4-4-8.5 0-12.5"/>',
    "home": '<path d="M2 7.25 8 2l6 5.25V14H9.75v-3.75h-3.5V14H2z"/>',
    "info": '<circle cx="8" cy="8" r="6.25"/><path d="M8 7.25v4M8 4.75v.01"/>',
    "inbox": '<path d="M2 9.5 4 3h8l2 6.5V13H2z"/><path d="M2 9.5h3.5l1 1.75h3l1-1.75H14"/>',
    "key": '<circle cx="5" cy="11" r="3"/><path d="m7.25 8.75 6.25-6.25M11 5l2 2M9.25 6.75l1 1"/>',
    "lock": '<rect x="3" y="7" width="10" height="7" rx="1.5"/><path d="M5.25 7V4.75a2.75 2.75 0 0 1 5.5 0V7"/>',
    "more": '<path d="M3 8v.01M8 8v.01M13 8v.01" stroke-width="2.5"/>',
    "people": '<circle cx="6" cy="5.25" r="2.5"/><path d="M1.5 13.5c.25-3 2-4.25 4.5-4.25s4.25 1.25 4.5 4.25"/>'
    '<path d="M10.5 3a2.5 2.5 0 0 1 0 4.5M12 9.5c1.5.5 2.35 1.85 2.5 4"/>',
    "person": '<circle cx="8" cy="5" r="2.75"/><path d="M2.75 14c.25-3.25 2.25-4.75 5.25-4.75s5 1.5 5.25 4.75"/>',
    "printer": '<path d="M4.5 6V2h7v4M4.5 11.5H2V6h12v5.5h-2.5"/><path d="M4.5 9.5h7V14h-7z"/>',
    "search": '<circle cx="7" cy="7" r="4.75"/><path d="m10.5 10.5 3.75 3.75"/>',
    "shield": '<path d="M8 1.75 13.5 4v4c0 3-2.25 5.25-5.5 6.5C4.75 13.25 2.5 11 2.5 8V4z"/>'
    '<path d="m5.75 8 1.75 1.75 3-3.5"/>',
    "sign-out": '<path d="M6.25 2H2.5v12h3.75M6.5 8h7.5M11 5l3 3-3 3"/>',
}


def drawing(name: str) -> SafeString:
    """The icon as inline SVG, hidden from screen readers: the label beside it speaks. Raises KeyError when unknown."""
    return format_html(
        '<svg class="ico" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(DRAWINGS[name]),  # noqa: S308 - a constant of this module
    )
