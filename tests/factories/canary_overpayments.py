"""Marked rows of money paid too much: a case of Alma's claim, a write-off proposed and approved."""

from claims.models import ClaimVersion, Night, OverpaymentCase, OverpaymentEvent, PayeeCredit, Payment
from tests.factories import marks
from tests.factories.canaries import ALMA, EMIL, Marked


def overpayments(home: Marked, night: Night) -> None:
    """Everything that may hang on a case. Nothing of it is open: no remittance carried it."""
    version = ClaimVersion.objects.filter(person=home.people[ALMA]).latest("pk")
    payment = Payment.objects.latest("pk")
    case = OverpaymentCase.objects.create(
        funding_account=home.account,
        payee_key=payment.payee_key,
        reversal=version,
        submission=version.submission,
        payment=payment,
        cause="audit",
        cents=1_234,
        opened_on=night.business_date,
        due_on=night.business_date,
    )
    proposal = OverpaymentEvent.objects.create(
        case=case,
        kind="write_off_proposed",
        cents=1_234,
        note=home.mark(marks.NOTE, ALMA),
        actor_uuid=home.uuid_of("examiner"),
        happened_at=night.planned_at,
    )
    credit = PayeeCredit.objects.create(
        funding_account=home.account,
        payee_key=payment.payee_key,
        reason="CS",
        reference=home.mark(marks.MONEY),
        cents=1_234,
        posted_on=night.business_date,
        case=case,
        proposal=proposal,
        maker_uuid=proposal.actor_uuid,
        actor_uuid=home.uuid_of("manager"),
        booked_at=night.planned_at,
    )
    for row in (case, proposal, credit):
        row.refresh_from_db()
    home.name_row(ALMA, case)
    home.name_row(EMIL, credit)
