"""The explanation of benefits: one decision told in steps, with its codes and what it did to the limits.

A projection of stored rows. Nothing is decided or priced again here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, Q, Sum

from aso_portal.kernel.errors import DomainError
from benefits import facade as benefits
from benefits.core.plan_design import PlanDesign
from claims.core.explanation import Line, Reason, Step, Story, lines_of, steps, story_of
from claims.core.trace_reading import read_trace
from claims.models import AccumulatorEntry, ClaimLine, ClaimVersion


@dataclass(frozen=True, slots=True)
class ServiceTold:
    """One service line with its codes, for the folded part. category: as the plan design names it."""

    code: str
    service_date: date
    category: str
    billed_cents: int
    paid_cents: int
    yours_cents: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What the decision added to one deductible or limit of the patient, or of the family. Cents."""

    name: str
    kind: str
    of_family: bool
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the member may owe `owe_cents`: the steps end in that number.

    rules_in_order: every sentence of the trace.
    plan_name, design_version: the plan rules the claim was decided under; empty and None where no coverage was found.
    """

    owe_cents: int
    billed_cents: int
    off_cents: int
    plan_cents: int
    steps: tuple[Step, ...]
    story: Story
    rules_in_order: tuple[str, ...]
    services: tuple[ServiceTold, ...]
    effects: tuple[Effect, ...]
    plan_name: str
    design_version: int | None


class DoesNotAddUp(DomainError):
    """A decision whose ledger and total differ must not be shown as if they agreed."""


def explain(version_id: int, *, lines: Iterable[ClaimLine] | None = None) -> Explanation:
    """The explanation of one decision, read off its trace. Raises DoesNotAddUp when trace and total disagree.

    lines: those of the decision by number, when the caller has read them already.

    The caller has found the version through `claims.selectors.claims`, which says who may see it and logs the look.
    """
    version = ClaimVersion.objects.select_related("trace").get(pk=version_id)
    trace = read_trace(version.trace.steps)
    told = lines_of(trace)
    found = steps(told)
    sums = (sum(line.billed for line in told), sum(line.paid for line in told), found[-1].cents)
    if sums != (version.billed_cents, version.paid_cents, version.member_cents):
        raise DoesNotAddUp(
            f"Decision {version.uuid}: its trace says billed, paid, member {sums} cents, its totals say "
            f"{(version.billed_cents, version.paid_cents, version.member_cents)}. Reconcile it before showing it."
        )
    design = benefits.design_version(version.plan_design_version_id) if version.plan_design_version_id else None
    if lines is None:
        lines = ClaimLine.objects.filter(version=version).order_by("line_no")
    return Explanation(
        owe_cents=version.member_cents,
        billed_cents=version.billed_cents,
        off_cents=sum(step.cents for step in found if step.kind == "off"),
        plan_cents=version.paid_cents,
        steps=found,
        story=story_of(trace),
        rules_in_order=tuple(step.text for step in trace),
        services=_services(lines, told, design.design if design else None),
        effects=_effects(version, design.design if design else None),
        plan_name=design.option_name if design else "",
        design_version=design.version if design else None,
    )


def _services(lines: Iterable[ClaimLine], told: Sequence[Line], design: PlanDesign | None) -> tuple[ServiceTold, ...]:
    names = {category.key: category.name for category in design.categories} if design else {}
    by_number = {line.number: line for line in told}
    return tuple(
        ServiceTold(
            code="-".join(part for part in (row.code or row.revenue, *row.modifiers.split(":")) if part),
            service_date=row.service_date,
            category=names.get(row.category, row.category),
            billed_cents=row.billed_cents,
            paid_cents=row.paid_cents,
            yours_cents=sum(reason.cents for reason in by_number[row.line_no].reasons if reason.group == "PR"),
            reasons=by_number[row.line_no].reasons,
        )
        for row in lines
    )


def _effects(version: ClaimVersion, design: PlanDesign | None) -> tuple[Effect, ...]:
    """Entries of this decision, after everything that was posted before it in the same period."""
    if design is None:
        return ()
    known = {each.key: each for each in design.accumulators}
    posted = list(
        AccumulatorEntry.objects.filter(version=version, accumulator__in=list(known))
        .values("accumulator", "period_start", "person_id", "family_id")
        .annotate(amount=Sum("amount"), first=Min("pk"))
        .order_by("first")
    )
    if not posted:
        return ()
    person_id, family_id, first = posted[0]["person_id"], posted[0]["family_id"], min(row["first"] for row in posted)
    person, family = Q(person_id=person_id), Q(family_id=family_id)
    before: dict[tuple[str, date], Any] = {
        (row["accumulator"], row["period_start"]): row
        for row in AccumulatorEntry.objects.filter(person | family, accumulator__in=list(known), pk__lt=first)
        .values("accumulator", "period_start")
        .annotate(by_person=Sum("amount", filter=person), by_family=Sum("amount", filter=family))
    }
    effects = []
    for row in posted:
        accumulator = known[row["accumulator"]]
        stood = before.get((row["accumulator"], row["period_start"]), {})
        for of_family, column in ((False, "by_person"), (True, "by_family")):
            start = stood.get(column) or 0
            if of_family and start == (stood.get("by_person") or 0):
                continue  # nobody else of the family has used any of it: the same two numbers again
            effects.append(Effect(accumulator.name, accumulator.kind, of_family, start, start + row["amount"]))
    return tuple(effects)
