"""A trading partner's key among two employers full of marks: it opens one address, and there one employer's people."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context

from claims.models import ClaimSubmission
from tenants import facade as tenants
from tenants.exchange.models import TradingPartner
from tests.factories import marks, questions
from tests.factories.canaries import ALMA, BEN, EMIL
from tests.factories.tenants import OPERATIONS, browser, host_of
from tests.isolation.addresses import DESK, EMPLOYER
from tests.isolation.addresses import OPERATIONS as OPERATIONS_URLS
from tests.isolation.test_url_matrix import assert_clean, nothing_seen, walk
from tests.isolation.watch import Place
from tests.isolation.world import Visitor

ASKED = {marks.NAME, marks.SEALED, marks.PLAN}
"""What an answer about a person of his may show: his name, his number, his plan."""


@pytest.fixture
def program(watch) -> Visitor:
    """The program of Harbor's partner, who may ask about Harbor alone."""
    harbor = watch.world.harbor
    partner = TradingPartner.objects.get(their_id=harbor.facts.slug)
    TradingPartner.objects.filter(pk=partner.pk).update(asks_about=[harbor.facts.schema_name])
    _, key = tenants.make_partner_key(partner_uuid=partner.uuid, made_by_uuid=uuid4(), now=timezone.now())
    headers = {"Authorization": f"Bearer {key}"}
    return Visitor("partner key", "api", None, browser(OPERATIONS), nothing_seen, headers=headers)


def ask(watch, program, content: bytes, *, place: Place):
    return watch.call(program, "POST", questions.ADDRESS, place, data=content.decode(), content_type=questions.X12)


def number_of(home, who: str) -> str:
    with schema_context(home.facts.schema_name):
        return home.members[who].member_number


def of(home, who: str, **more) -> tuple[str, ...]:
    """Everything that is true of a person of an employer, as a question."""
    person = home.people[who]
    told = {
        "name": f"{person.family_name}*{person.given_name}",
        "number": number_of(home, who),
        "born": f"{person.birth_date:%Y%m%d}",
        "sex": "F",
    }
    return questions.subscriber(**told | more)


def question(home, who: str, **more) -> bytes:
    return questions.interchange(questions.about(of(home, who, **more)), sender="harbor", receiver="ASO01")


def operations(watch, may_see=nothing_seen) -> Place:
    return Place(OPERATIONS, None, may_see, (), (watch.world.meadow,))


def test_it_is_nobodys_key_anywhere_else(watch, program):
    for home in (watch.world.harbor, watch.world.meadow):
        place = Place(host_of(home.facts), home, nothing_seen, (), (home,))
        walk(
            watch,
            program,
            place,
            EMPLOYER,
            home,
            turn=1,
            only=lambda number, address: number % 3 == 1 or "api" in address.shape,
        )
    walk(
        watch,
        program,
        operations(watch),
        OPERATIONS_URLS,
        watch.world.meadow,
        turn=2,
        only=lambda number, _: number % 4 == 1,
    )
    desk = Place(OPERATIONS, watch.world.meadow, nothing_seen, (), (watch.world.meadow,))
    walk(
        watch,
        program,
        desk,
        DESK,
        watch.world.meadow,
        turn=3,
        prefix="/e/meadow",
        only=lambda number, _: number % 9 == 1,
    )
    assert_clean(watch)
    assert watch.shown == set()


def test_it_is_told_of_its_own_employers_people(watch, program):
    harbor = watch.world.harbor
    place = operations(
        watch, lambda mark: mark.slug == "harbor" and mark.kind in ASKED and mark.person in (ALMA, marks.NOBODY)
    )
    for more in ({}, {"number": ""}, {"name": "", "sex": ""}):
        reply = ask(watch, program, question(harbor, ALMA, **more), place=place)
        assert re.search(rb"\nEB\*1\*\*30\*", reply.content), reply.content
    assert watch.faults == []
    assert {mark.kind for mark in watch.shown} & {marks.NAME, marks.SEALED, marks.PLAN}


@pytest.mark.parametrize("who", [ALMA, BEN, EMIL])
@pytest.mark.parametrize("more", [{}, {"number": ""}, {"name": "", "sex": ""}, {"born": ""}, {"asks": ("PT", "98")}])
def test_of_another_employers_people_it_is_told_nothing(watch, program, who, more):
    reply = ask(watch, program, question(watch.world.meadow, who, **more), place=operations(watch))
    assert b"\nEB*" not in reply.content
    assert reply.status_code == 200 and b"\nAAA*" in reply.content
    assert watch.faults == [] and watch.shown == set()


def test_of_another_employers_claims_it_is_told_nothing(watch, program):
    meadow = watch.world.meadow
    with schema_context(meadow.facts.schema_name):
        claims = list(ClaimSubmission.objects.filter(person=meadow.people[ALMA]).order_by("pk"))
    assert claims
    person = meadow.people[ALMA]
    asked = [(f"TRN*1*T-{claim.pk}", f"REF*1K*{claim.claim_number}") for claim in claims]
    body = questions.status_of(
        *asked,
        name=f"{person.family_name}*{person.given_name}",
        number=number_of(meadow, ALMA),
        born=f"{person.birth_date:%Y%m%d}*F",
    )
    content = questions.interchange(body, kind="276", sender="harbor", receiver="ASO01")
    reply = ask(watch, program, content, place=operations(watch))
    assert set(re.findall(rb"\nSTC\*([^*]*)\*", reply.content)) == {b"D0:33:IL"}
    assert watch.faults == [] and watch.shown == set()
