"""How a sender's claim files are read: what we agreed with him, and his own rules on the day a file came."""

from datetime import date
from uuid import UUID

from claims.core.code_sets import CodeSets
from claims.edi.x837 import GUIDES, PartnerRules
from claims.edi.x837_policy import Policy
from claims.reference.selectors import newest_release
from claims.selectors.edit_tables import code_sets_at
from claims.services.partner_rule_files import SNIP, read_rule_table, rule_of
from tenants import facade as tenants
from tenants.core.partner_rules import MODES, REJECT


def rules_for(partner: "tenants.Partner | None", day: date) -> PartnerRules:
    """The guides he may use, how his ISA may look, which listed rules hold for him and which are his own.

    A rule of his own does what its row says, or what the setting for SNIP 7 says where that is milder.
    """
    if partner is None:
        return PartnerRules(code_sets=shared_codes())
    rows = tenants.partner_rules_in_force(partner.uuid, day)
    guides = {
        version: guide for version, guide in GUIDES.items() if not partner.versions or version in partner.versions
    }
    mildest = partner.levels.get(SNIP, REJECT)
    modes = {row.rule_id: max(row.does, mildest, key=MODES.index) if row.is_own else row.does for row in rows}
    return PartnerRules(
        guides=guides,
        lenient_isa=partner.lenient_isa,
        code_sets=shared_codes(),
        check_npi=partner.checks_npi,
        policy=Policy(levels=partner.levels, rules=modes),
        own_rules=tuple(rule_of(row) for row in rows if row.is_own),
    )


def bring_in(*, partner_uuid: UUID, name: str, content: bytes, actor: "tenants.Actor") -> tuple[int, bool]:
    """Read a partner's rule table (JSON when its name says so, else CSV) and keep it.

    Returns how many rules it holds and whether it is new. Raises table_files.BadTable with every fault and its line.
    """
    rows = read_rule_table(content, is_json=name.lower().endswith(".json"))
    new = tenants.bring_in_partner_rules(partner_uuid=partner_uuid, name=name, content=content, rows=rows, actor=actor)
    return len(rows), new


def shared_codes() -> CodeSets | None:
    """The shared code sets of the newest release; None when none is loaded, so that nothing is judged by them."""
    release = newest_release()
    return (code_sets_at(release, ()) or None) if release is not None else None
