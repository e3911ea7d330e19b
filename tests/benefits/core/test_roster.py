"""What the rows of a file do to people and coverage, in memory."""

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits.core.coverage_rules import Option, Options
from benefits.core.instructions import CoverageInstruction, EmploymentDetails, MemberInstruction, PersonDetails
from benefits.core.organisation import Organisation
from benefits.core.roster import Roster
from benefits.core.stretches import in_effect

JANUARY, APRIL, JULY, OCTOBER = (date(2026, month, 1) for month in (1, 4, 7, 10))
OPTIONS = Options(
    {
        code: Option(key, code, line)
        for key, (code, line) in enumerate([("PPO", "medical"), ("HDHP", "medical"), ("DENTAL", "dental")], start=1)
    }
)

FIRM = Organisation(eins=("123456789",), divisions={("123456789", "NORTH")}, classes=("FULLTIME",))

ALMA = PersonDetails(given_name="Alma", family_name="Okafor", birth_date=date(1980, 5, 4), sex="F", ssn="123456789")
BEN = PersonDetails(given_name="Ben", family_name="Okafor", birth_date=date(1978, 2, 3), sex="M")
CARA = PersonDetails(given_name="Cara", family_name="Okafor", birth_date=date(2015, 9, 9), sex="F")


def medical(action="add", start=JANUARY, end=None, option="PPO", tier="FAM"):
    return CoverageInstruction(
        action=action, line_of_coverage="medical", option_code=option, tier=tier, start=start, end=end
    )


def row(person, action="add", relationship="18", coverages=(), position=1, **more):
    return MemberInstruction(
        position=position, action=action, subscriber_number=more.pop("number", "W1"), relationship=relationship,
        person=person, coverages=coverages, **more,
    )  # fmt: skip


@pytest.fixture
def roster():
    return Roster(
        humans=(), places=(), options=OPTIONS, organisation=FIRM, ssn_token=lambda digits: f"token of {digits}"
    )


@pytest.fixture
def okafors(roster):
    """Alma with Ben and Cara in the family tier of the PPO since January."""
    for person, relationship in ((ALMA, "18"), (BEN, "01"), (CARA, "19")):
        assert roster.apply(row(person, relationship=relationship, coverages=(medical(),))).result == "applied"
    roster.happenings.clear()
    return roster


def held(roster, given_name, line="medical"):
    [place] = [one for one in roster.places.values() if roster.humans[one.person_id].details.given_name == given_name]
    return [(one.tier, one.start, one.end) for one in in_effect(place.lines.get(line, ()))]


def refused(outcome):
    assert outcome.result == "rejected"
    return outcome.reasons[0]


def test_an_added_family_is_enrolled_and_told_in_events(roster):
    roster.apply(row(ALMA, coverages=(medical(),)))
    assert [one.kind for one in roster.happenings] == ["added", "enrolled"]
    assert held(roster, "Alma") == [("FAM", JANUARY, None)]


def test_a_dependant_before_any_subscriber_is_rejected_alone(roster):
    assert "No subscriber has this number" in refused(roster.apply(row(BEN, relationship="01")))
    assert roster.apply(row(ALMA, coverages=(medical(),))).result == "applied"


def test_a_row_that_breaks_a_rule_changes_nothing_at_all(okafors):
    before = deepcopy(okafors.places)
    wrong = row(replace(ALMA, family_name="Stone"), "change", coverages=(medical("change", APRIL, option="NOPE"),))
    assert "'NOPE' is not set up" in refused(okafors.apply(wrong))
    assert okafors.places == before and not okafors.happenings
    assert okafors.humans[okafors.subscriber("W1").person_id].details.family_name == "Okafor"


def test_ending_the_subscriber_ends_the_whole_family(okafors):
    okafors.apply(row(ALMA, "terminate", eligibility_end=JULY))
    assert held(okafors, "Alma") == held(okafors, "Ben") == held(okafors, "Cara") == [("FAM", JANUARY, JULY)]
    assert [one.kind for one in okafors.happenings] == ["terminated"] * 3


def test_ending_one_coverage_of_a_changed_member_leaves_the_others(okafors):
    dental = CoverageInstruction(
        action="add", line_of_coverage="dental", option_code="DENTAL", tier="FAM", start=JANUARY
    )
    okafors.apply(row(ALMA, "change", coverages=(dental,)))
    okafors.apply(row(ALMA, "change", coverages=(medical("terminate", None, JULY),)))
    assert held(okafors, "Alma") == [("FAM", JANUARY, JULY)]
    assert held(okafors, "Alma", "dental") == [("FAM", JANUARY, None)]


def test_ending_without_a_day_is_rejected(okafors):
    assert refused(okafors.apply(row(BEN, "terminate", "01"))) == "The last day of coverage is missing."


def test_the_same_first_and_last_day_in_a_file_never_takes_effect(okafors):
    okafors.apply(row(BEN, "terminate", "01", eligibility_end=JANUARY + timedelta(days=1)))
    assert held(okafors, "Ben") == []
    assert okafors.happenings[-1].kind == "voided"


def test_a_newborn_who_dies_on_its_first_day_was_covered_that_day(okafors):
    noa = PersonDetails(given_name="Noa", family_name="Okafor", birth_date=APRIL, sex="F", death_date=APRIL)
    okafors.apply(row(noa, relationship="19", coverages=(medical(start=APRIL, end=APRIL + timedelta(days=1)),)))
    assert held(okafors, "Noa") == [("FAM", APRIL, APRIL + timedelta(days=1))]


def test_a_reinstated_member_goes_on_in_the_same_option_and_tier(okafors):
    okafors.apply(row(BEN, "terminate", "01", eligibility_end=APRIL))
    okafors.apply(row(BEN, "reinstate", "01", coverages=(medical("reinstate", APRIL, option="", tier=""),)))
    assert held(okafors, "Ben") == [("FAM", JANUARY, None)]
    assert okafors.happenings[-1].kind == "reinstated"


def test_reinstating_what_never_was_is_rejected(roster):
    roster.apply(row(ALMA))
    again = row(ALMA, "reinstate", coverages=(medical("reinstate", APRIL),))
    assert "no earlier coverage" in refused(roster.apply(again))


def test_a_tier_changes_from_its_day(okafors):
    okafors.apply(row(ALMA, "change", coverages=(medical("change", JULY, tier="ESP"),)))
    assert held(okafors, "Alma") == [("FAM", JANUARY, JULY), ("ESP", JULY, None)]


def test_a_change_without_a_day_is_fine_only_when_nothing_changes(okafors):
    assert okafors.apply(row(ALMA, "change", coverages=(medical("change", None),))).result == "unchanged"
    other = row(ALMA, "change", coverages=(medical("change", None, option="HDHP"),))
    assert "the day the coverage begins is missing" in refused(okafors.apply(other))


def test_a_dependant_without_option_and_tier_gets_the_subscribers(okafors):
    dan = PersonDetails(given_name="Dan", family_name="Okafor", birth_date=JULY, sex="M")
    okafors.apply(row(dan, relationship="19", coverages=(medical(start=JULY, option="", tier=""),)))
    assert held(okafors, "Dan") == [("FAM", JULY, None)]


def test_a_family_whose_file_names_no_tier_gets_the_one_of_its_people(roster):
    for person, relationship in ((ALMA, "18"), (CARA, "19")):
        roster.apply(row(person, relationship=relationship, coverages=(medical(tier=""),)))
    roster.finish()
    assert held(roster, "Alma") == held(roster, "Cara") == [("ECH", JANUARY, None)]
    assert {one.after[0].tier for one in roster.happenings if one.after} == {"ECH"}


def test_a_tier_that_takes_in_no_dependants_is_pointed_out(roster):
    roster.apply(row(ALMA, coverages=(medical(tier="EMP"),)))
    outcome = roster.apply(row(BEN, relationship="01", coverages=(medical(tier="EMP"),)))
    assert outcome.result == "applied"
    assert outcome.reasons == ("medical: the subscriber's tier 'EMP' takes in no dependants",)


def test_coverage_before_birth_is_rejected(okafors):
    dan = PersonDetails(given_name="Dan", family_name="Okafor", birth_date=JULY, sex="M")
    outcome = okafors.apply(row(dan, relationship="19", coverages=(medical(start=APRIL),)))
    assert "before the member was born" in refused(outcome)


def test_twins_on_one_birthday_are_two_members(okafors):
    for name in ("Eva", "Finn"):
        twin = PersonDetails(given_name=name, family_name="Okafor", birth_date=APRIL, sex="U")
        assert okafors.apply(row(twin, relationship="19", coverages=(medical(start=APRIL),))).result == "applied"
    assert len(okafors.family("W1")) == 5


def test_a_number_given_to_somebody_else_is_rejected(okafors):
    stranger = PersonDetails(given_name="Gus", family_name="Stone", birth_date=date(1990, 1, 1), sex="M")
    assert "belongs to somebody else" in refused(okafors.apply(row(stranger, "change")))


def test_a_corrected_name_and_birth_date_come_with_the_details_as_told_before(okafors):
    corrected = replace(CARA, given_name="Carla", birth_date=date(2015, 9, 10))
    assert "not on file" in refused(okafors.apply(row(corrected, "change", "19")))
    assert okafors.apply(row(corrected, "change", "19", prior=CARA)).result == "applied"
    assert okafors.happenings[-1].fields == ("given_name", "birth_date")


def test_a_social_security_number_of_another_person_is_rejected(okafors):
    assert "for another person" in refused(okafors.apply(row(replace(BEN, ssn=ALMA.ssn), "change", "01")))


def test_a_dependant_who_becomes_an_employee_stays_the_same_person(okafors):
    told = replace(BEN, ssn="223456789")
    okafors.apply(row(told, "change", "01"))
    outcome = okafors.apply(row(told, number="W2", coverages=(medical(start=JULY, tier="EMP"),)))
    places = [one for one in okafors.places.values() if one.person_id == okafors.places[outcome.place_id].person_id]
    assert [one.subscriber_number for one in places] == ["W1", "W2"]
    assert outcome.reasons == ("the person is on file already and gets a further member place",)


def test_a_death_is_kept_with_its_date(okafors):
    okafors.apply(row(replace(BEN, death_date=APRIL), "terminate", "01", eligibility_end=APRIL, reason_code="03"))
    assert okafors.humans[okafors.family("W1")[1].person_id].details.death_date == APRIL


def test_employment_is_the_subscribers_alone(okafors):
    works = EmploymentDetails(ein="123456789", start=JANUARY)
    okafors.apply(row(ALMA, "change", employment=works))
    okafors.apply(row(BEN, "change", "01", employment=works))
    assert [one.kind for one in okafors.happenings] == ["employed"]
    assert okafors.happenings[0].fields == ("ein", "start")


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (EmploymentDetails(ein="999999999", start=JANUARY), "Legal entity 999999999 is not set up."),
        (EmploymentDetails(division="EAST", start=JANUARY), "Division 'EAST' is not set up for 123456789."),
        (EmploymentDetails(employee_class="GOLD", start=JANUARY), "Employee class 'GOLD' is not set up."),
        (EmploymentDetails(start=APRIL, end=JANUARY), "The employment ends before it begins."),
    ],
)
def test_work_at_a_place_that_does_not_exist_is_rejected(okafors, told, reason):
    assert refused(okafors.apply(row(ALMA, "change", employment=told))).startswith(reason)


def test_work_without_a_first_day_is_not_stored_but_the_rest_is(okafors):
    outcome = okafors.apply(row(replace(ALMA, family_name="Weiss"), "change", employment=EmploymentDetails(end=JULY)))
    assert (outcome.result, outcome.reasons) == (
        "applied",
        ("the hire date is missing, so nothing about the work is stored",),
    )


def test_somebody_hired_again_is_employed_anew(okafors):
    okafors.apply(row(ALMA, "change", employment=EmploymentDetails(division="NORTH", start=JANUARY, end=APRIL)))
    okafors.apply(row(ALMA, "change", employment=EmploymentDetails(start=JULY)))
    place = okafors.subscriber("W1")
    assert okafors.employment_of(place) == EmploymentDetails(ein="123456789", division="NORTH", start=JULY)


def test_a_new_person_needs_every_detail(roster):
    assert (
        refused(roster.apply(row(replace(ALMA, birth_date=None)))) == "The member is new and the birth date is missing."
    )


PEOPLE = [(ALMA, "18"), (BEN, "01"), (CARA, "19")]
instructions = st.builds(
    lambda who, action, coverage_action, start, length, option, tier, position: row(
        who[0],
        action,
        who[1],
        (medical(coverage_action, start, None if length is None else start + timedelta(days=length), option, tier),),
        position,
        eligibility_end=None if length is None else start + timedelta(days=length),
    ),
    who=st.sampled_from(PEOPLE),
    action=st.sampled_from(["add", "change", "terminate", "reinstate", "audit"]),
    coverage_action=st.sampled_from(["add", "change", "terminate", "reinstate", "audit", "correct", "void"]),
    start=st.integers(0, 30).map(lambda days: JANUARY + timedelta(days=days)),
    length=st.none() | st.integers(0, 20),
    option=st.sampled_from(["PPO", "HDHP", "DENTAL", ""]),
    tier=st.sampled_from(["EMP", "FAM", ""]),
    position=st.integers(1, 99),
)


def fresh():
    return Roster(humans=(), places=(), options=OPTIONS, organisation=FIRM, ssn_token=str)


@given(st.lists(instructions, max_size=10))
def test_periods_of_a_member_never_overlap_after_any_sequence(history):
    roster = fresh()
    for instruction in history:
        roster.apply(instruction)
    roster.finish()
    for place in roster.places.values():
        for stretches in place.lines.values():
            lasting = in_effect(stretches)
            assert all(a.end is not None and a.end <= b.start for a, b in zip(lasting, lasting[1:], strict=False))
            assert all(one.tier for one in stretches)


@given(st.lists(instructions, max_size=6), instructions)
def test_a_row_told_twice_in_a_row_happens_once(history, again):
    roster = fresh()
    for instruction in history:
        roster.apply(instruction)
    first = roster.apply(again)
    places = deepcopy(roster.places)
    second = roster.apply(again)
    assert second.result == ("rejected" if first.result == "rejected" else "unchanged")
    assert roster.places == places
