"""Employers by host, slug or schema, as frozen facts; with a short cache for the one question every request asks."""

import time
from datetime import date
from threading import Lock

from django.db.models import Q
from django.utils import timezone

from tenants.core.employers import EmployerFacts
from tenants.models import Domain, Employer, ServiceAgreement
from tenants.models.employers import ACTIVE

HOST_SECONDS = 15  # a suspension or a new service takes effect within this time

_hosts: dict[str, tuple[float, EmployerFacts | None]] = {}
_lock = Lock()


def services_on(employer_ids: list[int], day: date) -> dict[int, frozenset[str]]:
    """Names of the services each employer has on this day. One query."""
    in_force = ServiceAgreement.objects.filter(
        Q(end_date__isnull=True) | Q(end_date__gt=day), employer_id__in=employer_ids, start_date__lte=day
    )
    found: dict[int, set[str]] = {employer_id: set() for employer_id in employer_ids}
    for employer_id, service in in_force.values_list("employer_id", "service"):
        found[employer_id].add(service)
    return {employer_id: frozenset(names) for employer_id, names in found.items()}


def facts(employers: list[Employer], day: date) -> list[EmployerFacts]:
    """These employers as frozen values, with what they have bought on `day`."""
    bought = services_on([employer.pk for employer in employers], day)
    return [
        EmployerFacts(
            schema_name=employer.schema_name,
            uuid=employer.uuid,
            slug=employer.slug,
            name=employer.name,
            time_zone=employer.time_zone,
            brand_color=employer.brand_color,
            services=bought[employer.pk],
        )
        for employer in employers
    ]


def active(day: date) -> list[EmployerFacts]:
    """All active employers in the order of their slugs."""
    return facts(list(Employer.objects.filter(status=ACTIVE).order_by("slug")), day)


def by_schema(schema_name: str, day: date) -> EmployerFacts | None:
    """The active employer that owns this schema."""
    found = facts(list(Employer.objects.filter(schema_name=schema_name, status=ACTIVE)), day)
    return found[0] if found else None


def by_slug(slug: str, day: date) -> EmployerFacts | None:
    """The active employer of this slug."""
    found = facts(list(Employer.objects.filter(slug=slug, status=ACTIVE)), day)
    return found[0] if found else None


def by_host(host: str) -> EmployerFacts | None:
    """The active employer that this host name (lower case, no port) shows; remembered for HOST_SECONDS per process.

    Called in the public schema only.
    """
    kept_until, known = _hosts.get(host, (0.0, None))
    if kept_until > time.monotonic():
        return known
    domain = Domain.objects.select_related("tenant").filter(domain=host, tenant__status=ACTIVE).first()
    found = facts([domain.tenant], timezone.localdate())[0] if domain else None
    if found is not None:  # strangers' host names are not kept: there is no end to them
        with _lock:
            _hosts[host] = (time.monotonic() + HOST_SECONDS, found)
    else:
        _hosts.pop(host, None)
    return found


def forget_hosts() -> None:
    """Read the hosts again from now on, in this process."""
    with _lock:
        _hosts.clear()
