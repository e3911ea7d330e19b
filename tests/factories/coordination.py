"""Claims another plan has paid first, and what is on file of other coverage, for tests of the engine."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from benefits.core.other_coverage import OtherInsurance, OtherPlan, OurPlace, Size, Work
from claims.core.claim import Claim, OtherPayer, OtherPayerAdjustment, OtherPayerLine
from tests.factories.engine import ALMA, LONG_AGO, category, claim, plan, share


def reasons(**cents: int) -> tuple[OtherPayerAdjustment, ...]:
    """`reasons(CO_45=20_000, PR_2=5_000)`: adjustments of another payer."""
    return tuple(
        OtherPayerAdjustment(group=name.partition("_")[0], carc=name.partition("_")[2], cents=amount)
        for name, amount in cents.items()
    )


def told(number: int, paid: int, **cents: int) -> OtherPayerLine:
    """What another payer did with one line."""
    return OtherPayerLine(line_number=number, paid_cents=paid, adjustments=reasons(**cents))


def payer(*lines: OtherPayerLine, sequence: str = "P", **more: Any) -> OtherPayer:
    """A payer that decided line by line (AMT*D follows), or as `more` says."""
    if lines:
        on_claim = sum(each.cents for each in more.get("adjustments", ()))
        more = {"paid_cents": sum(each.paid_cents for each in lines) - on_claim} | more
    return OtherPayer(sequence=sequence, lines=lines, **more)


def secondary(*lines: Any, payers: Sequence[OtherPayer], **more: Any) -> Claim:
    """A claim that says others pay before us."""
    return claim(*lines, **({"payer_sequence": "S", "other_payers": tuple(payers)} | more))


def coordinating(method: str = "standard", /, *, inside: dict | None = None, **more: Any) -> dict[str, Any]:
    """A plan of one category (20 % for the member unless `inside` says otherwise) that coordinates by a method."""
    document = {name: more.pop(name) for name in list(more) if name in ("limits", "exclusions", "accumulators")}
    terms = inside or share(deductible=False, coinsurance_bp=2_000)
    accumulators = document.pop("accumulators", ())
    free = category("any", terms, essential=False)
    return plan([free], accumulators, coordination={"method": method, **more}, **document)


def place(person_id: int = ALMA, relationship: str = "18", **more: Any) -> OurPlace:
    """A place here under Alma, who has worked since long ago for a company of 45."""
    sizes = (Size(LONG_AGO, None, 45),)
    usual = {"work": (Work(LONG_AGO, None, sizes),), "sole_company": sizes, "holder_birthday": (6, 1)}
    return OurPlace(member_id=person_id * 10, relationship=relationship, holder_id=ALMA, **(usual | more))


def on_file(
    *plans: OtherPlan, who: int = ALMA, relationship: str = "18", answers: Sequence[tuple[date, bool]] = (), **more: Any
) -> dict[int, OtherInsurance]:
    """What is on file about one person."""
    mine = place(who, relationship, **more)
    return {who: OtherInsurance(plans=plans, answers=tuple(answers), places={mine.member_id: mine})}


def other_plan(kind: str = "group", **more: Any) -> OtherPlan:
    """Another plan that pays first for Alma unless told otherwise: one that does not coordinate."""
    usual = {"line_of_coverage": "medical", "start": LONG_AGO, "coordinates": kind != "group"}
    return OtherPlan(kind=kind, **(usual | more))


FIRST = other_plan()
LAST = other_plan("medicaid")
