"""The rules a night decides with: the designs it pinned, compiled, and the reference release, kept by each process."""

from collections import OrderedDict
from collections.abc import Sequence

from django.conf import settings
from django.db import connection

from aso_portal.kernel.errors import DomainError
from benefits import facade as benefits
from benefits.core.designs import PublishedDesign
from claims.core.rules import Rules, rules_of
from claims.models import Night
from claims.reference.selectors import newest_release, reference_at

__all__ = ["OtherRules", "newest_release", "rules_for", "rules_of_night"]

KEPT_EMPLOYERS = 16
_kept: OrderedDict[tuple, Rules] = OrderedDict()


class OtherRules(DomainError):
    """This process would decide by other rules than the night was planned with."""


def rules_for(designs: Sequence[PublishedDesign], release: str) -> Rules:
    """Designs compiled for the engine, with one reference release."""
    limit = settings.NIGHT_AUTO_PAY_LIMIT_CENTS or None
    return rules_of(designs, reference_at(release), auto_pay_limit_cents=limit)


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
    rules = rules_for(designs, night.reference_release)
    if rules.rules_hash != night.rules_hash:
        raise OtherRules(
            f"Night {night} was planned with rules {night.rules_hash}; this process would use {rules.rules_hash}. "
            "Finish the night with the version of the portal it was planned with."
        )
    _kept[key] = rules
    while len(_kept) > KEPT_EMPLOYERS:
        _kept.popitem(last=False)
    return rules
