"""Whom a provider's question means: golden table and properties."""

import csv
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits.core.searching import (
    Misfit,
    PersonAsked,
    Place,
    find_dependant,
    find_holder,
    find_person,
    same_family_name,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "searching.csv"


def place(name, family, number, born, sex, *, key, holder, relationship="19", person=None):
    return Place(
        member_id=key,
        holder_id=holder,
        person_id=person or key,
        person_uuid=UUID(int=person or key),
        family_id=holder,
        member_number=number,
        given_name=name,
        family_name=family,
        birth_date=date.fromisoformat(born),
        sex=sex,
        relationship=relationship,
    )


PLACES = {
    "alma": place("Alma", "Ruiz", "H0001", "1985-03-02", "F", key=1, holder=1, relationship="18"),
    "ben": place("Ben", "Ruiz", "H0001", "2016-08-09", "M", key=2, holder=1),
    "carl": place("Carl", "Ruiz", "H0001", "1983-01-30", "M", key=3, holder=1, relationship="01"),
    "eva": place("Eva", "Ruiz", "H0001", "2010-05-05", "F", key=4, holder=1),
    "ada": place("Ada", "Ruiz", "H0001", "2010-05-05", "F", key=5, holder=1),
    "other alma": place("Alma", "Ruiz", "H0002", "1985-03-02", "F", key=6, holder=6, relationship="18"),
    "zoe": place("Zoë", "Ruiz-Ek", "H0002", "1990-12-01", "F", key=7, holder=6, relationship="01"),
}


def rows():
    with GOLDEN.open(encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def asked_in(row):
    return PersonAsked(
        member_number=row["number"],
        given_name=row["given_name"],
        family_name=row["family_name"],
        birth_date=date.fromisoformat(row["birth_date"]) if row["birth_date"] else None,
        sex=row["sex"],
    )


def offered(asked):
    """What the selector finds: by number, or by birth date where none is told."""
    if asked.member_number:
        return [one for one in PLACES.values() if one.member_number == asked.member_number]
    return [one for one in PLACES.values() if one.birth_date == asked.birth_date]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["case"])
def test_the_worked_examples(row):
    asked = asked_in(row)
    found = find_person(asked, offered(asked))
    assert found == (PLACES.get(row["means"]) or Misfit(row["means"]))


names = st.sampled_from(["", "Alma", "Ben", "Eva", "Ada", "Elsa"])
families = st.sampled_from(["", "Ruiz", "RUIZ SR", "Weiss"])
born = st.sampled_from([None, *(one.birth_date for one in PLACES.values()), date(1970, 1, 1)])
questions = st.builds(
    PersonAsked,
    member_number=st.sampled_from(["", "H0001", "H0002", "H9"]),
    given_name=names,
    family_name=families,
    birth_date=born,
    sex=st.sampled_from(["", "F", "M", "U"]),
)


@given(questions)
def test_whoever_is_found_agrees_with_everything_told(asked):
    found = find_person(asked, offered(asked))
    if isinstance(found, Place):
        assert asked.birth_date in (None, found.birth_date)
        assert not asked.family_name or same_family_name(asked.family_name, found.family_name)
        assert not asked.given_name or asked.given_name == found.given_name
        assert asked.member_number in ("", found.member_number)


@given(questions)
def test_two_people_who_fit_alike_are_never_chosen_between(asked):
    found = find_person(asked, offered(asked))
    if isinstance(found, Place):
        twin = place(
            found.given_name, found.family_name, found.member_number, found.birth_date.isoformat(), found.sex,
            key=99, holder=found.holder_id, relationship=found.relationship,
        )  # fmt: skip
        assert find_person(asked, [*offered(asked), twin]) is Misfit.SEVERAL


@given(questions, st.randoms())
def test_the_order_of_rows_does_not_matter(asked, chance):
    shuffled = offered(asked)
    chance.shuffle(shuffled)
    assert find_person(asked, shuffled) == find_person(asked, offered(asked))


def test_one_person_with_two_places_is_answered_at_his_own():
    husband = place("Alma", "Ruiz", "H0003", "1985-03-02", "F", key=0, holder=9, relationship="01", person=1)
    asked = PersonAsked(given_name="Alma", family_name="Ruiz", birth_date=date(1985, 3, 2))
    assert find_person(asked, [husband, PLACES["alma"]]) == PLACES["alma"]


@pytest.mark.parametrize(
    ("told", "means"),
    [
        ({"given_name": "Ben", "birth_date": date(2016, 8, 9)}, "ben"),
        ({"given_name": "Ben", "family_name": "Ruiz"}, "ben"),
        ({"family_name": "Ruiz", "birth_date": date(2016, 8, 9)}, "ben"),
        ({"family_name": "Ruiz", "birth_date": date(2010, 5, 5)}, Misfit.SEVERAL),
        ({"given_name": "Ben", "birth_date": date(2016, 8, 10)}, Misfit.NOBODY),
        ({"given_name": "Alma", "birth_date": date(1985, 3, 2)}, Misfit.NOBODY),
        ({"birth_date": date(2016, 8, 9)}, Misfit.NAME_MISSING),
        ({"given_name": "Ben"}, Misfit.BIRTH_DATE_MISSING),
        ({"given_name": "Zoe", "birth_date": date(1990, 12, 1)}, Misfit.NOBODY),
    ],
)
def test_a_dependant_is_looked_for_under_his_subscriber_alone(told, means):
    found = find_dependant(PersonAsked(**told), PLACES["alma"], list(PLACES.values()))
    assert found == (PLACES[means] if isinstance(means, str) and means in PLACES else means)


def test_a_subscriber_above_a_dependant_needs_his_number_only_and_may_not_be_misnamed():
    under = offered(PersonAsked(member_number="H0001"))
    assert find_holder(PersonAsked(member_number="H0001"), under) == PLACES["alma"]
    assert find_holder(PersonAsked(member_number="H0001", family_name="Weiss"), under) is Misfit.NOBODY
    assert find_holder(PersonAsked(member_number="H0001"), []) is Misfit.NUMBER_UNKNOWN
