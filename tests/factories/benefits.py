"""People, plans and coverage for tests. People have names: Alma and Ben Okafor with their children, Dan Weiss alone."""

from datetime import UTC, date, datetime

from benefits.core import instructions
from benefits.core.instructions import CoverageInstruction, MemberInstruction, PersonDetails
from benefits.core.relationships import CHILD, SELF, SPOUSE
from benefits.models import (
    Division,
    EmployeeClass,
    FundingAccount,
    LegalEntity,
    Member,
    Plan,
    PlanOption,
)
from benefits.services import enrollment
from benefits.services.roster_storing import Deed
from tenants.core.roles import Actor

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
NEW_YEAR = date(2026, 1, 1)

ALMA = PersonDetails(given_name="Alma", family_name="Okafor", birth_date=date(1980, 5, 4), sex="F", ssn="123456789")
BEN = PersonDetails(given_name="Ben", family_name="Okafor", birth_date=date(1978, 2, 3), sex="M")
CARA = PersonDetails(given_name="Cara", family_name="Okafor", birth_date=date(2015, 9, 9), sex="F")
DAN = PersonDetails(given_name="Dan", family_name="Weiss", birth_date=date(1991, 11, 30), sex="M", ssn="234567890")

OKAFORS, WEISS = "W100001", "W100002"
EIN = "123456789"


def system(employer) -> Actor:
    """The portal at work inside an employer."""
    return Actor("system", None, frozenset(), employer.schema_name)


def organisation() -> LegalEntity:
    """One company with two divisions and a class of employees."""
    entity = LegalEntity.objects.create(ein=EIN, name="Harbor Freight Lines LLC")
    Division.objects.create(legal_entity=entity, code="NORTH", name="North")
    Division.objects.create(legal_entity=entity, code="SOUTH", name="South")
    EmployeeClass.objects.create(code="FULLTIME", name="Full-time")
    return entity


def plans(entity: LegalEntity | None = None) -> dict[str, PlanOption]:
    """A medical plan with two options and a dental one, paid from one account. By option code."""
    account = FundingAccount.objects.create(code="CLAIMS", name="Claims account", account_number="000123456")
    plan = Plan.objects.create(sponsor=entity or organisation(), number="501", name="Harbor Health Plan")
    lines = {"PPO": "medical", "HDHP": "medical", "DENTAL": "dental"}
    return {
        code: PlanOption.objects.create(
            plan=plan, code=code, name=f"Harbor {code}", line_of_coverage=line, funding_account=account
        )
        for code, line in lines.items()
    }


def covered(
    option: str = "PPO", tier: str = "FAM", start: date = NEW_YEAR, end: date | None = None, line: str = "medical"
):
    """An instruction to cover somebody."""
    return CoverageInstruction(
        action=instructions.ADD, line_of_coverage=line, option_code=option, tier=tier, start=start, end=end
    )


def told(
    person: PersonDetails, relationship: str = SELF, number: str = OKAFORS, position: int = 1, **more
) -> MemberInstruction:
    """An instruction about a person."""
    more.setdefault("action", instructions.ADD)
    return MemberInstruction(
        position=position, subscriber_number=number, relationship=relationship, person=person, **more
    )


def enrolled(employer, *told_) -> dict[str, Member]:
    """Applies instructions and returns every member place by first name."""
    drafted = enrollment.draft(list(told_))
    rejected = [outcome.reasons for outcome in drafted.outcomes if outcome.result == "rejected"]
    assert not rejected, rejected
    deed = Deed(actor=system(employer), source="system", recorded_at=NOW, as_of=TODAY)
    enrollment.commit(drafted, deed=deed)
    return {member.person.given_name: member for member in Member.objects.select_related("person", "family")}


def okafors(employer) -> dict[str, Member]:
    """Alma with husband Ben and daughter Cara in the family tier of the PPO since New Year. By first name."""
    return enrolled(
        employer,
        told(ALMA, coverages=(covered(),)),
        told(BEN, SPOUSE, position=2, coverages=(covered(),)),
        told(CARA, CHILD, position=3, coverages=(covered(),)),
    )
