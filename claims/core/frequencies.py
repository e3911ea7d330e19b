"""How often a service is covered: by person, tooth, surface, quadrant or arch, looking back and ahead over a window.

Rules with worked figures: docs/domain/dental.md and docs/domain/vision.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from aso_portal.kernel.periods import add_months
from benefits.core.plan_design_care import (
    ARCH,
    BENEFIT_PERIOD,
    LIFETIME,
    MONTHS,
    PERSON,
    PLAN_YEAR,
    QUADRANT,
    TOOTH,
    Frequency,
)
from benefits.core.plan_design_compiled import CompiledDesign
from benefits.core.plan_design_conditions import LineTraits
from claims.core.care_values import Treatment
from claims.core.case import Case, LineCase
from claims.core.claim import DENTAL
from claims.core.splitting import keep_part
from claims.core.teeth import Part, arches_of, parts_of, quadrants_of

REPLACEMENT = "R"
Days = list[tuple[date, int]]


def keep_to_frequencies(case: Case, line: LineCase) -> None:
    """Split a priced line into the parts still covered and the others; remember what was covered.

    A line that does not say on which tooth it was done, where the rule asks, waits (DEN-01).
    """
    care = line.design.compiled.care
    rules = care.frequencies_of(line.code, line.category) if care is not None else ()
    parts = parts_of(line.line)
    covered = [part.quantity for part in parts]
    if rules:
        covered = _covered(case, line, rules, parts)
        if line.waits:
            return
    if case.claim.kind == DENTAL or (care is not None and care.is_counted(line.code, line.category)):
        for part, quantity in zip(parts, covered, strict=True):
            if quantity:
                _remember(case, line, part, quantity)


def _covered(case: Case, line: LineCase, rules: Sequence[Frequency], parts: list[Part]) -> list[int]:
    """Of each part how much is covered under every rule; what is not is taken off the line under the tightest rule."""
    done = list(case.care.treatments.of(case.person.person_id))
    if line.line.prosthesis == REPLACEMENT and line.line.placed_before is not None:
        told = [_treatment(case, line, part, part.quantity) for part in parts]
        done += [replace(each, day=line.line.placed_before, source="claim") for each in told]
    covered = [part.quantity for part in parts]
    tightest = rules[0]
    for rule in rules:
        found = _under(case, line, rule, parts, covered, done)
        if found is None:
            case.pend("DEN-01", line, rule=rule.id, why=f"no_{rule.per}_named")
            continue
        if sum(found) < sum(covered):
            tightest = rule
        covered = found
    of, left = sum(part.quantity for part in parts), sum(covered)
    if left < of and not line.waits:
        beyond = keep_part(line, left, of, tightest.group, tightest.carc)
        line.trace.append(f"H:{tightest.id},{tightest.times},{left},{of},{beyond}")
    return covered


def _under(
    case: Case,
    line: LineCase,
    rule: Frequency,
    parts: list[Part],
    covered: list[int],
    done: Sequence[Treatment],
) -> list[int] | None:
    """Of each part how much one rule covers of what is `covered`; None when the line leaves out what the rule asks."""
    compiled = line.design.compiled
    counting = [each for each in done if _counts(compiled, rule, each)]
    adds = compiled.care is not None and compiled.care.counts(rule, line.code, line.category)
    if rule.per == PERSON:
        used = most_in_a_window([(each.day, each.quantity) for each in counting], line.day, rule, compiled)
        left = max(0, rule.times - used)
        return _shared_out(covered, left) if adds else [each if left else 0 for each in covered]
    keys = [_keys(part, rule.per) for part in parts]
    if not all(keys):
        return None
    is_open = {
        key: most_in_a_window(_days_of(counting, rule.per, key), line.day, rule, compiled) < rule.times
        for key in dict.fromkeys(key for each in keys for key in each)
    }
    return [quantity if all(is_open[key] for key in each) else 0 for quantity, each in zip(covered, keys, strict=True)]


def most_in_a_window(days: Days, day: date, rule: Frequency, compiled: CompiledDesign) -> int:
    """The most times in any one window of the rule that `day` lies in."""
    if rule.window == LIFETIME:
        return sum(times for _, times in days)
    if rule.window == MONTHS:
        starts = {day, *(each for each, _ in days if each <= day < add_months(each, rule.months))}
        return max(
            sum(times for each, times in days if start <= each < add_months(start, rule.months)) for start in starts
        )
    own, periods = _year(day, rule, compiled), rule.periods
    years = [(_year(each, rule, compiled), times) for each, times in days]
    return max(
        sum(times for year, times in years if start <= year < start + periods)
        for start in range(own - periods + 1, own + 1)
    )


def _year(day: date, rule: Frequency, compiled: CompiledDesign) -> int:
    """The year the period of `day` begins in."""
    if rule.window == BENEFIT_PERIOD:
        return compiled.period_start(day).year
    return compiled.design.plan_year.start_of(day).year if rule.window == PLAN_YEAR else day.year


def _counts(compiled: CompiledDesign, rule: Frequency, each: Treatment) -> bool:
    """Whether an earlier treatment uses up the rule's times; one without a category has the one its code maps to."""
    return compiled.care is not None and compiled.care.counts(
        rule, each.code, each.category or category_of(compiled, each.code)
    )


def category_of(compiled: CompiledDesign, code: str) -> str:
    """The category the plan gives a dental code nothing else is known of, "" when it has none."""
    traits = LineTraits(
        kind=DENTAL,
        bill_type="",
        place="",
        code=code,
        revenue="",
        modifiers=(),
        diagnoses=(),
        specialty="",
        tier="",
        sex="",
        age=0,
        emergency=False,
        accident=False,
    )
    return compiled.mapping.first(traits) or ""


def _keys(part: Part, per: str) -> tuple[str, ...]:
    """What of the part the rule counts by."""
    if per == QUADRANT:
        return quadrants_of(part)
    if per == ARCH:
        return arches_of(part)
    if not part.tooth:
        return ()
    return (part.tooth,) if per == TOOTH else tuple(f"{part.tooth}{surface}" for surface in part.surfaces)


def _days_of(done: Iterable[Treatment], per: str, key: str) -> Days:
    """Days on which `key` was treated; a line counts once, however many of its parts lie in it."""
    lines = {
        (each.day, each.source, each.line_number)
        for each in done
        if key in _keys(Part(each.tooth, each.surfaces, each.area, 1), per)
    }
    return [(day, 1) for day, _, _ in sorted(lines)]


def _shared_out(covered: list[int], left: int) -> list[int]:
    """`left` times given to the parts in their order."""
    given: list[int] = []
    for quantity in covered:
        given.append(min(left, quantity))
        left -= given[-1]
    return given


def _remember(case: Case, line: LineCase, part: Part, quantity: int) -> None:
    each = _treatment(case, line, part, quantity)
    case.care.treatments.add(each)
    case.care_entries.treatments.append(each)


def _treatment(case: Case, line: LineCase, part: Part, quantity: int) -> Treatment:
    return Treatment(
        person_id=case.person.person_id,
        day=line.day,
        code=line.code,
        category=line.category,
        tooth=part.tooth,
        surfaces=part.surfaces,
        area=part.area,
        quantity=quantity,
        line_number=line.number,
        source=str(case.facts.submission_id),
    )
