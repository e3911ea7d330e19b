"""demo_employers: three employers that differ, and a sign-in for every role of the ASO's staff and of HR."""

import json
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django_tenants.utils import schema_context

from tenants.management import demo
from tenants.models import Employer
from tenants.services import onboarding, people


class Command(BaseCommand):
    help = "Make the demo's employers, staff and HR accounts. Repeating it completes what is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the sign-ins as JSON")
        parser.add_argument("--today", type=date.fromisoformat, help="the day the demo is made for (default: today)")

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["today"] or timezone.localdate()
        opened = datetime(demo.year_of(today), 1, 1, tzinfo=UTC)
        host = settings.OPERATIONS_HOSTS[0]
        sign_ins = []
        for email, role in demo.STAFF:
            people.open_account(email=email, roles=[role], now=opened, password=demo.PASSWORD)
            sign_ins.append(demo.sign_in(f"ASO {role.replace('_', ' ')}", host, email))
        for wanted in demo.EMPLOYERS:
            if not Employer.objects.filter(slug=wanted.slug).exists():
                onboarding.create_employer(
                    slug=wanted.slug,
                    name=wanted.name,
                    brand_color=wanted.color,
                    services=sorted(wanted.services),
                    now=opened,
                )
            employer = Employer.objects.get(slug=wanted.slug)
            with schema_context(employer.schema_name):
                for name, role in demo.HR:
                    email = f"{name}@{wanted.slug}.example"
                    people.open_account(email=email, roles=[role], now=opened, password=demo.PASSWORD)
                    title = f"{wanted.name}: {role.replace('_', ' ')}"
                    sign_ins.append(demo.sign_in(title, f"{wanted.slug}.{settings.EMPLOYER_DOMAIN}", email))
        if options["json"]:
            self.stdout.write(json.dumps({"sign_ins": sign_ins}))
        else:
            self.stdout.write(f"{len(demo.EMPLOYERS)} employers and {len(sign_ins)} accounts are there.")
