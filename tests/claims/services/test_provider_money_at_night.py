"""Whole nights: the contract's promise is decided with the claim, and its interest and the tax paid, the same however often."""

import hashlib
import json
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction

from benefits.models import FundingAccount
from claims.models import InterestDue, InterestTerm, Night, OwnPriceRow, OwnTableLoad, Payment, Pend, TaxToKeep
from claims.services import funding, night
from tests.factories import engine, nights

NETWORK = {"network": "HARBOR", "interest_bp": 3_650, "interest_after_days": 0}
TERM = ("payment_terms", "HARBOR,", NETWORK)


def own_tables(*rows):
    for number, (kind, key, content) in enumerate(rows, 1):
        sha256 = hashlib.sha256(json.dumps(content).encode()).hexdigest()
        load = OwnTableLoad.objects.create(
            kind=kind, sha256=sha256, rows=1, file_name="a.csv", number=number, name=f"T{number}",
            loaded_at=nights.PLANNED_AT, actor_kind="system",
        )  # fmt: skip
        OwnPriceRow.objects.create(load=load, kind=kind, key=key, content=content, start_date=date(2020, 1, 1))


def arrive(cents: int = 12_000):
    town = nights.town(families=1)
    family = town.families[0]
    nights.submit([(family, town.people[family][0], nights.visit(engine.line(1, "OFFICE", cents, day=nights.WEEK)))])


def run(day: date, at: datetime) -> Night:
    planned, _ = night.plan_night(business_date=day, planned_at=at)
    assert night.work_until_empty(night_id=planned.pk, worker="alone") is night.Outcome.CLOSED
    planned.refresh_from_db()
    return planned


def test_a_claim_that_waited_for_money_is_paid_with_the_interest_its_contract_promised(in_employer):
    own_tables(TERM)
    arrive()
    run(nights.TONIGHT, nights.PLANNED_AT)
    (term,) = InterestTerm.objects.all()
    assert (term.interest_bp, term.after_days, term.cents) == (3_650, 0, term.version.paid_cents)
    account = FundingAccount.objects.get(pk=term.version.funding_account_id)
    funding.receive_funds(funding_account_id=account.pk, reference="W9", received_on=nights.TONIGHT, cents=1_000_000)
    later = nights.TONIGHT + timedelta(30)
    closed = run(later, nights.PLANNED_AT + timedelta(30))
    days = (later - term.version.submission.received_date).days
    (due,) = InterestDue.objects.filter(night=closed)
    expected = (2 * term.cents * 3_650 * days + 3_650_000) // (2 * 3_650_000)
    assert (due.days, due.cents) == (days, expected)
    assert Payment.objects.get(night=closed).cents == term.cents + expected


@pytest.mark.parametrize("status", ["backup", "no_w9"])
def test_tables_say_whether_a_claim_waits_or_its_payment_is_lowered(in_employer, status):
    own_tables(("tax_statuses", engine.TIN, {"tin": engine.TIN, "status": status}))
    arrive()
    for account in FundingAccount.objects.all():
        funding.receive_funds(
            funding_account_id=account.pk, reference="W9", received_on=nights.TONIGHT, cents=1_000_000
        )
    run(nights.TONIGHT, nights.PLANNED_AT)
    if status == "no_w9":
        assert Pend.objects.get().code == "PRV-02" and not TaxToKeep.objects.exists()
    else:
        assert not Pend.objects.exists() and TaxToKeep.objects.get().rate_bp == 2_400


def test_the_same_night_tried_again_has_the_same_digest(in_employer):
    own_tables(
        ("payment_terms", "HARBOR,", NETWORK),
        ("tax_statuses", engine.TIN, {"tin": engine.TIN, "status": "backup"}),
    )
    arrive()
    for account in FundingAccount.objects.all():
        funding.receive_funds(
            funding_account_id=account.pk, reference="W9", received_on=nights.TONIGHT, cents=1_000_000
        )
    digests = []
    for _ in range(2):
        with transaction.atomic():
            digests.append(run(nights.TONIGHT, nights.PLANNED_AT).digest)
            transaction.set_rollback(True)
    assert digests[0] == digests[1] and len(digests[0]) == 64
