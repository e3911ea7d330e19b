"""What a member takes away about a claim: the explanation as PDF, letters, and which claim replaced which."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from claims.models import ClaimVersion
from claims.portal import eob as eobs
from claims.selectors.eobs import SealBroken, eob_of
from claims.services import denials
from tenants import facade as tenants
from tenants.records.models import PhiAccess
from tests.factories import care, corrected


@pytest.fixture(autouse=True)
def _on_20_may(monkeypatch):
    monkeypatch.setattr("claims.portal.member.today", lambda request: care.TODAY)


@pytest.fixture
def told(home):
    claims = care.a_years_claims(home)
    for each in ("paid", "denied"):
        claims[each].refresh_from_db()
        corrected.reported(ClaimVersion.objects.get(submission=claims[each]))
    return claims


def test_the_explanation_is_a_tagged_pdf_of_the_sealed_figures(home, told, sign_in):
    client = sign_in("member", person=home.alma)
    assert "Explanation of benefits (PDF)" in client.get(f"/claims/{told['paid'].uuid}/").content.decode()
    reply = client.get(f"/claims/{told['paid'].uuid}/eob.pdf")
    assert (reply.status_code, reply["Content-Type"], reply["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in reply.content
    assert reply.content == client.get(f"/claims/{told['paid'].uuid}/eob.pdf").content
    assert PhiAccess.objects.filter(record_class="eob").exists()


@pytest.mark.parametrize("language", ["en", "es", "sv"])
def test_its_steps_end_in_what_the_member_may_owe(told, language):
    sealed = eob_of(ClaimVersion.objects.get(submission=told["paid"]).pk)
    facts = eobs.facts(sealed, language=language)
    assert facts["language"] == language
    assert facts["steps"][-1] | {"title": "", "why": ""} == {
        "title": "", "why": "", "amount": "$820.00", "total": True,
    }  # fmt: skip
    assert facts["owe"] == "$820.00"
    assert sealed.content_sha256[:16] in facts["footer"]


def test_every_language_has_every_word_with_the_same_values():
    import re

    lists = [eobs.said(language) for language in ("en", "es", "sv")]
    for name, text in lists[0].items():
        wanted = sorted(re.findall(r"{\w+}", text))
        assert all(sorted(re.findall(r"{\w+}", each[name])) == wanted for each in lists), name


def test_a_denied_claim_says_until_when_it_can_be_appealed(told):
    facts = eobs.facts(eob_of(ClaimVersion.objects.get(submission=told["denied"]).pk), language="en")
    assert "Oct. 2, 2026" in facts["sections"][0]["paragraphs"][0]


def test_figures_that_are_not_those_that_were_sealed_are_never_shown(home):
    version = care.decide(home, care.submit(home, home.alma), (150_000, ()))
    corrected.reported(version, seal="ab" * 32)
    with pytest.raises(SealBroken):
        eob_of(version.pk)


def test_nobody_else_takes_them(home, told, sign_in):
    address = f"/claims/{told['paid'].uuid}/eob.pdf"
    assert sign_in("member", person=home.dora).get(address).status_code == 404
    assert sign_in("hr").get(address).status_code in (403, 404)
    client = sign_in("member", person=home.alma)
    assert client.get(f"/claims/{told['asking'].uuid}/eob.pdf").status_code == 404
    assert client.get(f"/claims/{uuid4()}/eob.pdf").status_code == 404


def test_a_letter_is_listed_and_opened_by_who_sees_the_claim(home, told, sign_in):
    version = ClaimVersion.objects.get(submission=told["denied"])
    letter = denials.send(version_id=version.pk, on=date(2026, 4, 5), actor=tenants.system(connection.schema_name))
    client = sign_in("member", person=home.alma)
    address = f"/claims/{told['denied'].uuid}/letters/{letter.uuid}.pdf"
    assert address in client.get(f"/claims/{told['denied'].uuid}/").content.decode()
    assert client.get(address).content.startswith(b"%PDF")
    assert client.get(f"/claims/{told['paid'].uuid}/letters/{letter.uuid}.pdf").status_code == 404
    assert sign_in("member", person=home.dora).get(address).status_code == 404


def test_a_replaced_claim_and_its_replacement_point_at_each_other_with_their_amounts(home, sign_in):
    first, second = corrected.replaced(home)
    client = sign_in("member", person=home.alma)
    old = client.get(f"/claims/{first.uuid}/").content.decode()
    new = client.get(f"/claims/{second.uuid}/").content.decode()
    assert f'href="/claims/{second.uuid}/"' in old
    assert f'href="/claims/{first.uuid}/"' in new
    for page in (old, new):
        assert "$280.00" in page
        assert "$200.00" in page
