"""What is on file about the families of a chunk, in one statement a table however many claims there are."""

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from benefits import facade as benefits
from benefits.core.coverage import PersonFacts
from claims.core.accumulators import Ledger
from claims.core.case import Case
from claims.core.changes import Change
from claims.core.claim import Claim
from claims.core.claim_json import from_json
from claims.core.edit_tables import LONGEST_GLOBAL
from claims.core.facts import (
    PAYABLE,
    REFUSED,
    WAITING,
    WHOLE_CLAIM,
    Balance,
    ClaimFacts,
    Consent,
    FamilyFacts,
    HistoryLine,
    Override,
    Ruling,
)
from claims.core.history import History
from claims.core.numbers import claim_number
from claims.core.rules import Rules
from claims.models import Night, NightChunk
from claims.services.care_on_file import CareFile
from claims.services.changes_due import changes_for
from claims.services.chunks import units_of


def facts_of(chunk: NightChunk, night: Night, rules: Rules) -> list[FamilyFacts]:
    """Everything needed to decide the chunk's claims, a FamilyFacts for each unit, in the order of the units.

    The caller has locked the chunk's families.
    """
    claims = _claims(chunk, night)
    persons = benefits.persons_of(chunk.family_ids)
    coverage = benefits.coverage_of(list(persons))
    other_insurance = benefits.other_insurance_of([claim.person_id for claim in claims])
    balances = _balances(chunk.family_ids)
    changes = changes_for(claims, chunk.again_ids)
    history = _history(claims, persons, rules, before=night.after_seq)
    care = CareFile(claims, coverage, rules)
    _add_consents(claims, rules)
    units = units_of(chunk)
    unit_of = {family: number for number, unit in enumerate(units) for family in unit}
    changes_in = _by_unit(changes, claims, unit_of) if changes else {}
    people: list[dict[int, PersonFacts]] = [{} for _ in units]
    for person_id, person in persons.items():
        people[unit_of[person.family_id]][person_id] = person
    claims_in: list[list[ClaimFacts]] = [[] for _ in units]
    for claim in claims:
        claims_in[unit_of[claim.family_id]].append(claim)
    balances_in: list[list[Balance]] = [[] for _ in units]
    for balance in balances:
        balances_in[unit_of[balance.family_id]].append(balance)
    history_in: list[list[HistoryLine]] = [[] for _ in units]
    for line in history:
        history_in[unit_of[persons[line.person_id].family_id]].append(line)
    return [
        FamilyFacts(
            family_ids=unit,
            persons=people[number],
            coverage={person_id: coverage.get(person_id, ()) for person_id in people[number]},
            claims=claims_in[number],
            balances=balances_in[number],
            history=history_in[number],
            other_insurance={who: other_insurance[who] for who in people[number].keys() & other_insurance.keys()},
            care=care.of(people[number]),
            changes=changes_in.get(number, ()),
        )
        for number, unit in enumerate(units)
    ]


def _add_consents(claims: Sequence[ClaimFacts], rules: Rules) -> None:
    """Give claims the consents of their patients, where some design works surprise bills out."""
    designs = (design for versions in rules.designs.values() for design in versions)
    if not claims or not any(design.compiled.design.surprise_bills is not None for design in designs):
        return
    found: dict[int, list[Consent]] = {}
    for person_id, *consent in _read(_CONSENTS, {"people": sorted({claim.person_id for claim in claims})}):
        npi, start, end, notice, scheduled, three_hours, after = consent
        found.setdefault(person_id, []).append(
            Consent(
                npi=npi,
                start=start,
                end=end,
                notice_date=notice,
                scheduled_date=scheduled,
                three_hours_before=three_hours,
                after_emergency=after,
            )
        )
    for claim in claims if found else ():
        claim.consents = tuple(found.get(claim.person_id, ()))


_CONSENTS = """
SELECT person_id, npi, start_date, end_date, notice_date, scheduled_date, three_hours_before, after_emergency
  FROM claims_surpriseconsent WHERE person_id = ANY(%(people)s::bigint[]) ORDER BY id
"""


def _by_unit(
    changes: Sequence[Change], claims: Sequence[ClaimFacts], unit_of: Mapping[int, int]
) -> dict[int, list[Change]]:
    """The orders by the unit of the claim that brought each here."""
    family_of = {claim.submission_id: claim.family_id for claim in claims}
    found: dict[int, list[Change]] = {}
    for change in changes:
        brought = change.successor_id if change.successor_id is not None else change.submission_id
        found.setdefault(unit_of[family_of[brought]], []).append(change)
    return found


def _read(statement: str, parameters: dict[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _claims(chunk: NightChunk, night: Night) -> list[ClaimFacts]:
    """The claims to decide: those that arrived for this night, and earlier ones whose turn has come again."""
    rulings, by_hand = _rulings(chunk.again_ids), _overrides(chunk.again_ids)
    rows = _read(
        _CLAIMS_AGAIN if chunk.again_ids else _CLAIMS,
        {
            "families": chunk.family_ids,
            "after": night.after_seq,
            "cutoff": night.cutoff_seq,
            "again": chunk.again_ids,
        },
    )
    return [_claim_facts(row, rulings, by_hand) for row in rows]


def _claim_facts(
    row: tuple, rulings: Mapping[int, tuple[Ruling, ...]], by_hand: Mapping[int, tuple[Override, ...]]
) -> ClaimFacts:
    submission_id, intake_seq, received_date, person_id, family_id, content = row
    return ClaimFacts(
        submission_id=submission_id,
        claim_number=claim_number(intake_seq),
        intake_seq=intake_seq,
        received_date=received_date,
        person_id=person_id,
        family_id=family_id,
        claim=from_json(content),
        rulings=rulings.get(submission_id, ()),
        overrides=by_hand.get(submission_id, ()),
    )


_CLAIM_COLUMNS = "id, intake_seq, received_date, person_id, family_id, content"
_CLAIMS = f"""
SELECT {_CLAIM_COLUMNS} FROM claims_claimsubmission
 WHERE family_id = ANY(%(families)s) AND intake_seq > %(after)s AND intake_seq <= %(cutoff)s
"""  # noqa: S608  (constant text)
_CLAIMS_AGAIN = f"{_CLAIMS} UNION ALL SELECT {_CLAIM_COLUMNS} FROM claims_claimsubmission WHERE id = ANY(%(again)s)"  # noqa: S608


def _rulings(submission_ids: Sequence[int]) -> dict[int, tuple[Ruling, ...]]:
    """How examiners ended the pends of these claims; the latest word on a reason and line counts."""
    if not submission_ids:
        return {}
    latest: dict[int, dict[tuple[str, int], Ruling]] = {}
    for submission_id, code, line_no, carc in _read(_RULINGS, {"again": list(submission_ids)}):
        line_number = WHOLE_CLAIM if line_no is None else line_no
        latest.setdefault(submission_id, {})[code, line_number] = Ruling(code=code, line_number=line_number, carc=carc)
    return {submission_id: tuple(rulings.values()) for submission_id, rulings in latest.items()}


_RULINGS = """
SELECT p.submission_id, p.code, p.line_no, r.carc
  FROM claims_pend p JOIN claims_pendresolution r ON r.pend_id = p.id
 WHERE p.submission_id = ANY(%(again)s) AND r.kind NOT IN ('rerun', 'closed') ORDER BY r.id
"""


def _overrides(submission_ids: Sequence[int]) -> dict[int, tuple[Override, ...]]:
    """What people set by hand on these claims and may count: approved where a second person is needed, not ended; and
    what decisions on appeals set.

    The latest of a field and line counts. Only claims seen before can have any.
    """
    if not submission_ids:
        return {}
    found: dict[int, dict[tuple[str, int], Override]] = {}
    for submission_id, field, line_no, value, reason in _read(_OVERRIDES, {"again": list(submission_ids)}):
        line_number = WHOLE_CLAIM if line_no is None else line_no
        override = Override(field=field, line_number=line_number, value=value, reason=reason)
        found.setdefault(submission_id, {})[field, line_number] = override
    return {submission_id: tuple(overrides.values()) for submission_id, overrides in found.items()}


_OVERRIDES = """
SELECT submission_id, field, line_no, value, reason FROM (
    SELECT o.submission_id, o.field, o.line_no, o.value, o.reason, o.made_at AS at, o.id FROM claims_claimoverride o
     WHERE o.submission_id = ANY(%(again)s)
       AND NOT EXISTS (SELECT FROM claims_overrideruling r WHERE r.override_id = o.id AND r.kind <> 'approved')
       AND (NOT o.needs_second OR EXISTS (
            SELECT FROM claims_overrideruling r WHERE r.override_id = o.id AND r.kind = 'approved'))
    UNION ALL
    SELECT a.submission_id, a.field, a.line_no, a.value, 'appeal', e.written_at, a.id
      FROM claims_appealremedy a JOIN claims_appealevent e ON e.id = a.event_id WHERE a.submission_id = ANY(%(again)s)
) AS by_hand ORDER BY at, id
"""


def _balances(family_ids: Sequence[int]) -> list[Balance]:
    """What stands on every accumulator of these families."""
    return [
        Balance(accumulator=key, person_id=person_id, family_id=family_id, period_start=period, amount=amount)
        for key, person_id, family_id, period, amount in _read(_BALANCES, {"families": family_ids})
    ]


_BALANCES = """
SELECT accumulator, person_id, family_id, period_start, sum(amount)::bigint
  FROM claims_accumulatorentry WHERE family_id = ANY(%(families)s)
 GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0
"""


def _history(
    claims: Sequence[ClaimFacts], persons: Mapping[int, PersonFacts], rules: Rules, *, before: int
) -> list[HistoryLine]:
    """Earlier lines of the same people on the days of the claims to decide, of decided claims and of waiting ones.

    Around services of a surgical package also decided ones of other days.
    before: the last intake_seq of earlier nights; a later claim can be neither.
    """
    days = {(claim.person_id, day) for claim in claims for day in _days(claim.claim)}
    if not days or not before:
        return []
    people, dates = zip(*sorted(days), strict=True)
    package = rules.edit_tables.package_codes
    around = _days_around(claims, package) if package else ()
    asked = {
        "people": list(people),
        "dates": list(dates),
        "before": before,
        "tonight": [claim.submission_id for claim in claims if claim.intake_seq <= before],
        "spans_of": [*people, *(person for person, _, _ in around)],
        "firsts": [*dates, *(first for _, first, _ in around)],
        "lasts": [*dates, *(last for _, _, last in around)],
        "whole": [True] * len(people) + [False] * len(around),
        "package": sorted(package) if around else [],
    }
    rows = [row for whole, *row in _read(_DECIDED, asked) if whole or (row[_PERSON], row[_DAY]) not in days]
    lines = [line for line in (_decided(*row) for row in rows) if line is not None]
    for row in _read(_WAITING, asked):
        claim = _claim_facts(row, {}, {})
        if claim.claim.predetermination:
            continue
        case = Case(claim, rules, Ledger((), {}), History(()), persons[claim.person_id], ())
        lines += [line for line in case.history_lines(WAITING) if (line.person_id, line.service_date) in days]
    lines.sort(key=lambda line: (line.person_id, line.service_date, line.intake_seq))
    return lines


def _days_around(claims: Sequence[ClaimFacts], package: Container[str]) -> list[tuple[int, date, date]]:
    """(person, first day, last day) around services that are, or may be part of, a surgical package."""
    spans: dict[int, tuple[date, date]] = {}
    for claim in claims:
        if any(line.code in package for line in claim.claim.lines):
            for day in _days(claim.claim):
                first, last = spans.get(claim.person_id, (day, day))
                spans[claim.person_id] = min(first, day), max(last, day)
    around = timedelta(days=LONGEST_GLOBAL)
    return [(person, first - around, last + around) for person, (first, last) in sorted(spans.items())]


def _days(claim: Claim) -> Iterator[date]:
    """Every day that may choose plan and period of a line of the claim."""
    for line in claim.lines:
        if line.service_start is not None:
            yield line.service_start
    if claim.statement_start is not None:
        yield claim.statement_start
    if claim.admission_date is not None:
        yield claim.admission_date


def _decided(
    submission_id: int,
    intake_seq: int,
    person_id: int,
    line_no: int,
    service_date: date,
    code: str,
    revenue: str,
    modifiers: str,
    units_thousandths: int,
    billed: int,
    provider_npi: str,
    tin: str,
    denied: bool,
    category: str,
    eligible: int,
    copay: int,
    content: str | None,
    kind: str,
    billing_npi: str,
) -> HistoryLine | None:
    """A decided line; `content` only of claims whose kind may be a stay or name teeth. An estimate is no history."""
    claim = None if content is None else from_json(content)
    if claim is not None and claim.predetermination:
        return None
    submitted = None if claim is None else next((line for line in claim.lines if line.number == line_no), None)
    return HistoryLine(
        submission_id=submission_id,
        intake_seq=intake_seq,
        person_id=person_id,
        service_date=service_date,
        code=code,
        revenue=revenue,
        modifiers=modifiers,
        units_thousandths=units_thousandths,
        charge_cents=billed,
        provider_npi=provider_npi,
        billing_tin=tin,
        state=REFUSED if denied else PAYABLE,
        category=category,
        eligible_cents=eligible,
        copay_cents=copay,
        tooth=submitted.place_in_mouth if submitted is not None else "",
        stay_start=service_date if claim is not None and claim.is_stay else None,
        kind=kind,
        billing_npi=billing_npi,
    )


_PERSON, _DAY = 2, 4  # of what `_decided` is given

# Nested so that each step looks its rows up by index, whatever the planner believes about tables that grow all night.
_DECIDED = """
SELECT d.whole, s.id, s.intake_seq, s.person_id, l.line_no, l.service_date, l.code, l.revenue, l.modifiers, l.units_thousandths,
       l.billed_cents, coalesce(nullif(l.rendering_npi, ''), v.billing_npi), v.payee_tin, l.denied, l.category,
       l.eligible_cents, coalesce(c.cents, 0), CASE WHEN s.kind <> 'P' THEN s.content END, s.kind, v.billing_npi
  FROM unnest(%(spans_of)s::bigint[], %(firsts)s::date[], %(lasts)s::date[], %(whole)s::bool[])
       AS d (person_id, first, last, whole)
 CROSS JOIN LATERAL (
       SELECT id, intake_seq, person_id, kind, content FROM claims_claimsubmission
        WHERE person_id = d.person_id AND last_service_date >= d.first AND first_service_date <= d.last
          AND intake_seq <= %(before)s OFFSET 0) s
 CROSS JOIN LATERAL (
       SELECT id, billing_npi, payee_tin FROM claims_claimversion own
        WHERE submission_id = s.id AND reverses_id IS NULL
          AND NOT EXISTS (SELECT FROM claims_claimversion r WHERE r.reverses_id = own.id) OFFSET 0) v
 CROSS JOIN LATERAL (
       SELECT * FROM claims_claimline
        WHERE version_id = v.id AND service_date BETWEEN d.first AND d.last
          AND (d.whole OR code = ANY(%(package)s)) OFFSET 0) l
  LEFT JOIN LATERAL (
       SELECT cents FROM claims_lineadjustment
        WHERE line_id = l.id AND "group" = 'PR' AND carc = '3' OFFSET 0) c ON true
"""
_WAITING = """
SELECT id, intake_seq, received_date, person_id, family_id, content FROM claims_claimsubmission WHERE id IN (
    SELECT s.id
      FROM unnest(%(people)s::bigint[], %(dates)s::date[]) AS d (person_id, day)
     CROSS JOIN LATERAL (
           SELECT id FROM claims_claimsubmission
            WHERE person_id = d.person_id AND last_service_date >= d.day AND first_service_date <= d.day
              AND intake_seq <= %(before)s OFFSET 0) s
     WHERE s.id <> ALL(%(tonight)s::bigint[])
       AND EXISTS (SELECT FROM claims_pendeddecision p WHERE p.submission_id = s.id)
       AND NOT EXISTS (SELECT FROM claims_claimversion v WHERE v.submission_id = s.id)
       AND NOT EXISTS (
           SELECT FROM claims_claimchange c JOIN claims_claimsubmission n ON n.id = c.successor_id
            WHERE c.submission_id = s.id AND n.intake_seq <= %(before)s))
"""
