"""Marked rows of what happens to a claim later: orders, amounts without a claim, surprise bills, own prices."""

from datetime import timedelta

from claims.core.price_books import PRICE_KINDS
from claims.models import (
    AuditClosing,
    AuditDifference,
    AuditFinding,
    AuditPage,
    AuditRun,
    AuditShare,
    ClaimChange,
    ClaimChangeResult,
    ClaimVersion,
    DisputeOutcome,
    IndebtedPayee,
    InterestDue,
    InterestTerm,
    Night,
    OwnPriceRow,
    OwnTableLoad,
    Payment,
    PaymentAdjustment,
    QualityFigure,
    SurpriseBill,
    SurpriseConsent,
    TaxDeposit,
    TaxToKeep,
)
from tests.factories import marks
from tests.factories.canaries import ALMA, EMIL, LONG_AGO, Marked

NPI = "1234567893"


def changes(home: Marked, night: Night) -> None:
    """An order of the plan that changed nothing, a debt taken back at once, a protected line of Alma's, a price."""
    day, at = night.business_date, night.planned_at
    version = ClaimVersion.objects.filter(person=home.people[ALMA]).latest("pk")
    order = ClaimChange.objects.create(
        kind="redecide",
        cause="audit",
        submission=version.submission,
        note=home.mark(marks.NOTE, ALMA),
        actor_kind="staff",
        actor_uuid=home.uuid_of("examiner"),
        ordered_at=at,
    )
    ClaimChangeResult.objects.create(change=order, night=night, outcome="unchanged")
    payment = Payment.objects.latest("pk")
    paid = {"payment": payment, "funding_account": home.account, "payee_key": payment.payee_key, "reason": "FB"}
    for reference, cents in (("ONE", 1), ("OTHER", -1)):
        PaymentAdjustment.objects.create(reference=reference, cents=cents, **paid)
    owner = {"night": night, "funding_account": home.account, "payee_key": payment.payee_key}
    InterestTerm.objects.create(version=version, interest_bp=1, after_days=30, year_days=365, cents=1)
    InterestDue.objects.create(version=version, days=1, cents=1, **owner)
    TaxToKeep.objects.create(rate_bp=1, why="no_tax_form", **owner)
    TaxDeposit.objects.create(
        funding_account=home.account, reference=home.mark(marks.REMARK), deposited_on=day, cents=1
    )
    IndebtedPayee.objects.create(funding_account=home.account, payee_key=payment.payee_key)
    bill = SurpriseBill.objects.create(
        version=version,
        line_no=1,
        protection="emergency",
        basis="billed",
        recognized_cents=version.allowed_cents,
        answer_due=day + timedelta(30),
    )
    outcome = DisputeOutcome.objects.create(
        bill=bill,
        reference=home.mark(marks.REMARK),
        determined_cents=version.allowed_cents,
        determined_on=day,
        actor_kind="system",
        recorded_at=at,
    )
    consent = SurpriseConsent.objects.create(
        person=home.people[ALMA],
        npi=NPI,
        start_date=day,
        end_date=day + timedelta(1),
        notice_date=day,
        scheduled_date=day,
        actor_kind="system",
        recorded_at=at,
    )
    price = OwnPriceRow.objects.create(
        load=OwnTableLoad.objects.latest("pk"),
        kind=min(PRICE_KINDS),
        key=home.mark(marks.PLAN),
        content={"cents": 1},
        start_date=LONG_AGO,
    )
    finding = audit(home, night, version)
    for row in (order, bill, outcome, consent, finding):
        row.refresh_from_db()
        home.name_row(ALMA, row)
    home.name_row(EMIL, price)


def audit(home: Marked, night: Night, version: ClaimVersion) -> AuditFinding:
    """An audit that found something about Alma's claim, closed with a note, and figures of the night."""
    at = night.planned_at
    AuditShare.objects.create(share_bp=10_000, set_at=at, actor_kind="system")
    run = AuditRun.objects.create(night=night, share_bp=10_000, begun_at=at)
    counts = {"decisions": 1, "lines": 1, "wrong": 1, "paid_cents": 1}
    AuditPage.objects.create(
        run=run, after_family=0, through_family=1, is_last=True, audited_at=at, not_judged={"price": 1}, **counts
    )
    finding = AuditFinding.objects.create(
        run=run, version=version, off_cents=1, absolute_off_cents=1, paid_wrong=True, found_at=at
    )
    AuditDifference.objects.create(finding=finding, line_no=1, kind="paid", subject="paid", expected=1, recorded=2)
    AuditClosing.objects.create(
        finding=finding,
        reason="by_hand",
        note=home.mark(marks.NOTE, ALMA),
        actor_uuid=home.uuid_of("examiner"),
        closed_at=at,
    )
    QualityFigure.objects.create(night=night, day=night.business_date, name="finalised", amount=1)
    return finding
