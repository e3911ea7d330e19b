"""Reads what is on file about care beside claims: only of people whose plan asks, in two statements at most."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from benefits.core.coverage import DENTAL, MEDICAL, VISION, CoverageSpan
from benefits.core.plan_design_conditions import code_range
from claims.core.authorization_standing import Happening, standing_of
from claims.core.care_values import Authorization, AuthorizationUse, CareOnFile, PriorCoverage, Treatment
from claims.core.claim import DENTAL as DENTAL_CLAIM
from claims.core.facts import ClaimFacts
from claims.core.rules import Rules


class CareFile:
    """What was read, to be handed out by units of families."""

    def __init__(
        self, claims: Sequence[ClaimFacts], coverage: Mapping[int, Sequence[CoverageSpan]], rules: Rules
    ) -> None:
        """Asks nothing for an employer whose plans have no such rules."""
        self._authorizations: dict[int, list[Authorization]] = {}
        self._uses: dict[int, list[AuthorizationUse]] = {}
        self._treatments: dict[int, list[Treatment]] = {}
        self._prior: dict[int, dict[tuple[int, str], PriorCoverage]] = {}
        if rules.verifies_authorizations:
            self._read_authorizations({claim.person_id for claim in claims})
        looked_back = set(_looked_back(claims, coverage, rules))
        if looked_back:
            self._read_treatments(looked_back)
        self._empty = not (self._authorizations or self._treatments or self._prior)

    def of(self, people: Iterable[int]) -> CareOnFile | None:
        """What is on file of these people; None when nothing is."""
        if self._empty:
            return None
        mine = list(people)
        granted = [each for person in mine for each in self._authorizations.get(person, ())]
        treatments = [each for person in mine for each in self._treatments.get(person, ())]
        prior = {key: each for person in mine for key, each in self._prior.get(person, {}).items()}
        if not (granted or treatments or prior):
            return None
        uses = [use for each in granted for use in self._uses.get(each.authorization_id, ())]
        return CareOnFile(authorizations=granted, uses=uses, treatments=treatments, prior=prior)

    def _read_authorizations(self, people: set[int]) -> None:
        for key, number, person, asked, measure, urgent, npi, tin, codes, categories, told, used in _read(
            _AUTHORIZATIONS, {"people": sorted(people)}
        ):
            standing = standing_of(
                [Happening(kind, _day(start), _day(end), amount) for kind, start, end, amount in told]
            )
            if standing.start is None and not standing.refused:
                continue
            self._authorizations.setdefault(person, []).append(
                Authorization(
                    authorization_id=key,
                    number=number,
                    person_id=person,
                    requested_on=asked,
                    start=standing.start or date.min,
                    end=standing.end,
                    measure=measure,
                    granted=standing.granted,
                    urgent=urgent,
                    refused=standing.refused,
                    provider_npi=npi,
                    provider_tin=tin,
                    codes=tuple(code_range(part) for part in codes.split(",")) if codes else (),
                    categories=tuple(part.strip() for part in categories.split(",")) if categories else (),
                )
            )
            self._uses[key] = [
                AuthorizationUse(key, 0, date.fromisoformat(day), by, amount) for day, by, amount in used
            ]

    def _read_treatments(self, people: set[int]) -> None:
        """Treatments, and below them (with a line of coverage) what stands of earlier coverage."""
        for line_of_coverage, late, *row in _read(_LOOKED_BACK, {"people": sorted(people)}):
            if line_of_coverage:
                key = (row[0], line_of_coverage)
                self._prior.setdefault(row[0], {})[key] = PriorCoverage(*key, row[1], late)
            else:
                self._treatments.setdefault(row[0], []).append(Treatment(*row))


def _looked_back(
    claims: Sequence[ClaimFacts], coverage: Mapping[int, Sequence[CoverageSpan]], rules: Rules
) -> Iterable[int]:
    """People whose earlier treatments a plan may look at for one of these claims."""
    lines = rules.care_lines
    for claim in claims if lines else ():
        if claim.claim.kind == DENTAL_CLAIM:
            if DENTAL in lines:
                yield claim.person_id
        elif MEDICAL in lines or (
            VISION in lines and any(span.line_of_coverage == VISION for span in coverage.get(claim.person_id, ()))
        ):
            yield claim.person_id


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _read(statement: str, parameters: dict[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


_AUTHORIZATIONS = """
SELECT a.id, a.number, a.person_id, a.requested_on, a.measure, a.urgent, a.provider_npi, a.provider_tin, a.codes,
       a.categories, coalesce(e.told, '[]'::json), coalesce(u.used, '[]'::json)
  FROM claims_authorization a
 CROSS JOIN LATERAL (
       SELECT json_agg(json_build_array(kind, start_date, end_date, amount) ORDER BY id) AS told
         FROM claims_authorizationevent WHERE authorization_id = a.id) e
 CROSS JOIN LATERAL (
       SELECT json_agg(json_build_array(service_date, provider_npi, amount)) AS used FROM (
              SELECT service_date, provider_npi, sum(amount) AS amount FROM claims_authorizationuse
               WHERE authorization_id = a.id GROUP BY 1, 2 HAVING sum(amount) <> 0 ORDER BY 1, 2) net) u
 WHERE a.person_id = ANY(%(people)s::bigint[]) ORDER BY a.number
"""
# Sums, so that what was reversed is gone; a line of a claim is one treatment whichever of its versions tells of it.
_LOOKED_BACK = """
SELECT '' AS line_of_coverage, false AS late, t.person_id, t.service_date, t.code, t.category, t.tooth, t.surfaces, t.area,
       sum(t.quantity)::bigint AS quantity, t.line_no, coalesce(v.submission_id::text, t.source_key) AS source
  FROM claims_treatmententry t LEFT JOIN claims_claimversion v ON v.id = t.version_id
 WHERE t.person_id = ANY(%(people)s::bigint[])
 GROUP BY 3, 4, 5, 6, 7, 8, 9, 11, 12 HAVING sum(t.quantity) > 0
UNION ALL
SELECT * FROM (
       SELECT DISTINCT ON (person_id, line_of_coverage) line_of_coverage, late_entrant, person_id, covered_from, '', '', '',
              '', '', 0, 0, ''
         FROM claims_priorcoverage WHERE person_id = ANY(%(people)s::bigint[])
        ORDER BY person_id, line_of_coverage, id DESC) prior
 ORDER BY 3, 4, 12, 11, 7, 9
"""
