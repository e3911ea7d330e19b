"""What each staff role may see and do in the admin, as patterns over Django's permission names.

Nobody may delete anything: facts are appended, people deactivated. "tenants.add_workitem" is the right to give work to
others. Whether an action is allowed inside one employer
depends on an open StaffGrant as well.
"""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from tenants.core.roles import Role

SEE_EVERYONES_WORK = ("tenants.view_*", "exchange.view_*", "reference.view_*")
SEE_ONE_EMPLOYER = ("benefits.view_*", "claims.view_*", "records.view_*")

KEEP_PLANS = (
    "benefits.*_plandesignversion",
    "benefits.add_goldenset",
    "benefits.add_planimpact",
    "benefits.add_publicationrequest",
)
"""Draft plan versions, prove them, ask for publication, approve (whoever did not write it)."""

WORK_ON_CLAIMS = (
    "claims.add_claimnote",
    "claims.add_claimoverride",
    "claims.add_overrideruling",
    "claims.add_informationrequest",
    "claims.add_appeal",
    "claims.add_appealevent",
    "claims.add_auditclosing",
    "records.add_document",
)
"""What staff add to a claim; who may be the second person is `claims.core.authority`."""

RIGHTS: Mapping[str, tuple[str, ...]] = {
    Role.EXAMINER: (
        *SEE_EVERYONES_WORK,
        *SEE_ONE_EMPLOYER,
        *WORK_ON_CLAIMS,
        "claims.*_pendresolution",
        "claims.add_authorization",
        "claims.add_authorizationevent",
        "benefits.*_othercoverage*",
        "tenants.change_workitem",
    ),
    Role.CLAIMS_MANAGER: (
        *SEE_EVERYONES_WORK,
        *SEE_ONE_EMPLOYER,
        *KEEP_PLANS,
        "claims.change_*",
        "claims.add_*",
        "benefits.*_othercoverage*",
        "benefits.*_employersize",
        "records.add_document",
        "tenants.*_workitem",
        "exchange.change_*",
    ),
    # Money, and nothing a claim says: no submission, pend, version, remittance or stop-loss notice.
    Role.FINANCE: (
        *SEE_EVERYONES_WORK,
        "benefits.view_fundingaccount",
        "claims.*_funding*",
        "claims.*_taxdeposit",
        "claims.view_payment",
        "claims.view_overpaymentcase",
        "claims.add_payeecredit",
        "claims.view_night*",
        "tenants.change_workitem",
    ),
    Role.ACCOUNT_MANAGER: (
        *SEE_EVERYONES_WORK,
        "benefits.*_*",
        "records.view_*",
        "tenants.change_employer",
        "tenants.*_serviceagreement",
        "tenants.change_workitem",
    ),
    Role.STOP_LOSS: (
        *SEE_EVERYONES_WORK,
        *SEE_ONE_EMPLOYER,
        "claims.*_stoploss*",
        "claims.*_pendresolution",
        "claims.add_claimnote",
        "tenants.change_workitem",
    ),
    Role.ADMIN: ("*",),
}


def allowed(roles: Iterable[str], permission: str) -> bool:
    """Whether any of these roles has "app.action_model". Deleting is never allowed."""
    if permission.partition(".")[2].startswith("delete_"):
        return False
    return any(fnmatchcase(permission, pattern) for role in roles for pattern in RIGHTS.get(role, ()))
