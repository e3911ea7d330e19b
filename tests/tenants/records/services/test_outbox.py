"""News is written with its facts, delivered at least once, in any order of commits, and can be told again."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django_tenants.utils import schema_context

from tenants.records.core.neutral import NotNeutral
from tenants.records.services import outbox
from tenants.records.services.outbox import News


def news(number: int = 1) -> News:
    return News("claim.pended", "claim", uuid4(), {"number": number, "due": "2026-02-01"})


def numbers(events) -> list[int]:
    return [event.payload["number"] for event in events]


def test_news_is_drained_in_order_until_it_is_confirmed(in_employer):
    outbox.publish(news(number) for number in range(5))
    events = outbox.drain(limit=3)
    assert numbers(events) == [0, 1, 2]
    assert outbox.drain(limit=3) == events
    assert outbox.confirm([event.id for event in events]) == 3
    assert outbox.confirm([event.id for event in events]) == 0
    assert numbers(outbox.drain()) == [3, 4]
    assert numbers(outbox.drain(after_id=outbox.drain()[0].id)) == [4]


def test_each_consumer_confirms_for_itself(in_employer):
    outbox.publish([news()], consumers=["work_items", "webhook"])
    outbox.confirm([event.id for event in outbox.drain(consumer="webhook")], consumer="webhook")
    assert outbox.drain(consumer="webhook") == []
    assert numbers(outbox.drain(consumer="work_items")) == [1]


def test_everything_can_be_told_again(in_employer):
    outbox.publish(news(number) for number in range(3))
    outbox.confirm([event.id for event in outbox.drain()])
    again = outbox.replay(limit=2)
    assert numbers(again) == [0, 1]
    assert numbers(outbox.replay(after_id=again[-1].id)) == [2]


def test_news_of_a_failed_transaction_is_never_told(in_employer):
    with transaction.atomic():
        outbox.publish([news()])
        transaction.set_rollback(True)
    assert outbox.drain() == [] == outbox.replay()


def test_news_holds_no_names(in_employer):
    with pytest.raises(NotNeutral):
        outbox.publish([News("claim.pended", "claim", uuid4(), {"patient": "Alma"})])


def test_a_transaction_that_commits_late_is_not_skipped(committing_db, employer):
    """It drew a lower number, and the higher one was drained and confirmed before it committed."""
    written, drained = Event(), Event()
    name = connection.settings_dict["NAME"]

    def slow():
        try:
            with schema_context(employer.schema_name), transaction.atomic():
                outbox.publish([news(1)])
                written.set()
                assert drained.wait(20)
        finally:
            connection.close()

    with ThreadPoolExecutor(1, initializer=lambda: connection.settings_dict.update(NAME=name)) as pool:
        waiting = pool.submit(slow)
        assert written.wait(20)
        with schema_context(employer.schema_name):
            outbox.publish([news(2)])
            events = outbox.drain()
            assert numbers(events) == [2]
            outbox.confirm([event.id for event in events])
        drained.set()
        waiting.result()
    with schema_context(employer.schema_name):
        assert numbers(outbox.drain()) == [1]
