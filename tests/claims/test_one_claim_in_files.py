"""One claim from the bill to its correction, as the files that go in and out: docs/examples/one_claim holds them.

WRITE_EXAMPLES=1 writes them anew after a deliberate change.
"""

import html
import io
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django_tenants.utils import schema_context

from benefits.models import Person
from claims.edi.x835_reading import read_835
from claims.models import ClaimSubmission, Payment
from claims.services import funding, intake, night, remittances
from tenants import facade as tenants
from tenants.exchange.models import OutboundFile
from tests.factories import made

KEPT = settings.BASE_DIR / "docs" / "examples" / "one_claim"
FIRST = datetime(2026, 3, 2, 14, tzinfo=UTC)
SECOND = FIRST + timedelta(days=7)
SENDER = "ASOEMPLOYER0001"
"""In place of the employer's own sender id, which differs from one installation to the next."""


@pytest.fixture
def files(committing_db, employer) -> dict[str, str]:
    """By name: the bill, its answers, the remittance and what the member reads; then the same for its replacement."""
    harbor = made.people(employer, made.clearing_house(), code="HFL")
    with schema_context(employer.schema_name):
        funding.receive_funds(
            funding_account_id=harbor.account.pk, reference="WIRE-1", received_on=FIRST.date(), cents=1_000_000
        )
    claim = next(one for one in harbor.claims(200) if _is_plain(one))
    found = dict(_told("1_", employer, [claim], FIRST))
    with schema_context(employer.schema_name):
        number = ClaimSubmission.objects.get().claim_number
    corrected = replace(claim, number=f"{claim.number}R", frequency="7", original=number, lines=claim.lines[1:])
    found |= _told("2_", employer, [corrected], SECOND)
    return found


def _is_plain(claim) -> bool:
    """An adult's visit with a few lines, the first of which the plan pays for."""
    return claim.episode.name == "specialist visit" and claim.patient is claim.family.people[0] and len(claim.lines) > 2


def _told(step: str, employer, claims, at: datetime) -> Iterator[tuple[str, str]]:
    content = made.file_of(claims, control=int(step[0]), at=at - timedelta(hours=2))
    yield f"{step}bill.837", content.decode()
    uuid, _ = intake.receive(stream=io.BytesIO(content), name=f"{step}bill.837", received_at=at)
    intake.import_file(file_uuid=uuid)
    for answer in OutboundFile.objects.filter(answers__uuid=uuid).order_by("kind"):
        yield f"{step}answer.{answer.kind.lower()}", tenants.open_outbound_file(answer.uuid).read().decode()
    with schema_context(employer.schema_name):
        planned, _ = night.plan_night(business_date=at.date(), planned_at=at + timedelta(hours=8))
        while night.work_until_empty(night_id=planned.pk, worker="alone") is not night.Outcome.CLOSED:
            pass
        payment = Payment.objects.get(night=planned)
        remittance = tenants.open_document(payment.remittance.document_uuid).decode()
        yield f"{step}remittance.835", remittance.replace(remittances.sender_id(employer.schema_name), SENDER)
        person = Person.objects.get(pk=ClaimSubmission.objects.order_by("pk").first().person_id)
        newest = ClaimSubmission.objects.order_by("pk").last()
    yield f"{step}explanation.txt", _page(employer, person, newest)


def _page(employer, person: Person, claim: ClaimSubmission) -> str:
    """What the member reads of a claim, a line of text for each block of the page."""
    with schema_context(employer.schema_name):
        user = tenants.open_account(email="m@harbor.example", roles=["member"], now=FIRST, person_uuid=person.uuid)
        browser = Client(HTTP_HOST="harbor.localhost")
        browser.force_login(user)
    response = browser.get(f"/claims/{claim.uuid}/")
    assert response.status_code == 200
    (main,) = re.findall(r"<main.*?</main>", response.content.decode(), re.DOTALL)
    blocks = re.sub(r"</(?:p|h1|h2|h3|li|dt|dd|tr|caption|summary|div|section|a)>", "\n", main)
    lines = (" ".join(html.unescape(re.sub(r"<[^>]+>", " ", line)).split()) for line in blocks.split("\n"))
    return "".join(f"{line}\n" for line in lines if line)


def test_the_files_of_the_example_are_what_the_portal_writes(files):
    if os.environ.get("WRITE_EXAMPLES"):
        for name, text in files.items():
            (KEPT / name).write_text(text)
    assert {path.name: path.read_text() for path in KEPT.iterdir() if path.name != "README.md"} == files


def test_the_replacement_is_told_as_a_pair_that_adds_up(files):
    (first,) = read_835(files["1_remittance.835"])
    (second,) = read_835(files["2_remittance.835"])
    (paid,) = first.remittance.claims
    back, corrected = second.remittance.claims
    assert first.findings == second.findings == ()
    assert (back.status, back.billed, back.paid) == ("22", -paid.billed, -paid.paid)
    assert (corrected.status, corrected.original_number) == ("1", paid.claim_number)
    net = corrected.paid - paid.paid
    assert net < 0
    assert [(each.reason, each.cents) for each in second.remittance.provider_adjustments] == [("FB", net)]
    assert second.remittance.paid == 0
