"""Who we exchange files with, found by the ids on their envelopes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from tenants.exchange.models import TradingPartner
from tenants.exchange.services.frames import require_public


@dataclass(frozen=True, slots=True)
class Partner:
    """A trading partner. `versions`: GS08 values accepted, empty for all. `lenient_isa`: a crooked ISA may be read.

    levels: what broken rules do, by SNIP type 4 to 7. checks_npi: NPIs must pass their check digit. asks_about: schema
    names of the employers whose members he may ask about without a group number.
    """

    uuid: UUID
    name: str
    their_qualifier: str
    their_id: str
    our_qualifier: str
    our_id: str
    versions: tuple[str, ...]
    lenient_isa: bool
    levels: Mapping[int, str] = field(default_factory=dict)
    checks_npi: bool = False
    asks_about: tuple[str, ...] = ()


def keep_partner(
    *,
    name: str,
    their_qualifier: str,
    their_id: str,
    our_qualifier: str,
    our_id: str,
    versions: Sequence[str] = (),
    lenient_isa: bool = False,
) -> Partner:
    """Make or change the partner with these interchange ids (ISA05-ISA08, trimmed)."""
    require_public()
    row, _ = TradingPartner.objects.update_or_create(
        their_qualifier=their_qualifier.strip(),
        their_id=their_id.strip(),
        our_qualifier=our_qualifier.strip(),
        our_id=our_id.strip(),
        defaults={
            "name": name,
            "versions": list(versions),
            "isa_reading": "lenient" if lenient_isa else "strict",
            "is_active": True,
        },
    )
    return _partner(row)


def find_partner(*, their_qualifier: str, their_id: str, our_qualifier: str, our_id: str) -> Partner | None:
    """The active partner whose envelopes carry these ids, or None."""
    row = TradingPartner.objects.filter(
        their_qualifier=their_qualifier.strip(),
        their_id=their_id.strip(),
        our_qualifier=our_qualifier.strip(),
        our_id=our_id.strip(),
        is_active=True,
    ).first()
    return _partner(row) if row else None


def partner(uuid: UUID) -> Partner | None:
    """The active partner with this id."""
    row = TradingPartner.objects.filter(uuid=uuid, is_active=True).first()
    return _partner(row) if row else None


def all_partners() -> list[Partner]:
    """Active partners, by name."""
    return [_partner(row) for row in TradingPartner.objects.filter(is_active=True).order_by("name", "id")]


def _partner(row: TradingPartner) -> Partner:
    return Partner(
        uuid=row.uuid,
        name=row.name,
        their_qualifier=row.their_qualifier,
        their_id=row.their_id,
        our_qualifier=row.our_qualifier,
        our_id=row.our_id,
        versions=tuple(row.versions),
        lenient_isa=row.isa_reading == "lenient",
        levels={4: row.situations, 5: row.code_sets, 6: row.lines_of_business, 7: row.own_rules},
        checks_npi=row.checks_npi,
        asks_about=tuple(row.asks_about),
    )
