"""The worked night of docs/domain/night.md, row by row."""

from datetime import date

from claims.models import ClaimVersion, LineAdjustment, Pend
from claims.services import funding, night
from tenants import facade as tenants
from tests.factories import engine, nights


def test_the_small_night_of_the_page_comes_out_as_written(in_employer):
    town = nights.town(families=3, persons=1)
    (alma,), (ben,), (cara,) = (town.people[family] for family in town.families)
    one, two, three = town.families

    def visit(code: str, billed: int, account: str):
        return nights.visit(engine.line(1, code, billed, day=date(2026, 3, 2)), account=account)

    funding.receive_funds(
        funding_account_id=town.account.pk, reference="WIRE1", received_on=nights.TONIGHT, cents=15_000
    )
    nights.submit(
        [
            (one, alma, visit("OFFICE", 13_000, "A")),
            (two, ben, visit("LAB", 4_500, "B")),
            (one, alma, visit("OFFICE", 13_000, "C")),
            (three, cara, visit(nights.UNMAPPED, 10_000, "D")),
            (three, cara, visit("OFFICE", 12_000, "E")),
        ]
    )
    planned, _ = night.plan_night(business_date=nights.TONIGHT, planned_at=nights.PLANNED_AT)
    nights.submit([(two, ben, visit("LAB", 4_500, "F"))])
    assert night.work_until_empty(night_id=planned.pk, worker="alone") is night.Outcome.CLOSED

    rows = ClaimVersion.objects.order_by("submission__intake_seq").values_list(
        "submission__intake_seq", "billed_cents", "allowed_cents", "member_cents", "paid_cents", "outcome"
    )
    assert list(rows) == [
        (1, 13_000, 12_000, 2_500, 9_500, "pay"),
        (2, 4_500, 4_500, 4_500, 0, "pay"),
        (3, 13_000, 0, 0, 0, "deny"),
        (5, 12_000, 12_000, 2_500, 9_500, "pay"),
    ]
    assert LineAdjustment.objects.filter(line__version__submission__intake_seq=3).values_list(
        "group", "carc"
    ).get() == (
        "CO",
        "18",
    )
    assert Pend.objects.values_list("submission__intake_seq", "code").get() == (4, "BEN-01")
    planned.refresh_from_db()
    figures = planned.figures
    assert (figures["claims"], figures["decided"], figures["pended"], figures["set_aside"]) == (5, 4, 1, 0)
    assert (figures["billed_cents"], figures["decided_billed_cents"], figures["pended_billed_cents"]) == (
        52_500,
        42_500,
        10_000,
    )
    assert (figures["approved_cents"], figures["released_cents"], figures["paid_cents"]) == (19_000, 9_500, 9_500)
    payable = tenants.Account("claims_payable", town.account.uuid, "medical")
    assert tenants.balance(payable, nights.TONIGHT) == -9_500
