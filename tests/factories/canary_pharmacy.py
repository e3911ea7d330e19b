"""Marked files of accumulators and a marked fill: Alma's, as her pharmacy manager told it."""

from claims.models import (
    AccumulatorEntry,
    AccumulatorFile,
    AccumulatorFileEnd,
    AccumulatorFileRecord,
    AccumulatorPosting,
    Night,
    PharmacyFill,
)
from tenants import facade as tenants
from tests.factories import marks
from tests.factories.canaries import ALMA, Marked


def pharmacy(home: Marked, night: Night) -> None:
    """One file with one fill, what it posted, and that it is wholly taken in."""
    day, at = night.business_date, night.planned_at
    paper = tenants.store_document(
        tenants.NewDocument(
            kind="accumulator_file",
            name="claims_in-RXONE-ONE.csv",
            media_type="text/csv",
            subject_kind="accumulator_file",
            subject_uuid=home.uuid_of("accumulator file"),
            content=home.mark(marks.FILE, ALMA).encode(),
        )
    )
    file = AccumulatorFile.objects.create(
        uuid=home.uuid_of("accumulator file"),
        kind="claims_in",
        partner="RXONE",
        reference="ONE",
        day=day,
        content_sha256=paper.sha256,
        document_uuid=paper.uuid,
        night=night,
        records=1,
        actor_kind="system",
        recorded_at=at,
    )
    record = AccumulatorFileRecord.objects.create(
        file=file,
        line=3,
        kind="claims_in",
        partner="RXONE",
        record_id=f"{home.mark(marks.SERVICE, ALMA)}/1",
        content_sha256="0" * 64,
        result="posted",
        person=home.people[ALMA],
        recorded_at=at,
    )
    entry = AccumulatorEntry.objects.create(
        source="pharmacy",
        person=home.people[ALMA],
        family=home.families[ALMA],
        accumulator="medical.oop.in",
        period_start=day.replace(month=1, day=1),
        amount=1,
    )
    AccumulatorPosting.objects.create(record=record, entry=entry)
    PharmacyFill.objects.create(
        record=record,
        manager="RXONE",
        claim_id=home.mark(marks.SERVICE, ALMA),
        sequence=1,
        transaction="paid",
        person=home.people[ALMA],
        family=home.families[ALMA],
        fill_date=day,
        paid_date=day,
        rx_number=home.mark(marks.SERVICE, ALMA),
        fill_number=0,
        ndc=home.mark(marks.SERVICE, ALMA),
        quantity_thousandths=30_000,
        days_supply=30,
        generic=True,
        pharmacy_npi="1234567893",
        ingredient_cents=1,
        dispensing_cents=0,
        tax_cents=0,
        plan_paid_cents=0,
        deductible_cents=0,
        copay_cents=1,
        coinsurance_cents=0,
        uncounted_cents=0,
    )
    AccumulatorFileEnd.objects.create(file=file, posted=1, unchanged=0, rejected=0, over=0, over_cents=0, ended_at=at)
    home.name_row(ALMA, file)
