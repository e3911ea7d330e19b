"""Appends decisions: a block of COPY text for each table, built from integers and texts that are escaped once.

The same decisions give the same rows whatever chunk they were decided in; ids alone differ.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import uuid4

from claims.core.changes import ChangeMade
from claims.core.decision import PAY, PEND, ClaimDecision
from claims.core.facts import WHOLE_CLAIM
from claims.core.reasons import PENDS
from claims.models import Night
from claims.services import care_postings, news, provider_money
from claims.services.copying import copy_block, copy_rows, escaped, next_ids_of

NULL = "\\N"
DUE_BY = "due_by"
"""Fact of a pend that the law wants answered by that day, however long its kind may wait."""


class _Texts(dict[str, str]):
    """Texts as COPY reads them back. Codes repeat thousands of times in a chunk, so each is escaped once."""

    def __missing__(self, text: str) -> str:
        found = self[text] = escaped(text)
        return found


class _Days(dict[date, str]):
    """Days as COPY text, each written once."""

    def __missing__(self, day: date) -> str:
        found = self[day] = day.isoformat()
        return found


def append(decisions: Sequence[ClaimDecision], *, night: Night, made: Sequence[ChangeMade] = ()) -> dict[str, int]:
    """Write what was decided tonight: versions with lines, adjustments, trace and accumulator entries, or pends.

    made: what came of orders to change claims; their decisions are among `decisions`.
    One statement a table and one for all ids. The core has balanced every line. Returns figures:
    decided, denied, pended, reversed, lines and cents (a reversal's are negative).
    """
    final = [decision for decision in decisions if decision.outcome != PEND]
    pended = [decision for decision in decisions if decision.outcome == PEND]
    reversals = sum(each.reversal is not None for each in made)
    fresh = next_ids_of(
        {
            "claims_claimversion": len(final),
            "claims_claimline": sum(len(decision.lines) for decision in final),
            "claims_pendeddecision": len(pended),
        }
    )
    version_ids = fresh["claims_claimversion"]
    if final:
        _append_versions(final, night, version_ids, fresh["claims_claimline"])
    if pended:
        _append_pends(pended, night, fresh["claims_pendeddecision"])
    if made:
        _append_results(made, dict(zip(map(id, final), version_ids, strict=True)), night)
    return {
        "decided": len(final) - reversals,
        "denied": sum(decision.outcome != PAY and decision.reverses_id is None for decision in final),
        "pended": len(pended),
        "reversed": reversals,
        "lines": sum(len(decision.lines) for decision in final),
        "billed_cents": sum(decision.billed_cents for decision in decisions),
        "allowed_cents": sum(decision.allowed_cents for decision in final),
        "paid_cents": sum(decision.paid_cents for decision in final),
        "pended_cents": sum(decision.paid_cents for decision in pended),
    }


def _append_versions(
    decisions: Sequence[ClaimDecision], night: Night, version_ids: Sequence[int], fresh_lines: Sequence[int]
) -> None:
    """Decisions under these keys, their lines under those, each in their order."""
    texts, days = _Texts(), _Days()
    line_ids = iter(fresh_lines)
    decided = f"{night.pk}\t{night.business_date}"
    versions, lines, adjustments, traces, entries, findings = [], [], [], [], [], []
    protected: list[str] = []
    for version, one in zip(version_ids, decisions, strict=True):
        versions.append(
            f"{version}\t{one.submission_id}\t{one.version}\t{_key(one.reverses_id)}\t{decided}\t{one.person_id}"
            f"\t{_key(one.plan_option_id)}"
            f"\t{_key(one.plan_design_version_id)}\t{_key(one.funding_account_id)}\t{one.line_of_coverage}"
            f"\t{texts[one.reference_release]}\t{one.rules_hash}\t{one.outcome}\t{one.billed_cents}"
            f"\t{one.allowed_cents}\t{one.paid_cents}\t{one.member_cents}\t{texts[one.billing_npi]}\t{one.payee_kind}"
            f"\t{texts[one.payee_tin]}\n"
        )
        for line in one.lines:
            line_id = next(line_ids)
            lines.append(
                f"{line_id}\t{version}\t{line.number}\t{days[line.service_date]}\t{texts[line.code]}"
                f"\t{texts[line.modifiers]}\t{texts[line.revenue]}\t{line.units_thousandths}"
                f"\t{texts[line.rendering_npi]}\t{texts[line.category]}\t{texts[line.tier]}\t{line.billed_cents}"
                f"\t{line.allowed_cents}\t{line.eligible_cents}\t{line.paid_cents}\t{'t' if line.denials else 'f'}\n"
            )
            for adjustment in line.adjustments:
                adjustments.append(
                    f"{line_id}\t{adjustment.group}\t{texts[adjustment.carc]}\t{adjustment.cents}"
                    f"\t{texts[' '.join(adjustment.rarcs)] if adjustment.rarcs else ''}\n"
                )
        for entry in one.entries:
            entries.append(
                f"{version}\t{entry.line_number or NULL}\tclaim\t{entry.person_id}\t{entry.family_id}"
                f"\t{texts[entry.accumulator]}\t{days[entry.period_start]}\t{entry.amount}\n"
            )
        traces.append(f"{version}\t{escaped(one.trace)}\n")
        for bill in one.protected:
            protected.append(
                f"{version}\t{bill.line_number}\t{bill.protection}\t{bill.basis}\t{bill.recognized_cents}"
                f"\t{_key(bill.qualifying_cents)}\t{bill.source}\t{days[bill.answer_due]}\n"
            )
        for finding in one.findings:
            findings.append(
                f"{version}\t{finding.line_number}\t{finding.edit}\t{finding.submission_id}\t{texts[finding.code]}"
                f"\t{texts[finding.release]}\n"
            )
    copy_block("claims_claimversion", _VERSION, "".join(versions))
    copy_block("claims_claimline", _LINE, "".join(lines))
    copy_block("claims_lineadjustment", _ADJUSTMENT, "".join(adjustments))
    copy_block("claims_accumulatorentry", _ENTRY, "".join(entries))
    copy_block("claims_claimtrace", ("version_id", "steps"), "".join(traces))
    copy_block("claims_editfinding", _FINDING, "".join(findings))
    copy_block("claims_surprisebill", _PROTECTED, "".join(protected))
    care_postings.append(zip(version_ids, decisions, strict=True))
    provider_money.append_terms(zip(version_ids, decisions, strict=True))


def _append_results(made: Sequence[ChangeMade], keys: Mapping[int, int], night: Night) -> None:
    """What came of each order. keys: of the versions just written, by the identity of their decisions."""
    copy_rows(
        "claims_claimchangeresult",
        ("change_id", "night_id", "outcome", "reversal_id", "decision_id"),
        [
            (
                each.change_id,
                night.pk,
                each.outcome,
                keys[id(each.reversal)] if each.reversal is not None else None,
                keys[id(each.decision)] if each.decision is not None else None,
            )
            for each in made
        ],
    )


def _append_pends(decisions: Sequence[ClaimDecision], night: Night, ids: Sequence[int]) -> None:
    """What would have been decided, and each reason why the claim waits, with the news of it for ASO staff."""
    opened: list[news.PendOpened] = []
    stopped, pends = [], []
    for key, one in zip(ids, decisions, strict=True):
        stopped.append(
            f"{key}\t{one.submission_id}\t{night.pk}\t{night.business_date}\t{_key(one.plan_option_id)}"
            f"\t{_key(one.plan_design_version_id)}\t{one.allowed_cents}\t{one.paid_cents}\t{one.member_cents}"
            f"\t{escaped(one.trace)}\n"
        )
        for reason in one.pends:
            due = night.business_date + timedelta(days=PENDS[reason.code].days)
            if DUE_BY in reason.facts:
                due = min(due, date.fromisoformat(str(reason.facts[DUE_BY])))
            pend = news.PendOpened(uuid4(), PENDS[reason.code].queue, one.billed_cents, due)
            opened.append(pend)
            pends.append(
                f"{pend.uuid}\t{key}\t{one.submission_id}\t{reason.code}"
                f"\t{NULL if reason.line_number == WHOLE_CLAIM else reason.line_number}"
                f"\t{escaped(json.dumps(reason.facts, separators=(',', ':'), sort_keys=True))}"
                f"\t{night.business_date}\t{due}\n"
            )
    copy_block("claims_pendeddecision", _PENDED, "".join(stopped))
    copy_block("claims_pend", _PEND, "".join(pends))
    news.pends_opened(opened, night=night)


def _key(value: int | None) -> int | str:
    return NULL if value is None else value


_VERSION = (
    "id", "submission_id", "version", "reverses_id", "night_id", "decided_on", "person_id", "plan_option_id",
    "plan_design_version_id", "funding_account_id", "line_of_coverage", "reference_release", "rules_hash", "outcome",
    "billed_cents", "allowed_cents", "paid_cents", "member_cents", "billing_npi", "payee_kind", "payee_tin",
)  # fmt: skip
_LINE = (
    "id", "version_id", "line_no", "service_date", "code", "modifiers", "revenue", "units_thousandths",
    "rendering_npi", "category", "tier", "billed_cents", "allowed_cents", "eligible_cents", "paid_cents", "denied",
)  # fmt: skip
_ADJUSTMENT = ("line_id", "group", "carc", "cents", "rarcs")
_FINDING = ("version_id", "line_no", "edit", "earlier_id", "code", "release")
_ENTRY = ("version_id", "line_no", "source", "person_id", "family_id", "accumulator", "period_start", "amount")
_PROTECTED = (
    "version_id", "line_no", "protection", "basis", "recognized_cents", "qualifying_cents", "source", "answer_due",
)  # fmt: skip
_PENDED = (
    "id", "submission_id", "night_id", "pended_on", "plan_option_id", "plan_design_version_id", "allowed_cents",
    "paid_cents", "member_cents", "steps",
)  # fmt: skip
_PEND = ("uuid", "decision_id", "submission_id", "code", "line_no", "facts", "opened_on", "due_date")
