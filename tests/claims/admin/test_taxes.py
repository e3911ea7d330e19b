"""Tax kept at the desk: deposits booked once, a year's list by tax number, for those who keep the money."""

import csv
from datetime import date, timedelta

import pytest

from claims.models import TaxDeposit
from tenants import facade as tenants
from tests.claims.services.test_pay_step import fund, pay
from tests.claims.services.test_provider_money import backup, with_taxes
from tests.factories.money import CLINIC, DAY, HOSPITAL, Payables


@pytest.fixture
def taxed(in_employer) -> Payables:
    """A clinic paid less the tax on two nights, a hospital paid whole."""
    made = Payables.open()
    for number, cents in ((0, 10_000), (1, 5_001)):
        night = made.night(DAY + timedelta(number))
        with_taxes(night, backup()) if not number else night.__class__.objects.filter(pk=night.pk).update(own_tables=1)
        night.refresh_from_db()
        made.decided(night, cents)
        made.decided(night, 700, provider=HOSPITAL)
        fund(made, cents + 700, f"W{number}", day=DAY + timedelta(number))
        pay(night)
    return made


def listed(reply) -> list[list[str]]:
    return list(csv.reader(reply.content.decode().splitlines()))


@pytest.mark.parametrize("role", ["finance", "claims_manager", "admin"])
def test_a_years_list_adds_payments_up_by_tax_number(desk, taxed, role):
    reply = desk(role).get(f"claims/taxdeposit/kept/?year={DAY.year}")
    assert reply["content-type"] == "text/csv"
    assert listed(reply) == [
        ["tax_number", "payments", "paid_before_tax", "tax_kept"],
        [CLINIC[1], "2", "150.01", "36.00"],
    ]
    assert listed(desk(role).get(f"claims/taxdeposit/kept/?year={DAY.year + 1}"))[1:] == []


def test_the_list_is_not_for_account_managers_and_no_year_is_guessed(desk, taxed):
    assert desk("account_manager").get("claims/taxdeposit/kept/").status_code == 403
    assert desk("finance").get("claims/taxdeposit/kept/?year=last").status_code == 404


def test_a_deposit_is_booked_once_and_stays(desk, taxed):
    client = desk("finance")
    said = {
        "funding_account": taxed.account.pk,
        "reference": "EFT1",
        "deposited_on": (DAY + timedelta(1)).isoformat(),
        "amount": "36.00",
    }
    assert client.post("claims/taxdeposit/add/", said).status_code == 302
    deposit = TaxDeposit.objects.get()
    assert deposit.cents == 3_600
    account = tenants.Account("tax_withheld_payable", taxed.account.uuid)
    assert tenants.balance(account, date(2026, 12, 31)) == 0
    assert client.post("claims/taxdeposit/add/", said | {"amount": "1"}).status_code == 200
    assert client.get(f"claims/taxdeposit/{deposit.pk}/change/").status_code == 200
    assert client.post(f"claims/taxdeposit/{deposit.pk}/change/", said).status_code == 403
    assert desk("examiner").get("claims/taxdeposit/add/").status_code == 403
