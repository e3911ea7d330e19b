"""A file of records that move accumulators, from its bytes to its answer: kept, taken in batches, answered once.

What a record means is a `Kind` (`pharmacy_fills`, `accumulator_deltas`, `accumulator_takeover`). A batch is one
transaction under the locks of its families, so a file cut short goes on where it stopped, and the same file again posts
nothing. Rules: docs/pharmacy_files.md.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet, Sum

from aso_portal.kernel.errors import DomainError
from benefits import facade as benefits
from claims.core.pharmacy import ACCUMULATORS_IN, CLAIMS_IN, POSTED, REASONS, REJECTED, UNCHANGED
from claims.models import (
    AccumulatorEntry,
    AccumulatorFile,
    AccumulatorFileEnd,
    AccumulatorFileRecord,
    AccumulatorPosting,
    Night,
)
from claims.services import accumulator_file_reading as reading
from claims.services import clock, news
from claims.services.accumulator_file_reading import Envelope, ReadFile, Record
from claims.services.accumulator_shelf import Place, Shelf
from claims.services.table_files import BadTable, Fault
from tenants import facade as tenants
from tenants.facade import Actor

BATCH = 500


class CannotTake(DomainError):
    """The file cannot be taken in. The message says why and what to do."""


@dataclass(slots=True)
class Judged:
    """What one record comes to. entries: by place; over_cents: past a limit; keep: what else to store with the record."""

    result: str
    reason: str = ""
    over_cents: int = 0
    person_id: int | None = None
    entries: Mapping[Place, int] = field(default_factory=dict)
    keep: Callable[[AccumulatorFileRecord], None] | None = None


class Kind(Protocol):
    """How records of one kind are matched, ordered and judged."""

    name: str
    source: str

    def record_id(self, file: AccumulatorFile, record: Record) -> str:
        """The record's name for good."""

    def ordered(self, records: Sequence[Record]) -> list[Record]:
        """The order in which they are taken; it may not depend on their order in the file where they build on another."""

    def shelf(self, file: AccumulatorFile, records: Sequence[Record]) -> Shelf:
        """What is on file about a batch, its families locked."""

    def judge(self, file: AccumulatorFile, record: Record, shelf: Shelf) -> Judged:
        """What the record comes to. It may change the shelf for the records behind it."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """A file that is wholly taken in. is_new False: it was before, and nothing was posted now."""

    uuid: UUID
    reference: str
    records: int
    posted: int
    unchanged: int
    rejected: int
    over: int
    over_cents: int
    answer_uuid: UUID | None
    is_new: bool


def take(
    kind: Kind, *, content: bytes, actor: Actor, tell: Callable[[int, int], None] = lambda done, of: None
) -> FileReport:
    """Take a file in. tell: after each batch, records done and records in all.

    Raises BadTable with every fault and its line when the file or one of its record names cannot be right, CannotTake
    when it is for somebody else or its name stands for another file; then nothing is posted. CannotTake also while a night
    decides claims: what is left of the file waits.
    """
    read = reading.read_file(kind.name, content)
    check_receiver(read.envelope)
    file, is_new = _kept(kind, read, content, actor)
    done = set(AccumulatorFileRecord.objects.filter(file=file).values_list("line", flat=True))
    waiting = [record for record in kind.ordered(read.records) if record.line not in done]
    count = len(done)
    for batch in reading.blocks(waiting, BATCH):
        _take_batch(kind, file, batch)
        count += len(batch)
        tell(count, file.records)
    return _ended(kind, file, read, actor, is_new=is_new)


def check_receiver(envelope: Envelope) -> None:
    """A file names the employer by the tax number of a company that sponsors its plans. Raises CannotTake."""
    if envelope.receiver not in benefits.sponsor_eins():
        raise CannotTake(
            f"The file {envelope.reference} is for {envelope.receiver}, which sponsors no plan of this employer. "
            "Give it to the employer whose tax number it names."
        )


@transaction.atomic
def _kept(kind: Kind, read: ReadFile, content: bytes, actor: Actor) -> tuple[AccumulatorFile, bool]:
    """The file's row and document, and whether they were made just now."""
    one_at_a_time()
    envelope, sha256 = read.envelope, hashlib.sha256(content).hexdigest()
    found = AccumulatorFile.objects.filter(
        kind=kind.name, partner=envelope.sender, reference=envelope.reference
    ).first()
    if found is not None:
        if found.content_sha256 != sha256:
            raise CannotTake(
                f"{envelope.sender} sent another file called {envelope.reference} before. Give this one its own name."
            )
        return found, False
    _refuse_other_content(kind, read)
    return keep_file(kind.name, envelope, content, records=len(read.records), actor=actor), True


def keep_file(
    kind: str,
    envelope: Envelope,
    content: bytes,
    *,
    records: int,
    actor: Actor,
    partner: str = "",
    night: int | None = None,
) -> AccumulatorFile:
    """The row of a file and its bytes as a document, in the caller's transaction."""
    uuid = uuid4()
    partner = partner or envelope.sender
    try:
        document = tenants.store_document(
            tenants.NewDocument(
                kind="accumulator_file",
                name=f"{kind}-{partner}-{envelope.reference}.csv",
                media_type="text/csv",
                subject_kind="accumulator_file",
                subject_uuid=uuid,
                content=content,
            )
        )
    except tenants.CannotStore as refusal:
        raise CannotTake(f"{refusal} Split the file.") from None
    return AccumulatorFile.objects.create(
        uuid=uuid,
        kind=kind,
        partner=partner,
        reference=envelope.reference,
        day=envelope.day,
        content_sha256=document.sha256,
        document_uuid=document.uuid,
        night_id=night,
        records=records,
        actor_kind=actor.kind,
        actor_uuid=actor.uuid,
        recorded_at=clock.now(),
    )


def _refuse_other_content(kind: Kind, read: ReadFile) -> None:
    """A record posted once never means something else. Raises BadTable."""
    if kind.name not in (CLAIMS_IN, ACCUMULATORS_IN):
        return
    faults = []
    for batch in reading.blocks(read.records, 5_000):
        known = dict(_posted(kind, read.envelope.sender, batch).values_list("record_id", "content_sha256"))
        faults += [
            Fault(
                record.line, f"a record {record.record_id} with other content was taken before. Give it its own name."
            )
            for record in batch
            if known.get(record.record_id, record.sha256) != record.sha256
        ]
    if faults:
        raise BadTable(faults)


def _posted(kind: Kind, partner: str, records: Sequence[Record]) -> QuerySet[AccumulatorFileRecord]:
    return AccumulatorFileRecord.objects.filter(
        kind=kind.name, partner=partner, result=POSTED, record_id__in=[record.record_id for record in records]
    )


@transaction.atomic
def _take_batch(kind: Kind, file: AccumulatorFile, batch: Sequence[Record]) -> None:
    one_at_a_time()
    _wait_for_the_night()
    already = set(AccumulatorFileRecord.objects.filter(file=file).values_list("line", flat=True))
    batch = [record for record in batch if record.line not in already]
    if not batch:
        return
    known = set(_posted(kind, file.partner, batch).values_list("record_id", flat=True))
    shelf, at = kind.shelf(file, batch), clock.now()
    told: list[tuple[AccumulatorFileRecord, Judged]] = []
    for record in batch:
        found = Judged(UNCHANGED) if record.record_id in known else kind.judge(file, record, shelf)
        row = AccumulatorFileRecord(
            file=file,
            line=record.line,
            kind=file.kind,
            partner=file.partner,
            record_id=kind.record_id(file, record),
            content_sha256=record.sha256,
            result=found.result,
            reason=found.reason,
            over_cents=found.over_cents,
            person_id=found.person_id,
            recorded_at=at,
        )
        told.append((row, found))
    AccumulatorFileRecord.objects.bulk_create([row for row, _ in told])
    pairs = [
        (
            row,
            AccumulatorEntry(
                source=kind.source,
                person_id=place.person_id,
                family_id=place.family_id,
                accumulator=place.accumulator,
                period_start=place.period_start,
                amount=amount,
            ),
        )
        for row, found in told
        for place, amount in found.entries.items()
    ]
    AccumulatorEntry.objects.bulk_create([entry for _, entry in pairs])
    AccumulatorPosting.objects.bulk_create([AccumulatorPosting(record=row, entry=entry) for row, entry in pairs])
    for row, found in told:
        if found.keep is not None:
            found.keep(row)
    shelf.store()


@transaction.atomic
def _ended(kind: Kind, file: AccumulatorFile, read: ReadFile, actor: Actor, *, is_new: bool) -> FileReport:
    """Count, answer and close the file, once."""
    one_at_a_time()
    end = AccumulatorFileEnd.objects.filter(file=file).first()
    if end is None:
        counts = AccumulatorFileRecord.objects.filter(file=file).aggregate(
            **{name: Count("pk", filter=Q(result=name)) for name in (POSTED, UNCHANGED, REJECTED)},
            over=Count("pk", filter=Q(over_cents__gt=0)),
            over_cents=Sum("over_cents", default=0),
        )
        answer = tenants.store_document(
            tenants.NewDocument(
                kind="accumulator_answer",
                name=f"answer-{file.partner}-{file.reference}.csv",
                media_type="text/csv",
                subject_kind="accumulator_file",
                subject_uuid=file.uuid,
                content=_answer(file, read.envelope),
            )
        )
        end = AccumulatorFileEnd.objects.create(file=file, answer_uuid=answer.uuid, ended_at=clock.now(), **counts)
        if end.rejected or end.over:
            news.accumulator_file_to_look_at(file, cents=end.over_cents, at=end.ended_at)
        tenants.record_audit(
            actor=actor,
            action="accumulator_file.taken",
            subject_kind="accumulator_file",
            subject_uuid=file.uuid,
            detail={"posted": end.posted, "unchanged": end.unchanged, "rejected": end.rejected, "over": end.over},
        )
    return report_of(file, is_new=is_new)


def report_of(file: AccumulatorFile, *, is_new: bool) -> FileReport:
    """What became of a file that is wholly taken in."""
    end = AccumulatorFileEnd.objects.get(file=file)
    return FileReport(
        uuid=file.uuid,
        reference=file.reference,
        records=file.records,
        posted=end.posted,
        unchanged=end.unchanged,
        rejected=end.rejected,
        over=end.over,
        over_cents=end.over_cents,
        answer_uuid=end.answer_uuid,
        is_new=is_new,
    )


@transaction.atomic
def mark_seen(files: Sequence[AccumulatorFile], *, actor: Actor) -> int:
    """Somebody has looked at what these files rejected or took past a limit: it is nobody's work any more."""
    at = clock.now()
    for file in files:
        news.accumulator_file_seen(file, at=at)
        tenants.record_audit(
            actor=actor,
            action="accumulator_file.seen",
            subject_kind="accumulator_file",
            subject_uuid=file.uuid,
            detail={},
        )
    return len(files)


def _answer(file: AccumulatorFile, envelope: Envelope) -> bytes:
    """What goes back: the result of each record in the order of the file."""
    rows = AccumulatorFileRecord.objects.filter(file=file).order_by("line")
    told = [
        (
            row.record_id,
            reading.REJECTED if row.result == REJECTED else reading.ACCEPTED,
            reading.in_dollars(row.over_cents) if row.over_cents else "",
            f"{row.reason}: {REASONS[row.reason]}" if row.reason else "",
        )
        for row in rows
    ]
    back = Envelope(envelope.receiver, envelope.sender, envelope.reference, envelope.day)
    rejected = sum(result == reading.REJECTED for _, result, _, _ in told)
    names = [column.name for column in reading.ANSWER]
    return reading.written(back, reading.ANSWER_FORMAT, names, told, (len(told) - rejected, rejected))


def _wait_for_the_night() -> None:
    """Balances stand still from the moment a night is planned until its claims are decided. Raises CannotTake.

    Otherwise what a claim takes would follow from which worker came first. The lock is that of planning: a night is planned
    before or after a batch, never during it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || ':plan_night'))")
    if Night.objects.filter(step__in=("planned", "adjudicate")).exists():
        raise CannotTake("A night is deciding claims. Give the file again afterwards: it goes on where it stopped.")


def one_at_a_time() -> None:
    """Files of an employer are taken in one after the other; whoever comes second sees what the first has done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || ':accumulator_files'))")
