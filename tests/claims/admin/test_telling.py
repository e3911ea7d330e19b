"""At the desk: the explanation and the letter of a denial, and a pair of claims with its amounts; each by role."""

import pytest

from claims.models import ClaimVersion
from tenants.records.models import PhiAccess
from tests.factories import corrected

pytestmark = pytest.mark.django_db


def test_the_explanation_is_handed_out_and_the_look_is_written_down(desk, claims):
    version = ClaimVersion.objects.get(submission=claims["paid"])
    corrected.reported(version)
    page = f"claims/claimsubmission/{claims['paid'].pk}"
    dana = desk("examiner")
    assert f"eob/{version.uuid}.pdf" in dana.get(f"{page}/change/").content.decode()
    reply = dana.get(f"{page}/eob/{version.uuid}.pdf?language=sv")
    assert (reply.status_code, reply["Content-Type"]) == (200, "application/pdf")
    assert PhiAccess.objects.filter(record_class="eob", actor_kind="staff").exists()
    assert dana.get(f"claims/claimsubmission/{claims['denied'].pk}/eob/{version.uuid}.pdf").status_code == 404
    assert desk("finance").get(f"{page}/eob/{version.uuid}.pdf").status_code == 403


def test_a_broken_seal_shows_nothing(desk, claims):
    version = ClaimVersion.objects.get(submission=claims["paid"])
    corrected.reported(version, seal="ab" * 32)
    reply = desk("examiner").get(f"claims/claimsubmission/{claims['paid'].pk}/eob/{version.uuid}.pdf")
    assert reply.status_code == 409
    assert b"%PDF" not in reply.content


def test_the_letter_of_a_denial_is_shown_then_sent(desk, claims):
    page = f"claims/claimsubmission/{claims['denied'].pk}"
    dana = desk("examiner")
    assert "Denial letter: not sent yet" in dana.get(f"{page}/change/").content.decode()
    assert "no cubre este servicio" in dana.get(f"{page}/denial/?language=es").content.decode()
    said = dana.post(f"{page}/denial/", {"language": "es"}, follow=True).content.decode()
    assert "The letter is sent." in said
    assert "Denial letter: not sent yet" not in said
    assert "Letter to the member: denial" in said
    nothing = dana.get(f"claims/claimsubmission/{claims['paid'].pk}/denial/", follow=True).content.decode()
    assert "Nothing was refused" in nothing
    assert desk("stop_loss").post(f"{page}/denial/", {}).status_code == 403
    assert desk("finance").get(f"{page}/denial/").status_code == 403


def test_both_claims_of_a_pair_show_it(desk, home):
    first, second = corrected.replaced(home)
    dana = desk("examiner")
    old = dana.get(f"claims/claimsubmission/{first.pk}/change/").content.decode()
    new = dana.get(f"claims/claimsubmission/{second.pk}/change/").content.decode()
    assert f"claimsubmission/{second.pk}/change/" in old
    assert f"claimsubmission/{first.pk}/change/" in new
    for page in (old, new):
        assert "Before and after" in page
        assert "\N{MINUS SIGN}$80.00" in page


def test_the_desk_counts_by_reason_and_age(desk, waiting):
    page = desk("examiner").get("claims/pend/").content.decode()
    assert "How much waits, by reason and age" in page
    assert "MED-01" in page


def test_the_next_and_the_previous_claim_of_the_queue_are_one_step_away(desk, claims):
    page = desk("examiner").get(f"claims/claimsubmission/{claims['asking'].pk}/change/").content.decode()
    assert "data-key-previous" in page
