"""Rule 22: whether the plan pays the provider or the member, by network, assignment and law."""

from claims.core.case import PLACED, Case

ASSIGNED = "Y"


def pays_member(case: Case) -> bool:
    """Whether a claim's money goes to the member.

    A network provider is paid; so is one whose bill surprise-bill law protects (45 CFR 149.110(b)(3)(iv): payment goes to
    the provider). Outside, the plan's tier says: the provider, the member, or as the claim assigns benefits (CLM08); a
    patient who refuses to assign (W) is paid himself.
    """
    leading = max(case.lines, key=lambda line: line.reached, default=None)
    if leading is None or leading.reached < PLACED or leading.protection:
        return False
    payee = leading.tier.payee
    return payee == "member" or (payee == "assignment" and case.claim.benefits_assigned != ASSIGNED)
