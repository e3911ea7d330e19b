"""A look is logged and committed before anything is shown; a look that cannot be logged does not happen."""

from uuid import uuid4

import pytest
from django.db import connection, transaction

from tenants.core.roles import Actor, system
from tenants.records.core.neutral import NotNeutral
from tenants.records.models import PhiAccess
from tenants.records.services import phi
from tenants.records.services.phi import ReadNotLogged
from tenants.services.owner import as_owner

ALMA = uuid4()


@pytest.fixture
def nadia(employer) -> Actor:
    return Actor("staff", uuid4(), frozenset({"examiner", "stop_loss"}), employer.schema_name, grant_uuid=uuid4())


def look(actor: Actor, **more) -> str:
    request_id = uuid4().hex
    phi.log_view(actor=actor, record_class="claim", purpose="appeal", request_id=request_id, **more)
    return request_id


def test_a_look_at_a_person_names_everything(committing_db, employer, as_employer, nadia):
    with as_employer(employer):
        request_id = look(nadia, person_uuid=ALMA)
        row = PhiAccess.objects.get(request_id=request_id)
        assert (row.actor_kind, row.actor_uuid, row.grant_uuid) == ("staff", nadia.uuid, nadia.grant_uuid)
        assert (row.role, row.person_uuid, row.record_class, row.purpose, row.shown) == (
            "examiner,stop_loss",
            ALMA,
            "claim",
            "appeal",
            1,
        )
        (view,) = phi.views_of(ALMA)
        assert (view.actor_uuid, view.grant_uuid, view.record_class) == (nadia.uuid, nadia.grant_uuid, "claim")


def test_a_look_stays_when_the_request_is_rolled_back(committing_db, employer, as_employer, nadia):
    with as_employer(employer):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            request_id = look(nadia, person_uuid=ALMA)
            raise ZeroDivisionError
        assert PhiAccess.objects.filter(request_id=request_id).count() == 1


def test_a_look_is_committed_while_the_request_still_runs(committing_db, employer, as_employer, nadia):
    with as_employer(employer), transaction.atomic():
        request_id = look(nadia, person_uuid=ALMA)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id_if_assigned()")
            assert cursor.fetchone() == (None,)  # this transaction wrote nothing
        assert PhiAccess.objects.filter(request_id=request_id).exists()


def test_a_list_has_a_filter_a_count_and_few_ids(committing_db, employer, as_employer, nadia):
    with as_employer(employer):
        few = look(nadia, filter_code="status:pended", shown=200, record_uuids=[uuid4() for _ in range(200)])
        many = look(nadia, filter_code="status:pended", shown=201, record_uuids=[uuid4() for _ in range(201)])
        assert len(PhiAccess.objects.get(request_id=few).record_uuids) == 200
        assert PhiAccess.objects.get(request_id=many).record_uuids == []
        assert PhiAccess.objects.get(request_id=many).shown == 201


def test_a_look_goes_to_the_employer_it_happened_in(committing_db, employer, other_employer, as_employer, nadia):
    with as_employer(employer), transaction.atomic():
        request_id = look(nadia)
        with as_employer(other_employer):
            other = look(nadia)
    with as_employer(other_employer):
        assert [row.request_id for row in PhiAccess.objects.all()] == [other]
    with as_employer(employer):
        assert [row.request_id for row in PhiAccess.objects.all()] == [request_id]


@pytest.mark.parametrize("inside_a_transaction", [False, True])
def test_a_look_that_cannot_be_logged_is_refused(
    committing_db, employer, as_employer, nadia, inside_a_transaction, monkeypatch
):
    with as_owner(NAME=committing_db.name), as_employer(employer), connection.cursor() as cursor:
        cursor.execute(f'REVOKE INSERT ON records_phiaccess FROM "{employer.schema_name}"')
    with as_employer(employer), pytest.raises(ReadNotLogged, match="nothing is shown"):
        if inside_a_transaction:
            with transaction.atomic():
                look(nadia)
        else:
            look(nadia)


def test_nobody_looks_without_a_name(in_employer):
    with pytest.raises(ReadNotLogged, match="nobody"):
        look(system(in_employer.schema_name))


def test_the_log_itself_holds_codes_only(in_employer, nadia):
    with pytest.raises(NotNeutral):
        phi.log_view(actor=nadia, record_class="claim", purpose="Alma asked", request_id="1")
