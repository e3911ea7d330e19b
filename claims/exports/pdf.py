"""PDF by Typst: facts go in as JSON, never as source text, so nothing a person typed can become a command.

Set with the fonts of the package alone and without a clock, the same facts give the same bytes. Tagged for screen readers
(PDF/UA-1).
"""

import json
from collections.abc import Mapping
from typing import Any

import typst
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates" / "documents"
MEDIA_TYPE = "application/pdf"


def set_pdf(template: str, facts: Mapping[str, Any]) -> bytes:
    """The document of a template ("letter") with these facts, which are plain JSON values."""
    return typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False, sort_keys=True)},
        pdf_standards=["ua-1"],
        timestamp=0,
    )
