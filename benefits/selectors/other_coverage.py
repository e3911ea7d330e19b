"""What is on file about people's other coverage, with our side of it: one statement for a night's chunk."""

import json
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection

from benefits.core.other_coverage import OtherInsurance, OtherPlan, OurPlace, Size, Work


def other_insurance_of(person_ids: Collection[int]) -> dict[int, OtherInsurance]:
    """By person, all that is on file; only people of whom another plan, or an answer, is on file. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_OTHER_INSURANCE, [list(person_ids)] * 2)
        return {
            person_id: OtherInsurance(
                plans=tuple(_plan(row) for row in json.loads(plans)),
                answers=tuple((_day(asked_on), has_other) for asked_on, has_other in json.loads(answers)),
                places={row[0]: _place(row) for row in json.loads(places)},
            )
            for person_id, plans, answers, places in cursor.fetchall()
        }


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _perhaps(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _plan(row: dict[str, Any]) -> OtherPlan:
    month, day = row["holder_birth_month"], row["holder_birth_day"]
    return OtherPlan(
        kind=row["kind"],
        line_of_coverage=row["line_of_coverage"],
        start=_day(row["start_date"]),
        end=_perhaps(row["end_date"]),
        basis=row["basis"],
        role=row["role"],
        holder=row["holder"],
        holder_birthday=None if month is None else (month, day),
        since=_perhaps(row["covered_since"]),
        coordinates=row["coordinates"],
        employees=row["employees"],
        medicare_reason=row["medicare_reason"],
        esrd_since=_perhaps(row["esrd_since"]),
        parents=row["parents"],
        custody=row["custody"],
        decree=row["decree"],
        decree_known_on=_perhaps(row["decree_known_on"]),
    )


def _place(row: list[Any]) -> OurPlace:
    member_id, relationship, holder_id, born, work, sole_company = row
    birthday = _day(born)
    return OurPlace(
        member_id=member_id,
        relationship=relationship,
        holder_id=holder_id,
        holder_birthday=(birthday.month, birthday.day),
        work=tuple(Work(_day(start), _perhaps(end), _sizes(sizes)) for start, end, sizes in work),
        sole_company=_sizes(sole_company),
    )


def _sizes(rows: list[Any]) -> tuple[Size, ...]:
    return tuple(Size(_day(start), _perhaps(end), employees) for start, end, employees in rows)


# `told` is small: everything else is looked up for its people alone. Rows come in an order that no storage decides.
_OTHER_INSURANCE = """
WITH told AS MATERIALIZED (
    SELECT person_id FROM benefits_othercoverage WHERE person_id = ANY(%s::bigint[])
    UNION SELECT person_id FROM benefits_othercoverageanswer WHERE person_id = ANY(%s::bigint[])
), size AS (
    SELECT legal_entity_id, jsonb_agg(jsonb_build_array(start_date, end_date, employees) ORDER BY start_date) AS rows
      FROM benefits_employersize GROUP BY 1
)
SELECT told.person_id,
       (SELECT coalesce(jsonb_agg(to_jsonb(o) - 'policy_number' - 'uuid'
                        ORDER BY o.start_date, o.kind, o.medicare_reason, o.payer_name), '[]')
          FROM benefits_othercoverage o WHERE o.person_id = told.person_id),
       (SELECT coalesce(jsonb_agg(jsonb_build_array(a.asked_on, a.has_other) ORDER BY a.asked_on, a.id), '[]')
          FROM benefits_othercoverageanswer a WHERE a.person_id = told.person_id),
       (SELECT coalesce(jsonb_agg(jsonb_build_array(
                   m.id, m.relationship, holder.id, holder.birth_date,
                   (SELECT coalesce(jsonb_agg(jsonb_build_array(e.start_date, e.end_date,
                                    coalesce(size.rows, '[]')) ORDER BY e.start_date, e.legal_entity_id), '[]')
                      FROM benefits_employment e LEFT JOIN size USING (legal_entity_id) WHERE e.person_id = holder.id),
                   (SELECT coalesce(jsonb_agg(size.rows) -> 0, '[]') FROM size
                     WHERE (SELECT count(*) FROM benefits_legalentity) = 1)
               ) ORDER BY m.id), '[]')
          FROM benefits_member m
          LEFT JOIN benefits_member subscriber ON subscriber.id = m.subscriber_id
          JOIN benefits_person holder ON holder.id = coalesce(subscriber.person_id, m.person_id)
         WHERE m.person_id = told.person_id)
  FROM told ORDER BY 1
"""
