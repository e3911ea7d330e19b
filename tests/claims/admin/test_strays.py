"""From the operations site: what came in, what answered it, and claims without an employer tried again."""

import io
from uuid import uuid4

import pytest
from django_tenants.utils import schema_context

from claims.management.made.claims import Flaws
from claims.models import ClaimSubmission
from claims.services import intake
from tenants import facade as tenants
from tenants.exchange.models import InboundFile, UnroutablePart
from tenants.models import StaffEvent
from tests.factories import made
from tests.factories import tenants as people
from tests.factories.made import RECEIVED

pytestmark = pytest.mark.django_db
STRAYS, FILES = "/admin/exchange/unroutablepart/", "/admin/exchange/inboundfile/"


@pytest.fixture
def harbor(db, employer) -> made.MadeEmployer:
    return made.people(employer, made.clearing_house(), code="HFL")


@pytest.fixture
def file(harbor) -> InboundFile:
    """Five good claims and one of an unknown group."""
    lost = harbor.claims(1, first=900, flaws=Flaws(unknown_group=10_000))
    content = made.file_of(harbor.claims(5), lost)
    uuid = tenants.receive_file(stream=io.BytesIO(content), name="week.837", received_at=RECEIVED).file.uuid
    intake.import_file(file_uuid=uuid)
    return InboundFile.objects.get(uuid=uuid)


def staff(role: str):
    return people.at_operations(people.staff(role, email=f"{role}@aso.example"))


def try_again(client, part: UnroutablePart) -> str:
    said = {"action": "retry", "_selected_action": [part.pk]}
    return client.post(STRAYS, said, follow=True).content.decode()


def test_a_claim_finds_its_employer_once_the_route_is_there(file, harbor):
    client, part = staff("claims_manager"), UnroutablePart.objects.get()
    assert "1 tried, 0 found" in try_again(client, part)
    tenants.set_group_route(group_number="UNKNOWN-GROUP", schema_name=harbor.facts.schema_name)
    assert "1 tried, 1 found" in try_again(client, part)
    assert "0 tried, 0 found" in try_again(client, part)
    part.refresh_from_db()
    assert part.resolved_schema == harbor.facts.schema_name
    assert StaffEvent.objects.get(kind="part_rerouted").detail == {"tried": 1, "routed": 1}
    with schema_context(harbor.facts.schema_name):
        assert ClaimSubmission.objects.count() == 6


def test_trying_again_is_for_claims_managers(file, harbor):
    tenants.set_group_route(group_number="UNKNOWN-GROUP", schema_name=harbor.facts.schema_name)
    part = UnroutablePart.objects.get()
    try_again(staff("finance"), part)
    part.refresh_from_db()
    assert part.resolved_at is None


def test_the_queue_of_strays_names_nobody_and_opens_nothing(file, harbor):
    page = staff("examiner").get(STRAYS).content.decode()
    assert "unknown group" in page
    for family in harbor.families:
        for person in family.people:
            assert person.family_name.upper() not in page.upper()
    assert "UNKNOWN-GROUP" not in page


def test_files_show_their_counts_and_their_answers_can_be_downloaded(file):
    client = staff("claims_manager")
    page = client.get(FILES).content.decode()
    assert "week.837" in page
    assert "finished" in page
    told = client.get(f"{FILES}{file.pk}/change/").content.decode()
    for facts in tenants.answers_to(file.uuid):
        assert facts.name in told
        reply = client.get(f"{FILES}answers/{facts.uuid}/")
        assert reply.content.startswith(b"ISA*")
        assert StaffEvent.objects.filter(kind="file_released", subject_uuid=facts.uuid).count() == 1
    assert client.get(f"{FILES}answers/{uuid4()}/").status_code == 404


def test_an_answer_that_names_patients_is_not_for_everybody(file):
    answers = {facts.kind: facts.uuid for facts in tenants.answers_to(file.uuid)}
    client = staff("finance")
    assert client.get(f"{FILES}answers/{answers['277CA']}/").status_code == 403
    assert client.get(f"{FILES}answers/{answers['999']}/").status_code == 200


def test_files_are_few_queries_however_many(file, django_assert_max_num_queries):
    for number in range(10):
        tenants.receive_file(stream=io.BytesIO(b"ISA~%d" % number), name=f"{number}.837", received_at=RECEIVED)
    client = staff("examiner")
    with django_assert_max_num_queries(14):
        assert client.get(FILES).status_code == 200
    with django_assert_max_num_queries(14):
        assert client.get(STRAYS).status_code == 200


def test_files_are_never_changed_by_hand(file):
    root = staff("admin")
    assert root.post(f"{FILES}{file.pk}/change/", {"name": "x"}).status_code == 403
    assert root.get(f"{FILES}add/").status_code == 403
    assert root.get(f"{FILES}{file.pk}/delete/").status_code == 403
