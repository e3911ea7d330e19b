"""What other apps may ask of benefits. Imported as `from benefits import facade as benefits`."""

from benefits.events import COVERAGE_MOVED, CoverageMoved
from benefits.selectors.care import PersonShown, care_of, care_shown_to
from benefits.selectors.coverage import coverage_of
from benefits.selectors.designs import DesignInForce, design_on, design_version
from benefits.selectors.designs import documents_of as design_documents
from benefits.selectors.headcounts import Headcount, OptionCount, headcount
from benefits.selectors.other_coverage import other_insurance_of
from benefits.selectors.people import family_units, lock_families, match_members, member_cards, persons_of
from benefits.selectors.plans import (
    NoPayer,
    default_funding_account_id,
    funding_accounts,
    lock_funding_accounts,
    payer_of,
    published_designs,
    sponsor_eins,
)
from benefits.selectors.searching import holder_of, search_dependant, search_holder, search_person
from benefits.services.enrollment import (
    CannotEnroll,
    change_tier,
    enroll,
    mark_state,
    reinstate,
    terminate,
    terminate_every_line,
)
from benefits.services.plan_publishing import CannotPublish, Published
from benefits.services.plan_publishing import publish_through_gate as publish_plan

__all__ = [
    "COVERAGE_MOVED",
    "CannotEnroll",
    "CannotPublish",
    "CoverageMoved",
    "DesignInForce",
    "Headcount",
    "NoPayer",
    "OptionCount",
    "PersonShown",
    "Published",
    "care_of",
    "care_shown_to",
    "change_tier",
    "coverage_of",
    "default_funding_account_id",
    "design_documents",
    "design_on",
    "design_version",
    "enroll",
    "family_units",
    "funding_accounts",
    "headcount",
    "holder_of",
    "lock_families",
    "lock_funding_accounts",
    "mark_state",
    "match_members",
    "member_cards",
    "other_insurance_of",
    "payer_of",
    "persons_of",
    "publish_plan",
    "published_designs",
    "reinstate",
    "search_dependant",
    "search_holder",
    "search_person",
    "sponsor_eins",
    "terminate",
    "terminate_every_line",
]
