"""Makes a new employer with its own schema, role, host and services."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from aso_portal.kernel.errors import DomainError
from tenants.core.services_bought import ALL_SERVICES
from tenants.models import Employer
from tenants.selectors import employers
from tenants.services import onboarding


class Command(BaseCommand):
    help = "Make a new employer: schema, PostgreSQL role, host, services. Changes nothing if the slug is there already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="Short name in addresses: small letters, digits, hyphens.")
        parser.add_argument("--name", help="Name as people read it (default: the slug).")
        parser.add_argument("--host", help="Host name of the portal (default: <slug>.<EMPLOYER_DOMAIN>).")
        parser.add_argument(
            "--services",
            default=",".join(sorted(ALL_SERVICES)),
            help="Separated by commas (default: all): %(default)s.",
        )
        parser.add_argument("--time-zone", default="America/New_York", help="IANA name (default: %(default)s).")
        parser.add_argument("--color", default="#0b5394", help="Brand colour, #rrggbb (default: %(default)s).")
        parser.add_argument("--json", action="store_true", help="Print the employer as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        existing = Employer.objects.filter(slug=options["slug"]).first()
        try:
            found = (
                employers.facts([existing], timezone.localdate())[0]
                if existing
                else onboarding.create_employer(
                    slug=options["slug"],
                    name=options["name"] or options["slug"],
                    host=options["host"],
                    services=[word.strip() for word in options["services"].split(",") if word.strip()],
                    time_zone=options["time_zone"],
                    brand_color=options["color"],
                    now=timezone.now(),
                )
            )
        except DomainError as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "created": existing is None,
                        "slug": found.slug,
                        "uuid": str(found.uuid),
                        "schema_name": found.schema_name,
                        "services": sorted(found.services),
                    }
                )
            )
        else:
            verb = "exists already" if existing else "is ready"
            self.stdout.write(
                f"{found.slug} {verb}: schema {found.schema_name}, services {', '.join(sorted(found.services))}."
            )
