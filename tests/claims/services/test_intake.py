"""Every claim of a file is stored once, waits, or is rejected with a reason; every file is answered."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django_tenants.utils import schema_context

from claims.core.claim_json import from_json
from claims.edi.x837 import ClaimAccepted, read_837
from claims.management.made.claims import Flaws
from claims.models import ClaimSubmission
from claims.services import intake, storing, strays
from claims.services.storing import Arrival
from tenants import facade as tenants
from tenants.models import Employer
from tests.factories import made
from tests.factories.made import RECEIVED

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db):
    return made.clearing_house()


@pytest.fixture
def harbor(employer, house):
    return made.people(employer, house, code="HRB")


@pytest.fixture
def meadow(other_employer, house):
    return made.people(other_employer, house, code="MDW", seed=6)


def receive(content, *, name="claims.837", at=RECEIVED):
    return intake.receive(stream=io.BytesIO(content), name=name, received_at=at)[0]


def take(content, **more):
    return intake.import_file(file_uuid=receive(content, **more))


def stored(which):
    with schema_context(which.facts.schema_name):
        return list(
            ClaimSubmission.objects.order_by("intake_seq").values_list("intake_seq", "claim_key", "billed_cents")
        )


def answers(uuid):
    found = {}
    for answer in tenants.answers_to(uuid):
        with tenants.open_outbound_file(answer.uuid) as stream:
            found[answer.kind] = stream.read().decode()
    return found


def test_one_interchange_of_two_employers_goes_to_both(harbor, meadow):
    ours, theirs = harbor.claims(60), meadow.claims(40)
    report = take(made.file_of(ours, theirs))
    assert (report.claims, report.accepted, report.rejected, report.unroutable) == (100, 100, 0, 0)
    assert report.employers == {harbor.facts.schema_name: 60, meadow.facts.schema_name: 40}
    assert sum(cents for *_, cents in stored(harbor)) == sum(claim.charge for claim in ours)
    assert sum(cents for *_, cents in stored(meadow)) == sum(claim.charge for claim in theirs)


def test_claims_are_numbered_in_the_order_of_the_file(harbor):
    take(made.file_of(harbor.claims(30)))
    take(made.file_of(harbor.claims(30, first=100), control=2), at=RECEIVED + timedelta(minutes=1))
    assert [seq for seq, *_ in stored(harbor)] == list(range(1, 61))


def test_a_stored_claim_reads_back_and_belongs_to_the_patient(harbor):
    claims = {claim.number: claim for claim in harbor.claims(40)}
    take(made.file_of(list(claims.values())))
    with schema_context(harbor.facts.schema_name):
        for row in ClaimSubmission.objects.select_related("person"):
            claim = from_json(row.content)
            sent = claims[claim.patient_control_number]
            assert row.billed_cents == claim.billed_cents == sent.charge
            assert (row.person.given_name, row.person.birth_date) == (sent.patient.given_name, sent.patient.birth_date)
            assert row.first_service_date == sent.start
            assert row.received_date == RECEIVED.date()


def test_the_same_bytes_again_store_nothing(harbor):
    content = made.file_of(harbor.claims(20))
    first = receive(content)
    intake.import_file(file_uuid=first)
    second, duplicate = intake.receive(stream=io.BytesIO(content), name="again.837", received_at=RECEIVED)
    assert duplicate and second == first
    assert intake.import_file(file_uuid=first).accepted == 20
    assert len(stored(harbor)) == 20
    assert len(tenants.answers_to(first)) == 3


def test_a_control_number_that_came_before_is_a_duplicate_interchange(harbor):
    take(made.file_of(harbor.claims(20)))
    report = take(made.file_of(harbor.claims(10, first=500)))
    assert (report.accepted, report.duplicate) == (0, 10)
    assert "used the interchange control number before" in report.faults[0]
    text = answers(report.file_uuid)["TA1"]
    assert "*R*025~" in text
    assert len(stored(harbor)) == 20


def test_one_bad_claim_never_loses_its_neighbours(harbor):
    report = take(made.file_of(harbor.claims(25), harbor.claims(1, first=900, flaws=Flaws(unbalanced=10_000))))
    assert (report.accepted, report.rejected) == (25, 1)
    text = answers(report.file_uuid)["277CA"]
    assert text.count("STC*A2:20") >= 25
    assert text.count("STC*A8:178") == 1
    assert "QTY*AA*1~" in text


def test_unknown_groups_and_members_wait_sealed_and_are_acknowledged_as_received(harbor):
    lost = harbor.claims(1, first=900, flaws=Flaws(unknown_group=10_000))
    nobody = harbor.claims(1, first=901, flaws=Flaws(unknown_member=10_000))
    report = take(made.file_of(harbor.claims(5), lost, nobody))
    assert (report.accepted, report.unroutable) == (5, 2)
    waiting = tenants.waiting_strays()
    assert sorted(part.reason for part in waiting) == ["unknown_group", "unknown_member"]
    assert "STC*A1:19:PR" in answers(report.file_uuid)["277CA"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(encode(content, 'escape'), '') FROM exchange_unroutablepart")
        assert lost[0].family.people[0].family_name.upper() not in cursor.fetchone()[0]


def test_a_claim_that_waited_is_taken_once_its_group_is_known(harbor):
    take(made.file_of(harbor.claims(1, first=900, flaws=Flaws(unknown_group=10_000))))
    clerk = tenants.Actor("staff", uuid4(), frozenset({"examiner"}), "public")
    assert strays.retry(actor=clerk).routed == 0
    tenants.set_group_route(group_number="UNKNOWN-GROUP", schema_name=harbor.facts.schema_name)
    assert strays.retry(actor=clerk) == strays.Retried(tried=1, routed=1)
    assert strays.retry(actor=clerk) == strays.Retried(tried=0, routed=0)
    assert len(stored(harbor)) == 1


def test_claims_of_an_employer_who_has_left_wait_and_hold_up_nobody(harbor, meadow):
    with schema_context("public"):
        Employer.objects.filter(schema_name=meadow.facts.schema_name).update(status="offboarded")
    report = take(made.file_of(harbor.claims(5), meadow.claims(3)))
    assert (report.accepted, report.unroutable) == (5, 3)
    assert (len(stored(harbor)), stored(meadow)) == (5, [])
    assert strays.retry(actor=tenants.Actor("staff", uuid4(), frozenset(), "public")).routed == 0
    assert stored(meadow) == []


def test_a_run_killed_between_two_windows_goes_on_and_loses_nothing(harbor, meadow, monkeypatch):
    content = made.file_of(harbor.claims(60), meadow.claims(60))
    monkeypatch.setattr(intake, "WINDOW", 25)
    uuid = receive(content)
    calls = []

    def dies(claims, arrival):
        calls.append(len(claims))
        if len(calls) == 4:
            raise KeyboardInterrupt
        return storing.store(claims, arrival)

    monkeypatch.setattr(intake, "store", dies)
    with pytest.raises(KeyboardInterrupt):
        intake.import_file(file_uuid=uuid)
    connection.set_schema_to_public()
    before = stored(harbor)
    assert 0 < len(before) < 60 and not tenants.answers_to(uuid)
    monkeypatch.setattr(intake, "store", storing.store)
    report = intake.import_file(file_uuid=uuid)
    assert (report.accepted, report.unroutable, report.rejected) == (120, 0, 0)
    assert stored(harbor)[: len(before)] == before
    assert [seq for seq, *_ in stored(harbor)] == list(range(1, 61))
    assert len({key for _, key, _ in stored(harbor) + stored(meadow)}) == 120
    assert intake.import_waiting() == []


def test_claims_of_other_employers_wait_when_only_one_is_wanted(harbor, meadow):
    uuid = receive(made.file_of(harbor.claims(5), meadow.claims(5)))
    report = intake.import_file(file_uuid=uuid, only=harbor.facts.schema_name)
    assert (report.accepted, report.unroutable) == (5, 5)
    assert not stored(meadow)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"hello, this is no EDI at all" * 50, "does not begin with an ISA"),
        (b"ISA*00*", "does not begin with an ISA"),
        (b"PK\x03\x04" + b"\0" * 200, "zip archive"),
        (b"\x00\x01\x02" * 100, "binary"),
    ],
)
def test_what_is_no_837_is_refused_and_nothing_is_kept(house, content, words):
    with pytest.raises(Exception, match=words) as refusal:
        receive(content)
    assert isinstance(refusal.value, intake.CannotRead | tenants.CannotReceive)
    assert tenants.unfinished_files() == []


def test_a_sender_nobody_agreed_with_is_refused(harbor):
    content = made.file_of(harbor.claims(3)).replace(b"MADEHOUSE      ", b"STRANGER       ")
    with pytest.raises(intake.CannotRead, match="no trading partner has these ids"):
        receive(content)


def test_a_truncated_file_is_answered_and_stores_nothing_of_the_broken_interchange(harbor):
    content = made.file_of(harbor.claims(30))
    report = take(content[: len(content) // 2])
    assert report.accepted == 0 and report.faults
    assert "*R*023~" in answers(report.file_uuid)["TA1"]
    assert stored(harbor) == []


def test_intake_takes_the_same_statements_for_many_claims(harbor, django_assert_max_num_queries):
    events = read_837(io.BytesIO(made.file_of(harbor.claims(50))))
    claims = [storing.arrived(str(event.key), event.claim) for event in events if isinstance(event, ClaimAccepted)]
    arrival = Arrival(uuid4(), RECEIVED, RECEIVED.date())
    with schema_context(harbor.facts.schema_name):
        storing.store(claims[:1], arrival)
        with django_assert_max_num_queries(8):
            storing.store(claims[1:], arrival)


def test_a_test_interchange_is_checked_and_answered_but_never_stored(harbor):
    content = made.file_of(harbor.claims(5))
    report = take(content.replace(b"*0*P*:~", b"*0*T*:~", 1))
    assert (report.accepted, report.rejected) == (0, 5)
    assert "*R*020~" in answers(report.file_uuid)["TA1"]
    assert stored(harbor) == []
    assert take(content, name="real.837").accepted == 5
