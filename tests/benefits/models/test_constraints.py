"""What the database refuses, whoever asks."""

from datetime import date

import pytest
from django.db import Error, connection, transaction

from benefits.models import Coverage, EnrollmentEvent, FamilyMembership, Member, PlanDesignVersion
from tests.factories import benefits as make
from tests.factories.benefits import NEW_YEAR, NOW
from tests.factories.two_people import APPROVER_UUID, AUTHOR_UUID, TWO_PEOPLE

JULY = date(2026, 7, 1)


@pytest.fixture
def options(in_employer):
    return make.plans()


@pytest.fixture
def okafors(in_employer, options):
    return make.okafors(in_employer)


def refused(act, reason):
    with pytest.raises(Error, match=reason), transaction.atomic():
        act()


def checked_now():
    """Deferred keys are checked at commit; this is the same check now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_two_options_of_one_line_on_one_day_are_refused(okafors, options):
    refused(
        lambda: Coverage.objects.create(
            member=okafors["Alma"],
            plan_option=options["HDHP"],
            line_of_coverage="medical",
            tier="FAM",
            start_date=JULY,
        ),
        "coverage_one_option_a_day",
    )


def test_a_coverage_that_never_took_effect_is_in_nobodys_way(okafors, options):
    Coverage.objects.create(
        member=okafors["Alma"],
        plan_option=options["HDHP"],
        line_of_coverage="medical",
        tier="FAM",
        start_date=JULY,
        end_date=JULY,
    )


def test_a_line_other_than_the_options_is_refused(okafors, options):
    def lie():
        Coverage.objects.create(
            member=okafors["Alma"],
            plan_option=options["PPO"],
            line_of_coverage="dental",
            tier="FAM",
            start_date=NEW_YEAR,
        )
        checked_now()

    refused(lie, "coverage_line_is_the_options")


@pytest.mark.parametrize(
    ("column", "value", "name"),
    [
        ("tier", "GOLD", "coverage_known_tier"),
        ("state", "lapsed", "coverage_known_state"),
        ("end_date", date(2025, 12, 31), "coverage_ends_after_start"),
    ],
)
def test_unknown_words_and_backward_days_are_refused(okafors, column, value, name):
    refused(lambda: Coverage.objects.filter(member=okafors["Ben"]).update(**{column: value}), name)


def test_a_person_in_two_families_on_one_day_is_refused(okafors):
    refused(
        lambda: FamilyMembership.objects.create(
            person=okafors["Ben"].person, family=okafors["Ben"].family, start_date=JULY
        ),
        "family_membership_one_family_a_day",
    )


def test_a_second_subscriber_with_the_same_number_is_refused(okafors):
    refused(
        lambda: Member.objects.create(
            person=okafors["Ben"].person,
            family=okafors["Ben"].family,
            member_number=make.OKAFORS,
            relationship="18",
        ),
        "member_number_one_subscriber",
    )


def test_a_dependant_with_another_number_than_his_subscribers_is_refused(okafors):
    def lie():
        Member.objects.create(
            person=okafors["Cara"].person,
            family=okafors["Alma"].family,
            subscriber=okafors["Ben"],
            member_number="W999999",
            relationship="19",
        )
        checked_now()

    refused(lie, "member_shares_family_and_number_of_subscriber")


def test_recorded_events_can_be_neither_changed_nor_deleted(okafors):
    refused(lambda: EnrollmentEvent.objects.update(kind="voided"), "permission denied")
    refused(lambda: EnrollmentEvent.objects.all().delete(), "permission denied")


def test_a_published_design_can_be_neither_changed_nor_deleted(options):
    version = PlanDesignVersion.objects.create(
        plan_option=options["PPO"],
        version=1,
        start_date=NEW_YEAR,
        document={},
        document_sha256="0" * 64,
        published_at=NOW,
        **TWO_PEOPLE,
    )
    refused(lambda: PlanDesignVersion.objects.filter(pk=version.pk).update(document={"x": 1}), "is published")
    refused(lambda: PlanDesignVersion.objects.filter(pk=version.pk).delete(), "is published")


def a_draft(options) -> PlanDesignVersion:
    return PlanDesignVersion.objects.create(
        plan_option=options["PPO"],
        version=1,
        start_date=NEW_YEAR,
        document={},
        document_sha256="0" * 64,
        drafted_by_kind="staff",
        drafted_by_uuid=AUTHOR_UUID,
    )


def test_what_a_draft_says_never_changes(options):
    version = a_draft(options)
    for change in ({"document": {"x": 1}}, {"document_sha256": "1" * 64}, {"start_date": NEW_YEAR.replace(day=2)}):
        refused(
            lambda change=change: PlanDesignVersion.objects.filter(pk=version.pk).update(**change), "cannot be changed"
        )
    refused(
        lambda: PlanDesignVersion.objects.filter(pk=version.pk).update(drafted_by_uuid=APPROVER_UUID),
        "cannot be changed",
    )


def test_nobody_publishes_what_he_drafted_and_nobody_without_a_name_publishes(options):
    version = PlanDesignVersion.objects.filter(pk=a_draft(options).pk)
    refused(lambda: version.update(published_at=NOW), "plan_design_version_two_people")
    refused(lambda: version.update(published_at=NOW, published_by_uuid=AUTHOR_UUID), "plan_design_version_two_people")
    assert version.update(published_at=NOW, published_by_uuid=APPROVER_UUID) == 1
    refused(lambda: version.update(published_at=NOW), "is published")


def test_no_row_names_a_person_when_written_out(okafors):
    alma = okafors["Alma"]
    rows = [alma, alma.person, alma.family, Coverage.objects.first(), EnrollmentEvent.objects.first()]
    rows.append(FamilyMembership.objects.first())
    for row in rows:
        assert not any(word in f"{row} {row!r}" for word in ("Alma", "Okafor", make.OKAFORS, "6789"))
