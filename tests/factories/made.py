"""A made-up employer's people, the clearing house and its files, loaded into a test's schemas."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain

from django_tenants.utils import schema_context

from benefits.management import demo_plans, loading
from benefits.management.population import MadeFamily, Population
from benefits.models import FundingAccount
from claims.management.made.claims import CLEAN, Flaws, MadeClaim, Visits
from claims.management.made.files import RECEIVER, SENDER, write_837
from claims.management.made.providers import MadeProvider, providers
from claims.management.made.reference import load_reference
from tenants import facade as tenants
from tenants.core.employers import EmployerFacts

YEAR = date(2026, 1, 1)
RECEIVED = datetime(2026, 3, 2, 14, tzinfo=UTC)
COVERS = frozenset({"medical", "dental", "vision"})


@dataclass
class MadeEmployer:
    """What was loaded for one employer: enough to make claims of its people."""

    facts: EmployerFacts
    code: str
    group_number: str
    families: Sequence[MadeFamily]
    providers: Sequence[MadeProvider]
    account: FundingAccount

    def claims(self, count: int, *, flaws: Flaws = CLEAN, first: int = 0) -> list[MadeClaim]:
        """Visits of January and February 2026."""
        visits = Visits(
            seed=5, code=self.code, group_number=self.group_number, families=self.families, providers=self.providers,
            covers=COVERS, start=YEAR, end=date(2026, 3, 1), flaws=flaws,
        )  # fmt: skip
        return list(visits.claims(count, first=first))


def clearing_house() -> Sequence[MadeProvider]:
    """Providers, their reference data and the partner who sends files. Runs in public."""
    made = providers(seed=5, count=40)
    load_reference(made, loaded_at=datetime(2026, 1, 1, tzinfo=UTC))
    tenants.keep_partner(name="Made house", their_qualifier="ZZ", their_id=SENDER, our_qualifier="ZZ", our_id=RECEIVER)
    return made


def people(
    facts: EmployerFacts,
    made: Sequence[MadeProvider],
    *,
    code: str,
    employees: int = 12,
    seed: int = 5,
    edits: dict[str, str] | None = None,
) -> MadeEmployer:
    """Families with a PPO, dental and vision, and a route for the employer's group number. Runs in public.

    edits: code edits of the PPO.
    """
    group = f"{code}-GROUP"
    tenants.set_group_route(group_number=group, schema_name=facts.schema_name)
    families = list(Population(seed=seed, employees=employees, code=code, year_start=YEAR))
    with schema_context(facts.schema_name):
        entity = loading.sponsor(name=facts.name, ein="310000001")
        account = loading.account(code="MAIN", name="Claims account")
        days = {"start": YEAR, "end": date(2027, 1, 1)}
        opened = datetime(2026, 1, 1, tzinfo=UTC)
        designs = {"PPO": demo_plans.ppo, "DENTAL": demo_plans.dental, "VISION": demo_plans.vision}
        options = [
            loading.option(
                entity,
                code=name,
                document=make(**days) | ({"edits": edits} if edits and name == "PPO" else {}),
                funding=account,
                published_at=opened,
            )
            for name, make in designs.items()
        ]
        loading.load(families, options=[options], entity=entity)
    return MadeEmployer(facts, code, group, families, made, account)


def file_of(*claims: Sequence[MadeClaim], control: int = 1, at: datetime = RECEIVED) -> bytes:
    """One interchange holding all these claims."""
    text = io.StringIO()
    write_837(text, chain.from_iterable(claims), control=control, at=at, per_set=50)
    return text.getvalue().encode("ascii")
