"""A repeated request gets the first reply and does nothing."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import pytest
from django.db import connection
from django_tenants.utils import schema_context

from tenants.core.roles import Actor, system
from tenants.records.models import AuditEvent
from tenants.records.services import audit, idempotency
from tenants.records.services.idempotency import OtherRequest, Reply, StillRunning, UnusableKey

KEY = "8f14e45f"
ALMA = Actor("member", uuid4(), frozenset({"member"}), "t_000000000000")
BEN = Actor("member", uuid4(), frozenset({"member"}), "t_000000000000")


def submit(key: str = KEY, actor: Actor = ALMA, request: bytes = b"{}", route: str = "appeals") -> Reply:
    def work() -> Reply:
        audit.record(actor=actor, action="appeal.opened", subject_kind="appeal")
        return Reply(201, '{"note": "from Alma"}')

    return idempotency.run(actor=actor, route=route, key=key, request=request, work=work)


def done() -> int:
    return AuditEvent.objects.filter(action="appeal.opened").count()


def test_the_second_time_the_reply_is_repeated_and_nothing_done(in_employer):
    assert submit() == Reply(201, '{"note": "from Alma"}', repeated=False)
    assert submit() == Reply(201, '{"note": "from Alma"}', repeated=True)
    assert done() == 1


@pytest.mark.parametrize(
    "other", [{"key": "other"}, {"actor": BEN}, {"route": "claims"}], ids=lambda change: "-".join(change)
)
def test_another_key_actor_or_route_is_another_request(in_employer, other):
    submit()
    assert not submit(**other).repeated
    assert done() == 2


def test_the_same_key_with_another_body_is_refused(in_employer):
    submit()
    with pytest.raises(OtherRequest, match="appeals"):
        submit(request=b'{"x": 1}')
    assert done() == 1


def test_a_request_that_failed_may_be_tried_again(in_employer):
    def fail() -> Reply:
        audit.record(actor=ALMA, action="appeal.opened", subject_kind="appeal")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        idempotency.run(actor=ALMA, route="appeals", key=KEY, request=b"{}", work=fail)
    assert done() == 0
    assert not submit().repeated


@pytest.mark.parametrize("key, actor", [("", ALMA), ("x" * 256, ALMA), (KEY, system("t_000000000000"))])
def test_a_key_that_cannot_be_kept_is_refused(in_employer, key, actor):
    with pytest.raises(UnusableKey):
        submit(key=key, actor=actor)


def test_while_the_first_is_running_the_second_is_told_so(committing_db, employer, other_employer):
    working, finish = Event(), Event()
    name = connection.settings_dict["NAME"]

    def slow() -> Reply:
        working.set()
        assert finish.wait(20)
        return Reply(201, "slow")

    def first() -> Reply:
        try:
            with schema_context(employer.schema_name):
                return idempotency.run(actor=ALMA, route="appeals", key=KEY, request=b"{}", work=slow)
        finally:
            connection.close()

    with ThreadPoolExecutor(1, initializer=lambda: connection.settings_dict.update(NAME=name)) as pool:
        running = pool.submit(first)
        assert working.wait(20)
        with schema_context(employer.schema_name):
            with pytest.raises(StillRunning):
                submit()
            assert not submit(key="another").repeated
        with schema_context(other_employer.schema_name):
            assert not submit().repeated
        finish.set()
        assert running.result() == Reply(201, "slow")
    with schema_context(employer.schema_name):
        assert submit() == Reply(201, "slow", repeated=True)
