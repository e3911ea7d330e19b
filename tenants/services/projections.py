"""Work and nights of an employer, told through its outbox and copied to public from there.

An employer's role may not write public tables, so the telling (`tell_work`, `work_done`, `tell_night`) appends to the
outbox inside the facts' own transaction, and `project` carries it over later. `rebuild` replays everything.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django_tenants.utils import schema_context

from tenants.core.work import NightFigures, Work
from tenants.models import Employer, NightFigure, NightSummary, WorkItem
from tenants.records.services import outbox
from tenants.records.services.outbox import Event, News

OPENED, PAUSED, DONE = "work.opened", "work.paused", "work.done"
NIGHT, QUALITY = "night.told", "quality.told"
BATCH = 500
INSTANTS = ("opened_at", "due_at", "closed_at", "paused_at", "started_at")


def tell_work(work: Iterable[Work]) -> None:
    """These rows wait for ASO staff. Inside the employer, in the transaction that makes them wait."""
    outbox.publish(
        [News(OPENED, item.kind, item.subject_uuid, _payload(item, leave_out="subject_uuid")) for item in work]
    )


def work_done(subjects: Iterable[tuple[str, UUID]], *, at: datetime) -> None:
    """These (kind, subject_uuid) wait no longer."""
    outbox.publish([News(DONE, kind, subject, {"kind": kind, "closed_at": at}) for kind, subject in subjects])


def work_paused(subjects: Iterable[tuple[str, UUID]], *, at: datetime) -> None:
    """The clocks of these (kind, subject_uuid) stand still: they are nobody's work until they are told again."""
    outbox.publish([News(PAUSED, kind, subject, {"kind": kind, "paused_at": at}) for kind, subject in subjects])


def tell_night(night_uuid: UUID, figures: NightFigures) -> None:
    """How far this night is."""
    payload = {key: value for key, value in _payload(figures).items() if value != ""}
    outbox.publish([News(NIGHT, "night", night_uuid, payload)])


def tell_quality(night_uuid: UUID, business_date: date, run_no: int, figures: Mapping[tuple[str, str], int]) -> None:
    """How well the work of this night went: amounts by name and bucket, both codes."""
    told = {f"{name}:{bucket}" if bucket else name: amount for (name, bucket), amount in figures.items()}
    outbox.publish([News(QUALITY, "night", night_uuid, {**told, "business_date": business_date, "run_no": run_no})])


def project(schema_name: str) -> int:
    """Copy what one employer has told and nobody has carried over yet; the number of events. Repeatable.

    Called in public. The events are confirmed after the public rows are committed: a crash between brings them again,
    and applying an event twice changes nothing.
    """
    employer = Employer.objects.get(schema_name=schema_name)
    with _alone(schema_name):
        return _carry(employer, schema_name)


@contextmanager
def _alone(schema_name: str) -> Iterator[None]:
    """One carrier per employer at a time: a slower one would write an older word over a newer. Ends with the process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('outbox'), hashtext(%s))", [schema_name])
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('outbox'), hashtext(%s))", [schema_name])


def _carry(employer: Employer, schema_name: str) -> int:
    carried = 0
    while True:
        with schema_context(schema_name):
            events = outbox.drain(limit=BATCH)
        if not events:
            return carried
        _apply(employer, events)
        with schema_context(schema_name):
            outbox.confirm([event.id for event in events])
        carried += len(events)


@transaction.atomic
def rebuild(schema_name: str) -> int:
    """Drop this employer's lines in public and replay all it ever told; the number of events.

    Grants that were opened for a piece of work keep their reason and lose the link. Owners come back from StaffEvent rows.
    """
    employer = Employer.objects.get(schema_name=schema_name)
    WorkItem.objects.filter(employer=employer).delete()
    NightSummary.objects.filter(employer=employer).delete()
    NightFigure.objects.filter(employer=employer).delete()
    after, replayed = 0, 0
    while True:
        with schema_context(schema_name):
            events = outbox.replay(after_id=after, limit=BATCH)
        if not events:
            connection.set_schema_to_public()
            _restore_owners(employer)
            return replayed
        _apply(employer, events)
        after, replayed = events[-1].id, replayed + len(events)


def _restore_owners(employer: Employer) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_OWNERS, [employer.schema_name, employer.pk])


_OWNERS = """
UPDATE tenants_workitem w SET owner_uuid = last.owner_uuid
  FROM (SELECT DISTINCT ON (subject_uuid) subject_uuid,
               CASE kind WHEN 'work_item_released' THEN NULL ELSE staff_uuid END AS owner_uuid
          FROM tenants_staffevent
         WHERE schema_name = %s AND kind IN ('work_item_taken', 'work_item_assigned', 'work_item_released')
         ORDER BY subject_uuid, id DESC) AS last
 WHERE w.employer_id = %s AND w.subject_uuid = last.subject_uuid
"""


@transaction.atomic
def _apply(employer: Employer, events: Sequence[Event]) -> None:
    """The last word on each subject counts; events are in order."""
    opened: dict[tuple[str, UUID], WorkItem] = {}
    closed: dict[tuple[str, UUID], datetime] = {}
    paused: dict[tuple[str, UUID], datetime] = {}
    nights: dict[tuple[date, int], NightSummary] = {}
    figures: dict[tuple[date, int, str, str], NightFigure] = {}
    for event in events:
        values = _values(event.payload)
        if event.kind == OPENED:
            key = (values["kind"], event.subject_uuid)
            closed.pop(key, None)
            paused.pop(key, None)
            opened[key] = WorkItem(
                employer=employer,
                subject_uuid=event.subject_uuid,
                source_event_uuid=event.uuid,
                closed_at=None,
                paused_at=None,
                **{"paused_days": 0, **values},
            )
        elif event.kind == PAUSED:
            paused[(values["kind"], event.subject_uuid)] = values["paused_at"]
        elif event.kind == DONE:
            closed[(values["kind"], event.subject_uuid)] = values["closed_at"]
        elif event.kind == NIGHT:
            values["business_date"] = date.fromisoformat(values["business_date"])
            nights[(values["business_date"], values["run_no"])] = NightSummary(employer=employer, **values)
        elif event.kind == QUALITY:
            for figure in _figures(employer, values):
                figures[figure.business_date, figure.run_no, figure.name, figure.bucket] = figure
    _keep(WorkItem, list(opened.values()), unique=["employer", "kind", "subject_uuid"])
    _keep(NightSummary, list(nights.values()), unique=["employer", "business_date", "run_no"])
    for (kind, subject), at in paused.items():
        WorkItem.objects.filter(employer=employer, kind=kind, subject_uuid=subject).update(paused_at=at)
    _keep(NightFigure, list(figures.values()), unique=["employer", "business_date", "run_no", "name", "bucket"])
    for (kind, subject), at in closed.items():
        WorkItem.objects.filter(employer=employer, kind=kind, subject_uuid=subject).update(closed_at=at)


def _figures(employer: Employer, told: dict[str, Any]) -> Iterator[NightFigure]:
    """The figures of one night, as `tell_quality` wrote them."""
    day, run_no = date.fromisoformat(told.pop("business_date")), told.pop("run_no")
    for key, amount in told.items():
        name, _, bucket = key.partition(":")
        yield NightFigure(employer=employer, business_date=day, run_no=run_no, name=name, bucket=bucket, amount=amount)


def _keep(model: Any, rows: list[Any], *, unique: list[str]) -> None:
    ours = {"id", "uuid", "owner_uuid", *unique}
    changed = [column.name for column in model._meta.concrete_fields if column.name not in ours]
    model.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=unique, update_fields=changed
    )


def _payload(item: Work | NightFigures, *, leave_out: str = "") -> dict[str, Any]:
    return {key: value for key, value in asdict(item).items() if key != leave_out}


def _values(payload: dict[str, Any]) -> dict[str, Any]:
    """A payload as columns: instants were written as text."""
    return {
        key: datetime.fromisoformat(value) if key in INSTANTS and value is not None else value
        for key, value in payload.items()
    }
