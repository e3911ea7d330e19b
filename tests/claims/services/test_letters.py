"""Letters: complete in every language, tagged, the same bytes for the same facts, changed only as a new version."""

import csv
import hashlib
import json
import re
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from claims.core import information
from claims.core.letters import LANGUAGES, VERSIONS, NoSuchLetter
from claims.exports.pdf import TEMPLATES
from claims.services import letters
from tests.factories import care

GOLDEN = Path(__file__).parents[2] / "golden" / "letter_templates.csv"
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def texts(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key in sorted(node):
            yield from texts(node[key])
    elif isinstance(node, list):
        for each in node:
            yield from texts(each)


def letters_for(party: str) -> set[str]:
    return {name for name in letters.words("en") if name.endswith(f".{party}")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_to_members_is_in_every_language_with_the_same_facts_in_it(language):
    english, other = letters.words("en"), letters.words(language)
    assert letters_for("member") <= set(other)
    for name in [*letters_for("member"), "shared", "items", "phrases"]:
        said, meant = list(texts(other[name])), list(texts(english[name]))
        assert [placeholders(each) for each in said] == [placeholders(each) for each in meant], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_can_be_asked_for_has_words(language):
    assert set(letters.words(language)["items"]) == set(information.ITEMS)


def test_there_is_a_letter_for_each_kind():
    kinds = {name.partition(".")[0] for name in letters.words("en") if "." in name}
    assert kinds == set(VERSIONS)


def forms() -> dict[str, str]:
    """By kind: a sum of the layout and of every word that makes the letter."""
    layout = (TEMPLATES / "letter.typ").read_bytes()
    found = {}
    for kind in VERSIONS:
        parts = []
        for language in LANGUAGES:
            words = letters.words(language)
            used = {name: words[name] for name in sorted(words) if name.startswith(f"{kind}.")}
            parts.append(json.dumps([used, words["shared"], words["items"], words["phrases"]], sort_keys=True))
        found[kind] = hashlib.sha256(layout + "\n".join(parts).encode()).hexdigest()
    return found


def test_changed_words_or_layout_are_a_new_version():
    """Whoever changes a letter counts its version up in `claims.core.letters` and adds a line here."""
    with GOLDEN.open() as file:
        kept = {(row["kind"], int(row["version"])): row["sha256"] for row in csv.DictReader(file)}
    assert {(kind, VERSIONS[kind]): form for kind, form in forms().items()}.items() <= kept.items()


@pytest.fixture
def home(in_employer) -> care.Household:
    return care.household()


def made(home, person, language="en", recipient="member", kind="information_request", **values):
    given = {"question": "", "reply_by": date(2026, 4, 24), "asked_on": date(2026, 3, 10), "carc": "227"}
    return letters.draft(
        kind=kind, recipient=recipient, language=language, submission=care.submit(home, person),
        about_uuid=UUID(int=1), on=date(2026, 3, 10), values=given | values, items=["medical_records"],
    )  # fmt: skip


def test_the_same_facts_give_the_same_bytes(home):
    draft = made(home, home.alma)
    assert letters.render(draft) == letters.render(draft)
    assert draft.sha256 == letters.Draft(draft.submission, draft.about_uuid, dict(draft.facts)).sha256


def test_the_pdf_is_tagged_for_screen_readers_and_says_its_language(home):
    pdf = letters.render(made(home, home.alma, "sv"))
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"<rdf:li>sv</rdf:li>" in pdf


@pytest.mark.parametrize(
    ("language", "day"), [("en", "April 24, 2026"), ("es", "24 de abril de 2026"), ("sv", "24 april 2026")]
)
def test_days_are_written_as_the_language_writes_them(home, language, day):
    told = " ".join(texts(made(home, home.alma, language).facts))
    assert day in told
    assert "{" not in told


def test_a_childs_letter_goes_to_the_parents_and_a_grown_childs_to_herself(home):
    assert made(home, home.ben).facts["to"] == ["To the parent or guardian of Ben Ruiz"]
    assert made(home, home.dora).facts["to"] == ["Dora Ruiz"]


def test_providers_are_written_to_in_english_with_their_own_number(home):
    facts = made(home, home.alma, "es", "provider").facts
    assert (facts["language"], facts["to"]) == ("en", ["Mercy General Hospital"])
    assert any("PCN1" in each for each in texts(facts["sections"]))


def test_a_sentence_without_its_value_is_left_out(home):
    said = [text for section in made(home, home.alma).facts["sections"] for text in section["paragraphs"]]
    asked = made(home, home.alma, question="Which tooth? {claim} #strong[x]").facts["sections"][1]
    assert "" not in said
    assert asked["paragraphs"] == ["Which tooth? {claim} #strong[x]"]
    assert asked["items"] == ["The medical records of this visit or stay"]


def test_what_somebody_typed_is_set_as_text_and_never_as_a_command(home):
    draft = made(home, home.alma, question='#panic("x") #image("/etc/passwd") $ \\ @label <x> "')
    assert letters.render(draft).startswith(b"%PDF")


@pytest.mark.parametrize(("language", "kind"), [("fr", "information_request"), ("en", "birthday")])
def test_a_letter_there_is_none_of_is_refused(home, language, kind):
    with pytest.raises(NoSuchLetter):
        made(home, home.alma, language, kind=kind)
