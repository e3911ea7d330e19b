"""The operations site's start page and night monitor: counts of all employers, from public tables only."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Case, Count, F, IntegerField, Q, Sum, When

from tenants.core.queue_views import BANDS
from tenants.exchange.models import InboundFile, UnroutablePart
from tenants.models import NightSummary, WorkItem
from tenants.models.employers import ACTIVE

AGES = tuple((last, words) for _, last, words in BANDS.values())
NIGHTS = 60
PEND, STUCK = "pend", "night_stuck"


@dataclass(frozen=True, slots=True)
class CategoryAges:
    """Open pends of one category in the classes of AGES."""

    category: str
    by_age: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.by_age)

    @property
    def told(self) -> str:
        return self.category.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Overview:
    """What waits, in counts. unfunded: employers with approved money that is not released yet."""

    pends: tuple[CategoryAges, ...] = ()
    late: int = 0
    other_work: dict[str, int] = field(default_factory=dict)
    open_nights: int = 0
    stuck_nights: int = 0
    unroutable: int = 0
    unfinished_files: int = 0
    unfunded: int = 0


@dataclass(frozen=True, slots=True)
class NightShown:
    """One employer's night. percent: chunks done of all; per_second: claims decided a second so far, None unknown."""

    employer: str
    business_date: date
    run_no: int
    step: str
    chunks: int
    chunks_done: int
    percent: int
    claims: int
    pended: int
    quarantined: int
    approved_cents: int
    released_cents: int
    per_second: int | None
    is_open: bool
    is_stuck: bool


def overview(now: datetime) -> Overview:
    """Six statements, whatever the number of employers."""
    open_items = WorkItem.objects.filter(closed_at=None, paused_at=None, employer__status=ACTIVE)
    grouped = open_items.annotate(age=_age_class(now), is_late=Q(due_at__lt=now)).values(
        "kind", "category", "age", "is_late"
    )
    ages: dict[str, list[int]] = {}
    late, other = 0, Counter[str]()
    for kind, category, age, is_late, count in grouped.annotate(count=Count("pk")).values_list(
        "kind", "category", "age", "is_late", "count"
    ):
        late += count if is_late else 0
        if kind == PEND:
            ages.setdefault(category, [0] * len(AGES))[age] += count
        else:
            other[kind.replace("_", " ")] += count
    gaps = NightSummary.objects.filter(employer__status=ACTIVE).values("employer")
    return Overview(
        pends=tuple(CategoryAges(name, tuple(counts)) for name, counts in sorted(ages.items())),
        late=late,
        other_work=dict(sorted(other.items())),
        open_nights=NightSummary.objects.filter(closed_at=None, employer__status=ACTIVE).count(),
        stuck_nights=other[STUCK.replace("_", " ")],
        unroutable=UnroutablePart.objects.filter(resolved_at=None).count(),
        unfinished_files=InboundFile.objects.filter(outcome=None).count(),
        unfunded=gaps.annotate(gap=Sum(F("approved_cents") - F("released_cents"))).filter(gap__gt=0).count(),
    )


def nights(now: datetime, *, limit: int = NIGHTS) -> tuple[NightShown, ...]:
    """Open nights first, then the newest; two statements."""
    stuck = set(WorkItem.objects.filter(kind=STUCK, closed_at=None).values_list("employer_id", flat=True))
    rows = (
        NightSummary.objects.filter(employer__status=ACTIVE)
        .select_related("employer")
        .order_by(F("closed_at").desc(nulls_first=True), "-business_date", "employer__name")[:limit]
    )
    return tuple(_shown(row, now, row.employer_id in stuck) for row in rows)


def _shown(row: NightSummary, now: datetime, stuck: bool) -> NightShown:
    is_open = row.closed_at is None
    percent = 100 if not is_open else (100 * row.chunks_done // row.chunks if row.chunks else 0)
    seconds = ((row.closed_at or now) - row.started_at).total_seconds()
    done = row.claims if not is_open else row.claims * percent // 100
    return NightShown(
        employer=row.employer.name,
        business_date=row.business_date,
        run_no=row.run_no,
        step=row.step.replace("_", "-"),
        chunks=row.chunks,
        chunks_done=row.chunks_done,
        percent=percent,
        claims=row.claims,
        pended=row.pended,
        quarantined=row.quarantined,
        approved_cents=row.approved_cents,
        released_cents=row.released_cents,
        per_second=(int(done / seconds) or None) if seconds >= 1 else None,
        is_open=is_open,
        is_stuck=is_open and stuck,
    )


def _age_class(now: datetime) -> Case:
    """Place of an item in AGES, by the days since it was opened."""
    whens = [
        When(opened_at__gt=now - timedelta(days=most + 1), then=place) for place, (most, _) in enumerate(AGES) if most
    ]
    return Case(*whens, default=len(AGES) - 1, output_field=IntegerField())
