"""At the desk: what other plans cover somebody is kept, corrected and ended by those who may see claims."""

from datetime import date

import pytest

from benefits.models import EmployerSize, LegalEntity, OtherCoverage, OtherCoverageAnswer
from tenants.records.models import AuditEvent, PhiAccess
from tests.factories import benefits as make

pytestmark = pytest.mark.django_db
PLANS, ANSWERS, SIZES = "benefits/othercoverage/", "benefits/othercoverageanswer/", "benefits/employersize/"


@pytest.fixture
def alma(in_employer):
    make.plans()
    return make.okafors(in_employer)["Alma"].person


def told(person, **more):
    usual = {
        "person_uuid": str(person.uuid),
        "line_of_coverage": "medical",
        "kind": "group",
        "payer_name": "Keystone",
        "policy": "K-22",
        "start_date": "2026-01-01",
        "role": "dependant",
        "holder": "spouse",
        "holder_birth_month": "3",
        "holder_birth_day": "14",
        "basis": "active",
        "coordinates": "on",
    }
    return usual | more


def test_an_examiner_keeps_corrects_and_ends_a_plan(desk, alma):
    examiner = desk("examiner")
    assert examiner.post(f"{PLANS}add/", told(alma)).status_code == 302
    row = OtherCoverage.objects.get()
    assert (row.person, row.kind, row.holder_birth_month, row.policy_number, row.source) == (
        alma,
        "group",
        3,
        "K-22",
        "staff",
    )
    page = f"{PLANS}{row.pk}/change/"
    assert b"Keystone" in examiner.get(page).content
    assert examiner.post(page, told(alma, end_date="2026-04-01", basis="cobra")).status_code == 302
    row.refresh_from_db()
    assert (row.end_date, row.basis) == (date(2026, 4, 1), "cobra")
    actions = AuditEvent.objects.filter(subject_uuid=row.uuid, action__startswith="other").order_by("id")
    assert list(actions.values_list("action", flat=True)) == ["other_coverage.recorded", "other_coverage.corrected"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "individual"}, "basis does not go"),
        ({"holder_birth_month": "2", "holder_birth_day": "30"}, "no day of any year"),
        ({"holder_birth_day": ""}, "no day of any year"),
        ({"end_date": "2026-01-01"}, "first day without cover"),
        ({"person_uuid": "00000000-0000-4000-8000-000000000000"}, "There is no person"),
    ],
)
def test_facts_that_contradict_each_other_come_back_with_the_reason(desk, alma, change, words):
    reply = desk("examiner").post(f"{PLANS}add/", told(alma, **change))
    assert reply.status_code == 200
    assert words in reply.content.decode()
    assert not OtherCoverage.objects.exists()


def test_the_same_plan_twice_is_refused(desk, alma):
    examiner = desk("examiner")
    examiner.post(f"{PLANS}add/", told(alma))
    reply = examiner.post(f"{PLANS}add/", told(alma, start_date="2026-03-01"))
    assert "The same plan is on file" in reply.content.decode()
    assert OtherCoverage.objects.count() == 1


def test_every_look_is_logged(desk, alma):
    examiner = desk("examiner")
    examiner.post(f"{PLANS}add/", told(alma))
    row = OtherCoverage.objects.get()
    before = PhiAccess.objects.filter(record_class="other_coverage").count()
    assert b"Keystone" in examiner.get(f"{PLANS}?person__uuid={alma.uuid}").content
    examiner.get(f"{PLANS}{row.pk}/change/")
    looks = PhiAccess.objects.filter(record_class="other_coverage").order_by("id")[before:]
    assert [(look.person_uuid, look.record_uuids) for look in looks][-1] == (alma.uuid, [row.uuid])
    assert looks[0].filter_code == "othercoverage"


@pytest.mark.parametrize("role", ["finance", "account_manager"])
def test_who_may_not_see_claims_sees_none_of_it(desk, alma, role):
    desk("examiner").post(f"{PLANS}add/", told(alma))
    row = OtherCoverage.objects.get()
    other = desk(role)
    for path in (PLANS, f"{PLANS}{row.pk}/change/", f"{PLANS}add/", ANSWERS, f"{ANSWERS}add/"):
        assert other.get(path).status_code == 403, path
    assert other.post(f"{PLANS}add/", told(alma, payer_name="Other")).status_code == 403
    assert OtherCoverage.objects.count() == 1


def test_answers_are_added_and_never_changed(desk, alma):
    examiner = desk("examiner")
    said = {"person_uuid": str(alma.uuid), "asked_on": "2026-01-05"}
    assert examiner.post(f"{ANSWERS}add/", said).status_code == 302
    row = OtherCoverageAnswer.objects.get()
    assert (row.person, row.has_other, row.actor_uuid) == (alma, False, examiner.user.pk)
    assert examiner.get(f"{ANSWERS}{row.pk}/change/").status_code == 200
    assert examiner.post(f"{ANSWERS}{row.pk}/change/", {**said, "has_other": "on"}).status_code == 403
    assert "Nobody was asked" in examiner.post(f"{ANSWERS}add/", {**said, "asked_on": "2999-01-01"}).content.decode()


def test_the_size_of_a_company_is_kept_by_those_who_know_it(desk, alma):
    entity = LegalEntity.objects.get()
    said = {"legal_entity": entity.pk, "employees": 45, "start_date": "2026-01-01"}
    assert desk("examiner").post(f"{SIZES}add/", said).status_code == 403
    assert desk("account_manager").post(f"{SIZES}add/", said).status_code == 302
    assert desk("claims_manager").post(f"{SIZES}add/", {**said, "employees": 15}).status_code == 302
    assert EmployerSize.objects.get().employees == 15
