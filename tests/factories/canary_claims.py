"""Marked claims of one employer, told in every table: twelve people last month, ten the month before.

Amounts are each person's own, so that a figure on a page says whose it is.
"""

from datetime import UTC, date, datetime, time, timedelta

from aso_portal.kernel.periods import add_months
from claims.core import claim_json
from claims.core.claim import Claim, PatientRef, ProviderRef, ServiceLine, SubscriberRef
from claims.models import (
    AccumulatorEntry,
    Authorization,
    AuthorizationEvent,
    AuthorizationUse,
    ClaimLine,
    ClaimNote,
    ClaimOverride,
    ClaimSubmission,
    ClaimTrace,
    ClaimVersion,
    EditFinding,
    Eob,
    FundingReceipt,
    FundingRelease,
    FundingRequest,
    InformationAnswer,
    InformationRequest,
    IntakeCounter,
    Letter,
    LineAdjustment,
    Night,
    NightChunk,
    OrthodonticInstallment,
    OrthodonticStop,
    OverrideRuling,
    OwnCodePair,
    OwnCodeValue,
    OwnPersonLimit,
    OwnProcedureIndicator,
    OwnTableLoad,
    OwnUnitLimit,
    Payment,
    PaymentAllocation,
    Pend,
    PendDue,
    PendedDecision,
    PendResolution,
    Predetermination,
    PriorCoverage,
    Quarantine,
    Remittance,
    StopLossNotice,
    StopLossPaidLine,
    StopLossPolicy,
    StopLossPosition,
    TreatmentEntry,
)
from claims.selectors.eobs import seal_of
from tenants import facade as tenants
from tenants.records.models import Document
from tests.factories import marks
from tests.factories.canaries import ALMA, BEN, EMIL, LONG_AGO, Marked
from tests.factories.canary_appeals import appeals
from tests.factories.canary_changes import changes
from tests.factories.canary_mass import mass_changes
from tests.factories.canary_overpayments import overpayments
from tests.factories.canary_pharmacy import pharmacy

DISCOUNT, DEDUCTIBLE = 30_000, 60_000
FEW = 10
NPI, TIN = "1234567893", "911234567"


def claims(home: Marked) -> None:
    """Two months of nights, what waits, what was answered, what was insured. The connection stands in the schema."""
    this_month = home.today.replace(day=1)
    everybody = sorted(home.people)
    policy = _policy(home)
    for months, who in ((-2, everybody[:FEW]), (-1, everybody)):
        _month(home, add_months(this_month, months), who, policy)
    night = Night.objects.order_by("-pk")[0]
    for who, code in ((ALMA, "SUB-01"), (BEN, "MED-01")):
        _waiting(home, who, code, night)
    _aside(home, night)
    _edits(home, night)
    _care(home, night)
    changes(home, night)
    pharmacy(home, night)
    mass_changes(home, night)
    appeals(home, night)
    overpayments(home, night)
    IntakeCounter.objects.get_or_create(id=1, defaults={"next_seq": 10_000})


def _month(home: Marked, month: date, people: list[str], policy: StopLossPolicy) -> None:
    day = month + timedelta(14)
    night = _night(day)
    paid = 0
    request = FundingRequest(night=night, funding_account=home.account, requested_on=day)
    for who in people:
        version = _decided(home, who, night)
        paid += version.paid_cents
        payment = _paid(home, who, version)
        home.name_row(who, payment)
        StopLossPaidLine.objects.create(
            version=version,
            line_no=1,
            person=version.person,
            line_of_coverage="medical",
            incurred_date=day,
            paid_date=day,
            cents=version.paid_cents,
        )
        for row in (version, version.submission):
            home.name_row(who, row)
    request.requested_cents = paid
    request.save()
    receipt = FundingReceipt.objects.create(
        funding_account=home.account, reference=f"{home.mark(marks.MONEY)}-{day}", received_on=day, cents=paid
    )
    release = FundingRelease.objects.create(request=request, night=night, cents=paid, through_seq=99, released_on=day)
    home.funding_cents.add(paid)
    home.name_row(EMIL, receipt)
    home.name_row(EMIL, release)
    about = {"policy": policy, "person": home.people[EMIL], "night": night, "eligible_cents": paid}
    StopLossPosition.objects.create(**about, excess_cents=0, reimbursable_cents=0)
    if len(people) > FEW:
        home.name_row(EMIL, StopLossNotice.objects.create(**about, threshold_bp=5_000, noticed_on=day))


def _edits(home: Marked, night: Night) -> None:
    """A table of the employer's own, and what an edit found on an earlier claim."""
    load = OwnTableLoad.objects.create(
        number=1,
        name="own",
        kind="ptp",
        sha256="0" * 64,
        rows=1,
        file_name=f"{home.mark(marks.PLAN)}.csv",
        loaded_at=night.planned_at,
        actor_kind="system",
    )
    since = {"load": load, "start_date": LONG_AGO}
    rows = [
        OwnCodeValue.objects.create(system="hcpcs", code="X1000", **since),
        OwnCodePair.objects.create(kind="ptp", setting="all", column1="X1000", column2="X1001", indicator="0", **since),
        OwnUnitLimit.objects.create(setting="all", code="X1000", units=1, mai=1, **since),
        OwnPersonLimit.objects.create(subject="procedure", code="X1000", sex="F", **since),
        OwnProcedureIndicator.objects.create(code="X1000", global_days=10, **since),
    ]
    version = ClaimVersion.objects.filter(person=home.people[EMIL]).order_by("pk")[0]
    finding = EditFinding.objects.create(
        version=version,
        line_no=1,
        edit="ptp",
        earlier=version.submission,
        code=home.mark(marks.SERVICE, EMIL),
        release="own",
    )
    for row in (load, finding, *rows):
        home.name_row(EMIL, row)


def _policy(home: Marked) -> StopLossPolicy:
    return StopLossPolicy.objects.create(
        carrier=f"{home.mark(marks.PLAN)} Re",
        number=home.mark(marks.PLAN),
        incurred_from=LONG_AGO,
        incurred_to=date(2100, 1, 1),
        paid_from=LONG_AGO,
        paid_to=date(2100, 1, 1),
        covered_lines=["medical"],
        specific_deductible_cents=10_000_000,
    )


def _night(day: date) -> Night:
    at = datetime.combine(day, time(22), UTC)
    return Night.objects.create(
        business_date=day,
        after_seq=0,
        cutoff_seq=10_000,
        pinned_at=at,
        planned_at=at,
        reference_release="R1",
        rules_hash="0" * 16,
    )


def submitted(home: Marked, who: str, day: date, billed: int) -> ClaimSubmission:
    """A claim as it came: everything a sender can write in it carries a mark."""

    def mark(kind: str) -> str:
        return home.mark(kind, who)

    clinic = ProviderRef(npi=NPI, tin=TIN, name=f"{mark(marks.PROVIDER)} CLINIC")
    content = Claim(
        kind="P",
        patient_control_number=mark(marks.ACCOUNT_OF_PATIENT),
        billed_cents=billed,
        subscriber=SubscriberRef(member_number=mark(marks.SEALED), family_name=mark(marks.TOLD_NAME), given_name="A"),
        patient=PatientRef(relationship="19", family_name=mark(marks.TOLD_NAME), given_name="B"),
        billing=clinic,
        rendering=clinic,
        lines=(
            ServiceLine(
                number=1,
                charge_cents=billed,
                code=mark(marks.SERVICE),
                service_start=day,
                service_end=day + timedelta(1),
                diagnosis_pointers=(1,),
            ),
        ),
        diagnoses=(mark(marks.DIAGNOSIS),),
    )
    seq = 1 + ClaimSubmission.objects.count()
    return ClaimSubmission.objects.create(
        intake_seq=seq,
        claim_key=f"{home.mark(marks.REMARK)}|{seq}",
        file_uuid=home.uuid_of("file"),
        received_at=datetime.combine(day, time(9), UTC),
        received_date=day,
        kind="P",
        frequency="1",
        family=home.families[who],
        person=home.people[who],
        first_service_date=day,
        last_service_date=day,
        billed_cents=billed,
        content=claim_json.to_json(content),
    )


def _decided(home: Marked, who: str, night: Night) -> ClaimVersion:
    day = night.business_date - timedelta(3)
    billed = 500_000 + 10_007 * int(who, 16) + night.pk * 211 + ord(home.facts.slug[0])
    paid = billed - DISCOUNT - DEDUCTIBLE
    home.claim_cents |= {billed, paid, billed - DISCOUNT}
    version = ClaimVersion.objects.create(
        submission=submitted(home, who, day, billed),
        version=1,
        night=night,
        decided_on=night.business_date,
        person=home.people[who],
        plan_option=home.option,
        plan_design_version=home.design,
        funding_account=home.account,
        line_of_coverage="medical",
        reference_release="R1",
        rules_hash="0" * 16,
        outcome="pay",
        billed_cents=billed,
        allowed_cents=billed - DISCOUNT,
        paid_cents=paid,
        member_cents=DEDUCTIBLE,
        billing_npi=NPI,
        payee_kind="provider",
        payee_tin=TIN,
    )
    code = home.mark(marks.SERVICE, who)
    line = ClaimLine.objects.create(
        version=version,
        line_no=1,
        service_date=day,
        code=code,
        modifiers="",
        revenue="",
        units_thousandths=1000,
        rendering_npi=NPI,
        category="specialist_visit",
        tier="inn",
        billed_cents=billed,
        allowed_cents=billed - DISCOUNT,
        eligible_cents=billed - DISCOUNT,
        paid_cents=paid,
    )
    for group, carc, cents in (("CO", "45", DISCOUNT), ("PR", "1", DEDUCTIBLE)):
        LineAdjustment.objects.create(line=line, group=group, carc=carc, cents=cents, rarcs="")
    steps = [
        f"1:{'0' * 16}",
        f"L:1,{day.toordinal()},{code},{billed}",
        f"D:ded.inn,{DEDUCTIBLE},{DEDUCTIBLE}",
        f"J:CO,45,{DISCOUNT}",
        f"J:PR,1,{DEDUCTIBLE}",
        f"Y:{billed - DISCOUNT},{paid},{DEDUCTIBLE}",
    ]
    ClaimTrace.objects.create(version=version, steps=";".join(steps))
    AccumulatorEntry.objects.create(
        version=version,
        line_no=1,
        source="claim",
        person=home.people[who],
        family=home.families[who],
        accumulator="ded.inn",
        period_start=day.replace(month=1, day=1),
        amount=DEDUCTIBLE,
    )
    Eob.objects.create(
        version=version,
        template_version=1,
        language="en",
        available_on=night.business_date,
        content_sha256=bytes.fromhex(seal_of(version)),
    )
    return version


def _paid(home: Marked, who: str, version: ClaimVersion) -> Payment:
    payment = Payment.objects.create(
        night=version.night,
        funding_account=home.account,
        payee_kind="provider",
        payee_key=f"{NPI}:{version.pk}",
        method="ach",
        trace_number=f"{version.pk:09d}",
        cents=version.paid_cents,
        issued_on=version.decided_on,
    )
    PaymentAllocation.objects.create(payment=payment, version=version, cents=version.paid_cents)
    document = tenants.store_document(
        tenants.NewDocument(
            "remittance",
            f"{payment.trace_number}.835",
            "application/edi-x12",
            "payment",
            payment.uuid,
            f"NM1*QC*1*{home.mark(marks.FILE, who)}~".encode(),
        )
    )
    Remittance.objects.create(
        payment=payment, document_uuid=document.uuid, sha256=document.sha256, claims=1, control_number="000000001"
    )
    return payment


def _waiting(home: Marked, who: str, code: str, night: Night) -> None:
    """One claim that waits for an answer, and one whose pend was answered with a note."""
    for note in ("", home.mark(marks.NOTE, who)):
        submission = submitted(home, who, night.business_date, 77_000 + int(who, 16) + ord(home.facts.slug[0]))
        home.claim_cents.add(submission.billed_cents)
        stopped = PendedDecision.objects.create(
            submission=submission,
            night=night,
            pended_on=night.business_date,
            plan_option=home.option,
            plan_design_version=home.design,
            allowed_cents=0,
            paid_cents=0,
            member_cents=0,
            steps=f"1:{'0' * 16};N:{code},1",
        )
        pend = Pend.objects.create(
            decision=stopped,
            submission=submission,
            code=code,
            line_no=1,
            facts={"told": home.mark(marks.NOTE, who)},
            opened_on=night.business_date,
            due_date=night.business_date + timedelta(30),
        )
        if note:
            PendResolution.objects.create(
                pend=pend, kind="release", note=note, actor_kind="system", resolved_at=night.planned_at
            )
        else:
            home.name_row(f"{who} waits", pend)
            home.name_row(f"{who} waits", submission)
            _worked_on(home, who, submission, pend)


def _worked_on(home: Marked, who: str, submission: ClaimSubmission, pend: Pend) -> None:
    """What examiners add to a claim: a note, a value set by hand, a question with its letter, a paper."""
    note, staff, at = home.mark(marks.NOTE, who), home.uuid_of("examiner"), pend.decision.night.planned_at
    ClaimNote.objects.create(submission=submission, text=note, actor_uuid=staff, written_at=at)
    override = ClaimOverride.objects.create(
        submission=submission,
        line_no=1,
        field="allowed",
        value="100",
        reason="agreement",
        note=note,
        paid_effect_cents=100,
        member_effect_cents=0,
        limit_cents=0,
        needs_second=True,
        shown_sha256="0" * 64,
        maker_uuid=staff,
        made_at=at,
    )
    OverrideRuling.objects.create(
        override=override, kind="withdrawn", maker_uuid=staff, actor_uuid=staff, note=note, ruled_at=at
    )
    asked = InformationRequest.objects.create(
        submission=submission,
        asked_of="provider",
        items=["medical_records"],
        question=note,
        about=[[pend.code, pend.line_no]],
        asked_on=pend.opened_on,
        remind_on=pend.opened_on + timedelta(21),
        due_date=pend.opened_on + timedelta(45),
        actor_uuid=staff,
    )
    InformationAnswer.objects.create(
        request=asked,
        kind="received",
        on_date=pend.opened_on,
        note=note,
        actor_kind="staff",
        actor_uuid=staff,
        written_at=at,
    )
    PendDue.objects.create(pend=pend, due_date=pend.due_date, moved_at=at)
    content = f"%PDF-1.7 {home.mark(marks.FILE, who)}".encode()
    paper = tenants.NewDocument("letter_sent", "letter.pdf", "application/pdf", "claim", submission.uuid, content)
    document = tenants.store_document(paper)
    Letter.objects.create(
        submission=submission,
        kind="information_request",
        recipient="provider",
        about_uuid=asked.uuid,
        template_version=1,
        language="en",
        content_sha256="0" * 64,
        document_uuid=document.uuid,
        sent_at=at,
        actor_kind="staff",
        actor_uuid=staff,
    )
    for row in (override, asked, Document.objects.get(uuid=document.uuid)):
        home.name_row(f"{who} waits", row)


def _care(home: Marked, night: Night) -> None:
    """An authorisation of Alma's with what became of it and what a claim used; teeth, an estimate, a course of Ben's."""
    day, at = night.business_date, night.planned_at
    version = ClaimVersion.objects.filter(person=home.people[ALMA]).latest("pk")
    asked = Authorization.objects.create(
        number=home.mark(marks.SERVICE, ALMA).upper().replace("_", "-")[:30],
        person=home.people[ALMA],
        family=home.families[ALMA],
        codes="SZ100-SZ199",
        measure="units",
        requested_on=day,
        source="staff",
        recorded_at=at,
    )
    event = AuthorizationEvent.objects.create(
        authorization=asked,
        kind="approved",
        start_date=day,
        amount=5,
        decided_on=day,
        note=home.mark(marks.NOTE, ALMA),
        actor_kind="system",
        recorded_at=at,
    )
    AuthorizationUse.objects.create(
        authorization=asked, version=version, line_no=1, service_date=day, provider_npi=NPI, amount=1
    )
    TreatmentEntry.objects.create(
        version=version,
        line_no=1,
        source="claim",
        person=home.people[ALMA],
        service_date=day,
        code=home.mark(marks.SERVICE, ALMA)[:8],
        tooth="3",
        quantity=1,
    )
    PriorCoverage.objects.create(
        person=home.people[ALMA], line_of_coverage="dental", covered_from=LONG_AGO, recorded_at=at
    )
    Predetermination.objects.create(version=version, valid_until=day, plan_cents=100, member_cents=100)
    OrthodonticInstallment.objects.create(version=version, line_no=1, number=2, of=2, due_on=day, cents=100)
    OrthodonticStop.objects.create(
        version=version,
        line_no=1,
        stopped_on=day,
        note=home.mark(marks.NOTE, ALMA),
        actor_kind="system",
        recorded_at=at,
    )
    for row in (asked, event):
        row.refresh_from_db()
        home.name_row(ALMA, row)


def _aside(home: Marked, night: Night) -> None:
    """A family set aside, and the chunk that failed."""
    Quarantine.objects.create(
        night=night, family=home.families[EMIL], error=home.mark(marks.REMARK), quarantined_at=night.planned_at
    )
    NightChunk.objects.create(
        night=night,
        number=1,
        claims=1,
        family_ids=[home.families[EMIL].pk],
        unit_sizes=[1],
        worker="w1",
        error=home.mark(marks.REMARK),
    )
