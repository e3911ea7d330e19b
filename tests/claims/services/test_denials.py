"""A denial sends its letter: once, in the reader's language, with reasons, provisions, rights and the last day to appeal."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from claims.models import Letter, Night
from claims.services import denials, letters
from tenants import facade as tenants
from tenants.core.roles import Actor
from tests.factories import care

NOW = datetime(2026, 4, 5, 6, tzinfo=UTC)
DAY = NOW.date()


@pytest.fixture
def dana(in_employer) -> Actor:
    return Actor("staff", uuid4(), frozenset({"examiner"}), in_employer.schema_name, grant_uuid=uuid4())


@pytest.fixture
def home(in_employer) -> care.Household:
    return care.household()


def closed() -> None:
    Night.objects.update(closed_at=NOW - timedelta(hours=2))


def denied(home, person=None, carc: str = "96", group: str = "PR"):
    claim = care.submit(home, person or home.alma, charges=(9_000,))
    return care.decide(home, claim, (0, ((group, carc, 9_000),)), outcome="deny")


def said(draft: letters.Draft) -> str:
    parts = [draft.facts["title"]]
    for section in draft.facts["sections"]:
        parts += [section["heading"], *section["paragraphs"], *(cell for row in section["rows"] for cell in row)]
    return " ".join(parts)


def test_the_letter_says_reason_provision_documents_and_the_last_day(home):
    told = said(denials.draft(version_id=denied(home).pk, on=DAY))
    for part in (
        "1 · G0463: the plan does not cover this service (96)",
        "$90.00",
        "design version 1",
        "copies of all papers about this claim",
        "Oct. 2, 2026",  # 180 days
        "within 60 days",
        "section 502(a)",
    ):
        assert part in told, part


def test_it_is_sent_once_and_kept(home):
    version = denied(home)
    closed()
    assert denials.send_due(now=NOW, day=DAY) == 1
    assert denials.send_due(now=NOW, day=DAY) == 0
    letter = Letter.objects.get()
    assert (letter.kind, letter.recipient, letter.about_uuid) == ("denial", "member", version.uuid)
    assert tenants.open_document(letter.document_uuid).startswith(b"%PDF")


def test_an_open_night_and_one_of_last_month_send_nothing(home):
    denied(home)
    assert denials.due(now=NOW) == []
    closed()
    assert denials.due(now=NOW + timedelta(days=30)) == []


def test_a_bill_decided_before_an_approved_claim_and_a_decision_taken_back_send_nothing(home):
    denied(home, carc="18")
    care.decide(home, care.submit(home, home.alma), (150_000, ()))
    care.reverse(denied(home))
    closed()
    assert denials.due(now=NOW) == []


def test_a_refused_line_left_to_the_member_is_told_and_one_the_provider_bears_is_not(home):
    for group in ("PR", "CO"):
        claim = care.submit(home, home.alma, charges=(5_000, 9_000))
        care.decide(home, claim, (5_000, ()), (0, ((group, "96", 9_000),)), denied=(2,))
    closed()
    (key,) = denials.due(now=NOW)
    assert "2 · G0463" in said(denials.draft(version_id=key, on=DAY))


def test_a_childs_letter_is_in_the_parents_language(home):
    tenants.open_account(
        email="alma@harbor.example", roles=["member"], now=NOW, password="a long walk home", person_uuid=home.alma.uuid
    )
    from tenants.accounts.models import User

    User.objects.filter(email="alma@harbor.example").update(language="es")
    draft = denials.draft(version_id=denied(home, home.ben).pk, on=DAY)
    assert draft.facts["language"] == "es"
    assert "el plan no cubre este servicio" in said(draft)


def test_only_who_decides_sends_by_hand(home, dana):
    version = denied(home)
    with pytest.raises(denials.NothingDenied):
        denials.send(version_id=version.pk, on=DAY, actor=Actor("staff", uuid4(), frozenset({"finance"}), "x"))
    sent = denials.send(version_id=version.pk, on=DAY, actor=dana, language="sv")
    assert denials.send(version_id=version.pk, on=DAY, actor=dana) == sent
    assert sent.language == "sv"
    with pytest.raises(denials.NothingDenied):
        denials.draft(version_id=care.reverse(version).pk, on=DAY)
