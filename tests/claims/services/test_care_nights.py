"""Nights with dental and authorised care: what is kept beside money, used again the next night, and undone exactly."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benefits.models import Coverage
from claims.core.authorization_standing import CLOSED, EXTENDED
from claims.core.claim import DentalRecord
from claims.core.claim_json import from_json
from claims.models import (
    AuthorizationUse,
    ClaimLine,
    ClaimSubmission,
    ClaimVersion,
    LineAdjustment,
    Night,
    NightChunk,
    OrthodonticInstallment,
    Pend,
    Predetermination,
    PriorCoverage,
    TreatmentEntry,
)
from claims.selectors import predeterminations
from claims.services import (
    adjudication,
    authorizations,
    care_postings,
    clock,
    funding,
    night,
    orthodontics,
    reference,
)
from tenants import facade as tenants
from tenants.records.models import AuditEvent
from tests.factories import engine, mouths, nights

TODAY, AT = nights.TONIGHT, nights.PLANNED_AT
STAFF = tenants.Actor("staff", engine.person(7).uuid, frozenset({"examiner"}), "public")


def run(day: date = TODAY, run_no: int = 1) -> Night:
    at = AT + (day - TODAY)
    planned, _ = night.plan_night(business_date=day, run_no=run_no, planned_at=at)
    assert night.work_until_empty(night_id=planned.pk, worker="alone") is night.Outcome.CLOSED
    planned.refresh_from_db()
    return planned


def alma(town: nights.Town) -> tuple[int, int]:
    """Family and person of the first subscriber."""
    family = town.families[0]
    return family, town.people[family][0]


def ben(town: nights.Town) -> tuple[int, int]:
    """A child of hers."""
    family = town.families[0]
    return family, town.people[family][2]


def splits(seq: int) -> dict[str, int]:
    found = LineAdjustment.objects.filter(line__version__submission__intake_seq=seq, line__version__reverses=None)
    return {f"{each.group}-{each.carc}": each.cents for each in found}


def test_a_tooth_treated_on_one_night_is_known_on_the_next(in_employer):
    town = mouths.town()
    first = mouths.dental(mouths.work("DZ150", 4_000, tooth="14"))
    nights.submit([(*alma(town), first)])
    run()
    kept = TreatmentEntry.objects.get()
    assert (kept.tooth, kept.code, kept.category, kept.quantity, kept.source) == (
        "14",
        "DZ150",
        "preventive",
        1,
        "claim",
    )
    again = mouths.dental(mouths.work("DZ150", 12_000, day=date(2026, 3, 8), tooth="3,14,19", units_thousandths=3_000))
    (seq,) = nights.submit([(*alma(town), again)])
    run(TODAY + timedelta(1))
    assert splits(seq) == {"PR-119": 4_000}
    assert sorted(TreatmentEntry.objects.values_list("tooth", flat=True)) == ["14", "19", "3"]


def test_a_reversal_gives_back_treatments_and_uses_exactly(in_employer):
    town = mouths.town()
    nights.submit([(*alma(town), mouths.dental(mouths.work("DZ150", 8_000, tooth="3,14", units_thousandths=2_000)))])
    run()
    version = ClaimVersion.objects.get()
    back = reversal_of(version)
    care_postings.reverse([(version.pk, back.pk)])
    assert sum(TreatmentEntry.objects.values_list("quantity", flat=True)) == 0
    assert TreatmentEntry.objects.filter(version=back).count() == 2
    again = mouths.dental(mouths.work("DZ150", 8_000, day=date(2026, 3, 8), tooth="3,14", units_thousandths=2_000))
    (seq,) = nights.submit([(*alma(town), again)])
    run(TODAY + timedelta(1))
    assert splits(seq) == {}
    care_postings.reverse([])


def reversal_of(version: ClaimVersion) -> ClaimVersion:
    """The reversal row beside which care is given back. Its money is another test's."""
    return ClaimVersion.objects.create(
        submission=version.submission,
        version=version.version + 1,
        reverses=version,
        decided_on=version.decided_on,
        person=version.person,
        plan_option=version.plan_option,
        plan_design_version=version.plan_design_version,
        funding_account=version.funding_account,
        line_of_coverage=version.line_of_coverage,
        reference_release=version.reference_release,
        rules_hash=version.rules_hash,
        outcome=version.outcome,
        billed_cents=0,
        allowed_cents=0,
        paid_cents=0,
        member_cents=0,
        billing_npi=version.billing_npi,
        payee_kind=version.payee_kind,
        payee_tin=version.payee_tin,
    )


def test_an_estimate_is_kept_and_nothing_else(in_employer):
    town = mouths.town()
    crown = mouths.work("DZ510", 110_000, tooth="3")
    crown.service_start = crown.service_end = None
    (seq,) = nights.submit_undated([(*alma(town), mouths.dental(crown, predetermination=True))])
    closed = run()
    version = ClaimVersion.objects.get()
    assert (version.outcome, version.paid_cents, version.submission.first_service_date) == (
        "pay",
        0,
        nights.RECEIVED_AT.date(),
    )
    told = Predetermination.objects.get()
    assert (told.plan_cents, told.member_cents) == (42_500, 47_500)  # deductible 5,000, then half of 85,000
    assert told.valid_until == nights.RECEIVED_AT.date() + timedelta(180)
    assert splits(seq) == {"CO-45": 20_000, "PR-1": 5_000, "PR-2": 42_500, "OA-101": 42_500}
    assert (TreatmentEntry.objects.count(), closed.figures["approved_cents"]) == (0, 0)
    letter = predeterminations.letter_of(version.pk)
    (service,) = letter.services
    assert (letter.valid_until, letter.plan_cents, letter.member_cents) == (told.valid_until, 42_500, 47_500)
    assert (service.code, service.place, service.allowed_cents) == ("DZ510", "3", 90_000)
    assert (service.plan_cents, service.member_cents) == (letter.plan_cents, letter.member_cents)
    real = mouths.dental(mouths.work("DZ510", 110_000, tooth="3", day=nights.RECEIVED_AT.date()))
    (seq,) = nights.submit([(*alma(town), real)])
    run(TODAY + timedelta(1))
    assert (Pend.objects.count(), splits(seq)["PR-2"]) == (0, 42_500)


def test_the_remittance_of_an_estimate_has_its_own_status(in_employer):
    town = mouths.town()
    claim = mouths.dental(mouths.work("DZ510", 110_000, tooth="3"), predetermination=True, account="ESTIMATE")
    nights.submit([(*alma(town), claim)])
    run()
    (document,) = (tenants.open_document(each) for each in documents())
    text = document.decode()
    assert "CLP*ESTIMATE*25*1100*0*475*12*" in text
    assert "CAS*OA*101*425" in text


def documents() -> list:
    with connection.cursor() as cursor:
        cursor.execute("SELECT document_uuid FROM claims_remittance")
        return [row[0] for row in cursor.fetchall()]


BANDED = date(2026, 3, 2)


def course(town: nights.Town, **record: object) -> int:
    """Ben's course of 6,000 at 50 %: one part of three now, two twelve months later."""
    claim = mouths.dental(mouths.work("DZ810", 600_000, day=BANDED), dental=DentalRecord(**record) if record else None)
    (seq,) = nights.submit([(*ben(town), claim)])
    return seq


def test_the_parts_of_a_course_come_when_they_are_due_and_once(in_employer):
    town = mouths.town()
    seq = course(town)
    funding.receive_funds(funding_account_id=town.account.pk, reference="W1", received_on=TODAY, cents=10_000_000)
    run()
    assert splits(seq) == {"OA-101": 400_000, "PR-2": 100_000}
    part = OrthodonticInstallment.objects.get()
    assert (part.number, part.of, part.due_on, part.cents) == (2, 2, date(2027, 3, 2), 400_000)
    run(date(2027, 3, 1))
    assert ClaimSubmission.objects.count() == 1
    closed = run(date(2027, 3, 2))
    brought = ClaimSubmission.objects.get(claim_key__startswith="COURSE|")
    assert (brought.received_date, brought.first_service_date, brought.billed_cents) == (date(2027, 3, 2),) * 2 + (
        400_000,
    )
    content = from_json(brought.content)
    assert (content.dental.installment, content.dental.installment_of) == (
        2,
        ClaimSubmission.objects.get(intake_seq=seq).claim_number,
    )
    assert splits(brought.intake_seq) == {"PR-2": 200_000, "PR-149": 150_000}
    assert ClaimVersion.objects.get(submission=brought).paid_cents == closed.figures["paid_cents"] == 50_000
    run(date(2027, 3, 3))
    assert ClaimSubmission.objects.count() == 2


def test_a_part_waits_for_coverage_and_comes_when_it_is_reinstated(in_employer):
    town = mouths.town()
    course(town)
    run()
    mine = Coverage.objects.filter(member__person=ben(town)[1], line_of_coverage="dental")
    mine.update(end_date=date(2027, 1, 1))
    run(date(2027, 3, 2))
    assert ClaimSubmission.objects.count() == 1
    mine.update(end_date=None)
    run(date(2027, 4, 1))
    assert ClaimSubmission.objects.get(claim_key__startswith="COURSE|").first_service_date == date(2027, 3, 2)


def test_a_course_that_was_stopped_or_reversed_brings_nothing(in_employer):
    town = mouths.town()
    course(town)
    run()
    version = ClaimVersion.objects.get()
    stop = {"version_uuid": version.uuid, "line_no": 1, "stopped_on": date(2026, 9, 1), "actor": STAFF}
    with pytest.raises(orthodontics.CannotStop):
        orthodontics.stop(**stop, note=" ")
    with pytest.raises(orthodontics.CannotStop):
        orthodontics.stop(**{**stop, "line_no": 2}, note="Moved away.")
    made = orthodontics.stop(**stop, note="Moved away.")
    assert orthodontics.stop(**stop, note="Moved away.") == made
    with pytest.raises(orthodontics.CannotStop):
        orthodontics.stop(**{**stop, "stopped_on": date(2026, 9, 2)}, note="Moved away.")
    assert AuditEvent.objects.filter(action="orthodontics.stopped").count() == 1
    run(date(2027, 3, 2))
    assert ClaimSubmission.objects.count() == 1


def test_a_course_that_was_reversed_brings_nothing(in_employer):
    town = mouths.town()
    course(town)
    run()
    version = ClaimVersion.objects.get()
    reversal_of(version)
    run(date(2027, 3, 2))
    assert ClaimSubmission.objects.count() == 1


def test_earlier_coverage_on_file_ends_a_waiting_period(in_employer):
    town = mouths.town()
    Coverage.objects.filter(line_of_coverage="dental").update(start_date=date(2025, 10, 1))
    family, person = alma(town)
    PriorCoverage.objects.create(
        person_id=person, line_of_coverage="dental", covered_from=date(2024, 1, 1), recorded_at=clock.now()
    )
    other = town.people[family][1]
    crown = mouths.dental(mouths.work("DZ510", 90_000, tooth="3"))
    mine, others = nights.submit([(family, person, crown), (family, other, crown)])
    run()
    assert (splits(mine)["PR-1"], splits(others)) == (5_000, {"PR-179": 90_000})


# Authorisations -------------------------------------------------------------------------------------------------------


def granted(town: nights.Town, number: str = "PA-1", **more: object) -> authorizations.NewAuthorization:
    family, person = alma(town)
    usual: dict = {
        "number": number,
        "person_id": person,
        "family_id": family,
        "requested_on": date(2026, 1, 2),
        "measure": "units",
        "codes": "SZ100-SZ199",
        "start": date(2026, 1, 2),
        "end": date(2026, 7, 1),
        "amount": 5,
    }
    return authorizations.NewAuthorization(**(usual | more))


def therapy(units: int, day: date = nights.WEEK) -> object:
    return nights.visit(
        engine.line(1, "SZ110", 9_000 * units, day=day, units_thousandths=1000 * units), account=f"PCN{day}"
    )


@pytest.fixture
def asked(in_employer) -> nights.Town:
    return mouths.town(design="asked")


def test_claims_use_an_authorisation_up_over_nights(asked):
    authorizations.record_many(wanted=[granted(asked)], source="staff", actor=STAFF)
    (first,) = nights.submit([(*alma(asked), therapy(3))])
    run()
    assert (splits(first), AuthorizationUse.objects.get().amount) == ({"PR-2": 5_400}, 3)
    (second,) = nights.submit([(*alma(asked), therapy(4, date(2026, 3, 5)))])
    run(TODAY + timedelta(1))
    assert splits(second) == {"CO-198": 18_000, "PR-2": 3_600}
    version = ClaimVersion.objects.get(submission__intake_seq=first)
    care_postings.reverse([(version.pk, reversal_of(version).pk)])
    assert sum(AuthorizationUse.objects.values_list("amount", flat=True)) == 2
    (third,) = nights.submit([(*alma(asked), therapy(4, date(2026, 3, 6)))])
    run(TODAY + timedelta(2))
    assert splits(third) == {"CO-198": 9_000, "PR-2": 5_400}


def test_extensions_count_and_closed_ones_do_not(asked):
    new = granted(asked, amount=1, end=date(2026, 3, 2))
    assert authorizations.record_many(wanted=[new], source="file", actor=STAFF) == {"PA-1": True}
    assert authorizations.record_many(wanted=[new], source="file", actor=STAFF) == {"PA-1": False}
    row = authorizations.Authorization.objects.get()
    change = {"authorization_uuid": row.uuid, "decided_on": TODAY, "actor": STAFF}
    extended = authorizations.add_event(kind=EXTENDED, amount=2, end=date(2026, 6, 1), **change)
    assert authorizations.add_event(kind=EXTENDED, amount=2, end=date(2026, 6, 1), **change) == extended
    (first,) = nights.submit([(*alma(asked), therapy(3))])
    run()
    assert splits(first) == {"PR-2": 5_400}
    authorizations.add_event(kind=CLOSED, end=date(2026, 3, 3), **change)
    (second,) = nights.submit([(*alma(asked), therapy(1, date(2026, 3, 5)))])
    run(TODAY + timedelta(1))
    assert splits(second) == {"CO-197": 9_000}
    actions = AuditEvent.objects.filter(subject_uuid=row.uuid).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["authorization.recorded", "authorization.extended", "authorization.closed"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"number": "pa 1"}, "capital letters"),
        ({"number": "-1"}, "capital letters"),
        ({"measure": "weeks"}, "visits, days, units"),
        ({"codes": ""}, "name the services"),
        ({"codes": "B2-A1"}, "neither a code nor a range"),
        ({"codes": ",".join(f"SZ{n}" for n in range(100, 200))}, "too long"),
        ({"start": None}, "from which day"),
        ({"end": date(2026, 1, 1)}, "before its first"),
        ({"amount": -1}, "grants 0 to"),
        ({"refused": True}, "refused has no days"),
    ],
)
def test_an_authorisation_that_does_not_fit_together_is_refused(asked, change, message):
    with pytest.raises(authorizations.CannotAuthorize, match=message):
        authorizations.record_many(wanted=[granted(asked, **change)], source="staff", actor=STAFF)
    assert not authorizations.Authorization.objects.exists()


def test_other_content_under_a_known_number_is_refused_whole(asked):
    authorizations.record_many(wanted=[granted(asked)], source="staff", actor=STAFF)
    both = [granted(asked, "PA-2"), granted(asked, amount=6)]
    with pytest.raises(authorizations.CannotAuthorize, match="PA-1 is on file with other content"):
        authorizations.record_many(wanted=both, source="file", actor=STAFF)
    with pytest.raises(authorizations.CannotAuthorize, match="given twice"):
        authorizations.record_many(wanted=[granted(asked, "PA-3")] * 2, source="file", actor=STAFF)
    assert authorizations.Authorization.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "more", "message"),
    [
        ("approved", {"start": TODAY}, "decided already"),
        ("refused", {}, "decided already"),
        ("extended", {}, "by an amount, or to a later day"),
        ("extended", {"end": date(2026, 6, 1)}, "ends later"),
        ("extended", {"amount": -2}, "grants 0 to"),
        ("closed", {}, "from which day"),
    ],
)
def test_an_event_that_cannot_follow_is_refused(asked, kind, more, message):
    authorizations.record_many(wanted=[granted(asked)], source="staff", actor=STAFF)
    row = authorizations.Authorization.objects.get()
    with pytest.raises(authorizations.CannotAuthorize, match=message):
        authorizations.add_event(authorization_uuid=row.uuid, kind=kind, decided_on=TODAY, actor=STAFF, **more)
    assert row.events.count() == 1


def test_a_refused_one_is_neither_extended_nor_used(asked):
    new = granted(asked, start=None, end=None, amount=0, refused=True)
    authorizations.record_many(wanted=[new], source="staff", actor=STAFF)
    row = authorizations.Authorization.objects.get()
    with pytest.raises(authorizations.CannotAuthorize, match="was not granted"):
        authorizations.add_event(authorization_uuid=row.uuid, kind=EXTENDED, amount=1, decided_on=TODAY, actor=STAFF)
    (seq,) = nights.submit([(*alma(asked), therapy(1))])
    run()
    assert splits(seq) == {"CO-39": 9_000}


# Cost -----------------------------------------------------------------------------------------------------------------


def statements(town: nights.Town, made: list) -> list[str]:
    nights.submit(made)
    planned, _ = night.plan_night(business_date=TODAY, planned_at=AT)
    night.work_until_empty(night_id=planned.pk, worker="alone", until=lambda: True)
    (chunk,) = NightChunk.objects.filter(night=planned)
    reference.rules_of_night(planned)
    with CaptureQueriesContext(connection) as captured:
        adjudication.decide_chunk(chunk=chunk, night=planned)
    return [each["sql"] for each in captured.captured_queries]


def test_a_plan_without_such_rules_reads_nothing_of_them(in_employer):
    town = nights.town(families=2)
    asked_for = statements(town, list(nights.claims_of(town, claims=12)))
    assert not [sql for sql in asked_for if "authorization" in sql or "treatment" in sql or "priorcoverage" in sql]


def test_a_chunk_with_all_of_it_stays_within_its_statements(in_employer):
    town = mouths.town(families=2)
    claims = [
        (*alma(town), mouths.dental(mouths.work("DZ150", 4_000, tooth="14"))),
        (*ben(town), mouths.dental(mouths.work("DZ810", 600_000))),
        (*alma(town), mouths.dental(mouths.work("DZ510", 90_000, tooth="3"), predetermination=True)),
        *nights.claims_of(town, claims=12),
    ]
    made = statements(town, claims)
    assert len(made) <= 25
    assert ClaimLine.objects.exists()
