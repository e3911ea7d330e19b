"""Rule 8: care that has to be authorised: the authorisation found, in time, and how much of a line is within it.

Rules with worked figures: docs/domain/authorizations.md.
"""

from benefits.core.plan_design import DAYS, DENY, PEND, REDUCE, UNITS, AuthorizationRule
from claims.core import penalties
from claims.core.care_values import Authorization, AuthorizationUse
from claims.core.case import Case, LineCase
from claims.core.claim import ONE_UNIT
from claims.core.splitting import keep_part

ABSENT, LATE, REFUSED, EXCEEDED = "197", "210", "39", "198"


def require(case: Case, line: LineCase, rule: AuthorizationRule) -> None:
    """Find the authorisation of a line a rule asks for, and what follows when there is none or it came too late."""
    if line.authorized is not None or case.claim.is_installment:
        return
    quoted = _normal(line.line.authorization or case.claim.authorization)
    found, why = _find(case, line, quoted)
    if found is None:
        if quoted:
            case.pend("AUT-01", line, rule=rule.id, why=why)
        else:
            line.trace.append(f"U:{rule.id}")
            _without(case, line, rule, rule.if_absent, ABSENT, "no_authorisation_on_file")
        return
    if found.refused:
        line.trace.append(f"U4:{rule.id},{found.number}")
        line.deny(_bearer(line, rule), REFUSED)
        return
    after, allowed = (found.requested_on - line.day).days, _retro_days(rule, found)
    if after > allowed:
        line.trace.append(f"U3:{rule.id},{found.number},{after},{allowed}")
        _without(case, line, rule, rule.if_late or rule.if_absent, LATE, "asked_for_too_late")
        return
    line.authorized = found, rule


def keep_to_authorizations(case: Case, lines: list[LineCase]) -> None:
    """Split each priced line into what its authorisation still grants and what lies beyond (198); use what is taken."""
    stays: dict[int, tuple[int, int]] = {}
    for line in lines:
        if line.authorized is not None:
            _keep_to(case, line, *line.authorized, stays)


def _find(case: Case, line: LineCase, quoted: str) -> tuple[Authorization | None, str]:
    """The authorisation a line falls under, the quoted one first; else why the quoted one does not do."""
    known = case.care.authorizations.of(case.person.person_id)
    why = "number_not_on_file"
    named = [each for each in known if quoted and _normal(each.number) == quoted]
    for each in (*named, *known):
        misfit = _misfit(case, line, each)
        if not misfit:
            return each, ""
        if each in named:
            why = misfit
    return None, why


def _misfit(case: Case, line: LineCase, each: Authorization) -> str:
    """Why an authorisation of the person is not for this line, "" when it is."""
    if not (line.category in each.categories or any(_in_range(line.code, *pair) for pair in each.codes)):
        return "other_service"
    if each.provider_npi and each.provider_npi not in (line.rendering_npi, case.claim.billing.npi):
        return "other_provider"
    if each.provider_tin and each.provider_tin != case.claim.billing.tin:
        return "other_provider"
    if line.day < each.start or (each.end is not None and line.day >= each.end):
        return "outside_its_days"
    return ""


def _in_range(code: str, low: str, high: str) -> bool:
    return len(code) == len(low) and low <= code <= high


def _retro_days(rule: AuthorizationRule, found: Authorization) -> int:
    urgent = rule.urgent_retro_days
    return urgent if found.urgent and urgent is not None else rule.retro_days


def _bearer(line: LineCase, rule: AuthorizationRule) -> str:
    """Who bears it: the provider where his contract has him ask."""
    return "CO" if line.network and line.network in rule.provider_duty else rule.group


def _without(case: Case, line: LineCase, rule: AuthorizationRule, what: str, carc: str, why: str) -> None:
    """What follows without a valid authorisation: refused, paid less, or a person looks."""
    if line.network and line.network in rule.provider_duty:
        line.deny("CO", carc)
    elif what == DENY:
        line.deny(rule.group, carc)
    elif what == REDUCE:
        penalties.charge(line, rule, carc)
    else:
        case.pend("AUT-01", line, rule=rule.id, why=why)


def _keep_to(
    case: Case, line: LineCase, found: Authorization, rule: AuthorizationRule, stays: dict[int, tuple[int, int]]
) -> None:
    key, book = found.authorization_id, case.care.authorizations
    of, new = _wanted(case, line, found)
    covered = of
    if found.measure == DAYS and case.is_stay and key in stays:
        covered, new = stays[key][0], 0
    elif new:
        left = book.left(found)
        covered = of if left >= new else left
        new = min(new, left)
        stays[key] = covered, of
    if covered < of and rule.if_exceeded == PEND:
        if case.pend("AUT-01", line, rule=rule.id, why="more_than_authorised", authorised=covered, billed=of):
            return
        covered = of
    line.trace.append(f"U1:{rule.id},{found.number},{covered},{of}")
    if covered < of:
        beyond = keep_part(line, covered, of, _bearer(line, rule), EXCEEDED)
        line.trace.append(f"U2:{found.number},{covered},{of},{beyond}")
    if new:
        use = AuthorizationUse(key, line.number, line.day, line.provider_npi, new)
        book.post(use)
        case.care_entries.uses.append(use)


def _wanted(case: Case, line: LineCase, found: Authorization) -> tuple[int, int]:
    """Of how many the line consists, and how many of them are new to the authorisation."""
    if found.measure == UNITS:
        units = -(-line.units // ONE_UNIT)
        return units, units
    if found.measure == DAYS and case.is_stay:
        return case.stay_days, case.stay_days
    provider = "" if found.measure == DAYS else line.provider_npi
    return 1, 0 if case.care.authorizations.counted(found, line.day, provider) else 1


def _normal(number: str) -> str:
    """A number as it is compared: capital letters and digits."""
    return "".join(sign for sign in number.upper() if sign.isascii() and sign.isalnum())
