"""A town whose people have a dental plan beside the medical one: the golden dental design, its fees, and dental claims."""

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django_tenants.utils import schema_context

from benefits.core.plan_design_reading import canonical_sha256
from benefits.models import Coverage, Member, Person, PlanDesignVersion, PlanOption
from claims.core.claim import Claim, DentalRecord, ProviderRef
from claims.reference.models import FeeRate
from tests.factories import engine, nights
from tests.factories.two_people import TWO_PEOPLE

GOLDEN = Path(__file__).parents[1] / "golden" / "care"


def document(name: str = "dental") -> dict[str, Any]:
    """A golden design."""
    return json.loads((GOLDEN / f"{name}.json").read_text())


def town(families: int = 1, *, design: str = "dental", document_of: dict[str, Any] | None = None) -> nights.Town:
    """Families covered by a golden design since before any waiting period; the third person of each is a child."""
    made = nights.town(families=families)
    Person.objects.filter(pk__in=[people[2] for people in made.people.values()]).update(birth_date=date(2014, 5, 4))
    content = document_of or document(design)
    line = content["line_of_coverage"]
    _fees()
    option = made.option
    if line != "medical":
        option = PlanOption.objects.create(
            plan=made.option.plan, code=line.upper(), name=line, line_of_coverage=line, funding_account=made.account
        )
        for member in Member.objects.all():
            Coverage.objects.create(
                member=member, plan_option=option, line_of_coverage=line, tier="FAM", start_date=engine.LONG_AGO
            )
    PlanDesignVersion.objects.create(
        plan_option=option,
        version=2 if line == "medical" else 1,
        start_date=nights.NEW_YEAR,
        document=content,
        document_sha256=canonical_sha256(content),
        published_at=datetime(2025, 12, 2, tzinfo=UTC),
        **TWO_PEOPLE,
    )
    return made


def _fees() -> None:
    with (GOLDEN / "fees.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with schema_context("public"):
        release = nights.reference()
        FeeRate.objects.bulk_create(
            FeeRate(
                schedule=row["schedule"],
                code=row["code"],
                cents=int(row["cents"]),
                release=release,
                start_date=engine.LONG_AGO,
            )
            for row in rows
        )


def work(code: str, billed: int, *, day: date = nights.WEEK, number: int = 1, **more: Any) -> Any:
    """One line of dental work."""
    return engine.line(number, code, billed, day=day, **more)


def dental(*lines: Any, account: str = "PCN", dental: DentalRecord | None = None, **more: Any) -> Claim:
    """A dental claim of the clinic."""
    return engine.claim(
        *lines,
        kind="D",
        billing=ProviderRef(npi=engine.CLINIC, tin=engine.TIN),
        patient_control_number=account,
        dental=dental,
        **more,
    )
