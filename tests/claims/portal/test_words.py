"""Plain words: every state of a claim, every kind of next-care sentence, every language complete."""

import gettext
import re
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from claims.core.explanation import Step, Story
from claims.core.reasons import CARCS
from claims.core.standing import NextCare
from claims.portal import words
from claims.selectors import reason_words
from claims.selectors.claims import ClaimRow
from tests.factories import care

LOCALE = Path(__file__).resolve().parents[3] / "locale"
TOLD = date(2026, 4, 4)


def claim(**facts) -> ClaimRow:
    return ClaimRow(
        submission_id=1,
        uuid=UUID(int=1),
        number="C0000000018",
        person_id=1,
        patient="Alma",
        provider="Mercy",
        service_date=date(2026, 4, 1),
        received_on=date(2026, 4, 3),
        **facts,
    )


DECIDED = {"reviewed_on": TOLD, "decided_on": TOLD, "outcome": "pay", "owe_cents": 500, "plan_cents": 1_000}


@pytest.mark.parametrize(
    ("facts", "label", "states"),
    [
        ({}, "Received", ["done", "now", "todo", "todo"]),
        ({"reviewed_on": TOLD}, "In review", ["done", "now", "todo", "todo"]),
        ({"reviewed_on": TOLD, "needs_member": True}, "We need something", ["done", "now", "todo", "todo"]),
        (DECIDED, "Decided", ["done", "done", "done", "now"]),
        (DECIDED | {"paid_on": TOLD}, "Paid", ["done", "done", "done", "done"]),
        (DECIDED | {"plan_cents": 0}, "Done", ["done", "done", "done", "done"]),
        (DECIDED | {"plan_cents": 0, "outcome": "deny"}, "Not covered", ["done", "done", "done", "done"]),
        (DECIDED | {"taken_back": True}, "Corrected", ["done", "done", "done", "now"]),
    ],
)
def test_where_a_claim_is(facts, label, states):
    assert words.status(claim(**facts)).label == label
    assert [stage.state for stage in words.stages(claim(**facts))] == states


@pytest.mark.parametrize(
    ("next_care", "sentence"),
    [
        (NextCare(60_000, 300_000, 2_000, False), "you pay the first $600.00, then 20% of the price of most care."),
        (NextCare(60_000, 300_000, 2_000, False), "You pay at most $3,000.00 more this year."),
        (NextCare(60_000, 40_000, 2_000, False), "you pay the first $400.00, then nothing more this year."),
        (NextCare(0, 300_000, 1_250, False), "you pay 12.5% of the price of most care, at most $3,000.00 more"),
        (NextCare(60_000, 0, 2_000, True), "you pay nothing for covered care in the network"),
        (NextCare(60_000, None, 2_000, False), "you pay the first $600.00, then 20% of the price of most care."),
        (NextCare(None, None, 2_000, True), "you pay 20% of the price of most care. Some visits have a fixed price"),
    ],
)
def test_what_care_costs_next(next_care, sentence):
    assert sentence in words.next_care(next_care)


def test_our_words_for_reasons_are_those_of_the_engine():
    assert {carc: reason_words.reason(carc) for carc in CARCS} == {carc: rule.words for carc, rule in CARCS.items()}
    assert reason_words.reason("999") == "reason 999"


def entries(language: str) -> dict[str, str]:
    """msgid → msgstr (of plurals, the first form) of our catalogue, contexts dropped."""
    text = (LOCALE / language / "LC_MESSAGES" / "django.po").read_text()
    pairs = re.findall(r'^msgid (".*")\n(?:msgid_plural ".*"\n)?msgstr(?:\[0\])? (".*")$', text, re.M)
    return {eval(source): eval(told) for source, told in pairs if source != '""'}  # noqa: S307 - literals of our own file


@pytest.mark.parametrize("language", ["es", "sv"])
def test_a_language_is_complete_keeps_every_placeholder_and_is_compiled(language):
    told = entries(language)
    assert len(told) > 250
    with (LOCALE / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = set(gettext.GNUTranslations(file)._catalog.values())
    for source, words_told in told.items():
        assert words_told, f"{source!r} is not translated"
        assert sorted(re.findall(r"%\(\w+\)[sd]", source)) == sorted(re.findall(r"%\(\w+\)[sd]", words_told)), source
        assert words_told in compiled, f"{source!r} is not compiled: run msgfmt"


def test_both_languages_hold_the_same_texts():
    assert entries("es").keys() == entries("sv").keys()


@pytest.mark.parametrize(
    ("language", "greeting", "day"), [("es", "Hola, Alma", "1 Abr 2026"), ("sv", "Hej, Alma", "1 apr 2026")]
)
def test_a_page_speaks_the_readers_language(home, sign_in, language, greeting, day):
    care.a_years_claims(home)
    client = sign_in("member", person=home.alma)
    page = client.get("/home/", headers={"accept-language": language}).content.decode()
    assert f'<html lang="{language}">' in page
    assert greeting in page
    assert day.lower() in page.lower()


@pytest.mark.parametrize(
    ("cents", "paid", "sentence"),
    [
        (70_000, 50_000, "Your other plan paid $500.00; the other $200.00 were taken off by its prices."),
        (50_000, 50_000, "Your other plan paid this."),
        (20_000, 0, "Your other plan paid nothing, but by its prices nobody may charge you this part."),
        (20_000, None, "Your other plan has to decide first. Once it has, the provider can send this here again."),
    ],
)
def test_what_another_plan_did_is_said_in_dollars(cents, paid, sentence):
    step = Step("off", "other_plan", cents, ("OA-23",))
    assert words._other_plan(step, Story(other_paid=paid)) == sentence
