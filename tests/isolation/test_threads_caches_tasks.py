"""Work without an employer fails closed: threads, caches, tasks, streaming replies."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from celery import current_app, shared_task
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection, connections
from django.db.utils import ProgrammingError
from django.utils import timezone

from tenants.records.models import AuditEvent
from tenants.services import employer_tasks
from tests.factories import tenants as people


@shared_task(base=employer_tasks.EmployerTask, name="tests.where_am_i")
def where_am_i(*, employer: str, **_):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_schema()")
        return cursor.fetchone()


@shared_task(base=employer_tasks.EmployerTask, name="tests.fails")
def fails(*, employer: str, **_):
    raise ValueError("on purpose")


@pytest.mark.django_db
class TestTasks:
    def test_a_task_runs_inside_the_employer_it_names(self, employer):
        assert where_am_i(employer=employer.schema_name) == (employer.schema_name, employer.schema_name)
        assert connection.schema_name == "public"

    @pytest.mark.parametrize("named", [None, "", "public", "t_public", "t_0123456789ab", "aso_schema_template", 7])
    def test_a_task_without_a_true_employer_is_refused(self, named):
        with pytest.raises(employer_tasks.NoEmployer):
            where_am_i(employer=named)

    def test_a_task_without_the_argument_or_with_a_positional_one_is_refused(self, employer):
        for arguments in ([], [employer.schema_name]):
            with pytest.raises(employer_tasks.NoEmployer):
                where_am_i(*arguments)

    def test_a_suspended_employer_has_no_tasks(self, employer):
        from tenants.models import Employer

        Employer.objects.filter(slug=employer.slug).update(status="suspended")
        with pytest.raises(employer_tasks.NoEmployer):
            where_am_i(employer=employer.schema_name)

    def test_a_failing_task_leaves_the_connection_in_public(self, employer):
        with pytest.raises(ValueError, match="on purpose"):
            fails(employer=employer.schema_name)
        assert connection.schema_name == "public"

    def test_celery_runs_it_the_same_way(self, employer):
        reply = where_am_i.apply(kwargs={"employer": employer.schema_name})
        assert reply.get() == (employer.schema_name, employer.schema_name)
        assert isinstance(where_am_i.apply(kwargs={}).result, employer_tasks.NoEmployer)

    def test_each_employer_gets_its_turn_and_one_failure_stops_nobody(self, employer, other_employer):
        def act(facts):
            if facts.slug == other_employer.slug:
                raise ValueError("on purpose")
            return where_am_i.run(employer=facts.schema_name)

        run = employer_tasks.for_each_employer(act, on=timezone.localdate())
        assert run.done == {employer.schema_name: (employer.schema_name, employer.schema_name)}
        assert list(run.failed) == [other_employer.schema_name]
        assert connection.schema_name == "public"

    def test_only_buyers_of_a_service_are_visited(self, employer, other_employer):
        from tenants.models import ServiceAgreement

        ServiceAgreement.objects.filter(employer__slug=other_employer.slug, service="payroll").delete()
        run = employer_tasks.for_each_employer(lambda facts: facts.slug, on=timezone.localdate(), service="payroll")
        assert list(run.done.values()) == ["harbor"]

    def test_a_message_is_sent_on_commit_only(self, employer, django_capture_on_commit_callbacks, monkeypatch):
        sent = []
        monkeypatch.setattr(
            current_app, "send_task", lambda name, **options: sent.append((name, options)), raising=False
        )
        with django_capture_on_commit_callbacks(execute=True):
            employer_tasks.wake("claims.work_chunks", queue="night", employer=employer.schema_name, night_id=3)
            assert sent == []
        assert sent == [
            ("claims.work_chunks", {"kwargs": {"employer": employer.schema_name, "night_id": 3}, "queue": "night"})
        ]


@pytest.mark.django_db
def test_the_same_cache_key_holds_another_value_for_each_employer(employer, other_employer, as_employer):
    with as_employer(employer):
        cache.set("plan", "harbor's")
    with as_employer(other_employer):
        assert cache.get("plan") is None
        cache.set("plan", "meadow's")
    assert cache.get("plan") is None
    with as_employer(employer):
        assert cache.get("plan") == "harbor's"


def test_a_new_thread_is_in_public_where_no_employer_table_is(committing_db, employer, as_employer):
    caught = []

    def ask():
        try:
            AuditEvent.objects.count()
        except ProgrammingError as error:
            caught.append(str(error).splitlines()[0])
        finally:
            connection.close()

    with as_employer(employer):
        assert AuditEvent.objects.count() == 0
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert caught == ['relation "records_auditevent" does not exist']


def test_five_hundred_requests_of_five_hosts_never_cross(committing_db, employer, other_employer):
    """Threads with their own connections, desks and portals in turn: each page shows its own employer alone."""
    User = get_user_model()
    dana = people.staff("admin")
    at_operations = people.at_operations(dana)
    for facts in (employer, other_employer):
        people.open_door(at_operations, dana, facts)
    desk_key = at_operations.cookies["session"].value
    keys = {
        facts.slug: people.at_portal(people.hr(facts, email=f"rosa@{facts.slug}.example"), facts)
        .cookies["session"]
        .value
        for facts in (employer, other_employer)
    }
    both = (employer, other_employer)
    portals = [(people.host_of(facts), "/accounts/email/", keys[facts.slug], facts.slug) for facts in both]
    desks = [(people.OPERATIONS, f"/e/{facts.slug}/admin/", desk_key, facts.slug) for facts in both]
    asked = [*portals * 4, *desks, (people.OPERATIONS, "/admin/", desk_key, None)]
    other = {"harbor": "meadow", "meadow": "harbor"}

    def ask(number: int) -> str | None:
        host, path, key, slug = asked[number % len(asked)]
        client = people.browser(host)
        client.cookies["session"] = key
        reply = client.get(path)
        text = reply.content.decode().lower()
        if reply.status_code != 200 or connection.schema_name != "public":
            return f"{host}{path}: {reply.status_code}, left in {connection.schema_name}"
        marks = [f"rosa@{name}.example" if "/accounts/" in path else f"/e/{name}/" for name in (slug, other.get(slug))]
        if slug and not (marks[0] in text and marks[1] not in text):
            return f"{host}{path} is not its own page"
        return None

    def work(numbers: range) -> list[str]:
        try:
            return [problem for number in numbers if (problem := ask(number))]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        problems = [
            problem for found in pool.map(work, [range(start, 500, 4) for start in range(4)]) for problem in found
        ]
    assert problems == []
    assert User.objects.count() == 1
