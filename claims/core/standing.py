"""Where a person stands: what is used and left of each deductible and limit, and what care would cost next."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from benefits.core.plan_design import DEDUCTIBLE, OUT_OF_POCKET, Accumulator, PlanDesign


@dataclass(frozen=True, slots=True)
class Used:
    """Cents posted to one accumulator in the current period: by the person, and by the whole family."""

    person: int = 0
    family: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """One accumulator of a person. A limit that does not exist at that level is None.

    in_network: whether it counts care in the plan's best tier.
    """

    key: str
    name: str
    kind: str
    in_network: bool
    used: Used
    person_limit: int | None
    family_limit: int | None

    @property
    def left(self) -> int:
        """Cents the person may still be charged before this accumulator is met: the tighter of the two levels."""
        room = [
            max(0, limit - used)
            for limit, used in ((self.person_limit, self.used.person), (self.family_limit, self.used.family))
            if limit is not None
        ]
        return min(room)


@dataclass(frozen=True, slots=True)
class NextCare:
    """What the next covered care in the best tier costs. Cents; None where the plan sets no such limit.

    coinsurance_bp: the member's share that most categories with a deductible ask for. copays: whether some categories
    ask for a fixed amount instead.
    """

    deductible_left: int | None
    limit_left: int | None
    coinsurance_bp: int
    copays: bool


def standings(
    design: PlanDesign, *, self_only: bool, used: Mapping[str, Used], ceiling: int | None = None
) -> tuple[Standing, ...]:
    """Every deductible and limit of the design in its order.

    used: by accumulator key; a missing key is nothing used. ceiling: the statutory out-of-pocket maximum of one person
    in cents, which stops a person where the plan's own rule looks at the family alone; None where the law sets none.
    """
    best = design.tiers[0].key
    found = []
    for each in design.accumulators:
        person = each.self_only_cents if self_only else each.person_in_family_cents
        if person is None and each.kind == OUT_OF_POCKET and best in each.tiers and ceiling is not None:
            person = ceiling if ceiling < each.family_cents else None
        found.append(
            Standing(
                key=each.key,
                name=each.name,
                kind=each.kind,
                in_network=best in each.tiers,
                used=used.get(each.key, Used()),
                person_limit=person,
                family_limit=None if self_only else each.family_cents,
            )
        )
    return tuple(found)


def next_care(design: PlanDesign, found: tuple[Standing, ...]) -> NextCare:
    """What the plan's usual rule takes next in the best tier. found: the `standings` of the same design."""
    best = design.tiers[0].key
    shares = [
        category.cost_share[best]
        for category in design.categories
        if category.cost_share[best].covered and not category.preventive
    ]
    asked = Counter(share.coinsurance_bp for share in shares if share.deductible) or Counter(
        share.coinsurance_bp for share in shares
    )
    usual = max(asked, key=lambda rate: (asked[rate], rate), default=0)
    return NextCare(
        deductible_left=_left(design, found, DEDUCTIBLE),
        limit_left=_left(design, found, OUT_OF_POCKET),
        coinsurance_bp=usual,
        copays=any(share.copay_cents for share in shares),
    )


def _left(design: PlanDesign, found: tuple[Standing, ...], kind: str) -> int | None:
    """Cents left of the accumulator of `kind` that most categories of the best tier fall under."""
    best = design.tiers[0].key
    general: list[Accumulator] = [
        each for each in design.accumulators if each.kind == kind and best in each.tiers and not each.categories
    ]
    return next((standing.left for standing in found if general and standing.key == general[0].key), None)
