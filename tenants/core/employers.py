"""An employer as everything outside the public schema sees it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EmployerFacts:
    """Read in public before a switch into the employer, frozen afterwards.

    schema_name: unique, never changed, never reused: the employer's identity inside sessions, links and tasks.
    services: values of Service bought on the day of reading.  time_zone: IANA name; fixes business and received dates.
    """

    schema_name: str
    uuid: UUID
    slug: str
    name: str
    time_zone: str
    brand_color: str
    services: frozenset[str]

    def bought(self, service: str) -> bool:
        return service in self.services
