"""What the engine reads in bulk, each in one statement, and whom a person may see."""

from dataclasses import replace
from uuid import uuid4

import pytest

from benefits import facade as benefits
from benefits.core.matching import Ambiguous, MemberKey, MemberMatch
from benefits.models import Member
from benefits.selectors import coverage, people, plans
from tenants.core.roles import Actor
from tests.factories import benefits as make
from tests.factories.benefits import ALMA, BEN, CARA, DAN, NEW_YEAR, OKAFORS, TODAY, WEISS, covered, told


@pytest.fixture
def everybody(in_employer):
    """The Okafors, and Dan Weiss by himself."""
    make.plans()
    make.okafors(in_employer)
    return make.enrolled(in_employer, told(DAN, number=WEISS, coverages=(covered("HDHP", "EMP"),)))


def key(person, relationship="18", number=OKAFORS):
    return MemberKey(number, person.given_name, person.family_name, person.birth_date, person.sex, relationship)


def match(member):
    return MemberMatch(member.pk, member.person_id, member.family_id)


def test_members_are_matched_in_one_statement_in_the_order_asked(everybody, django_assert_num_queries):
    stranger = replace(DAN, given_name="Eva", birth_date=NEW_YEAR)
    keys = [
        key(CARA, "19"),
        key(DAN, number="w-100 002"),
        key(stranger, number=WEISS),
        key(ALMA, number="W777"),
        key(ALMA, number="--"),
    ]
    with django_assert_num_queries(1):
        found = benefits.match_members(keys)
    assert found == [match(everybody["Cara"]), match(everybody["Dan"]), None, None, None]


def test_two_who_fit_are_answered_as_ambiguous(in_employer, everybody):
    make.enrolled(in_employer, told(replace(CARA, ssn="456789012"), "19", action="change"))
    namesake = replace(CARA, family_name="Weiss", ssn="567890123")
    cousin = Member(
        person=everybody["Dan"].person,
        family=everybody["Alma"].family,
        subscriber=everybody["Alma"],
        member_number=OKAFORS,
        relationship="G8",
    )
    person = everybody["Dan"].person
    person.given_name, person.birth_date, person.sex = namesake.given_name, namesake.birth_date, "F"
    person.save()
    cousin.save()
    assert benefits.match_members([key(CARA, "")]) == [Ambiguous(2)]
    assert benefits.match_members([key(CARA, "19")]) == [match(everybody["Cara"])]


def test_families_are_locked_in_key_order_and_unknown_ones_left_out(everybody, django_assert_num_queries):
    ids = sorted({member.family_id for member in everybody.values()})
    with django_assert_num_queries(1):
        assert benefits.lock_families([*reversed(ids), 10**9]) == tuple(ids)


def test_families_that_share_a_person_are_one_unit_even_when_only_one_is_asked_for(
    in_employer, everybody, django_assert_num_queries
):
    okafor, weiss = everybody["Alma"].family_id, everybody["Dan"].family_id
    assert benefits.family_units([weiss, okafor]) == [(okafor,), (weiss,)]
    make.enrolled(in_employer, told(replace(BEN, ssn="345678901"), "01", action="change"))
    make.enrolled(
        in_employer,
        told(replace(BEN, ssn="345678901"), number="W100003", coverages=(covered(tier="FAM"),)),
        told(DAN, "53", number="W100003", position=2),
    )
    third = Member.objects.get(person=everybody["Ben"].person, subscriber=None).family_id
    with django_assert_num_queries(1):
        assert benefits.family_units([weiss]) == [tuple(sorted([okafor, weiss, third]))]


def test_people_of_a_family_come_with_their_facts(everybody, django_assert_num_queries):
    alma = everybody["Alma"]
    with django_assert_num_queries(1):
        found = benefits.persons_of([alma.family_id])
    assert set(found) == {everybody[name].person_id for name in ("Alma", "Ben", "Cara")}
    facts = found[alma.person_id]
    assert (facts.uuid, facts.family_id, facts.birth_date, facts.sex, facts.death_date) == (
        alma.person.uuid,
        alma.family_id,
        ALMA.birth_date,
        "F",
        None,
    )


def test_coverage_comes_as_spans_and_never_with_what_took_no_effect(in_employer, everybody, django_assert_num_queries):
    make.enrolled(in_employer, told(ALMA, coverages=(covered("HDHP", start=NEW_YEAR),), action="change"))
    dan = everybody["Dan"]
    with django_assert_num_queries(1):
        found = benefits.coverage_of([everybody["Alma"].person_id, dan.person_id, 10**9])
    assert {person: len(spans) for person, spans in found.items()} == {everybody["Alma"].person_id: 1, dan.person_id: 1}
    [span] = found[dan.person_id]
    assert (span.member_id, span.family_id, span.tier, span.start, span.end, span.state) == (
        dan.pk,
        dan.family_id,
        "EMP",
        NEW_YEAR,
        None,
        "active",
    )


def test_funding_accounts_and_the_payer_behind_them(everybody):
    [account] = benefits.funding_accounts()
    assert (account.code, account.is_active) == ("CLAIMS", True)
    assert benefits.default_funding_account_id() == account.account_id
    assert benefits.lock_funding_accounts() == (account.account_id,)
    assert benefits.payer_of(account.account_id).ein == make.EIN


@pytest.fixture
def sees(in_employer, everybody):
    def names(kind, *roles, who=None, schema=None):
        actor = Actor(
            kind,
            uuid4(),
            frozenset(roles),
            schema or in_employer.schema_name,
            person_uuid=everybody[who].person.uuid if who else None,
        )
        found = set(people.visible_to(actor).values_list("given_name", flat=True))
        covered_names = {row.member.person.given_name for row in coverage.in_force(actor, TODAY)}
        assert covered_names == found
        assert {member.person.given_name for member in people.members(actor)} == found
        assert {event.member.person.given_name for event in coverage.events_visible_to(actor)} == found
        return found

    return names


def test_a_subscriber_sees_the_family_under_him_and_a_dependant_himself(sees):
    assert sees("member", "member", who="Alma") == {"Alma", "Ben", "Cara"}
    assert sees("member", "member", who="Ben") == {"Ben"}
    assert sees("member", "member", who="Dan") == {"Dan"}


def test_hr_staff_and_the_system_see_everybody_enrolled(sees):
    everyone = {"Alma", "Ben", "Cara", "Dan"}
    assert sees("hr", "hr") == sees("staff", "examiner") == sees("system") == everyone


def test_a_wrong_role_or_another_employers_actor_sees_nobody(sees, other_employer):
    assert sees("member", who="Alma") == set()
    assert sees("api") == set()
    assert sees("api", "people:read") == {"Alma", "Ben", "Cara", "Dan"}
    assert sees("hr", "hr", schema=other_employer.schema_name) == set()
    assert sees("staff", "admin", schema="public") == set()


def test_a_member_sees_the_options_of_his_family_only(in_employer, everybody):
    actor = Actor(
        "member", uuid4(), frozenset({"member"}), in_employer.schema_name, person_uuid=everybody["Alma"].person.uuid
    )
    assert [option.code for option in plans.options_visible_to(actor)] == ["PPO"]
    hr = Actor("hr", uuid4(), frozenset({"hr"}), in_employer.schema_name)
    assert plans.options_visible_to(hr).count() == 3


def test_a_family_page_of_somebody_not_visible_is_empty(in_employer, everybody):
    alma = Actor(
        "member", uuid4(), frozenset({"member"}), in_employer.schema_name, person_uuid=everybody["Alma"].person.uuid
    )
    assert people.family_of(alma, everybody["Dan"].person.uuid).count() == 0
    assert people.family_of(alma, everybody["Cara"].person.uuid).count() == 3
