"""The audit of a family: its decisions one after the other, each on what stood on its accumulators at that moment.

Balances are those on file, not those worked out: a difference is reported where it arose and not again in every later
claim. What is judged and what is taken as told: docs/domain/audit.md.
"""

from collections.abc import Sequence

from claims.audit.arithmetic import share_of
from claims.audit.balances import Balances
from claims.audit.comparing import compare_line, compare_postings, refused_line, reversal, totals
from claims.audit.counting import keep_to_limits
from claims.audit.desk import Desk, LineAtWork
from claims.audit.findings import (
    AGAIN,
    AUTHORISED,
    BY_HAND,
    COURSE,
    ESTIMATE,
    FREQUENCY,
    MEDICAL_EDIT,
    NO_COVERAGE,
    NO_FIGURE,
    NO_PLAN,
    NO_TERMS,
    PRICE,
    REFUSED,
    UNSEEN,
    WHETHER_REFUSED,
    Finding,
    Report,
)
from claims.audit.plan import NoFigure, Plan
from claims.audit.recorded import FamilyFile, Line, Reason, Span, Step, Version
from claims.audit.sharing import share

NOT_HIS_TO_JUDGE = {
    "GU": MEDICAL_EDIT, "H": FREQUENCY, "AL": FREQUENCY, "U1": AUTHORISED, "U2": AUTHORISED, "Z": AUTHORISED,
    "ZA": AUTHORISED, "BH1": BY_HAND, "BH2": BY_HAND, "BH3": BY_HAND,
}  # fmt: skip
"""Steps of rules whose outcome is taken as told; each is counted."""


def audit_family(file: FamilyFile) -> Report:
    """Judge the decisions of `file.to_audit`; the others only say what came before."""
    report, balances = Report(), Balances(file.spans)
    in_force: dict[int, Version] = {}
    plans = {key: Plan(document) for key, document in file.plans.items()}
    seen = {version.version_id: version for version in file.versions}
    for entry in file.standing:
        balances.add(entry)
    for version in file.versions:
        if version.version_id in file.to_audit:
            report.judged += 1
            report.lines += len(version.lines)
            report.paid_cents += max(0, version.paid)
            if version.reverses_id is None:
                earlier = [each for each in in_force.values() if each.person_id == version.person_id]
                _Audit(version, plans, file, Desk(version, balances, earlier), report).run()
            elif version.reverses_id in seen:
                report.findings += reversal(version, seen[version.reverses_id])
            else:
                report.not_judged[UNSEEN] += 1
        for entry in version.entries:
            balances.add(entry)
        if version.reverses_id is None:
            in_force[version.version_id] = version
        else:
            in_force.pop(version.reverses_id, None)
    return report


class _Audit:
    """One decision."""

    def __init__(self, version: Version, plans: dict[int, Plan], file: FamilyFile, desk: Desk, report: Report) -> None:
        self.version, self.file, self.desk, self.report = version, file, desk, report
        self.plan = plans.get(version.plan_version_id) if version.plan_version_id is not None else None
        self.judged: set[int] = set()

    def run(self) -> None:
        """Totals; then limits line by line; then the cost share line by line; then what was counted."""
        self.report.findings += totals(self.version)
        if any(name == "EP" for name, _ in self.version.claim_steps):
            self._estimate()
            return
        if any(name == "G2" for name, _ in self.version.claim_steps):
            # Which claims were out of the balances meanwhile is not on file: one that came out the same left no row.
            self.report.not_judged[AGAIN] += len(self.version.lines)
            return
        in_order = sorted(self.version.lines, key=lambda line: (line.day, line.number))
        at_work = [each for each in map(self._open, in_order) if each is not None]
        self.desk.lines = at_work
        try:
            for line in at_work:
                keep_to_limits(self.desk, line)
            for place, line in enumerate(at_work):
                share(self.desk, line, at_work[place + 1 :], _cut_for_no_authorisation(line.recorded.steps))
                _withhold(line)
        except NoFigure:
            self.report.not_judged[NO_FIGURE] += len(at_work)
            return
        for line in at_work:
            self.report.findings += compare_line(self.version, line)
        self.report.findings += compare_postings(self.version, self.desk, self.judged)

    def _estimate(self) -> None:
        self.report.not_judged[ESTIMATE] += len(self.version.lines)
        if self.version.paid or self.version.entries:
            self.report.findings.append(
                Finding(
                    version_id=self.version.version_id, line_number=0, kind=REFUSED, subject="estimate", expected=0,
                    recorded=self.version.paid or len(self.version.entries),
                )
            )  # fmt: skip

    def _open(self, line: Line) -> LineAtWork | None:
        """The line ready to be worked out; None when it is refused or not to be judged, which is counted."""
        not_judged = self.report.not_judged
        if line.denied:
            self.judged.add(line.number)
            not_judged[WHETHER_REFUSED] += 1
            self.report.findings += refused_line(self.version, line)
            return None
        why, span = "", self._span(line)
        terms = self.plan.share(line.category, line.tier) if self.plan is not None else None
        if self.plan is None or not self.plan.covers(line.day):
            why = NO_PLAN
        elif span is None:
            why = NO_COVERAGE
        elif terms is None:
            why = NO_TERMS
        elif any(name == "G" for name, _ in line.steps):
            why = COURSE
        if why or self.plan is None or span is None or terms is None:
            not_judged[why] += 1
            self._take_as_told(line)
            return None
        self.judged.add(line.number)
        not_judged[PRICE] += 1
        for reason in {NOT_HIS_TO_JUDGE[name] for name, _ in line.steps if name in NOT_HIS_TO_JUDGE}:
            not_judged[reason] += 1
        at_work = LineAtWork(
            recorded=line, plan=self.plan, family_id=span.family_id, share=dict(terms), allowed=line.allowed,
            self_only=self.plan.is_self_only(span.tier), eligible=line.allowed, units=-(-line.units // 1000),
        )  # fmt: skip
        _take_told_parts(at_work)
        return at_work

    def _span(self, line: Line) -> Span | None:
        """The coverage the decision says it found: of that option and day, in the claim's own family before another."""
        options = {int(values[0]) for name, values in line.steps if name == "C"}
        found = [
            span
            for span in self.file.spans.get(self.version.person_id, ())
            if span.plan_option_id in options
            and span.line_of_coverage == self.version.line_of_coverage
            and span.start <= line.day
            and (span.end is None or line.day < span.end)
        ]
        return min(found, key=lambda span: (span.family_id != self.version.family_id, span.start), default=None)

    def _take_as_told(self, line: Line) -> None:
        """A line that is not judged still uses up what its postings say."""
        for entry in self.version.entries:
            if entry.line_number == line.number:
                self.desk.use(entry)


def _take_told_parts(line: LineAtWork) -> None:
    """What rules the auditor does not judge made of the line, from the steps of its decision."""
    out = line.tier in line.plan.out_of_network
    network = next((values[1] for name, values in line.recorded.steps if name == "T"), "")
    asked: dict[str, object] = {}
    for name, values in line.recorded.steps:
        if name == "W":
            line.allowed += int(values[1])
            line.eligible += int(values[1])
        elif name == "GU":
            line.units = -(-int(values[0]) // 1000)
            line.explain(("CO", "151"), int(values[2]))
        elif name == "AL":
            rule = line.plan.alternate(values[0])
            _keep(line, ("PR" if out else str(rule.get("group", "PR")), "169"), int(values[4]))
        elif name == "H":
            rule = line.plan.rule("frequencies", values[0])
            _keep(line, (str(rule.get("group", "PR")), str(rule.get("carc", "119"))), int(values[4]))
            line.units = line.units * int(values[2]) // int(values[3])
        elif name == "U1":
            asked = dict(line.plan.rule("authorizations", values[0]))
        elif name == "U2":
            duty = asked.get("provider_duty") or ()
            bearer = "CO" if network and isinstance(duty, list) and network in duty else str(asked.get("group", "CO"))
            _keep(line, (bearer, "198"), int(values[3]))
            line.units = line.units * int(values[1]) // int(values[2])
        elif name in ("BH1", "BH2", "BH3"):
            _set_by_hand(line, values[0], values[1])


def _keep(line: LineAtWork, reason: Reason, beyond: int) -> None:
    line.eligible -= beyond
    line.explain(reason, beyond)


def _set_by_hand(line: LineAtWork, what: str, value: str) -> None:
    if what == "copay":
        line.share = {**line.share, "copay_cents": int(value), "copay_basis": "line"}
    elif what == "coinsurance":
        line.share = {**line.share, "coinsurance_bp": int(value)}
    elif what == "no_deductible":
        line.no_deductible = True


def _cut_for_no_authorisation(steps: Sequence[Step]) -> Reason | None:
    """The reason of a cut the decision names, 210 where the authorisation was asked for too late; None for no cut."""
    names = {name for name, _ in steps}
    if not names & {"Z", "ZA"}:
        return None
    return ("PR", "210") if "U3" in names else ("PR", "197")


def _withhold(line: LineAtWork) -> None:
    """The part of a payment a contract withholds, at the rate the decision names."""
    for name, values in line.recorded.steps:
        if name == "PW":
            cut = share_of(line.paid, int(values[0]))
            line.paid -= cut
            line.explain(("CO", "104"), cut)
            line.tell("PW", values[0], cut)
