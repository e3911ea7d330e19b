"""Who looked at whose health information: written and committed before anybody sees it, or nobody sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connections

from aso_portal.kernel.errors import DomainError
from tenants.core.roles import Actor
from tenants.records.core.neutral import code
from tenants.records.models import PhiAccess
from tenants.records.models.phi_access import MOST_IDS

COLUMNS = (
    "actor_kind, actor_uuid, role, grant_uuid, person_uuid, record_class, record_uuids, filter_code, purpose, "
    "request_id, shown"
)
INSERT = f"INSERT INTO records_phiaccess ({COLUMNS}) VALUES ({', '.join(['%s'] * 11)})"  # noqa: S608  constants


class ReadNotLogged(DomainError):
    """The look could not be written down, so it must not happen."""


@dataclass(frozen=True, slots=True)
class View:
    """One logged look, for the person concerned: when, who, as what, at what, why."""

    at: datetime
    actor_kind: str
    actor_uuid: UUID
    role: str
    grant_uuid: UUID | None
    record_class: str
    purpose: str
    shown: int


def log_view(
    *,
    actor: Actor,
    record_class: str,
    purpose: str,
    request_id: str,
    person_uuid: UUID | None = None,
    record_uuids: Sequence[UUID] = (),
    filter_code: str = "",
    shown: int = 1,
) -> None:
    """Commit one PhiAccess row; called by selectors before they hand anything out.

    record_class ("claim", "eob", "coverage"), purpose ("care_payment", "own_record", "appeal") and filter_code are
    codes. A page of one person gives `person_uuid`; a list gives `filter_code`, `shown` and, up to 200, `record_uuids`.
    Inside a transaction the row goes over a second connection, so it stays when the request is rolled back.
    Raises ReadNotLogged.
    """
    if actor.uuid is None:
        raise ReadNotLogged(f"A {actor.kind} without an id asked for {record_class}: nobody could be named in the log.")
    few = list(record_uuids) if len(record_uuids) <= MOST_IDS else []
    role = ",".join(sorted(actor.roles))[:120]
    values = [
        *(actor.kind, actor.uuid, role, actor.grant_uuid, person_uuid, code(record_class), few),
        *(code(filter_code) if filter_code else "", code(purpose), request_id[:64], shown),
    ]
    try:
        _commit(values)
    except (DatabaseError, InterfaceError, OSError) as error:
        raise ReadNotLogged(
            f"Looking at {record_class} could not be logged ({type(error).__name__}), so nothing is shown. Try again."
        ) from error


def views_of(person_uuid: UUID, *, limit: int = 100) -> list[View]:
    """Who looked at this person's records, newest first."""
    rows = PhiAccess.objects.filter(person_uuid=person_uuid).order_by("-id")
    names = ("at", "actor_kind", "actor_uuid", "role", "grant_uuid", "record_class", "purpose", "shown")
    return [View(*row) for row in rows.values_list(*names)[:limit]]


def _commit(values: list[Any]) -> None:
    main = connections["default"]
    if not main.in_atomic_block:
        with main.cursor() as cursor:
            cursor.execute(INSERT, values)
        return
    apart = _apart(main)
    try:
        with apart.cursor() as cursor:
            cursor.execute(INSERT, values)
    finally:
        apart.close()


def _apart(main: Any) -> Any:
    """A second connection to the same database and schema, by the same login, outside any pool."""
    options = {key: value for key, value in main.settings_dict["OPTIONS"].items() if key != "pool"}
    apart = type(main)({**main.settings_dict, "OPTIONS": options}, main.alias)
    apart.set_schema(main.schema_name)
    return apart
