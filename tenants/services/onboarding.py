"""A new employer in a second or two: role, schema, tables, rights, keys, host and services, in one transaction."""

import re
import secrets
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from aso_portal.kernel.errors import DomainError
from tenants.core.employers import EmployerFacts
from tenants.core.services_bought import ALL_SERVICES
from tenants.fields import keys
from tenants.models import Domain, Employer, SchemaTemplate, ServiceAgreement, StaffEvent
from tenants.models.employers import SLUG
from tenants.selectors import employers
from tenants.services import fleet, schema_template, walls
from tenants.services.owner import as_owner


class CannotCreateEmployer(DomainError):
    """What was asked for collides with another employer or is no name."""


def create_employer(
    *,
    slug: str,
    name: str,
    now: datetime,
    services: Iterable[str] = tuple(ALL_SERVICES),
    host: str | None = None,
    time_zone: str = "America/New_York",
    brand_color: str = "#0b5394",
    start_date: date | None = None,
    staff_uuid: UUID | None = None,
) -> EmployerFacts:
    """A new employer, ready for its first request. All or nothing.

    host: defaults to <slug>.<EMPLOYER_DOMAIN>.  start_date: first day of the services, default the day of `now`.
    Runs as the owner of the tables. Raises CannotCreateEmployer.
    """
    host = (host or f"{slug}.{settings.EMPLOYER_DOMAIN}").lower()
    bought = _known(services)
    with as_owner():
        _refuse_collisions(slug, host)
        wanted = fleet.fingerprint(settings.TENANT_APPS)
        template = SchemaTemplate.objects.filter(fingerprint=wanted).first()
        schema_name = f"t_{secrets.token_hex(6)}"
        if template is None:
            _migrated_schema(schema_name)
        try:
            with transaction.atomic():
                if template is not None:
                    walls.make_schema(schema_name)
                    schema_template.replay(template.sql, schema_name)
                walls.finish_employer_schema(schema_name)
                walls.open_schema(schema_name)
                fleet.stamp(schema_name, wanted)
                employer = Employer(
                    schema_name=schema_name, slug=slug, name=name, time_zone=time_zone, brand_color=brand_color.lower()
                )
                _validated(employer)
                employer.save()
                Domain.objects.create(domain=host, tenant=employer, is_primary=True)
                first_day = start_date or now.date()
                ServiceAgreement.objects.bulk_create(
                    ServiceAgreement(employer=employer, service=service, start_date=first_day) for service in bought
                )
                StaffEvent.objects.create(
                    at=now,
                    kind="employer_created",
                    staff_uuid=staff_uuid,
                    schema_name=schema_name,
                    subject_uuid=employer.uuid,
                    detail={"services": bought},
                )
                keys.create_for(schema_name)
        except BaseException:
            if template is None:
                connection.set_schema_to_public()
                walls.drop_schema(schema_name)
            raise
        return employers.facts([employer], max(first_day, now.date()))[0]


def _known(services: Iterable[str]) -> list[str]:
    asked = sorted(set(services))
    unknown = [name for name in asked if name not in ALL_SERVICES]
    if unknown:
        raise CannotCreateEmployer(
            f"There is no service {', '.join(unknown)}. Choose among {', '.join(sorted(ALL_SERVICES))}."
        )
    return [str(name) for name in asked]


def _refuse_collisions(slug: str, host: str) -> None:
    if not re.fullmatch(SLUG[1:-1], slug):
        raise CannotCreateEmployer(
            f"{slug!r} is no slug. Use 2 to 41 small letters, digits and hyphens, a letter first."
        )
    if host in settings.OPERATIONS_HOSTS:
        raise CannotCreateEmployer(f"{host} is an operations host. Choose another host for the employer.")
    if Employer.objects.filter(slug=slug).exists():
        raise CannotCreateEmployer(f"There is an employer with the slug {slug} already.")
    if Domain.objects.filter(domain=host).exists():
        raise CannotCreateEmployer(f"The host {host} leads to another employer already.")


def _validated(employer: Employer) -> None:
    try:
        employer.full_clean(exclude=["uuid", "created_at"])
    except ValidationError as refusal:
        problems = "; ".join(
            f"{field}: {' '.join(messages)}" for field, messages in sorted(refusal.message_dict.items())
        )
        raise CannotCreateEmployer(f"The employer cannot be kept: {problems}") from None


def _migrated_schema(schema_name: str) -> None:
    """Without a template (no pg_dump here): every migration, one after the other. Slower, the same result."""
    with transaction.atomic():
        walls.make_schema(schema_name)
    try:
        schema_template.migrate(schema_name)
    except BaseException:
        connection.close()
        connection.set_schema_to_public()
        walls.drop_schema(schema_name)
        raise
