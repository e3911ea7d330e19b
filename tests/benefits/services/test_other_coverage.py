"""Other coverage is kept as staff and files tell it: once a plan and day, corrected in place, with who did it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from benefits import facade as benefits
from benefits.core.other_coverage import OtherPlan, OurPlace, Size, Work
from benefits.models import EmployerSize, Employment, LegalEntity, OtherCoverage, OtherCoverageAnswer
from benefits.services import enrollment_files, other_coverage
from benefits.services.enrollment_files import Arrival
from tenants.records.models import AuditEvent
from tests.factories import benefits as make
from tests.factories.benefits import ALMA, BEN, DAN, NEW_YEAR, NOW, TODAY, WEISS
from tests.factories.enrollment_files import GROUP, coverage, file, member, read

APRIL = date(2026, 4, 1)
PLAN = OtherPlan(
    kind="group", line_of_coverage="medical", start=NEW_YEAR, basis="active", role="dependant", holder="spouse"
)


@pytest.fixture
def harbor(in_employer):
    make.plans()
    return in_employer


@pytest.fixture
def okafors(harbor):
    return make.okafors(harbor)


@pytest.fixture
def act(harbor):
    return {"actor": make.system(harbor), "recorded_at": NOW}


@pytest.fixture
def alma(okafors):
    return okafors["Alma"].person


def known_of(person):
    return benefits.other_insurance_of([person.pk]).get(person.pk)


def test_what_is_kept_is_what_the_night_reads(alma, act):
    told = replace(
        PLAN,
        end=APRIL,
        holder_birthday=(2, 29),
        since=date(2019, 5, 1),
        coordinates=False,
        employees=80,
        parents="apart",
        custody="theirs",
        decree="both",
        decree_known_on=NEW_YEAR,
    )
    row = other_coverage.record(person_uuid=alma.uuid, plan=told, payer_name=" Keystone ", policy_number="K-22", **act)
    assert known_of(alma).plans == (told,)
    row.refresh_from_db()
    assert (row.payer_name, row.policy_number, row.source) == ("Keystone", "K-22", "system")
    kidney = OtherPlan(
        kind="medicare", line_of_coverage="medical", start=APRIL, medicare_reason="esrd", esrd_since=APRIL
    )
    other_coverage.record(person_uuid=alma.uuid, plan=kidney, **act)
    assert known_of(alma).plans == (told, kidney)
    with connection.cursor() as cursor:
        cursor.execute("SELECT policy_number FROM benefits_othercoverage WHERE uuid = %s", [row.uuid])
        assert b"K-22" not in bytes(cursor.fetchone()[0])


def test_a_correction_takes_the_place_of_what_was_and_both_are_on_the_trail(alma, act):
    row = other_coverage.record(person_uuid=alma.uuid, plan=PLAN, payer_name="Keystone", **act)
    later = replace(PLAN, role="subscriber", holder="", end=APRIL)
    other_coverage.correct(other_coverage_uuid=row.uuid, plan=later, payer_name="Keystone", **act)
    assert known_of(alma).plans == (later,)
    found = AuditEvent.objects.filter(subject_uuid=row.uuid).order_by("id").values_list("action", "detail")
    assert list(found) == [
        (f"other_coverage.{verb}", {"day": "2026-01-01", "person": str(alma.uuid)})
        for verb in ("recorded", "corrected")
    ]


def test_one_plan_is_on_file_once_a_day(alma, act):
    other_coverage.record(person_uuid=alma.uuid, plan=replace(PLAN, end=APRIL), payer_name="Keystone", **act)
    with pytest.raises(other_coverage.CannotRecord, match="same plan is on file"):
        other_coverage.record(person_uuid=alma.uuid, plan=PLAN, payer_name="Keystone", **act)
    other_coverage.record(person_uuid=alma.uuid, plan=replace(PLAN, start=APRIL), payer_name="Keystone", **act)
    other_coverage.record(person_uuid=alma.uuid, plan=PLAN, payer_name="Meadow Mutual", **act)
    assert OtherCoverage.objects.count() == 3
    last = OtherCoverage.objects.get(start_date=APRIL)
    with pytest.raises(IntegrityError), transaction.atomic():
        OtherCoverage.objects.filter(pk=last.pk).update(start_date=NEW_YEAR)


def test_contradictions_and_strangers_are_refused_and_nothing_is_kept(alma, act):
    for uuid, plan in ((alma.uuid, replace(PLAN, kind="individual")), (uuid4(), PLAN)):
        with pytest.raises(other_coverage.CannotRecord):
            other_coverage.record(person_uuid=uuid, plan=plan, **act)
    with pytest.raises(other_coverage.CannotRecord):
        other_coverage.correct(other_coverage_uuid=uuid4(), plan=PLAN, **act)
    assert OtherCoverage.objects.count() == AuditEvent.objects.filter(action__startswith="other_coverage").count() == 0


def test_answers_are_added_and_never_taken_back(alma, act):
    for day, has_other in ((date(2025, 3, 1), True), (TODAY, False)):
        other_coverage.answer(person_uuid=alma.uuid, asked_on=day, has_other=has_other, **act)
    assert known_of(alma).answers == ((date(2025, 3, 1), True), (TODAY, False))
    assert known_of(alma).last_answer == (TODAY, False)
    with pytest.raises(other_coverage.CannotRecord, match="Nobody was asked"):
        other_coverage.answer(person_uuid=alma.uuid, asked_on=TODAY + timedelta(2), has_other=False, **act)
    with pytest.raises(DatabaseError), transaction.atomic():
        OtherCoverageAnswer.objects.update(has_other=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        OtherCoverageAnswer.objects.all().delete()


def test_the_size_of_a_company_holds_from_its_day_to_the_next(harbor, act):
    entity, actor = LegalEntity.objects.get(), act["actor"]

    def set_(employees, start):
        other_coverage.set_employer_size(legal_entity_uuid=entity.uuid, employees=employees, start=start, actor=actor)
        rows = EmployerSize.objects.order_by("start_date")
        return [(row.employees, row.start_date, row.end_date) for row in rows]

    assert set_(45, NEW_YEAR) == [(45, NEW_YEAR, None)]
    assert set_(19, APRIL) == [(45, NEW_YEAR, APRIL), (19, APRIL, None)]
    assert set_(18, APRIL) == [(45, NEW_YEAR, APRIL), (18, APRIL, None)]
    assert set_(60, date(2025, 1, 1))[0] == (60, date(2025, 1, 1), NEW_YEAR)
    assert set_(50, date(2026, 2, 1))[1:3] == [(45, NEW_YEAR, date(2026, 2, 1)), (50, date(2026, 2, 1), APRIL)]
    for bad in ({"employees": -1, "legal_entity_uuid": entity.uuid}, {"employees": 1, "legal_entity_uuid": uuid4()}):
        with pytest.raises(other_coverage.CannotRecord):
            other_coverage.set_employer_size(start=NEW_YEAR, actor=actor, **bad)


def test_our_side_is_read_with_it(okafors, act):
    alma, ben, cara = (okafors[name] for name in ("Alma", "Ben", "Cara"))
    entity = LegalEntity.objects.get()
    other_coverage.set_employer_size(legal_entity_uuid=entity.uuid, employees=45, start=NEW_YEAR, actor=act["actor"])
    Employment.objects.create(person=alma.person, legal_entity=entity, start_date=date(2019, 3, 1))
    for one in (alma, ben, cara):
        other_coverage.answer(person_uuid=one.person.uuid, asked_on=TODAY, has_other=False, **act)
    sizes = (Size(NEW_YEAR, None, 45),)
    found = benefits.other_insurance_of([one.person_id for one in (alma, ben, cara)])
    for one, relationship in ((alma, "18"), (ben, "01"), (cara, "19")):
        assert found[one.person_id].places == {
            one.pk: OurPlace(
                member_id=one.pk,
                relationship=relationship,
                holder_id=alma.person_id,
                holder_birthday=(5, 4),
                work=(Work(date(2019, 3, 1), None, sizes),),
                sole_company=sizes,
            )
        }


def test_of_several_companies_none_speaks_for_somebody_without_work(okafors, act):
    entity = LegalEntity.objects.get()
    LegalEntity.objects.create(ein="987654321", name="Harbor Two")
    other_coverage.set_employer_size(legal_entity_uuid=entity.uuid, employees=45, start=NEW_YEAR, actor=act["actor"])
    alma = okafors["Alma"]
    other_coverage.answer(person_uuid=alma.person.uuid, asked_on=TODAY, has_other=False, **act)
    assert known_of(alma.person).places[alma.pk].sole_company == ()


def test_people_without_a_fact_cost_one_statement_and_come_back_empty(okafors, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert benefits.other_insurance_of([one.person_id for one in okafors.values()]) == {}


# Enrollment files -----------------------------------------------------------------------------------------------------


def other(payer="KEYSTONE MUTUAL", sequence="P", code="1", policy="K-22", begin="20260101", end=""):
    loop = [f"COB*{sequence}*{policy}*{code}"]
    loop += [f"DTP*344*D8*{begin}"] if begin else []
    loop += [f"DTP*345*D8*{end}"] if end else []
    return loop + ([f"NM1*IN*2*{payer}"] if payer else [])


def taken(employer, *members, day="20260302", control="000000001", kind="2"):
    """A file applied; every fact now on file about other plans."""
    content = file(*members, day=day, control=control, kind=kind)
    arrival = Arrival(
        content_sha256=sha256(content).hexdigest(),
        actor=make.system(employer),
        recorded_at=NOW,
        as_of=TODAY,
        groups={GROUP},
    )
    report = enrollment_files.apply_834(read(content), arrival=arrival)
    assert report.status == "applied", report
    rows = OtherCoverage.objects.order_by("person", "start_date", "pk")
    return [(row.kind, row.payer_name, row.medicare_reason, row.start_date, row.end_date) for row in rows]


def alma_with(*loops, medicare="", **dates):
    segments = member(ALMA, coverage(begin="20260101") + [each for loop in loops for each in loop], dates=dates)
    if medicare:
        segments[0] = "*".join([*segments[0].split("*"), medicare])
    return segments


def test_a_file_tells_of_other_plans_once_however_often_it_comes(harbor):
    keystone = ("unknown", "KEYSTONE MUTUAL", "", NEW_YEAR, None)
    assert taken(harbor, alma_with(other())) == [keystone]
    row = OtherCoverage.objects.get()
    assert (row.policy_number, row.stated_sequence, row.source) == ("K-22", "P", "834")
    assert taken(harbor, alma_with(other()), control="000000002", day="20260401") == [keystone]
    ended = taken(harbor, alma_with(other(end="20260331")), control="000000003")
    assert ended == [("unknown", "KEYSTONE MUTUAL", "", NEW_YEAR, APRIL)]
    again = taken(harbor, alma_with(other(begin="20260601")), control="000000004")
    assert again == [*ended, ("unknown", "KEYSTONE MUTUAL", "", date(2026, 6, 1), None)]
    both = taken(harbor, alma_with(other(begin="20260115")), control="000000005")
    assert both == again, "days that would meet another entry are left as they are"
    verbs = AuditEvent.objects.filter(action__startswith="other_coverage").order_by("id")
    assert list(verbs.values_list("action", flat=True)) == [
        "other_coverage.recorded",
        "other_coverage.corrected",
        "other_coverage.recorded",
    ]


def test_a_file_does_not_undo_what_staff_found_out(harbor, act):
    taken(harbor, alma_with(other()))
    row = OtherCoverage.objects.get()
    other_coverage.correct(
        other_coverage_uuid=row.uuid, plan=PLAN, payer_name="Keystone of Ohio", policy_number="K-22", **act
    )
    found = taken(harbor, alma_with(other()), control="000000002")
    assert found == [("group", "Keystone of Ohio", "", NEW_YEAR, None)]


def test_a_plan_without_days_is_on_file_from_the_day_of_the_file(harbor):
    found = taken(harbor, alma_with(other(begin="", payer=""), other(payer="BREVITY", begin="", end="20250101")))
    assert found == [("unknown", "", "", TODAY, None)]


def test_medicare_comes_with_its_reason_and_days(harbor):
    told = {"338": "20250601"}
    found = taken(harbor, alma_with(medicare="C", **told))
    assert found == [("medicare", "", "", date(2025, 6, 1), None)]
    found = taken(harbor, alma_with(medicare="C:2", **told), control="000000002")
    assert found == [("medicare", "", "esrd", date(2025, 6, 1), None)]
    assert OtherCoverage.objects.get().esrd_since == date(2025, 6, 1)
    found = taken(harbor, alma_with(medicare="A:0", **{"338": "20260201"}), control="000000003")
    assert [row[2] for row in found] == ["esrd", "age"]
    assert taken(harbor, alma_with(medicare="E"), control="000000004") == found


def test_no_other_coverage_is_an_answer_of_the_files_day(harbor):
    for control in ("000000001", "000000002"):
        assert taken(harbor, alma_with(other(code="6", policy="", payer="", begin="")), control=control) == []
    answer = OtherCoverageAnswer.objects.get()
    assert (answer.has_other, answer.asked_on, answer.source) == (False, TODAY, "834")


def test_a_rejected_member_tells_nothing(harbor):
    bad = member(BEN, coverage(begin="20260101") + other(), relationship="01")
    good = member(DAN, coverage(begin="20260101", tier="EMP") + other(payer="OTHER"), number=WEISS)
    assert [row[1] for row in taken(harbor, bad, good)] == ["OTHER"]
    assert OtherCoverage.objects.get().recorded_at == datetime(2026, 3, 2, 15, tzinfo=UTC)
