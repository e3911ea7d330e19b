"""A small town for tests of the night: families under one plan, a clinic and a hospital, and the claims of a week.

Everything is written into the schema the connection is in (reference data into public), the same for the same numbers.
Claims are stored as intake stores them, under the employer's counter.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django_tenants.utils import schema_context

from benefits.core.plan_design_reading import canonical_sha256
from benefits.models import (
    Coverage,
    Family,
    FamilyMembership,
    FundingAccount,
    LegalEntity,
    Member,
    Person,
    Plan,
    PlanDesignVersion,
    PlanOption,
)
from claims.core import claim_json
from claims.core.claim import REPLACEMENT, VOID, Claim, ProviderRef, changed
from claims.core.numbers import claim_number
from claims.models import ClaimChange, ClaimSubmission, IntakeCounter
from claims.reference.models import ContractTerm, FeeRate, NetworkSpan, Provider, Release
from claims.services.copying import copy_rows
from tests.factories import engine
from tests.factories.two_people import TWO_PEOPLE

NEW_YEAR, WEEK = date(2026, 1, 1), date(2026, 3, 2)
TONIGHT = date(2026, 3, 9)
PLANNED_AT = datetime(2026, 3, 10, 1, tzinfo=UTC)
RECEIVED_AT = datetime(2026, 3, 9, 12, tzinfo=UTC)
CODES = ("OFFICE", "LAB", "THERAPY", "STAY")
UNMAPPED = "NOWHERE"
POISON = "POISON"
FEES = {"OFFICE": 12_000, "LAB": 4_500, "THERAPY": 9_000, "STAY": 900_000}
_SUBMISSION = (
    "uuid", "intake_seq", "claim_key", "file_uuid", "received_at", "received_date", "kind", "frequency", "family_id",
    "person_id", "first_service_date", "last_service_date", "billed_cents", "content",
)  # fmt: skip


@dataclass
class Town:
    """Who lives there: persons by family, in key order."""

    option: PlanOption
    account: FundingAccount
    people: dict[int, list[int]] = field(default_factory=dict)

    @property
    def families(self) -> list[int]:
        return sorted(self.people)


def document() -> dict[str, Any]:
    """A plan with a deductible, coinsurance, a copay, a visit limit and an out-of-pocket limit."""
    return engine.plan(
        [
            engine.category("office", engine.share(deductible=False, copay_cents=2_500)),
            engine.category("lab", engine.share(coinsurance_bp=2_000)),
            engine.category("therapy", engine.share(coinsurance_bp=1_000)),
            engine.category("stay", engine.share(coinsurance_bp=2_000)),
        ],
        [
            engine.accumulator("medical.deductible", "deductible", 50_000, 100_000),
            engine.accumulator("medical.oop", "out_of_pocket", 300_000, 600_000),
        ],
        limits=[
            {
                "key": "medical.therapy_visits",
                "name": "Therapy visits",
                "measure": "visits",
                "period": "benefit_period",
                "per_person": 3,
                "categories": ["therapy"],
            }
        ],
    )


def reference(name: str = "2026.1") -> Release:
    """The release every employer reads: a clinic and a hospital in the network, a stranger outside, and fees."""
    with schema_context("public"):
        found = Release.objects.filter(name=name).first()
        if found is not None:
            return found
        number = 1 + Release.objects.count()
        release = Release.objects.create(number=number, name=name, source="tests", loaded_at=PLANNED_AT)
        since = {"release": release, "start_date": engine.LONG_AGO}
        Provider.objects.bulk_create(
            Provider(npi=npi, tin=engine.TIN, name="Provider", **since)
            for npi in (engine.CLINIC, engine.HOSPITAL, engine.STRANGER)
        )
        NetworkSpan.objects.bulk_create(
            NetworkSpan(network="HARBOR", npi=npi, **since) for npi in (engine.CLINIC, engine.HOSPITAL)
        )
        ContractTerm.objects.create(network="HARBOR", priority=1, method="fee_schedule", schedule="HARBOR", **since)
        FeeRate.objects.bulk_create(
            FeeRate(schedule=schedule, code=code, cents=cents, **since)
            for code, cents in FEES.items()
            for schedule in ("HARBOR", "OUTSIDE")
        )
        return release


def town(families: int = 6, *, persons: int = 3) -> Town:
    """Families of `persons` people each, covered since New Year by one plan option with a funding account."""
    reference()
    entity = LegalEntity.objects.create(ein="911111111", name="Harbor Freight Lines")
    account = FundingAccount.objects.create(code="OPERATING", name="Operating account")
    option = PlanOption.objects.create(
        plan=Plan.objects.create(sponsor=entity, number="501", name="Health plan"),
        code="PPO",
        name="PPO",
        line_of_coverage="medical",
        funding_account=account,
    )
    design = document()
    PlanDesignVersion.objects.create(
        plan_option=option,
        version=1,
        start_date=NEW_YEAR,
        document=design,
        document_sha256=canonical_sha256(design),
        published_at=datetime(2025, 12, 1, tzinfo=UTC),
        **TWO_PEOPLE,
    )
    made = Town(option, account)
    for _ in range(families):
        settle(made, persons)
    return made


def settle(made: Town, persons: int = 3) -> int:
    """One more family; its key."""
    family = Family.objects.create()
    number = f"H{family.pk:06d}"
    subscriber: Member | None = None
    people = Person.objects.bulk_create(
        Person(given_name=f"Person {place}", family_name="Ruiz", birth_date=date(1980 + 10 * place, 5, 4), sex="F")
        for place in range(persons)
    )
    FamilyMembership.objects.bulk_create(
        FamilyMembership(family=family, person=person, start_date=engine.LONG_AGO) for person in people
    )
    for place, person in enumerate(people):
        member = Member.objects.create(
            person=person,
            family=family,
            subscriber=subscriber,
            member_number=number,
            relationship="18" if not place else "19",
        )
        subscriber = subscriber or member
        Coverage.objects.create(
            member=member, plan_option=made.option, line_of_coverage="medical", tier="FAM", start_date=NEW_YEAR
        )
    made.people[family.pk] = [person.pk for person in people]
    return family.pk


def claims_of(made: Town, *, claims: int, seed: int = 1) -> Iterator[tuple[int, int, Claim]]:
    """(family, person, claim): mostly visits; some stays, duplicates, unknown codes and providers outside."""
    chance = random.Random(seed)
    families = made.families
    before: tuple[int, int, Claim] | None = None
    for number in range(claims):
        if before is not None and chance.random() < 0.03:
            yield before
            continue
        family = chance.choice(families)
        person = chance.choice(made.people[family])
        day = WEEK + timedelta(days=chance.randrange(7))
        outside = chance.random() < 0.1
        stay = chance.random() < 0.02
        lines = []
        for place in range(1, 2 if stay else 1 + chance.randrange(1, 4)):
            code = "STAY" if stay else UNMAPPED if chance.random() < 0.02 else chance.choice(CODES[:3])
            billed = FEES.get(code, 10_000) + chance.randrange(0, 8_000)
            lines.append(engine.line(place, code, billed, day=day, control_number=f"{number}-{place}"))
        provider = engine.STRANGER if outside else engine.HOSPITAL if stay else engine.CLINIC
        before = family, person, visit(*lines, provider=provider, account=f"PCN{number}")
        yield before


def visit(*lines: Any, provider: str = engine.CLINIC, account: str = "PCN") -> Claim:
    """A professional claim."""
    return engine.claim(
        *lines,
        billing=ProviderRef(npi=provider, tin=engine.TIN),
        patient_control_number=account,
        diagnoses=("J069",),
    )


def submit(arrived: Sequence[tuple[int, int, Claim]] | Iterator[tuple[int, int, Claim]]) -> list[int]:
    """Store claims in the order given, as one file; their intake sequences."""
    arrived = list(arrived)
    counter, _ = IntakeCounter.objects.get_or_create(id=1)
    first = counter.next_seq
    copy_rows(
        "claims_claimsubmission",
        _SUBMISSION,
        [
            (
                str(UUID(int=seq)), seq, f"SENDER|ASO|000000001|1|0001|{seq}", str(UUID(int=1)),
                RECEIVED_AT.isoformat(), RECEIVED_AT.date(), claim.kind, claim.frequency, family, person,
                claim.first_service_date, claim.last_service_date, claim.billed_cents, claim_json.to_json(claim),
            )
            for seq, (family, person, claim) in enumerate(arrived, start=first)
        ],
    )  # fmt: skip
    IntakeCounter.objects.filter(id=1).update(next_seq=first + len(arrived))
    return list(range(first, first + len(arrived)))


def correct(about: int, arrived: tuple[int, int, Claim], *, void: bool = False) -> int:
    """Store a claim that replaces or voids the one stored as `about`, tied to it as intake ties it; its sequence.

    arrived: (family, person, claim); its frequency and reference are set here.
    """
    family, person, claim = arrived
    told = changed(claim, frequency=VOID if void else REPLACEMENT, original_reference=claim_number(about))
    (seq,) = submit([(family, person, told)])
    original = ClaimSubmission.objects.get(intake_seq=about)
    before = ClaimChange.objects.filter(successor=original).first()
    ClaimChange.objects.create(
        kind="void" if void else "replace",
        cause="void" if void else "replacement",
        submission=original,
        successor=ClaimSubmission.objects.get(intake_seq=seq),
        filed_date=before.filed_date if before else original.received_date,
        actor_kind="system",
        ordered_at=RECEIVED_AT,
    )
    return seq


def number_of(table: str) -> int:
    """Rows of a table in this schema."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  (names of ours)
        return cursor.fetchone()[0]


def submissions() -> dict[int, ClaimSubmission]:
    """Every stored claim by intake sequence."""
    return {claim.intake_seq: claim for claim in ClaimSubmission.objects.all()}


def submit_undated(arrived: Sequence[tuple[int, int, Claim]]) -> list[int]:
    """Store claims that name no day of service, dated like intake by the day they were received."""
    day = RECEIVED_AT.date()
    counter, _ = IntakeCounter.objects.get_or_create(id=1)
    first = counter.next_seq
    copy_rows(
        "claims_claimsubmission",
        _SUBMISSION,
        [
            (
                str(UUID(int=seq)), seq, f"SENDER|ASO|000000001|1|0001|{seq}", str(UUID(int=1)), RECEIVED_AT.isoformat(),
                day, claim.kind, claim.frequency, family, person, day, day, claim.billed_cents, claim_json.to_json(claim),
            )
            for seq, (family, person, claim) in enumerate(arrived, start=first)
        ],
    )  # fmt: skip
    IntakeCounter.objects.filter(id=1).update(next_seq=first + len(arrived))
    return list(range(first, first + len(arrived)))
