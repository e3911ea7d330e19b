"""What payees were paid too much: cases opened by the pay step, what people do about them, refunds and write-offs.

Money of a provider is taken from his next payments of the same account by itself (PLB FB, or WO after the employer's
notice period), but not while he disputes it; a member's never is. Refunds and write-offs are journals of their own and
PayeeCredits, which the next remittance acknowledges (72, CS). Nothing here reaches another account or employer: an account
belongs to one plan of one employer, and every statement names it. Rules: docs/domain/overpayments.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.money import dollars
from claims.core.authority import ceiling, may_approve, may_change
from claims.core.numbers import claim_number
from claims.core.provider_adjustments import ADJUSTMENT, LONGEST_REFERENCE, REFUND
from claims.core.reported import ReportedClaim
from claims.models import ClaimSubmission, ClaimVersion, Night, OverpaymentCase, OverpaymentEvent, PayeeCredit
from claims.models.overpayments import DECLINED, DISPUTE_ENDED, DISPUTED, PROPOSED, REQUESTED
from claims.selectors import overpayments as figures
from claims.selectors.price_tables import authority_limits
from claims.services import clock, news, payee_debts, postings
from claims.services.taken_back import TakenBack
from tenants import facade as tenants
from tenants.facade import Actor, Deed

SHORTEST_NOTE, LONGEST_NOTE = 5, 2_000
FINANCE = "finance"


class CannotSettle(DomainError):
    """The overpayment stays as it is. The message says why."""


@dataclass(frozen=True, slots=True)
class Over:
    """What a claim takes back more than it gives tonight: cents > 0, its interest among them."""

    reversal_id: int
    intake_seq: int
    cents: int


def over_of(taken: TakenBack, told: Iterable[ReportedClaim]) -> Over:
    """The overpayment a reversal leaves, given the claims its payee is told of."""
    pair = {taken.reversal_id, taken.decision_id if taken.is_pair else None}
    interest = sum(claim.interest for claim in told if claim.version_id in pair)
    return Over(taken.reversal_id, taken.intake_seq, -taken.net_cents - interest)


def open_cases(
    account_id: int, over: Mapping[str, Sequence[Over]], *, payments: Mapping[str, int], days: int, night: Night
) -> None:
    """A case for each claim that took back more than it gave tonight. One statement; none when there is nothing.

    payments: tonight's by payee. days: until it may be taken from other payments. In the pay step's transaction; a
    reversal opens one case, whenever it is reported.
    """
    rows = [(key, each.reversal_id, payments[key], each.cents) for key, taken in sorted(over.items()) for each in taken]
    if not rows:
        return
    keys, reversals, paid_by, cents = zip(*rows, strict=True)
    on = night.business_date
    given: dict[str, Any] = {"account": account_id, "on": on, "due": on + timedelta(days)}
    given |= {"keys": list(keys), "reversals": list(reversals), "payments": list(paid_by), "cents": list(cents)}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, given)


_OPEN = """
INSERT INTO claims_overpaymentcase
       (funding_account_id, payee_key, reversal_id, submission_id, payment_id, cause, cents, opened_on, due_on)
SELECT %(account)s, t.key, v.id, v.submission_id, t.payment, c.cause, t.cents, %(on)s, %(due)s
  FROM unnest(%(keys)s::text[], %(reversals)s::bigint[], %(payments)s::bigint[], %(cents)s::bigint[])
       AS t (key, reversal, payment, cents)
  JOIN claims_claimversion v ON v.id = t.reversal
  JOIN claims_claimchangeresult r ON r.reversal_id = v.id
  JOIN claims_claimchange c ON c.id = r.change_id
 ORDER BY v.id ON CONFLICT (reversal_id) DO NOTHING
"""


def tell_opened(night: Night) -> None:
    """ASO staff hear of the cases of a night that closes. Telling them twice changes nothing."""
    opened = list(OverpaymentCase.objects.filter(payment__night=night).values_list("uuid", "cents"))
    if opened:
        news.overpayments_opened(opened, at=night.planned_at)


@transaction.atomic
def request_refund(*, case_uuid: UUID, note: str, actor: Actor) -> OverpaymentEvent:
    """The payee was asked to send the money back. Raises CannotSettle."""
    return _event(REQUESTED, _open_case(case_uuid, actor), note, actor)


@transaction.atomic
def dispute(*, case_uuid: UUID, note: str, actor: Actor) -> OverpaymentEvent:
    """The payee disputes it: until this ends nothing he owes the account is taken from him. Raises CannotSettle."""
    case = _open_case(case_uuid, actor)
    if is_disputed(case):
        raise CannotSettle("This overpayment is in dispute already.")
    return _event(DISPUTED, case, note, actor)


@transaction.atomic
def end_dispute(*, case_uuid: UUID, note: str, actor: Actor) -> OverpaymentEvent:
    """The dispute is over; what is owed is taken from the next night on. Raises CannotSettle."""
    case = _open_case(case_uuid, actor)
    if not is_disputed(case):
        raise CannotSettle("This overpayment is not in dispute.")
    return _event(DISPUTE_ENDED, case, note, actor)


@transaction.atomic
def propose_write_off(*, case_uuid: UUID, cents: int, note: str, actor: Actor) -> OverpaymentEvent:
    """Propose to forgive `cents` of what is open. Raises CannotSettle."""
    case = _open_case(case_uuid, actor)
    if proposal_of(case) is not None:
        raise CannotSettle("A write-off is proposed already. Have it approved or declined first.")
    if not 0 < cents <= figures.open_cents(case):
        raise CannotSettle(f"{dollars(figures.open_cents(case))} of it are open. Write off at most that.")
    return _event(PROPOSED, case, note, actor, cents=cents)


@transaction.atomic
def approve_write_off(*, case_uuid: UUID, note: str, actor: Actor) -> PayeeCredit:
    """A second person forgives what was proposed. Raises CannotSettle."""
    case = _open_case(case_uuid, actor)
    proposal = proposal_of(case)
    if proposal is None or proposal.cents is None:
        raise CannotSettle("No write-off is proposed.")
    if not may_approve(actor.roles):
        raise CannotSettle("Claims managers approve a write-off.")
    if proposal.actor_uuid == actor.uuid:
        raise CannotSettle("You proposed it. Somebody else has to approve it.")
    if proposal.cents > figures.open_cents(case):
        raise CannotSettle(f"Only {dollars(figures.open_cents(case))} are open by now. Decline it and propose it anew.")
    at = clock.now()
    limit = ceiling(actor.roles, authority_limits(at.date()))
    if limit is not None and proposal.cents > limit:
        raise CannotSettle(f"The ceiling of your role is {dollars(limit)}.")
    reference = f"{case.submission.claim_number}-{proposal.pk}"
    return _credit(
        case, ADJUSTMENT, reference, proposal.cents, at.date(), note, actor, at, proposal=proposal,
        maker_uuid=proposal.actor_uuid,
    )  # fmt: skip


@transaction.atomic
def decline_write_off(*, case_uuid: UUID, note: str, actor: Actor) -> OverpaymentEvent:
    """Nothing is forgiven. Raises CannotSettle."""
    case = _open_case(case_uuid, actor)
    if proposal_of(case) is None:
        raise CannotSettle("No write-off is proposed.")
    return _event(DECLINED, case, note, actor)


@transaction.atomic
def receive_refund(
    *, case_uuid: UUID, reference: str, received_on: date, cents: int, note: str = "", actor: Actor
) -> PayeeCredit:
    """Money a payee sent back arrived in the account it was paid from. The same reference again is the one booked.

    reference: his check or transfer. Raises CannotSettle.
    """
    case = _open_case(case_uuid, actor, finance=True)
    booked = _booked(case, reference, received_on, cents)
    if booked is not None:
        return booked
    owed = figures.owed_cents(case.funding_account_id, case.payee_key)
    if not 0 < cents <= owed:
        raise CannotSettle(f"This payee owes this account {dollars(owed)}. Book at most that; send the rest back.")
    return _credit(case, REFUND, reference, cents, received_on, note, actor, clock.now())


@transaction.atomic
def receive_unasked(
    *, submission_uuid: UUID, reference: str, received_on: date, cents: int, note: str = "", actor: Actor
) -> PayeeCredit:
    """A provider sent money back for a claim that nobody has taken back yet. It is held for him until the claim is.

    Taking back and refund together recover one overpayment once (X12 RFI 1082): the remittance that reports the claim's
    reversal acknowledges the refund. Raises CannotSettle.
    """
    _check_person(actor, finance=True)
    paid = _paid(submission_uuid)
    account_id, key = paid.funding_account_id, f"{paid.billing_npi}:{paid.payee_tin}"
    if account_id is None:
        raise CannotSettle("This claim was paid from no account.")
    payee_debts.open_headers(account_id, [key])
    payee_debts.lock(account_id, [key])
    case = OverpaymentCase(
        funding_account_id=account_id, payee_key=key, submission_id=paid.submission_id
    )  # not a case yet: whose money it is
    booked = _booked(case, reference, received_on, cents)
    if booked is not None:
        return booked
    sent = PayeeCredit.objects.filter(submission_id=paid.submission_id).values_list("cents", flat=True)
    if not 0 < cents <= paid.paid_cents - sum(sent):
        raise CannotSettle(f"{dollars(paid.paid_cents)} were paid for this claim. Book at most what is left of that.")
    return _credit(
        case, REFUND, reference, cents, received_on, note, actor, clock.now(), submission_id=paid.submission_id
    )


def _paid(submission_uuid: UUID) -> ClaimVersion:
    """The decision in force that was paid to a provider. Raises CannotSettle."""
    submission = ClaimSubmission.objects.filter(uuid=submission_uuid).only("id", "intake_seq").first()
    version = (
        None
        if submission is None
        else ClaimVersion.objects.filter(submission=submission, outcome="pay").order_by("-version").first()
    )
    if (
        version is None
        or version.reverses_id is not None
        or version.paid_cents <= 0
        or version.payee_kind != "provider"
    ):
        raise CannotSettle("There is no claim here that a provider was paid for.")
    if not version.allocations.exists():
        raise CannotSettle(
            f"Nothing was sent yet for claim {claim_number(submission.intake_seq) if submission else ''}."
        )
    return version


def is_disputed(case: OverpaymentCase) -> bool:
    """Whether the payee disputes it now."""
    kinds = list(case.events.filter(kind__in=(DISPUTED, DISPUTE_ENDED)).order_by("pk").values_list("kind", flat=True))
    return bool(kinds) and kinds[-1] == DISPUTED


def proposal_of(case: OverpaymentCase) -> OverpaymentEvent | None:
    """The write-off that waits for a second person, if any."""
    last = case.events.filter(kind__in=(PROPOSED, DECLINED)).order_by("-pk").first()
    if last is None or last.kind == DECLINED or PayeeCredit.objects.filter(proposal=last).exists():
        return None
    return last


def _open_case(case_uuid: UUID, actor: Actor, *, finance: bool = False) -> OverpaymentCase:
    """The case with its payee's header locked. Raises CannotSettle."""
    _check_person(actor, finance=finance)
    case = OverpaymentCase.objects.select_related("submission").filter(uuid=case_uuid).first()
    if case is None:
        raise CannotSettle("There is no such overpayment here.")
    payee_debts.open_headers(case.funding_account_id, [case.payee_key])
    payee_debts.lock(case.funding_account_id, [case.payee_key])
    if not figures.open_cents(case) and not finance:
        raise CannotSettle("Nothing of this overpayment is open any more.")
    return case


def _check_person(actor: Actor, *, finance: bool) -> None:
    allowed = may_change(actor.roles) or (finance and FINANCE in actor.roles)
    if actor.kind != "staff" or actor.uuid is None or not allowed:
        raise CannotSettle("Claims managers settle overpayments; finance books what arrives.")


def _event(kind: str, case: OverpaymentCase, note: str, actor: Actor, *, cents: int | None = None) -> OverpaymentEvent:
    note = note.strip()
    if not SHORTEST_NOTE <= len(note) <= LONGEST_NOTE:
        raise CannotSettle(f"Say why, in {SHORTEST_NOTE} to {LONGEST_NOTE} characters.")
    at = clock.now()
    event = OverpaymentEvent.objects.create(
        case=case, kind=kind, cents=cents, note=note, actor_uuid=_person(actor), happened_at=at
    )
    _audit(actor, kind, case.uuid)
    return event


def _booked(case: OverpaymentCase, reference: str, received_on: date, cents: int) -> PayeeCredit | None:
    """The refund with this reference, where it was booked before. Raises CannotSettle when it was another one."""
    found = PayeeCredit.objects.filter(
        funding_account_id=case.funding_account_id, payee_key=case.payee_key, reason=REFUND, reference=reference.strip()
    ).first()
    if found is not None and (found.cents, found.posted_on) != (cents, received_on):
        raise CannotSettle(f"This reference was booked with {dollars(found.cents)} on {found.posted_on}.")
    return found


def _credit(
    case: OverpaymentCase,
    reason: str,
    reference: str,
    cents: int,
    posted_on: date,
    note: str,
    actor: Actor,
    at: datetime,
    **more: Any,
) -> PayeeCredit:
    reference = reference.strip()
    if not 0 < len(reference) <= LONGEST_REFERENCE:
        raise CannotSettle(f"Name the check or transfer, in 1 to {LONGEST_REFERENCE} characters.")
    if posted_on > at.date():
        raise CannotSettle("Money that arrived cannot be of a day to come.")
    credit = PayeeCredit.objects.create(
        funding_account_id=case.funding_account_id,
        payee_key=case.payee_key,
        reason=reason,
        reference=reference,
        cents=cents,
        posted_on=posted_on,
        case=case if case.pk else None,
        actor_uuid=_person(actor),
        note=note.strip()[:LONGEST_NOTE],
        booked_at=at,
        **more,
    )
    credit.refresh_from_db()
    postings.post_credit(credit)
    _audit(actor, "refunded" if reason == REFUND else "written_off", credit.uuid)
    if case.pk and not figures.open_cents(case):
        news.overpayment_settled(case, at=at)
    return credit


def _person(actor: Actor) -> UUID:
    if actor.uuid is None:
        raise CannotSettle("Only a member of staff settles overpayments.")
    return actor.uuid


def _audit(actor: Actor, verb: str, uuid: UUID) -> None:
    tenants.record_audits(actor=actor, deeds=[Deed(f"overpayment.{verb}", "overpayment", uuid, {})])
