"""Partners' rule tables: each import is a table of its own, kept for good; the newest one counts."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID

from django.db import transaction

from aso_portal.kernel.errors import DomainError
from tenants.core.partner_rules import PartnerRule as Row
from tenants.core.roles import Actor
from tenants.exchange.models import PartnerRule, PartnerRuleTable, TradingPartner
from tenants.exchange.services.frames import require_public


class NoSuchPartner(DomainError):
    """There is no trading partner of this id."""


@transaction.atomic
def bring_in(*, partner_uuid: UUID, name: str, content: bytes, rows: Sequence[Row], actor: Actor) -> bool:
    """Keep a table read from `content`; it counts at once. False when the same bytes are the partner's newest table.

    Raises NoSuchPartner, frames.NotInPublic.
    """
    require_public()
    partner = TradingPartner.objects.filter(uuid=partner_uuid).first()
    if partner is None:
        raise NoSuchPartner(f"There is no trading partner {partner_uuid}.")
    sha256 = hashlib.sha256(content).hexdigest()
    newest = _newest(partner.pk)
    if newest is not None and newest.sha256 == sha256:
        return False
    table = PartnerRuleTable.objects.create(
        partner=partner,
        name=name[:120],
        sha256=sha256,
        rules_count=len(rows),
        brought_by_kind=actor.kind,
        brought_by_uuid=actor.uuid,
    )
    PartnerRule.objects.bulk_create(_stored(table, row) for row in rows)
    return True


def in_force(partner_uuid: UUID, day: date) -> list[Row]:
    """The rows of a partner's newest table that count for a file received on `day`, in their order."""
    newest = _newest_of(partner_uuid)
    if newest is None:
        return []
    rows = (_row(row) for row in PartnerRule.objects.filter(table=newest).order_by("id"))
    return [row for row in rows if row.in_force(day)]


def _newest(partner_id: int) -> PartnerRuleTable | None:
    return PartnerRuleTable.objects.filter(partner_id=partner_id).order_by("-id").first()


def _newest_of(partner_uuid: UUID) -> PartnerRuleTable | None:
    return PartnerRuleTable.objects.filter(partner__uuid=partner_uuid).order_by("-id").first()


def _stored(table: PartnerRuleTable, row: Row) -> PartnerRule:
    values = asdict(row)
    start, end = values.pop("start"), values.pop("end")
    return PartnerRule(table=table, start_date=start, end_date=end, **values)


def _row(row: PartnerRule) -> Row:
    return Row(
        rule_id=row.rule_id,
        start=row.start_date,
        end=row.end_date,
        does=row.does,
        of=row.of,
        loop=row.loop,
        when=row.when,
        needs=row.needs,
        at=row.at,
        answer=row.answer,
        words=row.words,
    )
