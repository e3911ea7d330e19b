"""What a broken rule of SNIP 4 to 7 does: the claim is turned away, held for a person, noted, or nothing happens.

Syntax, guide and balance (1 to 3) always turn a claim away; the engine rests on them. The one exception are the
equations of an other payer's figures, which the engine tries again before it works with them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from aso_portal.kernel.x12.faults import NOTE, PEND, REJECT, Fault
from aso_portal.kernel.x12.situations import Rule
from claims.edi import x837_cob
from claims.edi.x837_situations import OFF_UNLESS_ASKED

OFF = "off"
MODES = (REJECT, PEND, NOTE, OFF)
LEVELS = (4, 5, 6, 7)
"""The SNIP types a partner's settings may change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """levels: by SNIP type, one of MODES; what is not named rejects. rules: by rule id, and that goes first."""

    levels: Mapping[int, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)

    def mode(self, rule_id: str, snip: int) -> str:
        """What a broken rule does here; "" stands for what is checked without a listed rule.

        An other payer's figures that do not add up reject, or else are noted: the engine itself has the claim wait.
        """
        if rule_id == x837_cob.BALANCE:
            return REJECT if self.rules.get(rule_id, REJECT) == REJECT else NOTE
        if snip not in LEVELS:
            return REJECT
        said = self.rules.get(rule_id)
        if said is None:
            said = OFF if rule_id in OFF_UNLESS_ASKED else self.levels.get(snip, REJECT)
        return said

    def kept(self, rules: Iterable[Rule]) -> tuple[Rule, ...]:
        """The rules that are not off."""
        return tuple(rule for rule in rules if self.mode(rule.id, rule.snip) != OFF)

    def judged(self, faults: Iterable[Fault]) -> tuple[Fault, ...]:
        """The faults with the severity they have here, without those that are off."""
        found = []
        for fault in faults:
            mode = self.mode(fault.rule, fault.snip) if fault.rejects else fault.severity
            if mode != OFF:
                found.append(fault if mode == fault.severity else replace(fault, severity=mode))
        return tuple(found)


STRICT = Policy()


def doubts(faults: Iterable[Fault]) -> tuple[str, ...]:
    """What a person must look at before the claim is decided: rule ids, or kinds of fault, each once."""
    return tuple(sorted({fault.rule or fault.code for fault in faults if fault.severity == PEND}))
