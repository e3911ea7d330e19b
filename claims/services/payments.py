"""Pays one chunk of payees: payments, what each claim got, remittances, EOB rows and stop-loss paid lines.

Runs inside the work transaction of a leased pay chunk, with a fixed number of statements however many claims it
reports. Everything is appended; a payee is paid once a night and account, a claim version once an issue. What was taken
back from a payee, and what he still owes, lowers his payment; below zero it is carried forward to his next. Interest on claims
paid late raises it, tax kept for the IRS lowers it; neither is what a claim pays, so neither counts for stop-loss.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.db import connection

from claims.core.claim import Claim
from claims.core.claim_json import from_json
from claims.core.eob_seal import seal
from claims.core.numbers import claim_number
from claims.core.payees import PROVIDER, Payee, payee_of
from claims.core.provider_adjustments import ProviderAdjustment
from claims.core.reported import PaidLineFacts, ReportedClaim
from claims.core.settlement import NO_INTEREST, Carried, settle
from claims.models import Night, NightChunk
from claims.services import overpayments, payee_debts, postings, remittances
from claims.services.copying import Column, copy_block, copy_rows, id_list, next_ids
from claims.services.reported import releases_of, report_of
from tenants import facade as tenants

Row = tuple[Any, ...]
NO_DEBTS: Mapping[str, Any] = {"owed": ()}
EOB_TEMPLATE = 1
EOB_LANGUAGE = "en"


def pay_chunk(*, chunk: NightChunk, night: Night) -> dict[str, int]:
    """Pay and report every claim of the chunk's payees. Returns figures: payments, claims, cents.

    The caller holds the chunk's lease and fence and commits.
    """
    account_id = account_of(chunk)
    indebted = payee_debts.lock(account_id, chunk.payee_keys)
    reported, keep, over = _reported(chunk, night)
    days = payee_debts.recoup_after_days(night.business_date) if over else 0
    terms = _terms(account_id, indebted, over, days=days, night=night)
    keys = list(reported)
    payment_ids = next_ids("claims_payment", len(keys))
    account, paid_on = postings.account_uuids()[account_id], night.business_date
    payments: list[Row] = []
    allocations: list[str] = []
    eobs: list[str] = []
    stop_loss: list[str] = []
    journals: list[tenants.Journal] = []
    drafts: list[remittances.Draft] = []
    adjustments: dict[int, tuple[ProviderAdjustment, ...]] = {}
    for payment_id, key in zip(payment_ids, keys, strict=True):
        claims = reported[key]
        payee = payee_of(key)
        trace = trace_number(night, account_id, payee)
        settled = settle(
            sum([claim.paid for claim in claims]),
            trace=trace,
            interest=_interest(claims),
            keep_bp=keep.get(key, 0),
            **terms.get(key, NO_DEBTS),
        )
        cents = settled.cents
        if settled.adjustments:
            adjustments[payment_id] = settled.adjustments
        method = "non" if not cents else "ach" if payee.kind == PROVIDER else "check"
        payments.append(
            (payment_id, night.pk, account_id, payee.kind, key, payee.person_id or None, method, trace, cents, paid_on)
        )
        for claim in claims:
            allocations.append(f"{payment_id}\t{claim.version_id}\t1\t{claim.paid}\n")
            eobs.append(f"{claim.version_id}\t{EOB_TEMPLATE}\t{EOB_LANGUAGE}\t{paid_on}\t\\\\x{_seal(claim)}\n")
            stop_loss += _stop_loss_lines(claim, paid_on)
        paid, taken_back = _by_coverage(claims)
        journal = postings.payment_journal(
            account=account,
            trace=trace,
            posted_on=paid_on,
            paid=paid,
            taken_back=taken_back,
            adjustments=settled.adjustments,
        )
        if journal is not None:
            journals.append(journal)
        if payee.kind == PROVIDER:
            drafts.append(remittances.Draft(payment_id, payee, method, trace, cents, claims, settled.adjustments))
    copy_rows("claims_payment", _PAYMENT, payments)
    copy_block("claims_paymentallocation", _ALLOCATION, "".join(allocations))
    copy_block("claims_eob", _EOB, "".join(eobs))
    copy_block("claims_stoplosspaidline", _STOP_LOSS, "".join(stop_loss))
    payee_debts.append(account_id, adjustments, {row[0]: row[4] for row in payments})
    overpayments.open_cases(account_id, over, payments={row[4]: row[0] for row in payments}, days=days, night=night)
    postings.post(journals)
    remittances.write(drafts, night=night, funding_account_id=account_id)
    return {"payments": len(payments), "claims": len(allocations), "cents": sum(row[8] for row in payments)}


def _interest(claims: Iterable[ReportedClaim]) -> Mapping[str, int]:
    """Cents of interest by claim number; a reversal's together with that of a decision under the same number."""
    found: dict[str, int] = {}
    for claim in claims:
        if claim.interest:
            number = claim_number(claim.intake_seq)
            found[number] = found.get(number, 0) + claim.interest
    return found or NO_INTEREST


def _terms(
    account_id: int,
    indebted: Sequence[str],
    over: Mapping[str, Sequence[overpayments.Over]],
    *,
    days: int,
    night: Night,
) -> dict[str, dict[str, Any]]:
    """What `settle` has to know of payees who owe something, sent something, or are taken something back from tonight."""
    if not indebted and not over:
        return {}
    on, before = night.business_date, night.planned_at
    owed, credits = payee_debts.standing(account_id, indebted, on=on, before=before) if indebted else ({}, {})
    spared = payee_debts.deferring(account_id, over, days=days, before=before, indebted=indebted)
    terms: dict[str, dict[str, Any]] = {}
    for key in {*owed, *credits, *over}:
        taken = over.get(key, ())
        later = [Carried(claim_number(each.intake_seq), each.cents) for each in taken] if key in spared else []
        terms[key] = {
            "owed": owed.get(key, ()),
            "credits": credits.get(key, ()),
            "taken_back": 0 if later else sum(each.cents for each in taken),
            "deferred": later,
        }
    return terms


def account_of(chunk: NightChunk) -> int:
    """The funding account of a pay chunk; the table refuses a pay chunk without one."""
    if chunk.funding_account_id is None:
        raise ValueError(f"Chunk {chunk.pk} of step {chunk.step} has no funding account.")
    return chunk.funding_account_id


def trace_number(night: Night, account_id: int, payee: Payee) -> str:
    """TRN02: night, account and payee. The same for any chunking, so a rerun after a crash sends the same number."""
    whom = f"{payee.npi}{payee.tin}" if payee.kind == PROVIDER else f"M{payee.person_id}"
    return f"{night.business_date:%y%m%d}{night.run_no:02d}{account_id:03d}{whom}"


def incurred_on(claim: Claim, service_date: date) -> date:
    """The day a line counts as incurred: the admission of a stay, else the day of service."""
    return claim.admission_date if claim.is_stay and claim.admission_date is not None else service_date


def _stop_loss_lines(claim: ReportedClaim, paid_on: date) -> list[str]:
    """COPY text of the claim's lines that were paid, or taken back: both on the day of this payment."""
    return [
        f"{claim.version_id}\t{line.number}\t1\t{claim.person_id}\t{claim.line_of_coverage}"
        f"\t{incurred_on(claim.claim, line.service_date)}\t{paid_on}\t{line.paid}\n"
        for line in claim.lines
        if line.paid
    ]


def _by_coverage(claims: Iterable[ReportedClaim]) -> tuple[dict[str, int], dict[str, int]]:
    """Cents paid, and cents taken back (below zero), by line of coverage."""
    paid: dict[str, int] = {}
    taken_back: dict[str, int] = {}
    for claim in claims:
        cents = taken_back if claim.is_reversal else paid
        cents[claim.line_of_coverage] = cents.get(claim.line_of_coverage, 0) + claim.paid
    return paid, taken_back


def _seal(claim: ReportedClaim) -> str:
    return seal(
        claim=claim_number(claim.intake_seq),
        version=claim.version,
        billed=claim.billed,
        paid=claim.paid,
        member_owes=claim.member_owes,
        lines=[
            (line.number, line.billed, line.allowed, line.paid, [each[:3] for each in line.adjustments])
            for line in claim.lines
        ],
    )


def _payees(chunk: NightChunk) -> dict[str, Any]:
    """The chunk's payees as arguments of _CLAIMS: their keys, and what an index finds them by."""
    payees = [payee_of(key) for key in chunk.payee_keys]
    return {
        "keys": chunk.payee_keys,
        "npis": sorted({payee.npi for payee in payees if payee.kind == PROVIDER}),
        "persons": [payee.person_id for payee in payees if payee.kind != PROVIDER],
    }


def _reported(
    chunk: NightChunk, night: Night
) -> tuple[dict[str, list[ReportedClaim]], dict[str, int], dict[str, list[overpayments.Over]]]:
    """The claims each payee of the chunk is told of, in the order of arrival, payees in key order; the basis points of
    tax to keep of payments to some of them; and what they are paid too much by. Three statements.

    A reversal stands right before the decision that takes its place.
    """
    account_id = account_of(chunk)
    releases = releases_of(night_id=night.pk, funding_account_id=account_id)
    report = report_of(night, account_id, releases)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMS.format(reported=report.statement_of_some), {**report.arguments, **_payees(chunk)})
        rows = cursor.fetchall()
        versions = [row[1] for row in rows]
        cursor.execute(_LINES, [id_list(versions)])
        lines: dict[int, list[PaidLineFacts]] = {}
        by_id: dict[int, PaidLineFacts] = {}
        for line_id, version_id, *facts in cursor.fetchall():
            line = by_id[line_id] = PaidLineFacts(*facts)
            lines.setdefault(version_id, []).append(line)
        cursor.execute(_ADJUSTMENTS, [id_list(by_id)])
        for line_id, group, carc, cents, rarcs in cursor.fetchall():
            by_id[line_id].adjustments.append((group, carc, cents, rarcs))
    claims = {
        key: [_reported_claim(row, lines) for row in group] for key, group in groupby(rows, key=lambda row: row[0])
    }
    over = {
        key: [each for each in (overpayments.over_of(one, claims[key]) for one in taken) if each.cents > 0]
        for key, taken in report.overpaid.items()
        if key in claims
    }
    return claims, {row[0]: row[-1] for row in rows if row[-1]}, over


def _reported_claim(row: tuple[Any, ...], lines: dict[int, list[PaidLineFacts]]) -> ReportedClaim:
    """A row of _CLAIMS with its lines."""
    _, version_id, version, reverses, intake_seq, person_id, coverage, received, *cents, content, interest, _ = row
    billed, paid, member_owes = cents
    return ReportedClaim(
        version_id=version_id,
        version=version,
        intake_seq=intake_seq,
        person_id=person_id,
        line_of_coverage=coverage,
        received=received,
        billed=billed,
        paid=paid,
        member_owes=member_owes,
        claim=from_json(content),
        lines=lines.get(version_id, []),
        is_reversal=reverses is not None,
        interest=interest or 0,
    )


_CLAIMS = """
SELECT r.payee_key, v.id, v.version, v.reverses_id, s.intake_seq, v.person_id, v.line_of_coverage, s.received_date,
       v.billed_cents, v.paid_cents, v.member_cents, s.content, due.cents, keep.rate_bp
  FROM ({reported}) AS r
  JOIN claims_claimversion v ON v.id = r.id
  JOIN claims_claimsubmission s ON s.id = v.submission_id
  LEFT JOIN claims_interestdue due ON due.night_id = %(night)s AND due.version_id = v.id
  LEFT JOIN claims_taxtokeep keep ON keep.night_id = %(night)s AND keep.funding_account_id = %(account)s
        AND keep.payee_key = r.payee_key
 WHERE r.payee_key = ANY(%(keys)s)
 ORDER BY r.payee_key COLLATE "C", s.intake_seq, v.version
"""
_LINES = """
SELECT id, version_id, line_no, service_date, code, modifiers, revenue, units_thousandths,
       billed_cents, allowed_cents, paid_cents
  FROM claims_claimline WHERE version_id = ANY(%s::bigint[]) ORDER BY version_id, line_no
"""
_ADJUSTMENTS = """
SELECT line_id, "group", carc, cents, rarcs FROM claims_lineadjustment WHERE line_id = ANY(%s::bigint[]) ORDER BY line_id, id
"""

_PAYMENT: Sequence[Column] = (
    "id", "night_id", "funding_account_id", "payee_kind", "payee_key", "payee_person_id", "method", "trace_number",
    "cents", "issued_on",
)  # fmt: skip
_ALLOCATION: Sequence[Column] = ("payment_id", "version_id", "issue", "cents")
_EOB: Sequence[Column] = ("version_id", "template_version", "language", "available_on", "content_sha256")
_STOP_LOSS: Sequence[Column] = (
    "version_id", "line_no", "issue", "person_id", "line_of_coverage", "incurred_date", "paid_date", "cents",
)  # fmt: skip
