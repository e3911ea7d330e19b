"""Plan options, their published designs, and the accounts they are paid from."""

from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from aso_portal.kernel.errors import DomainError
from benefits.core.designs import FundingAccountFacts, Payer, PublishedDesign
from benefits.models import FundingAccount, LegalEntity, Plan, PlanDesignVersion, PlanOption
from benefits.selectors.visibility import members_visible_to
from tenants.core.roles import Actor


class NoPayer(DomainError):
    """Nothing says in whose name an account pays."""


def options_visible_to(actor: Actor) -> QuerySet[PlanOption]:
    """Every option for staff, HR and the system; for a member those he or his dependants were ever in."""
    options = PlanOption.objects.select_related("plan")
    if actor.schema_name != connection.schema_name:
        return options.none()
    if actor.kind == "member" and not actor.is_hr:
        return options.filter(coverages__member__in=members_visible_to(actor)).distinct()
    return options


def published_designs(published_before: datetime) -> list[PublishedDesign]:
    """Every version published before that instant, by option and version.

    For a day the last one in this order that covers it is in force (`benefits.core.designs.in_force`).
    """
    rows = (
        PlanDesignVersion.objects.filter(published_at__lt=published_before)
        .order_by("plan_option_id", "version")
        .values_list(
            "id",
            "plan_option_id",
            "plan_option__code",
            "plan_option__line_of_coverage",
            "plan_option__funding_account_id",
            "start_date",
            "end_date",
            "document",
        )
    )
    return [PublishedDesign(*row) for row in rows]


def funding_accounts() -> list[FundingAccountFacts]:
    """The accounts claims are paid from, in use or not, by key."""
    rows = FundingAccount.objects.order_by("pk").values_list("pk", "uuid", "code", "name", "is_active")
    return [FundingAccountFacts(*row) for row in rows]


def default_funding_account_id() -> int | None:
    """The account of what belongs to no plan option (claims of people who had no coverage): the oldest one in use."""
    accounts = FundingAccount.objects.filter(is_active=True).order_by("pk")
    return accounts.values_list("pk", flat=True).first()


def lock_funding_accounts() -> tuple[int, ...]:
    """Locks every funding account in key order until the transaction ends, and returns their keys."""
    return tuple(FundingAccount.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def payer_of(funding_account_id: int) -> Payer:
    """In whose name an account pays: the sponsor of the oldest option it serves, else the employer's first company."""
    options = PlanOption.objects.filter(funding_account_id=funding_account_id).order_by("pk")
    found = options.values_list("plan__name", "plan__sponsor__ein").first()
    found = found or LegalEntity.objects.order_by("pk").values_list("name", "ein").first()
    if found is None:
        raise NoPayer(
            f"Funding account {funding_account_id} serves no plan option and no legal entity is set up. Add one."
        )
    return Payer(*found)


def option_codes(line_of_coverage: str) -> list[str]:
    """Codes of the options of a line, in order."""
    options = PlanOption.objects.filter(line_of_coverage=line_of_coverage).order_by("code")
    return list(options.values_list("code", flat=True))


def sponsor_eins() -> list[str]:
    """Tax numbers of the companies that sponsor this employer's plans, the oldest plan's first."""
    return list(dict.fromkeys(Plan.objects.order_by("pk").values_list("sponsor__ein", flat=True)))
