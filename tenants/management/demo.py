"""The demo's employers and staff: who they are, in one place for the demo commands of every app."""

from dataclasses import dataclass
from datetime import date

from tenants.core.roles import Role
from tenants.core.services_bought import Service

PASSWORD = "open sesame, demo only"  # noqa: S105  (of people who do not exist, printed at every start)


@dataclass(frozen=True, slots=True)
class DemoEmployer:
    """One made-up employer. `code` begins its member numbers; `funded` False: its account holds less than one night."""

    slug: str
    name: str
    color: str
    code: str
    ein: str
    group_number: str
    employees: int
    claims: int
    options: tuple[tuple[str, ...], ...]
    services: frozenset[Service]
    funded: bool


EVERYTHING = frozenset({Service.CLAIMS, Service.ENROLLMENT, Service.STOP_LOSS})
EMPLOYERS = (
    DemoEmployer("acme", "Acme Foods", "#0b5d66", "ACM", "310000011", "ACME-100", 60, 300,
                 (("PPO",),), EVERYTHING, funded=True),
    DemoEmployer("birch", "Birch Logistics", "#7a3e00", "BIR", "310000022", "BIRCH-200", 500, 2_000,
                 (("HDHP", "DENTAL", "VISION"),), EVERYTHING, funded=False),
    DemoEmployer("cedar", "Cedar County Schools", "#1d4f91", "CED", "310000033", "CEDAR-300", 3_000, 6_000,
                 (("PPO", "DENTAL"), ("HDHP", "DENTAL")), frozenset({Service.CLAIMS}), funded=True),
)  # fmt: skip

STAFF = (
    ("examiner@aso.example", Role.EXAMINER),
    ("manager@aso.example", Role.CLAIMS_MANAGER),
    ("finance@aso.example", Role.FINANCE),
    ("accounts@aso.example", Role.ACCOUNT_MANAGER),
    ("stoploss@aso.example", Role.STOP_LOSS),
    ("admin@aso.example", Role.ADMIN),
)
HR = (("hr", Role.HR), ("finance", Role.HR_FINANCE), ("privacy", Role.PLAN_ADMINISTRATOR))


def year_of(today: date) -> int:
    """The plan year the demo lives in: this one from the middle of March on, before that the last one."""
    return today.year if (today.month, today.day) >= (3, 16) else today.year - 1


def sign_in(role: str, host: str, email: str) -> dict[str, str]:
    """A line for the list of sign-ins that is printed at every start."""
    return {"role": role, "host": host, "email": email, "password": PASSWORD}
