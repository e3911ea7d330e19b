"""Background work inside one employer: the schema is an argument of the task, and nothing runs without it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from celery import Task, current_app
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import schema_context

from aso_portal.kernel.errors import DomainError
from tenants.core.employers import EmployerFacts
from tenants.selectors import employers

T = TypeVar("T")


class NoEmployer(DomainError):
    """A task came without an employer, or with one that does not exist or is not active."""


def employer_of(schema_name: object) -> EmployerFacts:
    """The active employer a task names. Raises NoEmployer for nothing, public, and anything unknown."""
    if isinstance(schema_name, str) and schema_name:
        connection.set_schema_to_public()
        found = employers.by_schema(schema_name, timezone.localdate())
        if found is not None:
            return found
    raise NoEmployer("A task must name an active employer's schema in its argument `employer`.")


class EmployerTask(Task):
    """Base of every task that touches an employer's tables: `@shared_task(base=EmployerTask)`.

    Called with `employer=<schema name>` and ids as keywords. The task runs in that schema under its role, and leaves
    the connection in public. Raises NoEmployer otherwise; the message is then dropped, for the rows say what is to do.
    """

    abstract = True
    acks_late = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if args:
            raise NoEmployer(f"{self.name} takes keywords only.")
        facts = employer_of(kwargs.get("employer"))
        try:
            with schema_context(facts.schema_name):
                return self.run(**kwargs)
        finally:
            connection.set_schema_to_public()


def wake(task_name: str, *, queue: str = "default", **ids: Any) -> None:
    """Send a task by name once this transaction commits. Losing the message costs time only: the rows are the queue."""
    transaction.on_commit(lambda: current_app.send_task(task_name, kwargs=ids, queue=queue), robust=True)


@dataclass(slots=True)
class EmployerRun(Generic[T]):
    """What came of `for_each_employer`: results and errors by schema name."""

    done: dict[str, T] = field(default_factory=dict)
    failed: dict[str, Exception] = field(default_factory=dict)


def for_each_employer(
    act: Callable[[EmployerFacts], T], *, on: date, service: str | None = None, only: list[str] | None = None
) -> EmployerRun[T]:
    """Call `act` inside the schema of every active employer, in the order of their slugs.

    service: only those who bought it on that day.  only: slugs.  One employer's error does not stop the others.
    """
    run: EmployerRun[T] = EmployerRun()
    connection.set_schema_to_public()
    for facts in employers.active(on):
        if (service and not facts.bought(service)) or (only is not None and facts.slug not in only):
            continue
        try:
            with schema_context(facts.schema_name):
                run.done[facts.schema_name] = act(facts)
        except Exception as error:  # noqa: BLE001  reported to the caller, employer by employer
            run.failed[facts.schema_name] = error
        finally:
            connection.set_schema_to_public()
    return run
