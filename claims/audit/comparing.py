"""Setting what is on file against what the auditor worked out. Every difference is a Finding."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from claims.audit.after_others import before
from claims.audit.desk import TOLD, Desk, LineAtWork
from claims.audit.findings import (
    BEARER,
    COST_SHARE,
    COVERED,
    EARLIER_PLANS,
    FOOT,
    PAID,
    POSTING,
    PRICE_GAP,
    REASON,
    REFUSED,
    REVERSAL,
    TOTAL,
    Finding,
)
from claims.audit.findings import TOLD as TOLD_KIND
from claims.audit.recorded import Line, Reason, Version

SHARE: tuple[Reason, ...] = (("PR", "1"), ("PR", "2"), ("PR", "3"))
DISCOUNT: Reason = ("CO", "45")


def _finding(version: Version, number: int, kind: str, subject: str, expected: int, recorded: int) -> Iterator[Finding]:
    if expected != recorded:
        yield Finding(
            version_id=version.version_id,
            line_number=number,
            kind=kind,
            subject=subject,
            expected=expected,
            recorded=recorded,
        )


def totals(version: Version) -> Iterator[Finding]:
    """Lines foot, and the decision is the sum of its lines."""
    for line in version.lines:
        yield from _finding(
            version, line.number, FOOT, "billed", line.paid + sum(line.adjustments.values()), line.billed
        )
    lines = version.lines
    owed = sum(cents for line in lines for (group, _), cents in line.adjustments.items() if group == "PR")
    for subject, expected, recorded in (
        ("billed", sum(line.billed for line in lines), version.billed),
        ("allowed", sum(line.allowed for line in lines), version.allowed),
        ("paid", sum(line.paid for line in lines), version.paid),
        ("member", owed, version.member),
    ):
        yield from _finding(version, 0, TOTAL, subject, expected, recorded)


def reversal(version: Version, original: Version) -> Iterator[Finding]:
    """Every amount again with its sign turned, under its own reason and on its own accumulator."""
    for subject in ("billed", "allowed", "paid", "member"):
        yield from _finding(version, 0, REVERSAL, subject, -getattr(original, subject), getattr(version, subject))
    theirs, mine = ({line.number: line for line in each.lines} for each in (original, version))
    for number in sorted(theirs.keys() | mine.keys()):
        yield from _reversed_line(version, number, theirs.get(number), mine.get(number))
    taken = Counter[tuple[object, ...]]()
    for entry in original.entries:
        taken[entry.line_number, entry.accumulator, entry.person_id, entry.family_id, entry.period_start] -= (
            entry.amount
        )
    back = Counter[tuple[object, ...]]()
    for entry in version.entries:
        back[entry.line_number, entry.accumulator, entry.person_id, entry.family_id, entry.period_start] += entry.amount
    for at in sorted(taken.keys() | back.keys(), key=str):
        yield from _finding(version, int(str(at[0])), REVERSAL, str(at[1]), taken[at], back[at])


def _reversed_line(version: Version, number: int, original: Line | None, line: Line | None) -> Iterator[Finding]:
    if original is None or line is None:
        yield from _finding(version, number, REVERSAL, "line", int(original is not None), int(line is not None))
        return
    for subject in ("billed", "allowed", "eligible", "paid", "units"):
        yield from _finding(version, number, REVERSAL, subject, -getattr(original, subject), getattr(line, subject))
    for reason in sorted(original.adjustments.keys() | line.adjustments.keys()):
        expected, recorded = -original.adjustments.get(reason, 0), line.adjustments.get(reason, 0)
        yield from _finding(version, number, REVERSAL, "-".join(reason), expected, recorded)


def refused_line(version: Version, line: Line) -> Iterator[Finding]:
    """A refused line pays and counts nothing; its reason takes the charge, less what earlier plans settled."""
    for subject, recorded in (("paid", line.paid), ("allowed", line.allowed), ("eligible", line.eligible)):
        yield from _finding(version, line.number, REFUSED, subject, 0, recorded)
    told = next(((int(v[0]), int(v[1])) for name, v in line.steps if name == "CB2"), None)
    settled = 0 if told is None else line.billed - told[1]
    yield from _finding(version, line.number, REFUSED, "OA-23", settled, line.adjustments.get(("OA", "23"), 0))
    reasons = [reason for reason in line.adjustments if reason != ("OA", "23")]
    yield from _finding(version, line.number, REFUSED, "reasons", int(line.billed != settled), len(reasons))
    yield from _told_line(version, line)


def compare_line(version: Version, line: LineAtWork) -> Iterator[Finding]:
    """A line that was worked out: money, reasons, steps."""
    on_file, number = line.recorded, line.number
    yield from _finding(version, number, COVERED, "eligible", line.eligible, on_file.eligible)
    for reason in SHARE:
        yield from _finding(
            version,
            number,
            COST_SHARE,
            "-".join(reason),
            line.reasons.get(reason, 0),
            on_file.adjustments.get(reason, 0),
        )
    yield from _finding(version, number, PAID, "paid", line.paid, on_file.paid)
    told = before(line)
    if told is not None and line.plan.coordination is not None:
        yield from _reasons(version, line, {*line.reasons, *on_file.adjustments} - set(SHARE))
        yield from _earlier_plans(version, line, told)
    else:
        yield from _reasons(version, line, set(line.reasons) - {*SHARE, DISCOUNT})
        yield from _price(version, line)
    yield from _steps(version, line)
    yield from _told_line(version, on_file)


def _reasons(version: Version, line: LineAtWork, which: Collection[Reason]) -> Iterator[Finding]:
    for reason in sorted(which):
        expected, recorded = line.reasons.get(reason, 0), line.recorded.adjustments.get(reason, 0)
        yield from _finding(version, line.number, REASON, "-".join(reason), expected, recorded)


def _price(version: Version, line: LineAtWork) -> Iterator[Finding]:
    """Between charge and price lies what is written off in network, and what may be billed out of it."""
    on_file, discount = line.recorded, line.reasons.get(DISCOUNT, 0)
    ours = {reason for reason in line.reasons if reason != DISCOUNT}
    gap = {reason: cents for reason, cents in on_file.adjustments.items() if reason not in ours and reason not in SHARE}
    price = line.allowed + discount
    refused_units = line.reasons.get(("CO", "151"), 0)
    yield from _finding(
        version, line.number, PRICE_GAP, "charge less price", on_file.billed - price - refused_units + discount,
        sum(gap.values()),
    )  # fmt: skip
    out = line.tier in line.plan.out_of_network
    wrong = sum(cents for (group, _), cents in gap.items() if group == ("CO" if out else "PR"))
    yield from _finding(version, line.number, BEARER, "CO" if out else "PR", discount if out else 0, wrong)


def _earlier_plans(version: Version, line: LineAtWork, told: tuple[int, int]) -> Iterator[Finding]:
    """What the steps say came before, against what the claim itself says of the earlier plans."""
    if not version.others:
        return
    paid = sum(each.paid.get(line.number, 0) for each in version.others)
    patient = version.others[-1].patient.get(line.number, 0)
    yield from _finding(version, line.number, EARLIER_PLANS, "paid", paid, told[0])
    yield from _finding(version, line.number, EARLIER_PLANS, "patient", patient, told[1])


def _steps(version: Version, line: LineAtWork) -> Iterator[Finding]:
    """The figures the decision tells are those it should have come to. One finding a kind of step."""
    for name in TOLD:
        expected = [values for each, values in line.steps if each == name]
        recorded = [values for each, values in line.recorded.steps if each == name]
        if expected != recorded:
            yield Finding(
                version_id=version.version_id,
                line_number=line.number,
                kind=TOLD_KIND,
                subject=name,
                expected=_last_number(expected),
                recorded=_last_number(recorded),
            )


def _last_number(steps: list[tuple[str, ...]]) -> int:
    value = steps[-1][-1] if steps and steps[-1] else "0"
    return int(value) if value.lstrip("-").isdigit() else 0


def _told_line(version: Version, line: Line) -> Iterator[Finding]:
    """The ledger and the totals at the end of a line's steps are those of the line."""
    owed = sum(cents for (group, _), cents in line.adjustments.items() if group == "PR")
    told: Mapping[Reason, int] = {(v[0], v[1]): int(v[2]) for name, v in line.steps if name == "J"}
    for reason in sorted(told.keys() | line.adjustments.keys()):
        cents, shown = line.adjustments.get(reason, 0), told.get(reason, 0)
        yield from _finding(version, line.number, TOLD_KIND, "-".join(reason), cents, shown)
    for name, values in line.steps:
        if name == "Y":
            of_line = {"allowed": line.allowed, "paid": line.paid, "member": owed}
            for (subject, amount), value in zip(of_line.items(), values, strict=True):
                yield from _finding(version, line.number, TOLD_KIND, f"Y {subject}", amount, int(value))


def compare_postings(version: Version, desk: Desk, judged: Collection[int]) -> Iterator[Finding]:
    """What the judged lines counted, on whom, in which family and period."""
    expected = Counter[tuple[int, str, int, int, str]]()
    recorded = Counter[tuple[int, str, int, int, str]]()
    for posted in desk.postings:
        family = desk.families[posted.line_number]
        period = posted.period.isoformat()
        expected[posted.line_number, posted.accumulator, version.person_id, family, period] += posted.amount
    for entry in version.entries:
        at = (entry.line_number, entry.accumulator, entry.person_id, entry.family_id, entry.period_start.isoformat())
        recorded[at] += entry.amount
    for at in sorted(expected.keys() | recorded.keys()):
        if at[0] in judged or at[0] not in {line.number for line in version.lines}:
            yield from _finding(version, at[0], POSTING, at[1], expected[at], recorded[at])
