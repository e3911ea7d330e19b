"""The overpayment desk: what is open by age, acts by those who may, and nothing for anybody else."""

import pytest

from claims.models import OverpaymentCase, OverpaymentEvent, PayeeCredit
from claims.selectors import overpayments as shown
from tests.claims.services.test_overpayments import overpaid, payables

__all__ = ["payables"]
LIST = "claims/overpaymentcase/"


@pytest.fixture
def case(payables) -> OverpaymentCase:
    return overpaid(payables)


def act(client, case, name, **more):
    return client.post(f"{LIST}{case.pk}/act/", {"act": name, "note": "An audit of March.", **more})


@pytest.mark.parametrize("role", ["finance", "claims_manager", "examiner", "admin"])
def test_what_is_open_is_listed_without_a_name(desk, case, role):
    client = desk(role)
    told = client.get(LIST).content.decode()
    assert case.submission.claim_number in told and "240.00" in told and "Alma" not in told and "Berg" not in told
    page = client.get(f"{LIST}{case.pk}/change/").content.decode()
    assert "240.00" in page and "paid too much for claim" in page and "Alma" not in page and "Berg" not in page


def test_account_managers_see_nothing_and_strangers_neither(desk, case):
    client = desk("account_manager")
    assert client.get(LIST).status_code == client.get(f"{LIST}{case.pk}/change/").status_code == 403
    assert act(client, case, "dispute").status_code == 403
    assert desk("claims_manager", door=False).get(LIST).status_code in (302, 403)
    assert desk("claims_manager").get(f"{LIST}999999/change/").status_code == 404


def test_a_write_off_is_proposed_by_one_and_approved_by_another(desk, case):
    maker, checker = desk("claims_manager"), desk("admin")
    act(maker, case, "propose", amount="40.00")
    assert OverpaymentEvent.objects.get().cents == 4_000
    assert 'value="approve"' not in maker.get(f"{LIST}{case.pk}/change/").content.decode()
    act(maker, case, "approve")
    assert not PayeeCredit.objects.exists()
    assert 'value="approve"' in checker.get(f"{LIST}{case.pk}/change/").content.decode()
    act(checker, case, "approve")
    assert PayeeCredit.objects.get().cents == 4_000 and shown.open_cents(case) == 20_000


def test_finance_books_a_refund_and_does_nothing_else(desk, case):
    client = desk("finance")
    assert act(client, case, "dispute").status_code == 403
    act(client, case, "refund", amount="", reference="CHECK 17")
    act(client, case, "refund", amount="1,000.00", reference="CHECK 17")
    assert not PayeeCredit.objects.exists()
    act(client, case, "refund", amount="$240.00", reference="CHECK 17", on="2026-03-03")
    assert PayeeCredit.objects.get().reference == "CHECK 17" and shown.open_by_case() == {}
    assert "No payee owes anything" in client.get(LIST).content.decode()


def test_a_dispute_begins_and_ends_and_an_unknown_act_does_nothing(desk, case):
    client = desk("claims_manager")
    for name in ("dispute", "nonsense", "end_dispute", "request"):
        act(client, case, name)
    kinds = list(OverpaymentEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["disputed", "dispute_ended", "requested"]


def test_money_nobody_asked_for_is_booked_by_the_claims_number(desk, payables):
    from tests.claims.services.test_money_taken_back import paid_once

    version, client = paid_once(payables), desk("finance")
    sent = {"reference": "CHECK 9", "amount": "240.00", "on": "2026-03-03"}
    for wrong in ("", "C0000000099", "X"):
        client.post(f"{LIST}unasked/", {**sent, "claim": wrong})
    assert not PayeeCredit.objects.exists()
    client.post(f"{LIST}unasked/", {**sent, "claim": version.submission.claim_number})
    assert PayeeCredit.objects.get().submission == version.submission
    assert desk("examiner").post(f"{LIST}unasked/", sent).status_code == 403
