"""What our claims added to shared accumulators, told to each pharmacy manager once a night, and his answer to it.

Amounts of medical origin only: what came from a manager never goes back, so two books that add each other's files agree.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction

from benefits import facade as benefits
from benefits.core.plan_design import DEDUCTIBLE, OUT_OF_POCKET
from benefits.core.plan_design_pharmacy import Pharmacy, pharmacy_of
from claims.core.numbers import claim_number
from claims.core.pharmacy import ACCUMULATORS_OUT, ANSWER_IN, REJECTED
from claims.models import AccumulatorFile, AccumulatorFileEnd, AccumulatorFileRecord, Night
from claims.services import accumulator_file_reading as reading
from claims.services import clock, news
from claims.services.accumulator_file_reading import Envelope, ReadFile
from claims.services.accumulator_files import (
    CannotTake,
    FileReport,
    check_receiver,
    keep_file,
    one_at_a_time,
    report_of,
)
from claims.services.table_files import BadTable, Fault
from tenants import facade as tenants
from tenants.facade import Actor

MOST_RECORDS = 100_000
_SHORT = {DEDUCTIBLE: "D", OUT_OF_POCKET: "O"}


@dataclass(frozen=True, slots=True)
class _Delta:
    """What one decision added to one shared accumulator of a person."""

    kind: str
    row: tuple[Any, ...]
    amount: int


def write_night(night: Night) -> dict[str, int]:
    """Write the files of a night, in the caller's transaction; nothing where no plan shares accumulators.

    Each manager gets one file a night, also an empty one; a long night is cut into parts. Repeating writes nothing.
    """
    sharing = {
        design.version_id: found
        for design in benefits.published_designs(night.pinned_at)
        if design.version_id in set(night.design_version_ids)
        and (found := pharmacy_of(design.document)) is not None
        and found.shared
    }
    managers = sorted({manager for found in sharing.values() for manager in found.managers})
    written = {"accumulator_files": 0, "accumulator_records": 0}
    for manager in managers:
        if AccumulatorFile.objects.filter(kind=ACCUMULATORS_OUT, partner=manager, night=night).exists():
            continue
        of_manager = {key: found for key, found in sharing.items() if manager in found.managers}
        deltas, part = _deltas(night, of_manager), 0
        while (told := list(islice(deltas, MOST_RECORDS))) or not part:
            part += 1
            _write(night, manager, part, told)
            written["accumulator_files"] += 1
            written["accumulator_records"] += len(told)
    return written if managers else {}


def _write(night: Night, manager: str, part: int, deltas: Sequence[_Delta]) -> None:
    envelope = Envelope(
        benefits.sponsor_eins()[0], manager, f"{night.business_date:%Y%m%d}-{night.run_no}-{part}", night.business_date
    )
    totals = [
        reading.in_dollars(sum(delta.amount for delta in deltas if delta.kind == kind))
        for kind in (DEDUCTIBLE, OUT_OF_POCKET)
    ]
    names = [column.name for column in reading.DELTA]
    content = reading.written(envelope, reading.ACCUMULATORS_FORMAT, names, [delta.row for delta in deltas], totals)
    keep_file(
        ACCUMULATORS_OUT,
        envelope,
        content,
        records=len(deltas),
        actor=tenants.system(connection.schema_name),
        partner=manager,
        night=night.pk,
    )


def _deltas(night: Night, sharing: dict[int, Pharmacy]) -> Iterator[_Delta]:
    """By order of arrival and version: the same night gives the same rows."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_POSTED_TONIGHT, {"night": night.pk, "designs": sorted(sharing)})
        while block := cursor.fetchmany(5_000):
            yield from _told(block, sharing)


def _told(block: Sequence[tuple[Any, ...]], sharing: dict[int, Pharmacy]) -> Iterator[_Delta]:
    cards = benefits.member_cards({row[3] for row in block})
    anywhere = {person_id: card for (person_id, _), card in cards.items()}
    for seq, version, design, person_id, family_id, key, period_start, amount in block:
        rules = sharing[design]
        kind = DEDUCTIBLE if key == rules.deductible else OUT_OF_POCKET if key == rules.out_of_pocket else ""
        if not kind:
            continue
        card = cards.get((person_id, family_id)) or anywhere[person_id]
        record_id = f"{claim_number(seq)}-{version}-{_SHORT[kind]}-{period_start:%Y%m%d}"
        row = (
            record_id,
            card.member_number,
            card.given_name,
            card.birth_date,
            kind,
            period_start,
            reading.in_dollars(amount),
            reading.MEDICAL,
        )
        yield _Delta(kind, row, amount)


@transaction.atomic
def take_answer(*, content: bytes, actor: Actor) -> FileReport:
    """Keep a manager's answer to a file of ours: every record of it, accepted or rejected. Repeating changes nothing.

    Raises BadTable with each fault and its line, CannotTake where it answers no file of ours.
    """
    read = reading.read_file(ANSWER_IN, content)
    envelope = read.envelope
    check_receiver(envelope)
    of_partner = AccumulatorFile.objects.filter(partner=envelope.sender, reference=envelope.reference)
    ours = of_partner.filter(kind=ACCUMULATORS_OUT).first()
    if ours is None:
        raise CannotTake(
            f"No file {envelope.reference} was written for {envelope.sender}, so there is nothing to answer."
        )
    one_at_a_time()
    _check_complete(ours, read)
    found = of_partner.filter(kind=ANSWER_IN).first()
    if found is not None:
        if found.content_sha256 != hashlib.sha256(content).hexdigest():
            raise CannotTake(
                f"{envelope.sender} answered the file {envelope.reference} otherwise before. Ask which holds."
            )
        return report_of(found, is_new=False)
    file = keep_file(ANSWER_IN, envelope, content, records=len(read.records), actor=actor)
    at = clock.now()
    rejected = [record for record in read.records if record.values["result"] == reading.REJECTED]
    AccumulatorFileRecord.objects.bulk_create(
        [
            AccumulatorFileRecord(
                file=file,
                line=record.line,
                kind=ANSWER_IN,
                partner=file.partner,
                record_id=record.record_id,
                content_sha256=record.sha256,
                result=REJECTED,
                reason="refused_there",
                recorded_at=at,
            )
            for record in rejected
        ],
        batch_size=2_000,
    )
    over = [record.values["over"] for record in read.records if record.values["over"] > 0]
    AccumulatorFileEnd.objects.create(
        file=file,
        posted=len(read.records) - len(rejected),
        unchanged=0,
        rejected=len(rejected),
        over=len(over),
        over_cents=sum(over),
        ended_at=at,
    )
    if rejected:
        news.accumulator_file_to_look_at(file, cents=sum(over), at=at)
    tenants.record_audit(
        actor=actor,
        action="accumulator_file.answered",
        subject_kind="accumulator_file",
        subject_uuid=ours.uuid,
        detail={"accepted": len(read.records) - len(rejected), "rejected": len(rejected)},
    )
    return report_of(file, is_new=True)


def _check_complete(ours: AccumulatorFile, read: ReadFile) -> None:
    """An answer names every record of the file once, and no other. Raises BadTable."""
    text = tenants.open_document(ours.document_uuid).decode()
    asked = {row[0] for row in list(csv.reader(io.StringIO(text, newline="")))[2:-1]}
    faults = [
        Fault(record.line, f"the file has no record {record.record_id}.")
        for record in read.records
        if record.record_id not in asked
    ]
    silent = len(asked - {record.record_id for record in read.records})
    if silent:
        faults.append(Fault(0, f"{silent} of {ours.records} records have no answer."))
    if faults:
        raise BadTable(faults)


_POSTED_TONIGHT = """
SELECT s.intake_seq, v.version, v.plan_design_version_id, e.person_id, e.family_id, e.accumulator, e.period_start,
       sum(e.amount)::bigint
  FROM claims_claimversion v JOIN claims_claimsubmission s ON s.id = v.submission_id
  JOIN claims_accumulatorentry e ON e.version_id = v.id
 WHERE v.night_id = %(night)s AND v.plan_design_version_id = ANY(%(designs)s::bigint[])
 GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(e.amount) <> 0
 ORDER BY 1, 2, e.accumulator COLLATE "C", e.period_start, s.intake_seq
"""
