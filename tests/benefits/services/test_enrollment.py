"""Single acts: who is covered when, what was recorded, and what is refused."""

from dataclasses import replace
from datetime import date

import pytest

from benefits.models import Coverage, EnrollmentEvent, FamilyMembership, Member, Person
from benefits.services import enrollment
from tenants.records.models import AuditEvent, OutboxEvent
from tests.factories import benefits as make
from tests.factories.benefits import BEN, DAN, NEW_YEAR, NOW, TODAY, WEISS, covered, told

APRIL, JULY = date(2026, 4, 1), date(2026, 7, 1)


@pytest.fixture
def harbor(in_employer):
    make.plans()
    return in_employer


@pytest.fixture
def okafors(harbor):
    return make.okafors(harbor)


@pytest.fixture
def act(harbor):
    return {"actor": make.system(harbor), "recorded_at": NOW, "as_of": TODAY}


def spans(member, line="medical"):
    rows = Coverage.objects.filter(member=member, line_of_coverage=line).order_by("start_date", "pk")
    return [(row.plan_option.code, row.tier, row.start_date, row.end_date) for row in rows]


def test_a_new_family_gets_people_places_a_family_and_coverage(okafors):
    alma, ben = okafors["Alma"], okafors["Ben"]
    assert (alma.subscriber, ben.subscriber_id) == (None, alma.pk)
    assert {member.family_id for member in okafors.values()} == {alma.family_id}
    assert {member.member_number for member in okafors.values()} == {make.OKAFORS}
    assert (alma.person.ssn, alma.person.ssn_last4) == ("123456789", "6789")
    assert spans(alma) == spans(ben) == [("PPO", "FAM", NEW_YEAR, None)]
    assert FamilyMembership.objects.filter(family=alma.family, start_date=NEW_YEAR, end_date=None).count() == 3


def test_every_change_appends_its_event(okafors, act):
    enrollment.change_tier(member_uuid=okafors["Alma"].uuid, line_of_coverage="medical", tier="ESP", start=APRIL, **act)
    event = EnrollmentEvent.objects.filter(member=okafors["Alma"]).latest("pk")
    assert (event.kind, event.line_of_coverage, event.effective_date, event.source) == (
        "changed",
        "medical",
        APRIL,
        "system",
    )
    assert event.before == [{"option": "PPO", "tier": "FAM", "start": "2026-01-01", "end": None, "state": "active"}]
    assert [(one["tier"], one["start"], one["end"]) for one in event.after] == [
        ("FAM", "2026-01-01", "2026-04-01"),
        ("ESP", "2026-04-01", None),
    ]


def test_an_act_leaves_an_audit_row_without_a_name(okafors, act):
    enrollment.terminate(member_uuid=okafors["Ben"].uuid, line_of_coverage="medical", end=JULY, **act)
    deed = AuditEvent.objects.latest("pk")
    assert (deed.action, deed.subject_uuid, deed.detail) == (
        "coverage.terminate",
        okafors["Ben"].uuid,
        {"line_of_coverage": "medical", "day": "2026-07-01"},
    )


def test_ending_the_subscriber_ends_the_family(okafors, act):
    enrollment.terminate_every_line(member_uuid=okafors["Alma"].uuid, end=JULY, **act)
    assert {tuple(spans(member)[0]) for member in okafors.values()} == {("PPO", "FAM", NEW_YEAR, JULY)}


def test_reinstating_without_a_gap_reopens_the_same_row(okafors, act):
    row = Coverage.objects.get(member=okafors["Ben"])
    enrollment.terminate(member_uuid=okafors["Ben"].uuid, line_of_coverage="medical", end=APRIL, **act)
    enrollment.reinstate(member_uuid=okafors["Ben"].uuid, line_of_coverage="medical", start=APRIL, **act)
    assert Coverage.objects.get(member=okafors["Ben"]).pk == row.pk
    assert spans(okafors["Ben"]) == [("PPO", "FAM", NEW_YEAR, None)]


def test_another_option_follows_the_first_without_a_shared_day(okafors, act):
    enrollment.enroll(
        member_uuid=okafors["Alma"].uuid, option_code="HDHP", line_of_coverage="medical", start=JULY, tier="FAM", **act
    )
    assert spans(okafors["Alma"]) == [("PPO", "FAM", NEW_YEAR, JULY), ("HDHP", "FAM", JULY, None)]


def test_unpaid_continuation_and_its_payment_mark_the_days(okafors, act):
    where = {"member_uuid": okafors["Alma"].uuid, "line_of_coverage": "medical"}
    enrollment.mark_state(**where, state="cobra_unpaid", start=APRIL, end=JULY, **act)
    states = Coverage.objects.filter(member=okafors["Alma"]).order_by("start_date").values_list("state", flat=True)
    assert list(states) == ["active", "cobra_unpaid", "active"]
    enrollment.mark_state(**where, state="active", start=APRIL, end=JULY, **act)
    assert not Coverage.objects.filter(state="cobra_unpaid").exists()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"option_code": "GOLD", "line_of_coverage": "medical"}, "'GOLD' is not set up"),
        ({"option_code": "DENTAL", "line_of_coverage": "medical"}, "'DENTAL' is dental, not medical"),
        ({"option_code": "PPO", "line_of_coverage": "medical", "end": NEW_YEAR}, "ends before it begins"),
    ],
)
def test_what_breaks_a_rule_is_refused_and_nothing_is_recorded(okafors, act, change, reason):
    events = EnrollmentEvent.objects.count()
    with pytest.raises(enrollment.CannotEnroll, match=reason):
        enrollment.enroll(member_uuid=okafors["Alma"].uuid, start=APRIL, **change, **act)
    assert EnrollmentEvent.objects.count() == events


def test_an_unknown_member_is_refused(harbor, act):
    with pytest.raises(enrollment.CannotEnroll, match="There is no member"):
        enrollment.terminate(member_uuid=act["actor"].uuid, line_of_coverage="medical", end=APRIL, **act)


def test_days_already_past_that_are_lost_are_sent_for_review_never_reversed(okafors, act):
    enrollment.terminate(member_uuid=okafors["Ben"].uuid, line_of_coverage="medical", end=date(2026, 2, 1), **act)
    news = OutboxEvent.objects.get(kind="coverage.moved")
    assert news.subject_uuid == okafors["Ben"].person.uuid
    assert (news.payload["first_day_lost"], news.payload["first_day_gained"]) == ("2026-02-01", None)


def test_an_end_in_the_future_is_no_news(okafors, act):
    enrollment.terminate(member_uuid=okafors["Ben"].uuid, line_of_coverage="medical", end=JULY, **act)
    assert not OutboxEvent.objects.filter(kind="coverage.moved").exists()


def test_a_dependant_who_becomes_an_employee_keeps_his_person_and_moves_to_a_family_of_his_own(harbor, okafors):
    ben = make.PersonDetails(
        given_name="Ben", family_name="Okafor", birth_date=BEN.birth_date, sex="M", ssn="345678901"
    )
    make.enrolled(harbor, told(ben, "01", action="change"))
    make.enrolled(harbor, told(ben, number="W100009", coverages=(covered(tier="EMP", start=JULY),)))
    places = Member.objects.filter(person=okafors["Ben"].person).order_by("pk")
    assert [place.subscriber_id for place in places] == [okafors["Alma"].pk, None]
    memberships = FamilyMembership.objects.filter(person=okafors["Ben"].person).order_by("start_date")
    assert [(one.family_id, one.start_date, one.end_date) for one in memberships] == [
        (okafors["Alma"].family_id, NEW_YEAR, JULY),
        (places[1].family_id, JULY, None),
    ]
    assert Person.objects.filter(given_name="Ben").count() == 1


def test_a_child_enrolled_under_both_parents_stays_with_the_first_family(harbor, okafors):
    cara = replace(make.CARA, ssn="456789012")
    make.enrolled(harbor, told(cara, "19", action="change"))
    make.enrolled(
        harbor,
        told(DAN, number=WEISS, coverages=(covered(),)),
        told(cara, "19", number=WEISS, position=2, coverages=(covered(start=APRIL),)),
    )
    assert FamilyMembership.objects.get(person=okafors["Cara"].person).family_id == okafors["Alma"].family_id


def test_enrolling_a_thousand_people_takes_a_fixed_number_of_statements(harbor, django_assert_max_num_queries):
    def crowd(count, first):
        return [
            told(
                make.PersonDetails(given_name="Ada", family_name="Stone", birth_date=date(1980, 1, 1), sex="F"),
                number=f"X{first + one}",
                position=one,
                coverages=(covered(tier="EMP"),),
            )
            for one in range(count)
        ]

    make.enrolled(harbor, *crowd(1, 0))
    with django_assert_max_num_queries(30):
        make.enrolled(harbor, *crowd(1_000, 10))
    assert Member.objects.count() == 1_001


def test_nothing_of_a_family_is_seen_in_another_employer(okafors, other_employer, as_employer):
    with as_employer(other_employer):
        assert not Member.objects.exists() and not EnrollmentEvent.objects.exists()
