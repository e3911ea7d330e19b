"""Authorisations, and what a prior carrier knew, from CSV: read whole or refused with each fault, then row by row.

Columns: docs/domain/authorizations.md and docs/domain/dental.md. A row whose person is not found is reported and left out.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from benefits import facade as benefits
from benefits.core.coverage import LINES_OF_COVERAGE
from benefits.core.matching import Ambiguous, MemberKey, MemberMatch
from claims.core.care_values import MEASURES
from claims.core.teeth import QUADRANTS, WHOLE_MOUTH, placed, quadrant_of
from claims.models import PriorCoverage, TreatmentEntry
from claims.services import authorizations, clock
from claims.services.table_files import Column, TableLine, day, flag, one_of, read_table, shaped, whole, word
from tenants import facade as tenants
from tenants.facade import Actor

RECORDED, UNCHANGED, REJECTED = "recorded", "unchanged", "rejected"
AREAS = ("", WHOLE_MOUTH, "01", "02", *QUADRANTS)

_WHO = (
    Column("member_number", "member_number", word(40)),
    Column("given_name", "given_name", word(60)),
    Column("birth_date", "birth_date", day),
)
AUTHORIZATION = (
    Column("number", "number", shaped(r"[A-Z0-9][A-Z0-9-]{0,29}", "PA-1002"), key=True),
    *_WHO,
    Column("requested_on", "requested_on", day),
    Column("measure", "measure", one_of(*MEASURES)),
    Column("amount", "amount", whole, 0),
    Column("codes", "codes", word(400), ""),
    Column("categories", "categories", word(400), ""),
    Column("npi", "provider_npi", shaped(r"\d{10}", "1234567893"), ""),
    Column("tin", "provider_tin", shaped(r"\d{9}", "123456789"), ""),
    Column("urgent", "urgent", flag, False),
    Column("refused", "refused", flag, False),
    Column("decided_on", "decided_on", day, None),
    Column("decided_by", "decided_by", word(80), ""),
)
TREATMENT = (
    Column("reference", "reference", word(40), key=True),
    *_WHO,
    Column("code", "code", shaped(r"[A-Z0-9]{1,8}", "D2740")),
    Column("tooth", "tooth", word(2), ""),
    Column("surfaces", "surfaces", shaped(r"[BDFILMO]{1,5}", "MO"), ""),
    Column("area", "area", one_of(*AREAS), ""),
    Column("quantity", "quantity", whole, 1),
)
EARLIER_COVERAGE = (
    Column("member_number", "member_number", word(40), key=True),
    Column("given_name", "given_name", word(60), key=True),
    Column("birth_date", "birth_date", day, key=True),
    Column("line_of_coverage", "line_of_coverage", one_of(*LINES_OF_COVERAGE), key=True),
    Column("late_entrant", "late_entrant", flag, False),
)


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of one row. line: its place in the file; result: recorded, unchanged or rejected, then `reason`."""

    line: int
    result: str
    reason: str = ""


def import_authorizations(*, content: bytes, actor: Actor) -> list[RowReport]:
    """Record the authorisations of a file. `start` and `end` are the days granted; a refused one grants nothing.

    Repeating a file changes nothing. Raises BadTable with every fault of the file.
    """
    rows = read_table(content, AUTHORIZATION, check=_authorization_fault)
    reports = []
    for row, match in zip(rows, _matched(rows), strict=True):
        if not isinstance(match, MemberMatch):
            reports.append(_nobody(row, match))
            continue
        refused = row.values["refused"]
        new = authorizations.NewAuthorization(
            person_id=match.person_id,
            family_id=match.family_id,
            start=None if refused else row.start,
            end=None if refused else row.end,
            **{
                name: value
                for name, value in row.values.items()
                if name not in ("given_name", "birth_date", "member_number")
            },
        )
        try:
            is_new = authorizations.record_many(wanted=[new], source="file", actor=actor)[new.number]
        except authorizations.CannotAuthorize as refusal:
            reports.append(RowReport(row.line, REJECTED, str(refusal)))
        else:
            reports.append(RowReport(row.line, RECORDED if is_new else UNCHANGED))
    return reports


@transaction.atomic
def import_treatments(*, content: bytes, actor: Actor) -> list[RowReport]:
    """Take over treatments of a prior carrier; `start` is the day of service, `reference` names the row for good.

    A reference taken over before stays as it was. Raises BadTable.
    """
    rows = read_table(content, TREATMENT, check=_treatment_fault)
    keys = {row.line: _key(row) for row in rows}
    known = set(
        TreatmentEntry.objects.filter(source="takeover", source_key__in=keys.values()).values_list(
            "source_key", flat=True
        )
    )
    reports, made = [], []
    for row, match in zip(rows, _matched(rows), strict=True):
        if not isinstance(match, MemberMatch):
            reports.append(_nobody(row, match))
        elif keys[row.line] in known:
            reports.append(RowReport(row.line, UNCHANGED))
        else:
            reports.append(RowReport(row.line, RECORDED))
            made.append(_treatment(row, match.person_id, keys[row.line]))
    TreatmentEntry.objects.bulk_create(made, batch_size=1_000)
    _audit(actor, "treatments.taken_over", len(made))
    return reports


@transaction.atomic
def import_earlier_coverage(*, content: bytes, actor: Actor) -> list[RowReport]:
    """Take over since when an earlier carrier covered people (`start`), and who enrolled late. Raises BadTable.

    `start` today or later counts for nothing, so a late entrant without earlier coverage gives his own first day.
    """
    rows = read_table(content, EARLIER_COVERAGE)
    reports, made, at, matches = [], [], clock.now(), _matched(rows)
    people = {match.person_id for match in matches if isinstance(match, MemberMatch)}
    known: dict[tuple[int, str], tuple[date | None, bool]] = {}
    for each in PriorCoverage.objects.filter(person_id__in=people).order_by("pk"):
        known[each.person_id, each.line_of_coverage] = (each.covered_from, each.late_entrant)
    for row, match in zip(rows, matches, strict=True):
        if not isinstance(match, MemberMatch):
            reports.append(_nobody(row, match))
            continue
        key, told = (match.person_id, row.values["line_of_coverage"]), (row.start, row.values["late_entrant"])
        if known.get(key) == told:
            reports.append(RowReport(row.line, UNCHANGED))
            continue
        known[key] = told
        reports.append(RowReport(row.line, RECORDED))
        made.append(
            PriorCoverage(
                person_id=key[0], line_of_coverage=key[1], covered_from=told[0], late_entrant=told[1], recorded_at=at
            )
        )
    PriorCoverage.objects.bulk_create(made, batch_size=1_000)
    _audit(actor, "earlier_coverage.taken_over", len(made))
    return reports


def _matched(rows: Sequence[TableLine]) -> list[MemberMatch | Ambiguous | None]:
    return benefits.match_members(
        [
            MemberKey(row.values["member_number"], row.values["given_name"], "", row.values["birth_date"], "", "")
            for row in rows
        ]
    )


def _nobody(row: TableLine, match: Ambiguous | None) -> RowReport:
    told = "nobody has this member number, first name and birth date"
    if match is not None:
        told = f"{match.candidates} members have this member number, first name and birth date"
    return RowReport(row.line, REJECTED, f"{told}. Correct the row.")


def _authorization_fault(values: dict[str, Any]) -> str | None:
    if not values["codes"] and not values["categories"]:
        return "name the services, by codes or categories."
    if values["refused"] and values["amount"]:
        return "what was refused grants nothing."
    return None


def _treatment_fault(values: dict[str, Any]) -> str | None:
    if values["tooth"] and not quadrant_of(values["tooth"]):
        return f"no tooth is called {values['tooth']!r}."
    if values["tooth"] and values["area"]:
        return "give a tooth or an area, not both."
    if values["surfaces"] and not values["tooth"]:
        return "surfaces go with a tooth."
    return None if 0 < values["quantity"] < 100 else "quantity is 1 to 99."


def _key(row: TableLine) -> str:
    """The row's name for good: its reference, kept short and free of what it may tell."""
    return hashlib.sha256(str(row.values["reference"]).encode()).hexdigest()[:40]


def _treatment(row: TableLine, person_id: int, key: str) -> TreatmentEntry:
    values = row.values
    return TreatmentEntry(
        source="takeover",
        source_key=key,
        person_id=person_id,
        service_date=row.start,
        code=values["code"],
        tooth=values["tooth"],
        surfaces=placed(values["surfaces"]),
        area=values["area"],
        quantity=values["quantity"],
    )


def _audit(actor: Actor, action: str, rows: int) -> None:
    if rows:
        tenants.record_audit(actor=actor, action=action, subject_kind="takeover", detail={"rows": rows})
