"""What the auditor is given about families: the decisions of a night, what came before them, coverage, plan documents.

Read page by page in a fixed number of statements. He takes nothing from the engine: claims are read here for what a
decision does not keep (days of a stay, what other plans said).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from benefits import facade as benefits
from claims.audit.recorded import Entry, FamilyFile, Line, OtherPayer, Reason, Span, Version, steps_of
from claims.core.claim import INTERIM_CONTINUING, INTERIM_FIRST, Claim
from claims.core.claim import OtherPayer as PayerOnClaim
from claims.core.claim_json import from_json
from claims.models import Night, NightChunk

MEDICARE = ("16", "MA", "MB")
"""Claim filing indicators (SBR09) of Medicare."""
ORDER_OF_PAYERS = "PSTABCDEFGH"


def families_of(night: Night) -> list[int]:
    """Every family the night worked on, in key order."""
    found: set[int] = set()
    for (family_ids,) in NightChunk.objects.filter(night=night, step="adjudicate").values_list("family_ids"):
        found.update(family_ids)
    return sorted(found)


def first_posting(night: Night) -> int | None:
    """Key of the first posting the night's decisions made; what another source posted later did not count for them."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_POSTING, [night.pk])
        found: int | None = cursor.fetchone()[0]
    return found


def files_of(family_ids: Sequence[int], night: Night, *, first_posting: int | None) -> list[FamilyFile]:
    """One file for each of these families with decisions of the night, all decisions of the night in `to_audit`.

    Decisions come in the order they were made: those of earlier nights that share a patient and a day, then the night's.
    """
    tonight = _rows(_TONIGHT, {"night": night.pk, "families": list(family_ids)})
    if not tonight:
        return []
    first = min(row["id"] for row in tonight)
    people, days_from, days_to = _patient_days(tonight)
    reversed_ids = [row["reverses_id"] for row in tonight if row["reverses_id"] is not None]
    asked = {"people": people, "from": days_from, "to": days_to, "first": first, "reversed": reversed_ids}
    earlier = {row["id"]: row for row in _rows(_EARLIER, asked)}
    rows = sorted([*earlier.values(), *tonight], key=lambda row: row["id"])
    versions = _versions(rows)
    persons = set(people) | set(benefits.persons_of(list(family_ids)))
    spans = {
        who: tuple(
            Span(
                person_id=span.person_id,
                family_id=span.family_id,
                plan_option_id=span.plan_option_id,
                line_of_coverage=span.line_of_coverage,
                tier=span.tier,
                start=span.start,
                end=span.end,
            )
            for span in found
        )
        for who, found in benefits.coverage_of(list(persons)).items()
    }
    plans = benefits.design_documents({row["plan_design_version_id"] for row in tonight} - {None})
    standing = _standing(persons, set(family_ids), {row["id"] for row in rows}, first, first_posting)
    return _by_family(versions, tonight, standing, spans, plans)


def _by_family(
    versions: Mapping[int, Version],
    tonight: Sequence[Mapping[str, Any]],
    standing: Sequence[Entry],
    spans: Mapping[int, Sequence[Span]],
    plans: Mapping[int, Mapping[str, Any]],
) -> list[FamilyFile]:
    """Each family with all its night's decisions, the earlier ones of its patients, and every posting near it."""
    mine: dict[int, list[int]] = {}
    for row in tonight:
        mine.setdefault(row["family_id"], []).append(row["id"])
    by_person: dict[int, list[int]] = {}
    for key, version in versions.items():
        by_person.setdefault(version.person_id, []).append(key)
    near_person: dict[int, list[Entry]] = {}
    near_family: dict[int, list[Entry]] = {}
    for entry in standing:
        near_person.setdefault(entry.person_id, []).append(entry)
        near_family.setdefault(entry.family_id, []).append(entry)
    members: dict[int, set[int]] = {}
    for who, found in spans.items():
        for span in found:
            members.setdefault(span.family_id, set()).add(who)
    files = []
    for family, keys in sorted(mine.items()):
        people = {versions[key].person_id for key in keys} | members.get(family, set())
        families = {family} | {span.family_id for who in people for span in spans.get(who, ())}
        wanted = {key for who in people for key in by_person.get(who, ())}
        wanted |= {key for each in families for key in mine.get(each, ())}
        entries = {id(e): e for who in people for e in near_person.get(who, ())}
        entries |= {id(e): e for each in families for e in near_family.get(each, ())}
        files.append(
            FamilyFile(
                versions=[versions[key] for key in sorted(wanted)],
                to_audit=frozenset(keys),
                standing=list(entries.values()),
                spans=spans,
                plans=plans,
            )
        )
    return files


def _patient_days(rows: Iterable[Mapping[str, Any]]) -> tuple[list[int], list[date], list[date]]:
    """Each patient with the first and the last day of his claims."""
    found: dict[int, tuple[date, date]] = {}
    for row in rows:
        first, last = found.get(row["person_id"], (date.max, date.min))
        found[row["person_id"]] = min(first, row["first_service_date"]), max(last, row["last_service_date"])
    return list(found), [first for first, _ in found.values()], [last for _, last in found.values()]


def _versions(rows: Sequence[Mapping[str, Any]]) -> dict[int, Version]:
    keys = [row["id"] for row in rows]
    adjustments: dict[int, dict[Reason, int]] = {}
    for line, group, carc, cents in _read(_ADJUSTMENTS, {"versions": keys}):
        adjustments.setdefault(line, {})[group, carc] = cents
    entries: dict[int, list[Entry]] = {}
    for entry in _entries(_POSTED, {"versions": keys}):
        entries.setdefault(entry.version_id or 0, []).append(entry)
    steps = {row["id"]: steps_of(row["steps"] or "") for row in rows}
    lines: dict[int, list[Line]] = {}
    for version, key, number, day, category, tier, rendering, units, billed, allowed, eligible, paid, denied in _read(
        _LINES, {"versions": keys}
    ):
        lines.setdefault(version, []).append(
            Line(
                number=number,
                day=day,
                category=category,
                tier=tier,
                provider=rendering,
                units=units,
                billed=billed,
                allowed=allowed,
                eligible=eligible,
                paid=paid,
                denied=denied,
                adjustments=adjustments.get(key, {}),
                steps=steps[version][1].get(number, ()),
            )
        )
    return {
        row["id"]: _version(row, lines.get(row["id"], []), entries.get(row["id"], []), steps[row["id"]][0])
        for row in rows
    }


def _version(row: Mapping[str, Any], lines: list[Line], entries: list[Entry], claim_steps: Any) -> Version:
    for line in lines:
        line.provider = line.provider or row["billing_npi"]
    claim = from_json(row["content"]) if row["content"] is not None else None
    stay = claim if claim is not None and claim.is_stay else None
    before = payers_before(claim) if claim is not None else []
    return Version(
        version_id=row["id"],
        submission_id=row["submission_id"],
        person_id=row["person_id"],
        family_id=row["family_id"],
        line_of_coverage=row["line_of_coverage"],
        plan_version_id=row["plan_design_version_id"],
        reverses_id=row["reverses_id"],
        billed=row["billed_cents"],
        allowed=row["allowed_cents"],
        paid=row["paid_cents"],
        member=row["member_cents"],
        lines=lines,
        entries=entries,
        stay_start=(stay.admission_date or stay.statement_start) if stay is not None else None,
        stay_days=days_of_stay(stay) if stay is not None else 1,
        medicare=any(payer.filing_code in MEDICARE for payer in before),
        others=others_of(before),
        claim_steps=claim_steps,
    )


def days_of_stay(claim: Claim) -> int:
    """Days of an inpatient bill: admission counts, discharge does not, unless the patient stays on; at least one."""
    start, end = claim.admission_date or claim.statement_start, claim.statement_end
    if start is None or end is None:
        return 1
    stays_on = claim.frequency in (INTERIM_FIRST, INTERIM_CONTINUING)
    return max(1, (end - start).days - (not stays_on))


def payers_before(claim: Claim) -> list[PayerOnClaim]:
    """The plans that pay before ours, the first one first."""
    places = {code: place for place, code in enumerate(ORDER_OF_PAYERS)}
    ours = places.get(claim.payer_sequence or "P", len(places))
    before = [payer for payer in claim.other_payers if places.get(payer.sequence or "P", len(places)) < ours]
    return sorted(before, key=lambda payer: places[payer.sequence or "P"])


def others_of(payers: Sequence[PayerOnClaim]) -> list[OtherPayer] | None:
    """What these payers said line by line; None where one of them spoke of the whole claim."""
    if not payers or any(not payer.lines or payer.adjustments for payer in payers):
        return None
    return [
        OtherPayer(
            paid={line.line_number: line.paid_cents for line in payer.lines},
            patient={
                line.line_number: sum(each.cents for each in line.adjustments if each.group == "PR")
                for line in payer.lines
            },
        )
        for payer in payers
    ]


def _standing(
    persons: Collection[int], families: Collection[int], read: Collection[int], first: int, first_posting: int | None
) -> list[Entry]:
    """Postings that counted before the night, of decisions that are not read themselves and of other sources."""
    asked = {"people": list(persons), "families": list(families), "first": first, "read": list(read)}
    return list(_entries(_STANDING, asked | {"posting": first_posting}))


def _entries(statement: str, asked: Mapping[str, Any]) -> Iterable[Entry]:
    for version, line, accumulator, person, family, period, amount in _read(statement, asked):
        yield Entry(
            version_id=version,
            line_number=line or 0,
            accumulator=accumulator,
            person_id=person,
            family_id=family,
            period_start=period,
            amount=amount,
        )


def _read(statement: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return cursor.fetchall()


def _rows(statement: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(_COLUMNS, row, strict=True)) for row in _read(statement, asked)]


_COLUMNS = (
    "id", "submission_id", "person_id", "family_id", "first_service_date", "last_service_date", "line_of_coverage",
    "plan_design_version_id", "reverses_id", "billed_cents", "allowed_cents", "paid_cents", "member_cents",
    "billing_npi", "steps", "content",
)  # fmt: skip
_VERSION = """
SELECT v.id, v.submission_id, v.person_id, s.family_id, s.first_service_date, s.last_service_date, v.line_of_coverage,
       v.plan_design_version_id, v.reverses_id, v.billed_cents, v.allowed_cents, v.paid_cents, v.member_cents,
       v.billing_npi, t.steps, CASE WHEN s.kind = 'I' OR position('CB2:' IN t.steps) > 0 THEN s.content END
"""
_TONIGHT = (
    _VERSION
    + """
  FROM claims_claimsubmission s
  JOIN claims_claimversion v ON v.submission_id = s.id AND v.night_id = %(night)s
  LEFT JOIN claims_claimtrace t ON t.version_id = v.id
 WHERE s.family_id = ANY(%(families)s::bigint[]) ORDER BY v.id
"""
)
_BEFORE = """
  FROM claims_claimversion v
  JOIN claims_claimsubmission s ON s.id = v.submission_id
  LEFT JOIN claims_claimtrace t ON t.version_id = v.id
 WHERE v.id < %(first)s AND v.id IN (
       SELECT e.id FROM unnest(%(people)s::bigint[], %(from)s::date[], %(to)s::date[]) AS d (person_id, first, last)
        CROSS JOIN LATERAL (
              SELECT w.id FROM claims_claimsubmission a JOIN claims_claimversion w ON w.submission_id = a.id
               WHERE a.person_id = d.person_id AND a.last_service_date >= d.first AND a.first_service_date <= d.last
              OFFSET 0) e
        UNION ALL SELECT unnest(%(reversed)s::bigint[]))
"""
_EARLIER = _VERSION + _BEFORE
_LINES = """
SELECT version_id, id, line_no, service_date, category, tier, rendering_npi, units_thousandths, billed_cents,
       allowed_cents, eligible_cents, paid_cents, denied
  FROM claims_claimline WHERE version_id = ANY(%(versions)s::bigint[]) ORDER BY version_id, line_no
"""
_ADJUSTMENTS = """
SELECT a.line_id, a."group", a.carc, a.cents FROM claims_lineadjustment a JOIN claims_claimline l ON l.id = a.line_id
 WHERE l.version_id = ANY(%(versions)s::bigint[])
"""
_ENTRY = (
    "SELECT version_id, line_no, accumulator, person_id, family_id, period_start, amount FROM claims_accumulatorentry"
)
_POSTED = _ENTRY + " WHERE version_id = ANY(%(versions)s::bigint[]) ORDER BY id"
_STANDING = (
    _ENTRY
    + """
 WHERE (person_id = ANY(%(people)s::bigint[]) OR family_id = ANY(%(families)s::bigint[]))
   AND ((version_id < %(first)s AND version_id <> ALL(%(read)s::bigint[]))
        OR (version_id IS NULL AND (%(posting)s::bigint IS NULL OR id < %(posting)s)))
 ORDER BY id
"""
)
_FIRST_POSTING = """
SELECT min(e.id) FROM claims_claimversion v JOIN claims_accumulatorentry e ON e.version_id = v.id WHERE v.night_id = %s
"""
