"""Whose claim it is: group numbers to employers, and a record of what went where."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from aso_portal.kernel.errors import DomainError
from tenants.core.ciphers import letters_and_digits
from tenants.exchange.models import GroupRoute, InboundFile, RoutedPart, UnroutablePart
from tenants.exchange.services.frames import require_public
from tenants.exchange.services.inbound import NoSuchFile
from tenants.models import Employer

UNKNOWN_GROUP, NO_GROUP = "unknown_group", "no_group"
UNKNOWN_MEMBER, AMBIGUOUS_MEMBER = "unknown_member", "ambiguous_member"
REASONS = (UNKNOWN_GROUP, NO_GROUP, UNKNOWN_MEMBER, AMBIGUOUS_MEMBER)


class CannotRoute(DomainError):
    """The route or the resolution makes no sense."""


class PartsDisagree(DomainError):
    """A part was recorded before with other figures."""


@dataclass(frozen=True, slots=True)
class Part:
    """One employer's claims in a window of a file: how many, and what they bill."""

    schema_name: str
    claims_count: int
    billed_cents: int


@dataclass(frozen=True, slots=True)
class Stray:
    """A claim without an employer or a member. `content` is sealed; `reason` one of REASONS."""

    ordinal: int
    reason: str
    billed_cents: int
    group_number: str | None
    content: bytes


@dataclass(frozen=True, slots=True)
class WaitingPart:
    """A stray claim in the queue: neutral facts only."""

    uuid: UUID
    file_uuid: UUID
    ordinal: int
    reason: str
    billed_cents: int
    waiting_since: datetime


def normal_group(group_number: str) -> str:
    """A group number as it is compared: capital letters and digits."""
    return letters_and_digits(group_number)


def set_route(*, group_number: str, schema_name: str) -> None:
    """Claims with this group number belong to this employer from now on. Raises CannotRoute."""
    require_public()
    number = normal_group(group_number)
    if not number:
        raise CannotRoute("A group number has a letter or a digit.")
    if not Employer.objects.filter(schema_name=schema_name).exists():
        raise CannotRoute(f"There is no employer with the schema {schema_name}.")
    row, _ = GroupRoute.objects.get_or_create(group_number=number, defaults={"schema_name": schema_name})
    if row.schema_name != schema_name:
        raise CannotRoute(f"Group number {number} leads to {row.schema_name} already.")


def routes() -> dict[str, str]:
    """Every route: normal group number → schema name. One statement; intake keeps it for a file."""
    return dict(GroupRoute.objects.values_list("group_number", "schema_name"))


@transaction.atomic
def record_window(
    *, file_uuid: UUID, first_ordinal: int, last_ordinal: int, parts: Sequence[Part], strays: Sequence[Stray] = ()
) -> None:
    """What became of claims `first_ordinal` to `last_ordinal` (from 1, both included) of a file, all at once.

    Called after each part is committed in its employer's schema. Repeating it changes nothing. Raises PartsDisagree.
    """
    require_public()
    file = _file(file_uuid)
    rows = [
        RoutedPart(
            file=file,
            schema_name=part.schema_name,
            first_ordinal=first_ordinal,
            last_ordinal=last_ordinal,
            claims_count=part.claims_count,
            billed_cents=part.billed_cents,
        )
        for part in parts
    ]
    RoutedPart.objects.bulk_create(rows, ignore_conflicts=True)
    kept = RoutedPart.objects.filter(file=file, first_ordinal=first_ordinal, last_ordinal=last_ordinal)
    known = set(kept.values_list("schema_name", "claims_count", "billed_cents"))
    if missing := [part for part in parts if (part.schema_name, part.claims_count, part.billed_cents) not in known]:
        raise PartsDisagree(
            f"Claims {first_ordinal} to {last_ordinal} of file {file_uuid} were recorded before with other figures "
            f"for {missing[0].schema_name}."
        )
    UnroutablePart.objects.bulk_create((_stray_row(file, stray) for stray in strays), ignore_conflicts=True)


def done_through(file_uuid: UUID) -> int:
    """The last claim ordinal of a file that is recorded; 0 before the first. Intake goes on behind it."""
    file = _file(file_uuid)
    routed = RoutedPart.objects.filter(file=file).aggregate(last=Max("last_ordinal"))["last"]
    strayed = UnroutablePart.objects.filter(file=file).aggregate(last=Max("ordinal"))["last"]
    return max(routed or 0, strayed or 0)


def waiting(*, group_number: str | None = None, limit: int = 500) -> list[WaitingPart]:
    """Stray claims nobody decided about, oldest first; those of one group number when it is given."""
    rows = UnroutablePart.objects.filter(resolved_at=None)
    if group_number is not None:
        rows = rows.filter(group_number_bidx=UnroutablePart.group_number_bidx.field.index(group_number))
    columns = ("uuid", "file__uuid", "ordinal", "reason", "billed_cents", "written_at")
    return [WaitingPart(*row) for row in rows.order_by("written_at", "id").values_list(*columns)[:limit]]


def open_stray(uuid: UUID) -> tuple[str | None, bytes]:
    """Group number and content of a stray claim. Raises CannotRoute."""
    part = UnroutablePart.objects.filter(uuid=uuid).first()
    if part is None:
        raise CannotRoute(f"There is no unroutable claim {uuid}.")
    return part.group_number, part.content


def resolve(*, uuids: Iterable[UUID], by_uuid: UUID, at: datetime, schema_name: str = "") -> int:
    """Stray claims were taken over by an employer (after the commit there), or set aside when no schema is named.

    Returns how many were still waiting; resolved ones stay as they are.
    """
    require_public()
    rows = UnroutablePart.objects.filter(uuid__in=list(uuids), resolved_at=None)
    return rows.update(resolved_at=at, resolved_by_uuid=by_uuid, resolved_schema=schema_name)


def _stray_row(file: InboundFile, stray: Stray) -> UnroutablePart:
    if stray.reason not in REASONS:
        raise CannotRoute(f"{stray.reason!r} is no reason to be unroutable. Use one of {', '.join(REASONS)}.")
    return UnroutablePart(
        file=file,
        ordinal=stray.ordinal,
        reason=stray.reason,
        billed_cents=stray.billed_cents,
        group_number=stray.group_number,
        content=stray.content,
    )


def _file(uuid: UUID) -> InboundFile:
    file = InboundFile.objects.filter(uuid=uuid).first()
    if file is None:
        raise NoSuchFile(f"There is no inbound file {uuid}.")
    return file
