"""Consent on file and outcomes of disputes about surprise bills, recorded by staff. Nothing that was decided changes here."""

from datetime import date
from uuid import UUID

from django.db import transaction

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.identifiers import is_npi
from benefits import facade as benefits
from claims.core.authority import may_set
from claims.models import DisputeOutcome, SurpriseBill, SurpriseConsent
from claims.services import clock
from tenants import facade as tenants
from tenants.facade import Actor


class CannotRecord(DomainError):
    """The consent or outcome cannot be recorded. The message says why."""


@transaction.atomic
def record_consent(
    *,
    person_id: int,
    npi: str,
    start: date,
    end: date,
    notice_date: date,
    scheduled_date: date,
    actor: Actor,
    three_hours_before: bool = False,
    after_emergency: bool = False,
) -> SurpriseConsent:
    """A patient's written consent, for services in [start, end). Claims decided from now on take it into account.

    Raises CannotRecord: no such provider number, days out of order, nobody with authority.
    """
    _check_person(actor)
    if not is_npi(npi):
        raise CannotRecord(f"{npi[:12]!r} is no NPI. Copy it from the consent form.")
    if end <= start or notice_date > start:
        raise CannotRecord("The notice comes before the service, and the service ends after it starts.")
    row = SurpriseConsent(
        person_id=person_id,
        npi=npi,
        start_date=start,
        end_date=end,
        notice_date=notice_date,
        scheduled_date=scheduled_date,
        three_hours_before=three_hours_before,
        after_emergency=after_emergency,
        actor_kind=actor.kind,
        actor_uuid=actor.uuid,
        recorded_at=clock.now(),
    )
    row.save(force_insert=True)
    row.refresh_from_db(fields=["uuid"])
    tenants.record_audit(
        actor=actor,
        action="surprise_bill.consent_recorded",
        subject_kind="surprise_consent",
        subject_uuid=row.uuid,
        detail={"start": start},
    )
    return row


@transaction.atomic
def record_outcome(
    *, bill_uuid: UUID, reference: str, determined_cents: int, determined_on: date, actor: Actor
) -> DisputeOutcome:
    """The whole price of a protected line as a dispute set it. The same outcome again changes nothing.

    Raises CannotRecord: no such bill, another outcome under this number, an amount or number that is none, no authority.
    """
    _check_person(actor)
    reference = reference.strip()
    if not 0 < len(reference) <= 40 or determined_cents < 0:
        raise CannotRecord("Give the number of the dispute and an amount that is not negative.")
    bill = SurpriseBill.objects.filter(uuid=bill_uuid).select_related("version__submission").first()
    if bill is None:
        raise CannotRecord("There is no such bill here. Open the claim again.")
    benefits.lock_families([bill.version.submission.family_id])
    known = DisputeOutcome.objects.filter(bill=bill, reference=reference).first()
    if known is not None:
        if (known.determined_cents, known.determined_on) != (determined_cents, determined_on):
            raise CannotRecord(f"Dispute {reference} has an outcome already, and an outcome stays.")
        return known
    row = DisputeOutcome(
        bill=bill,
        reference=reference,
        determined_cents=determined_cents,
        determined_on=determined_on,
        actor_kind=actor.kind,
        actor_uuid=actor.uuid,
        recorded_at=clock.now(),
    )
    row.save(force_insert=True)
    row.refresh_from_db(fields=["uuid"])
    tenants.record_audit(
        actor=actor,
        action="surprise_bill.dispute_recorded",
        subject_kind="surprise_bill",
        subject_uuid=bill.uuid,
        detail={"cents": determined_cents, "line": bill.line_no},
    )
    return row


def _check_person(actor: Actor) -> None:
    if actor.kind != "staff" or actor.uuid is None or not may_set(actor.roles):
        raise CannotRecord("Examiners and claims managers record this.")
