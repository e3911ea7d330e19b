"""Decided claims ready to be paid, straight into the tables: for tests of the pay step and of stop-loss."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import uuid4

from benefits.models import Family, FamilyMembership, FundingAccount, LegalEntity, Person, Plan, PlanOption
from claims.core.claim import Claim, PatientRef, ProviderRef, ServiceLine, SubscriberRef
from claims.core.claim_json import to_json
from claims.models import (
    ClaimChange,
    ClaimChangeResult,
    ClaimLine,
    ClaimSubmission,
    ClaimVersion,
    LineAdjustment,
    Night,
)

DAY = date(2026, 3, 2)
CLINIC, HOSPITAL = ("1234567893", "320000002"), ("1000000004", "320000003")


@dataclass
class Payables:
    """One employer's family, option and account, and a growing list of decided claims. Works in the current schema."""

    account: FundingAccount
    option: PlanOption
    person: Person
    family: Family
    seq: int = 0

    @classmethod
    def open(cls) -> "Payables":
        """Alma's family under one medical option paid from account MAIN."""
        entity = LegalEntity.objects.create(ein="310000001", name="Harbor Freight Lines")
        account = FundingAccount.objects.create(code="MAIN", name="Claims account")
        plan = Plan.objects.create(sponsor=entity, number="501", name="Harbor health plan")
        option = PlanOption.objects.create(
            plan=plan, code="PPO", name="PPO", line_of_coverage="medical", funding_account=account
        )
        person = Person.objects.create(given_name="Alma", family_name="Berg", birth_date=date(1980, 5, 1), sex="F")
        family = Family.objects.create()
        FamilyMembership.objects.create(family=family, person=person, start_date=date(2026, 1, 1))
        return cls(account, option, person, family)

    def night(self, day: date = DAY, run_no: int = 1) -> Night:
        """A planned night that may see everything."""
        at = datetime(day.year, day.month, day.day, 22, tzinfo=UTC)
        return Night.objects.create(
            business_date=day,
            run_no=run_no,
            after_seq=0,
            cutoff_seq=10**9,
            pinned_at=at,
            planned_at=at,
            reference_release="R1",
            rules_hash="0" * 16,
        )

    def decided(
        self,
        night: Night,
        paid: int,
        *,
        provider: tuple[str, str] = CLINIC,
        payee: str = "provider",
        patient_owes: int = 500,
        account: FundingAccount | None = None,
        incurred: date = DAY,
        person: Person | None = None,
        control_number: str = "",
        frequency: str = "1",
        original: str = "",
    ) -> ClaimVersion:
        """A claim of two lines decided on `night`: `paid` cents in all, the patient owes the rest; 0 is a denial."""
        self.seq += 1
        person = person or self.person
        npi, tin = provider
        first = paid // 2
        parts = [(first, patient_owes), (paid - first, 0 if paid else 1)]
        claim = Claim(
            kind="P",
            patient_control_number=control_number or f"ALMA{self.seq}",
            billed_cents=sum(a + b for a, b in parts),
            facility_code="11",
            frequency=frequency,
            original_reference=original,
            subscriber=SubscriberRef(member_number="M1", family_name="Berg", given_name="Alma"),
            patient=PatientRef(relationship="19", family_name="Berg", given_name="Ben"),
            billing=ProviderRef(npi=npi, tin=tin, name="Clinic"),
            lines=tuple(
                ServiceLine(
                    number=place,
                    charge_cents=sum(part),
                    code="T1015",
                    service_start=incurred,
                    control_number=f"L{place}",
                )
                for place, part in enumerate(parts, 1)
            ),
        )
        submission = ClaimSubmission.objects.create(
            intake_seq=self.seq,
            claim_key=f"test|{self.seq}",
            file_uuid=uuid4(),
            received_at=datetime(2026, 3, 1, tzinfo=UTC),
            received_date=date(2026, 3, 1),
            kind="P",
            frequency=frequency,
            family=self.family,
            person=person,
            first_service_date=incurred,
            last_service_date=incurred,
            billed_cents=claim.billed_cents,
            content=to_json(claim),
        )
        version = ClaimVersion.objects.create(
            submission=submission,
            version=1,
            night=night,
            decided_on=night.business_date,
            person=person,
            plan_option=self.option,
            funding_account=account or self.account,
            line_of_coverage="medical",
            reference_release="R1",
            rules_hash="0" * 16,
            outcome="pay" if paid else "deny",
            billed_cents=claim.billed_cents,
            allowed_cents=claim.billed_cents,
            paid_cents=paid,
            member_cents=claim.billed_cents - paid,
            billing_npi=npi,
            payee_kind=payee,
            payee_tin=tin,
        )
        for place, (share, owed) in enumerate(parts, 1):
            line = ClaimLine.objects.create(
                version=version,
                line_no=place,
                service_date=incurred,
                code="T1015",
                modifiers="",
                revenue="",
                units_thousandths=1000,
                rendering_npi="",
                category="office_visit",
                tier="inn",
                billed_cents=share + owed,
                allowed_cents=share + owed,
                eligible_cents=share + owed,
                paid_cents=share,
            )
            if owed:
                LineAdjustment.objects.create(line=line, group="PR", carc="1", cents=owed, rarcs="")
        return version

    def taken_back(
        self, night: Night, version: ClaimVersion, *, decision: ClaimVersion | None = None, cause: str = ""
    ) -> ClaimVersion:
        """The exact reversal of a version on `night`; with `decision`, which another claim or the same one got instead."""
        replaced = decision is not None and decision.submission_id != version.submission_id
        kind = "replace" if replaced else "redecide" if decision is not None else "reverse"
        change = ClaimChange.objects.create(
            kind=kind,
            cause=cause or ("replacement" if replaced else "audit"),
            submission=version.submission,
            successor=decision.submission if replaced else None,
            filed_date=version.submission.received_date if replaced else None,
            actor_kind="system",
            ordered_at=night.planned_at,
        )
        reversal = ClaimVersion.objects.get(pk=version.pk)
        lines = list(ClaimLine.objects.filter(version=version).order_by("line_no"))
        adjustments = {line.pk: list(line.adjustments.order_by("pk")) for line in lines}
        reversal.pk, reversal.uuid, reversal._state.adding = None, uuid4(), True
        reversal.version, reversal.reverses, reversal.night = version.version + 1, version, night
        reversal.decided_on = night.business_date
        for name in ("billed_cents", "allowed_cents", "paid_cents", "member_cents"):
            setattr(reversal, name, -getattr(version, name))
        reversal.save()
        for line in lines:
            mine = adjustments[line.pk]
            line.pk, line.version, line._state.adding = None, reversal, True
            for name in ("billed_cents", "allowed_cents", "eligible_cents", "paid_cents", "units_thousandths"):
                setattr(line, name, -getattr(line, name))
            line.save()
            for each in mine:
                LineAdjustment.objects.create(
                    line=line, group=each.group, carc=each.carc, cents=-each.cents, rarcs=each.rarcs
                )
        outcome = "reversed" if decision is None else "changed"
        ClaimChangeResult.objects.create(
            change=change, night=night, outcome=outcome, reversal=reversal, decision=decision
        )
        return reversal

    def replaced(self, night: Night, version: ClaimVersion, paid: int, **more: object) -> ClaimVersion:
        """A replacement that pays `paid`, the claim of `version` taken back with it."""
        number = version.submission.claim_number
        decision = self.decided(night, paid, frequency="7", original=number, **more)
        self.taken_back(night, version, decision=decision)
        return decision

    def decide_many(self, night: Night, amounts: Sequence[int], **more: object) -> list[ClaimVersion]:
        """One claim for each amount, in this order of arrival."""
        return [self.decided(night, cents, **more) for cents in amounts]
