"""Who bears the allowed amount of a line: allowance, dollar maximums, copay, deductible, coinsurance, the most a member pays.

docs/domain/cost_share.md, rule by rule.
"""

from collections.abc import Sequence

from claims.audit.after_others import base_of_share, settle
from claims.audit.arithmetic import share_of
from claims.audit.desk import Desk, LineAtWork
from claims.audit.plan import Limit
from claims.audit.recorded import Reason


def share(desk: Desk, line: LineAtWork, later: Sequence[LineAtWork], penalty: Reason | None) -> None:
    """Work out a line to the end. later: lines of the claim still to come. penalty: reason of a cut, None for no cut."""
    if _maximum_is_used_up(desk, line):
        settle(desk, line, counted=(0, 0))
        return
    _allowance(line)
    base = base_of_share(desk, line)
    self_only, category, tier = line.self_only, line.category, line.tier
    deductible_limit, deductible_credits = None, list[Limit]()
    if line.share["deductible"] and not line.no_deductible:
        deductible_limit, deductible_credits = line.plan.limits("deductible", category, tier, self_only=self_only)
    pocket_limit, pocket_credits = None, list[Limit]()
    if line.share["out_of_pocket"]:
        pocket_limit, pocket_credits = line.plan.limits("out_of_pocket", category, tier, self_only=self_only)
    deductible_open = 0 if deductible_limit is None else desk.left(line, deductible_limit)
    pocket_open = desk.left(line, pocket_limit)
    copay_due = _copay_due(desk, line, later)

    rest = base
    if line.share["copay_timing"] == "before_deductible":
        line.copay = min(copay_due, rest)
        rest -= line.copay
    line.deductible = rest if deductible_open is None else min(rest, deductible_open)
    rest -= line.deductible
    if line.share["copay_timing"] == "after_deductible":
        line.copay = min(copay_due, rest)
        rest -= line.copay
    of = rest + line.copay if line.share["coinsurance_base"] == "gross" else rest
    line.coinsurance = min(rest, share_of(of, line.share["coinsurance_bp"]))
    if pocket_open is not None:
        _cut_to(line, pocket_open)
    borne = line.deductible + line.copay + line.coinsurance

    if copay_due:
        line.tell("P", copay_due, line.copay)
    if deductible_limit is not None:
        line.tell("D", deductible_limit.key, deductible_open, line.deductible)
    if line.coinsurance:
        line.tell("O", line.share["coinsurance_bp"], line.coinsurance)
    if pocket_limit is not None and base and borne == pocket_open:
        line.tell("M", pocket_limit.key, pocket_open)
    line.explain(("PR", "1"), line.deductible)
    line.explain(("PR", "3"), line.copay)
    line.explain(("PR", "2"), line.coinsurance)
    line.paid = _within_maximums(desk, line, base - borne)
    if penalty is not None:
        _penalty(desk, line, penalty)
    deductible, borne = settle(desk, line, counted=(line.deductible, borne))
    _count(desk, line, deductible, deductible_limit, deductible_credits)
    _count(desk, line, borne, pocket_limit, pocket_credits)
    for limit in line.plan.maximums(line.category, line.tier, dollars=True):
        desk.post(line, limit.key, line.plan.period(line.day, lifetime=limit.lifetime), line.paid)


def _cut_to(line: LineAtWork, most: int) -> None:
    """Past the limit the coinsurance is given up first, then the copay, then the deductible."""
    too_much = max(0, line.deductible + line.copay + line.coinsurance - most)
    for part in ("coinsurance", "copay", "deductible"):
        cut = min(too_much, getattr(line, part))
        setattr(line, part, getattr(line, part) - cut)
        too_much -= cut


def _allowance(line: LineAtWork) -> None:
    allowance = line.share["allowance_cents"]
    if allowance is None or line.eligible <= allowance:
        return
    over = line.eligible - allowance
    discount = share_of(over, line.share["overage_discount_bp"])
    line.allowed -= discount
    line.eligible = allowance
    line.explain(("CO", "45"), discount)
    line.explain(("PR", "119"), over - discount)
    line.tell("W", allowance, discount, over - discount)


def _copay_due(desk: Desk, line: LineAtWork, later: Sequence[LineAtWork]) -> int:
    """The copay, once for its visit, day or stay: less what others of it bore, or will bear because theirs is dearer."""
    copay, basis = line.share["copay_cents"], line.share["copay_basis"]
    if not copay or basis == "line":
        return int(copay)
    if basis == "day" and desk.is_stay:
        days = line.share["copay_days"]
        copay *= desk.stay_days if days is None else min(desk.stay_days, days)
    if basis == "admission" and not desk.is_stay:
        basis = "visit"
    due = copay - desk.copays_before(line, basis)
    for other in desk.lines:
        if other is not line and _meet(line, other, basis):
            due -= other.copay
    for other in later:
        theirs = other.share["copay_cents"]
        dearer = (theirs, other.eligible) > (copay, line.eligible)
        if theirs and dearer and _meet(line, other, basis):
            due -= min(theirs, other.eligible)
    return max(0, int(due))


def _meet(line: LineAtWork, other: LineAtWork, basis: str) -> bool:
    """Whether two lines belong to one visit, day or stay."""
    if line.day != other.day or other.share["copay_basis"] == "line":
        return False
    return line.provider == other.provider if basis == "visit" else line.category == other.category


def _maximum_is_used_up(desk: Desk, line: LineAtWork) -> bool:
    """With nothing left of a dollar maximum the whole line is the patient's, and no deductible is taken for it."""
    for limit in line.plan.maximums(line.category, line.tier, dollars=True):
        if desk.left_of_maximum(line, limit) == 0:
            line.explain(limit.reason, line.eligible)
            line.tell("B", limit.key, 0, line.eligible)
            line.eligible = 0
            return True
    return False


def _within_maximums(desk: Desk, line: LineAtWork, benefit: int) -> int:
    for limit in line.plan.maximums(line.category, line.tier, dollars=True):
        left = desk.left_of_maximum(line, limit)
        if left is not None and benefit > left:
            line.explain(limit.reason, benefit - left)
            line.tell("B", limit.key, left, benefit - left)
            benefit = left
    return benefit


def _penalty(desk: Desk, line: LineAtWork, reason: Reason) -> None:
    """What the plan pays less for care nobody asked it about, by the rule the decision names (`Z`, `ZA`)."""
    rate, amount, most = 0, 0, None
    for name, values in line.recorded.steps:
        if name == "Z":
            rate = int(values[0])
        if name == "ZA":
            amount = int(values[0])
    for rule in line.plan.document.get("authorizations", ()):
        if rate and rule.get("reduce_bp") == rate:
            most = rule.get("reduce_most_cents")
    before = desk.cut_so_far.get(f"{rate}:{amount}", 0)
    if rate:
        cut = share_of(line.paid, rate)
        cut = cut if most is None else min(cut, max(0, most - before))
        line.tell("Z", rate, cut)
    else:
        cut = min(line.paid, max(0, amount - before))
        line.tell("ZA", amount, cut)
    desk.cut_so_far[f"{rate}:{amount}"] = before + cut
    line.explain(reason, cut)
    line.paid -= cut


def _count(desk: Desk, line: LineAtWork, amount: int, own: Limit | None, credits: Sequence[Limit]) -> None:
    """Count what the member bears on every accumulator that credits it, on another tier's no more than it has open."""
    for limit in credits:
        counted = amount
        if limit is not own:
            left = desk.left(line, limit)
            counted = amount if left is None else min(amount, left)
        desk.post(line, limit.key, line.plan.period(line.day), counted)
