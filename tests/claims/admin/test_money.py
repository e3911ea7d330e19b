"""Money at the desk: receipts booked once, everything else read; finance sees amounts and never a claim."""

import pytest

from claims.models import ClaimSubmission, FundingReceipt, NightChunk, Payment
from claims.services import funding, payments
from tenants import facade as tenants
from tenants.records.models import AuditEvent, PhiAccess
from tests.factories.money import DAY, Payables

PAGES = ["payment", "fundingrequest", "fundingreceipt", "night"]


@pytest.fixture
def paid(in_employer) -> Payables:
    """A night whose claims were asked for, released and paid."""
    made = Payables.open()
    night = made.night()
    made.decide_many(night, [10_000, 20_000])
    funding.receive_funds(funding_account_id=made.account.pk, reference="WIRE1", received_on=DAY, cents=100_000)
    funding.plan_pay(night_id=night.pk)
    for chunk in NightChunk.objects.filter(night=night, step="pay"):
        payments.pay_chunk(chunk=chunk, night=night)
    return made


@pytest.mark.parametrize("role", ["finance", "claims_manager", "stop_loss", "admin"])
@pytest.mark.parametrize("name", PAGES)
def test_money_opens_for_those_who_work_with_it(desk, paid, role, name):
    client = desk(role)
    assert client.get(f"claims/{name}/").status_code == 200
    assert client.get(f"claims/{name}/{first(name)}/change/").status_code == 200


def first(name: str) -> int:
    from claims import models

    by_name = {"payment": "Payment", "fundingrequest": "FundingRequest", "night": "Night"}
    return getattr(models, by_name.get(name, "FundingReceipt")).objects.first().pk


@pytest.mark.parametrize("name", PAGES)
def test_money_is_not_for_account_managers(desk, paid, name):
    assert desk("account_manager").get(f"claims/{name}/").status_code == 403


def test_a_receipt_is_booked_once_with_its_audit(desk, paid):
    client = desk("finance")
    said = {
        "funding_account": paid.account.pk,
        "reference": "WIRE2",
        "received_on": "2026-03-03",
        "amount": "$1,250.50",
    }
    assert client.post("claims/fundingreceipt/add/", said).status_code == 302
    assert FundingReceipt.objects.get(reference="WIRE2").cents == 125_050
    account = tenants.Account("cash", paid.account.uuid, "")
    assert tenants.balance(account, DAY.replace(day=3)) == 225_050
    assert AuditEvent.objects.filter(action="admin.added", actor_uuid=client.user.pk).count() == 1
    again = client.post("claims/fundingreceipt/add/", {**said, "amount": "9"})
    assert again.status_code == 200
    assert FundingReceipt.objects.filter(reference="WIRE2").count() == 1
    assert tenants.balance(account, DAY.replace(day=3)) == 225_050


@pytest.mark.parametrize("amount", ["", "0", "-5", "12.345", "ten", "9" * 18])
def test_an_amount_that_is_no_money_is_refused(desk, paid, amount):
    said = {"funding_account": paid.account.pk, "reference": "WIRE3", "received_on": "2026-03-03", "amount": amount}
    assert desk("finance").post("claims/fundingreceipt/add/", said).status_code == 200
    assert not FundingReceipt.objects.filter(reference="WIRE3").exists()


def test_only_those_who_keep_the_money_enter_it_and_nobody_edits_or_deletes(desk, paid):
    assert desk("examiner").get("claims/fundingreceipt/add/").status_code == 403
    root, receipt = desk("admin"), first("fundingreceipt")
    assert root.post(f"claims/fundingreceipt/{receipt}/change/", {"reference": "x"}).status_code == 403
    assert root.get(f"claims/fundingreceipt/{receipt}/delete/").status_code == 403
    assert root.get("claims/payment/add/").status_code == 403


def test_a_remittance_names_patients_so_opening_it_is_logged_and_not_for_finance(desk, paid):
    payment = Payment.objects.get()
    assert desk("finance").get(f"claims/payment/{payment.pk}/835/").status_code == 403
    dana = desk("examiner")
    reply = dana.get(f"claims/payment/{payment.pk}/835/")
    assert reply.content.startswith(b"ISA*")
    look = PhiAccess.objects.get(actor_uuid=dana.user.pk)
    assert (look.record_class, look.shown, look.record_uuids) == ("remittance", 2, [payment.uuid])


def test_nights_show_figures_and_chunks_and_are_never_changed(desk, paid):
    page = desk("examiner").get(f"claims/night/{first('night')}/change/").content.decode()
    assert "pay" in page
    assert desk("admin").post(f"claims/night/{first('night')}/change/", {"step": "closed"}).status_code == 403


@pytest.mark.parametrize(("role", "status"), [("finance", 403), ("account_manager", 403), ("examiner", 200)])
def test_the_history_of_a_claim_opens_for_those_who_see_the_claim(desk, paid, role, status):
    claim = ClaimSubmission.objects.earliest("pk")
    assert desk(role).get(f"claims/claimsubmission/{claim.pk}/history/").status_code == status
