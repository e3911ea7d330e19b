"""What a program with an API key may read. A key carries scopes as a person carries roles."""

from enum import StrEnum


class Scope(StrEnum):
    """One kind of record of one employer, all of it."""

    PEOPLE_READ = "people:read"
    COVERAGE_READ = "coverage:read"
    CLAIMS_READ = "claims:read"


CARE_SCOPES = frozenset({Scope.CLAIMS_READ})
"""Tell about a person's care: never in a key that HR makes (45 CFR 164.504(f): the employer is not the plan)."""
