"""The rules a night decides with: the designs it pinned, compiled, and the reference release, kept by each process."""

from collections import OrderedDict
from collections.abc import Sequence

from django.conf import settings
from django.db import connection

from aso_portal.kernel.errors import DomainError
from benefits import facade as benefits
from benefits.core.designs import PublishedDesign
from claims.core.code_sets import NO_CODES, CodeSets
from claims.core.edit_tables import NO_TABLES, EditTables
from claims.core.rules import Rules, rules_of, with_own_contracts
from claims.models import Night
from claims.reference.selectors import newest_release, reference_at
from claims.selectors.edit_tables import code_sets_at, edit_tables_at, newest_own_load, own_loads
from claims.selectors.price_tables import own_contracts_at

__all__ = ["OtherRules", "newest_own_load", "newest_release", "rules_for", "rules_of_night"]

KEPT_EMPLOYERS = 16
_VALIDITY = ("procedure_codes", "modifiers", "diagnoses")
_kept: OrderedDict[tuple, Rules] = OrderedDict()


class OtherRules(DomainError):
    """This process would decide by other rules than the night was planned with."""


def rules_for(designs: Sequence[PublishedDesign], release: str, *, own_tables: int | None = None) -> Rules:
    """Designs compiled for the engine, with one reference release and the employer's own tables up to a load.

    own_tables: number of that load; None: the newest. Tables of code edits are read only where a design has edits on.
    """
    tables, codes, own = _tables(designs, release, own_tables)
    shared = reference_at(release)
    contracts = own_contracts_at(own_loads(newest_own_load() if own_tables is None else own_tables))
    return rules_of(
        designs,
        shared if contracts is None else with_own_contracts(shared, contracts),
        auto_pay_limit_cents=settings.NIGHT_AUTO_PAY_LIMIT_CENTS or None,
        edit_tables=tables,
        codes=codes,
        own_tables=own if contracts is None else f"{own} {contracts.name}",
    )


def _tables(
    designs: Sequence[PublishedDesign], release: str, own_tables: int | None
) -> tuple[EditTables, CodeSets, str]:
    """Tables and code sets the designs' edits look up, and what the employer's own of them hold, for the rules hash."""
    on = [design.document["edits"] for design in designs if design.document.get("edits")]
    if not on:
        return NO_TABLES, NO_CODES, ""
    own = own_loads(newest_own_load() if own_tables is None else own_tables)
    validity = any(edits.get(name, "off") != "off" for edits in on for name in _VALIDITY)
    codes = code_sets_at(release, own) if validity else NO_CODES
    return edit_tables_at(release, own), codes, " ".join(f"{load.name}:{load.sha256}" for load in own)


def rules_of_night(night: Night) -> Rules:
    """What this night pinned. Costs nothing from the second chunk on.

    Raises OtherRules when the pinned designs and release no longer give the night's rules_hash: this process runs
    another version of the engine than the one that planned the night.
    """
    key = (connection.settings_dict["NAME"], connection.schema_name, night.pk)
    rules = _kept.get(key)
    if rules is not None:
        _kept.move_to_end(key)
        return rules
    pinned = set(night.design_version_ids)
    designs = [design for design in benefits.published_designs(night.pinned_at) if design.version_id in pinned]
    rules = rules_for(designs, night.reference_release, own_tables=night.own_tables)
    if rules.rules_hash != night.rules_hash:
        raise OtherRules(
            f"Night {night} was planned with rules {night.rules_hash}; this process would use {rules.rules_hash}. "
            "Finish the night with the version of the portal it was planned with."
        )
    _kept[key] = rules
    while len(_kept) > KEPT_EMPLOYERS:
        _kept.popitem(last=False)
    return rules
