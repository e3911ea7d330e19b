"""What other apps may ask of benefits. Imported as `from benefits import facade as benefits`."""

from benefits.selectors.care import PersonShown, care_shown_to
from benefits.selectors.coverage import coverage_of
from benefits.selectors.designs import DesignInForce, design_on, design_version
from benefits.selectors.headcounts import Headcount, OptionCount, headcount
from benefits.selectors.people import family_units, lock_families, match_members, persons_of
from benefits.selectors.plans import (
    NoPayer,
    default_funding_account_id,
    funding_accounts,
    lock_funding_accounts,
    payer_of,
    published_designs,
)

__all__ = [
    "DesignInForce",
    "Headcount",
    "NoPayer",
    "OptionCount",
    "PersonShown",
    "care_shown_to",
    "coverage_of",
    "default_funding_account_id",
    "design_on",
    "design_version",
    "family_units",
    "funding_accounts",
    "headcount",
    "lock_families",
    "lock_funding_accounts",
    "match_members",
    "payer_of",
    "persons_of",
    "published_designs",
]
