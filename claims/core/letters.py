"""What a letter says: sentences of a language's word list with the facts of one claim put in. Laid out elsewhere.

A paragraph with a value that is empty is left out, and a section without anything to say. Words: `templates/documents/words`.
"""

from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any

from aso_portal.kernel.errors import DomainError

INFORMATION_REQUEST, INFORMATION_REMINDER, DENIAL = "information_request", "information_reminder", "denial"
APPEAL_ACKNOWLEDGMENT, APPEAL_DECISION = "appeal_acknowledgment", "appeal_decision"
APPEAL_QUESTION, APPEAL_EXTENSION = "appeal_question", "appeal_extension"
EXTERNAL_CHECK, EXTERNAL_ASSIGNED = "external_check", "external_assigned"

VERSIONS: Mapping[str, int] = {
    INFORMATION_REQUEST: 1,
    INFORMATION_REMINDER: 1,
    DENIAL: 1,
    APPEAL_ACKNOWLEDGMENT: 2,
    APPEAL_DECISION: 2,
    APPEAL_QUESTION: 1,
    APPEAL_EXTENSION: 1,
    EXTERNAL_CHECK: 1,
    EXTERNAL_ASSIGNED: 1,
}
"""The version of each letter. Changed words or layout are a new version; a test holds each to its first form."""
LANGUAGES = ("en", "es", "sv")

Words = Mapping[str, Any]


class NoSuchLetter(DomainError):
    """There is no letter of this kind for this recipient in this language."""


def compose(
    *,
    words: Words,
    language: str,
    kind: str,
    recipient: str,
    values: Mapping[str, str],
    items: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
    flags: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """The facts of one letter as the layout takes them: plain JSON. Raises NoSuchLetter.

    values: by placeholder, and of the letterhead. items: keys of the word list. rows: cells of the table.
    flags: what of the letter applies.
    """
    letter = words.get(f"{kind}.{recipient}")
    if letter is None:
        raise NoSuchLetter(f"There is no {kind} for the {recipient} in {language}.")
    shared = words["shared"]
    told = {**values, "language_help": shared["language"].format_map(values)}
    sections = [
        _section(each, told, [words["items"][item] for item in items], rows, flags) for each in letter["sections"]
    ]
    named = [(shared[name], values[name]) for name in ("claim", "patient", "provider", "service", "billed")]
    return {
        "kind": kind,
        "recipient": recipient,
        "version": VERSIONS[kind],
        "language": language,
        "title": letter["title"].format_map(told),
        "from": {"name": values["name"], "lines": [values["street"], values["town"], values["phone"]]},
        "to": [values["addressee"]],
        "date": values["date"],
        "reference": [[name, value] for name, value in named if value],
        "sections": [each for each in sections if each["paragraphs"] or each["items"] or each["rows"]],
        "closing": shared["closing"].format_map(values),
        "footer": shared["footer"].format_map(values),
        "page": shared["page"],
    }


def _section(
    section: Mapping[str, Any],
    values: Mapping[str, str],
    items: Sequence[str],
    rows: Sequence[Sequence[str]],
    flags: frozenset[str],
) -> dict[str, Any]:
    applies = "when" not in section or section["when"] in flags
    return {
        "heading": section["heading"].format_map(values),
        "paragraphs": [
            text for text in (_paragraph(each, values) for each in section["paragraphs"]) if text and applies
        ],
        "items": list(items) if "items" in section and applies else [],
        "columns": list(section.get("columns", ())),
        "rows": [list(row) for row in rows] if "rows" in section and applies else [],
    }


def _paragraph(sentence: str, values: Mapping[str, str]) -> str:
    """The sentence with its values; "" when one of them is empty."""
    wanted = [name for _, name, _, _ in Formatter().parse(sentence) if name]
    return "" if any(not values.get(name) for name in wanted) else sentence.format_map(values)
