"""Writes the 835 of each provider payment of a chunk and keeps it, encrypted, with its SHA-256."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import connection

from aso_portal.kernel.periods import ONE_DAY
from benefits import facade as benefits
from claims.core.claim import DENTAL, PRIMARY, REPLACEMENT, SECONDARY, ServiceLine
from claims.core.numbers import NotAClaimNumber, claim_number, intake_seq
from claims.core.payees import Payee
from claims.core.provider_adjustments import ProviderAdjustment
from claims.core.remittance import REVERSAL, Party, Remittance, RemittedClaim, RemittedLine
from claims.core.reported import PaidLineFacts, ReportedClaim
from claims.edi.x835 import write_835
from claims.models import Night
from claims.services.copying import copy_rows
from tenants.facade import NewDocument, journal_key, store_documents

MEDIA_TYPE = "application/edi-x12"
_STATUS = {"": "1", PRIMARY: "1", SECONDARY: "2"}
ESTIMATE = "25"
_COLUMNS = ("payment_id", "document_uuid", "sha256", "claims", "control_number")


@dataclass(slots=True)
class Draft:
    """A provider payment whose 835 is to be written."""

    payment_id: int
    payee: Payee
    method: str
    trace_number: str
    cents: int
    claims: Sequence[ReportedClaim] = field(default_factory=tuple)
    adjustments: tuple[ProviderAdjustment, ...] = ()


def write(drafts: Sequence[Draft], *, night: Night, funding_account_id: int) -> None:
    """Write, encrypt and store one 835 per draft: documents in batches, remittances in one COPY.

    Raises OutOfBalance when what was decided does not add up; the chunk then fails as a whole and is looked at.
    """
    if not drafts:
        return
    payer = _payer(funding_account_id)
    texts = [
        write_835(
            _remittance(draft, payer, night.business_date),
            sender=sender_id(connection.schema_name),
            receiver=draft.payee.npi,
            written_on=night.business_date,
        ).encode()  # ASCII, but for what is echoed as the provider wrote it
        for draft in drafts
    ]
    stored = store_documents(
        [
            NewDocument("remittance", f"{draft.trace_number}.835", MEDIA_TYPE, "payment", _subject(draft), text)
            for draft, text in zip(drafts, texts, strict=True)
        ]
    )
    copy_rows(
        "claims_remittance",
        _COLUMNS,
        [
            (draft.payment_id, str(document.uuid), document.sha256, len(draft.claims), control_number(draft.payment_id))
            for draft, document in zip(drafts, stored, strict=True)
        ],
    )


def _subject(draft: Draft) -> UUID:
    """What the document is about: the payment, by the id its trace number gives."""
    return journal_key("payment", draft.trace_number)


def sender_id(schema_name: str) -> str:
    """ISA06 of an employer's 835s, 15 characters. Control numbers count per employer, so each sends under its own id."""
    return f"{settings.ASO_ORGANIZATION['interchange_id'][:3]}{schema_name.removeprefix('t_')}".upper()[:15]


def control_number(payment_id: int) -> str:
    """ISA13 of a payment's 835: its id, which never repeats within the nine digits X12 has."""
    return f"{payment_id % 1_000_000_000:09d}"


def _payer(funding_account_id: int) -> Party:
    """The employer's plan as payer, at the address of the organisation that administers it."""
    plan, organization = benefits.payer_of(funding_account_id), settings.ASO_ORGANIZATION
    return Party(
        name=plan.name,
        tin=plan.ein,
        street=organization["street"],
        city=organization["city"],
        state=organization["state"],
        postal_code=organization["postal_code"],
    )


def _remittance(draft: Draft, payer: Party, paid_on: date) -> Remittance:
    return Remittance(
        payer=payer,
        payer_contact=settings.ASO_ORGANIZATION["contact"],
        payer_phone=settings.ASO_ORGANIZATION["phone"],
        payee=Party(
            name=draft.claims[0].claim.billing.name or draft.payee.npi, tin=draft.payee.tin, npi=draft.payee.npi
        ),
        method=draft.method,
        trace_number=draft.trace_number,
        control_number=control_number(draft.payment_id),
        paid=draft.cents,
        paid_on=paid_on,
        claims=tuple([_claim(reported) for reported in draft.claims]),
        provider_adjustments=draft.adjustments,
    )


def _claim(reported: ReportedClaim) -> RemittedClaim:
    claim = reported.claim
    patient = claim.patient or claim.subscriber
    submitted = {line.number: line for line in claim.lines}
    qualifier = "AD" if claim.kind == DENTAL else "HC"
    return RemittedClaim(
        patient_control_number=claim.patient_control_number,
        status=_status(reported),
        billed=reported.billed,
        paid=reported.paid,
        member_owes=reported.member_owes,
        claim_number=claim_number(reported.intake_seq),
        facility_code=claim.facility_code,
        frequency=claim.frequency,
        patient_last_name=patient.family_name,
        patient_first_name=patient.given_name,
        subscriber_id=claim.subscriber.member_number,
        received=reported.received,
        original_number=_original_number(reported),
        interest=reported.interest,
        patient_paid=0 if reported.is_reversal else claim.patient_paid_cents,
        lines=tuple([_line(line, submitted.get(line.number), qualifier) for line in reported.lines]),
    )


def _status(reported: ReportedClaim) -> str:
    """CLP02."""
    if reported.is_reversal:
        return REVERSAL
    claim = reported.claim
    return ESTIMATE if claim.predetermination else _STATUS.get(claim.payer_sequence, "3")


def _original_number(reported: ReportedClaim) -> str:
    """Our number of the claim a replacement corrected, which the payee finds on the reversal before it; else ""."""
    if reported.is_reversal or reported.claim.frequency != REPLACEMENT:
        return ""
    try:
        return claim_number(intake_seq(reported.claim.original_reference))
    except NotAClaimNumber:
        return ""


def _line(line: PaidLineFacts, submitted: ServiceLine | None, qualifier: str) -> RemittedLine:
    last = line.service_date
    if submitted is not None and submitted.service_end is not None:
        last = max(last, submitted.service_end - ONE_DAY)
    return RemittedLine(
        number=line.number,
        qualifier=qualifier if line.code else "NU",
        code=line.code or line.revenue,
        modifiers=tuple(line.modifiers.split(":")) if line.modifiers else (),
        revenue=line.revenue,
        billed=line.billed,
        paid=line.paid,
        allowed=line.allowed,
        units_thousandths=line.units_thousandths,
        service_start=line.service_date,
        service_last=last,
        control_number=submitted.control_number if submitted is not None else "",
        adjustments=tuple([(group, carc, cents) for group, carc, cents, _ in line.adjustments]),
        rarcs=tuple(dict.fromkeys(" ".join([rarcs for _, _, _, rarcs in line.adjustments]).split())),
    )
