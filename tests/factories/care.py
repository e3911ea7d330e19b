"""A household with its plan and its claims, for tests of pages: Alma, her child Ben, her spouse Carl, grown-up Dora.

Everything is written into the schema the connection is in. Amounts are cents; days default to spring 2026.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from benefits.core.plan_design_reading import canonical_sha256
from benefits.management import demo_plans
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
from claims.core.claim import Claim, ProviderRef, ServiceLine, SubscriberRef
from claims.models import (
    AccumulatorEntry,
    ClaimLine,
    ClaimSubmission,
    ClaimTrace,
    ClaimVersion,
    LineAdjustment,
    Night,
    Payment,
    PaymentAllocation,
    Pend,
    PendedDecision,
)
from tests.factories.two_people import TWO_PEOPLE

NEW_YEAR, NEXT_YEAR = date(2026, 1, 1), date(2027, 1, 1)
LONG_AGO = date(2020, 1, 1)
TODAY = date(2026, 5, 20)
MERCY = ProviderRef(npi="1234567893", tin="911234567", name="MERCY GENERAL HOSPITAL")


@dataclass
class Household:
    """People of one family and the plan they are in."""

    family: Family
    option: PlanOption
    design: PlanDesignVersion
    account: FundingAccount
    people: dict[str, Person] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


def plan(
    code: str = "PPO", document: dict[str, Any] | None = None
) -> tuple[PlanOption, PlanDesignVersion, FundingAccount]:
    """A published medical option, by default the demo's PPO: deductible 750/1,500, 20 %, limit 4,000/8,000."""
    entity, _ = LegalEntity.objects.get_or_create(ein="911111111", defaults={"name": "Harbor Freight Lines"})
    sponsored, _ = Plan.objects.get_or_create(sponsor=entity, number="501", defaults={"name": "Health plan"})
    account, _ = FundingAccount.objects.get_or_create(code="OPERATING", defaults={"name": "Operating account"})
    document = document or demo_plans.ppo(start=NEW_YEAR, end=NEXT_YEAR)
    option = PlanOption.objects.create(
        plan=sponsored,
        code=code,
        name=document["name"],
        line_of_coverage=document["line_of_coverage"],
        funding_account=account,
    )
    design = PlanDesignVersion.objects.create(
        plan_option=option,
        version=1,
        start_date=NEW_YEAR,
        end_date=NEXT_YEAR,
        document=document,
        document_sha256=canonical_sha256(document),
        published_at=datetime(2025, 12, 1, tzinfo=UTC),
        **TWO_PEOPLE,
    )
    return option, design, account


def household(
    *, subscriber: str = "Alma", family_name: str = "Ruiz", number: str = "H0001", on: tuple | None = None
) -> Household:
    """Alma (subscriber, 41), Ben (child, 9), Carl (spouse, 43) and Dora (child, 20), covered since January."""
    option, design, account = on or plan()
    home = Household(Family.objects.create(), option, design, account)
    for name, born, sex, relationship in (
        (subscriber, date(1985, 3, 2), "F", "18"),
        ("Ben", date(2016, 8, 9), "M", "19"),
        ("Carl", date(1983, 1, 30), "M", "01"),
        ("Dora", date(2006, 2, 14), "F", "19"),
    ):
        add(home, name, born=born, sex=sex, relationship=relationship, family_name=family_name, number=number)
    return home


def add(
    home: Household, name: str, *, born: date, relationship: str, number: str, sex: str = "U", family_name: str = "Ruiz"
) -> Person:
    """One more person in the household, covered since January."""
    person = Person.objects.create(given_name=name, family_name=family_name, birth_date=born, sex=sex)
    FamilyMembership.objects.create(family=home.family, person=person, start_date=LONG_AGO)
    first = next(iter(home.members.values()), None)
    member = Member.objects.create(
        person=person,
        family=home.family,
        subscriber=None if relationship == "18" else first,
        member_number=number,
        relationship=relationship,
    )
    Coverage.objects.create(
        member=member,
        plan_option=home.option,
        line_of_coverage=home.option.line_of_coverage,
        tier="FAM",
        start_date=NEW_YEAR,
    )
    home.people[name.lower()], home.members[name.lower()] = person, member
    return person


def submit(
    home: Household,
    person: Person,
    *,
    charges: tuple[int, ...] = (150_000,),
    day: date = date(2026, 4, 1),
    provider: ProviderRef = MERCY,
    patient_paid: int = 0,
) -> ClaimSubmission:
    """A claim as it came, not yet decided: one office visit line for each charge. patient_paid: cents (AMT*F5)."""
    seq = (ClaimSubmission.objects.order_by("-intake_seq").values_list("intake_seq", flat=True).first() or 0) + 1
    content = Claim(
        kind="P",
        patient_control_number=f"PCN{seq}",
        billed_cents=sum(charges),
        subscriber=SubscriberRef(member_number="H0001"),
        billing=provider,
        lines=tuple(
            ServiceLine(
                number=place,
                charge_cents=cents,
                code="G0463",
                service_start=day,
                service_end=date.fromordinal(day.toordinal() + 1),
            )
            for place, cents in enumerate(charges, start=1)
        ),
        diagnoses=("J069",),
        patient_paid_cents=patient_paid,
    )
    return ClaimSubmission.objects.create(
        intake_seq=seq,
        claim_key=f"SENDER|ASO|000000001|1|0001|{seq}",
        file_uuid=uuid4(),
        received_at=datetime(2026, 4, 3, 12, tzinfo=UTC),
        received_date=date(2026, 4, 3),
        kind="P",
        frequency="1",
        family=home.family,
        person=person,
        first_service_date=day,
        last_service_date=day,
        billed_cents=sum(charges),
        content=claim_json.to_json(content),
    )


def night(day: date = date(2026, 4, 4), run_no: int = 1) -> Night:
    """The night of a day; the same one when asked again."""
    found, _ = Night.objects.get_or_create(
        business_date=day,
        run_no=run_no,
        defaults={
            "after_seq": 0,
            "cutoff_seq": 10_000,
            "pinned_at": datetime(day.year, day.month, day.day, 3, tzinfo=UTC),
            "reference_release": "2026.1",
            "rules_hash": "0123456789abcdef",
            "planned_at": datetime(day.year, day.month, day.day, 3, tzinfo=UTC),
        },
    )
    return found


Reasons = tuple[tuple[str, str, int], ...]


def decide(
    home: Household,
    submission: ClaimSubmission,
    *lines: tuple[int, Reasons],
    on: date = date(2026, 4, 4),
    outcome: str = "pay",
    counts: dict[str, int] | None = None,
    saw: tuple[str, ...] = (),
    denied: tuple[int, ...] = (),
) -> ClaimVersion:
    """A decision with its trace: for each line what the plan pays and the reasons for the rest.

    counts: cents posted to accumulators. saw: further steps of the first line's trace, like "D:ded.inn,75000,75000".
    """
    member = sum(cents for _, reasons in lines for group, _, cents in reasons if group == "PR")
    taken = sum(cents for _, reasons in lines for group, _, cents in reasons if group != "PR")
    paid = sum(paid for paid, _ in lines)
    version = ClaimVersion.objects.create(
        submission=submission,
        version=1 + ClaimVersion.objects.filter(submission=submission).count(),
        night=night(on),
        decided_on=on,
        person=submission.person,
        plan_option=home.option,
        plan_design_version=home.design,
        funding_account=home.account,
        line_of_coverage="medical",
        reference_release="2026.1",
        rules_hash="0123456789abcdef",
        outcome=outcome,
        billed_cents=paid + member + taken,
        allowed_cents=paid + member,
        paid_cents=paid,
        member_cents=member,
        billing_npi=MERCY.npi,
        payee_kind="provider",
        payee_tin=MERCY.tin,
    )
    for number, (line_paid, reasons) in enumerate(lines, start=1):
        line = ClaimLine.objects.create(
            version=version,
            line_no=number,
            service_date=submission.first_service_date,
            code="G0463",
            modifiers="",
            revenue="",
            units_thousandths=1000,
            rendering_npi=MERCY.npi,
            category="specialist_visit",
            tier="inn",
            billed_cents=line_paid + sum(cents for *_, cents in reasons),
            allowed_cents=line_paid + sum(cents for group, _, cents in reasons if group == "PR"),
            paid_cents=line_paid,
            denied=number in denied,
        )
        for group, carc, cents in reasons:
            LineAdjustment.objects.create(line=line, group=group, carc=carc, cents=cents, rarcs="")
    trace = ["1:0123456789abcdef"]
    for number, (line_paid, reasons) in enumerate(lines, start=1):
        borne = sum(cents for group, _, cents in reasons if group == "PR")
        billed = line_paid + sum(cents for *_, cents in reasons)
        trace.append(f"L:{number},{submission.first_service_date.toordinal()},G0463,{billed}")
        trace += saw if number == 1 else ()
        trace += [f"J:{group},{carc},{cents}" for group, carc, cents in reasons]
        trace.append(f"Y:{line_paid + borne},{line_paid},{borne}")
    ClaimTrace.objects.create(version=version, steps=";".join(trace))
    for key, cents in (counts or {}).items():
        AccumulatorEntry.objects.create(
            version=version,
            line_no=1,
            source="claim",
            person=submission.person,
            family=home.family,
            accumulator=key,
            period_start=NEW_YEAR,
            amount=cents,
        )
    return version


def reverse(version: ClaimVersion) -> ClaimVersion:
    """The exact reversal of a decision."""
    return ClaimVersion.objects.create(
        submission=version.submission,
        version=version.version + 1,
        reverses=version,
        night=version.night,
        decided_on=version.decided_on,
        person=version.person,
        plan_option=version.plan_option,
        plan_design_version=version.plan_design_version,
        funding_account=version.funding_account,
        line_of_coverage=version.line_of_coverage,
        reference_release=version.reference_release,
        rules_hash=version.rules_hash,
        outcome=version.outcome,
        billed_cents=-version.billed_cents,
        allowed_cents=-version.allowed_cents,
        paid_cents=-version.paid_cents,
        member_cents=-version.member_cents,
        billing_npi=version.billing_npi,
        payee_kind=version.payee_kind,
        payee_tin=version.payee_tin,
    )


def pay(version: ClaimVersion, *, on: date = date(2026, 4, 5)) -> PaymentAllocation:
    """The money of a decision on its way."""
    payment = Payment.objects.create(
        night=night(on),
        funding_account=version.funding_account,
        payee_kind="provider",
        payee_key=f"{version.billing_npi}:{version.payee_tin}:{version.pk}",
        method="ach" if version.paid_cents else "non",
        trace_number=f"T{version.pk:09d}",
        cents=version.paid_cents,
        issued_on=on,
    )
    return PaymentAllocation.objects.create(payment=payment, version=version, cents=version.paid_cents)


def pend(submission: ClaimSubmission, code: str, *, on: date = date(2026, 4, 4)) -> Pend:
    """The claim waits for a person."""
    decision = PendedDecision.objects.create(
        submission=submission, night=night(on), pended_on=on, allowed_cents=0, paid_cents=0, member_cents=0, steps="[]"
    )
    return Pend.objects.create(
        decision=decision, submission=submission, code=code, opened_on=on, due_date=date(2026, 5, 4)
    )


def a_years_claims(home: Household) -> dict[str, ClaimSubmission]:
    """One claim in each state: paid (Alma), in review (Ben), waiting for an answer (Alma), not covered (Alma)."""
    paid, review = submit(home, home.alma), submit(home, home.ben, charges=(22_000,), day=date(2026, 4, 2))
    asking, denied = submit(home, home.alma, day=date(2026, 4, 3)), submit(home, home.alma, charges=(9_000,))
    version = decide(
        home,
        paid,
        (28_000, (("CO", "45", 40_000), ("PR", "1", 75_000), ("PR", "2", 7_000))),
        counts={"ded.inn": 75_000, "oop.inn": 82_000},
        saw=("D:ded.inn,75000,75000", "O:2000,7000"),
    )
    pay(version)
    pend(review, "MED-01")
    pend(asking, "SUB-01")
    decide(home, denied, (0, (("PR", "96", 9_000),)), outcome="deny")
    return {"paid": paid, "review": review, "asking": asking, "denied": denied}
