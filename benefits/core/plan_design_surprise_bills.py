"""What a plan design says about surprise bills: the remarks its remittances carry. Described in docs/plan_design.md."""

from collections.abc import Mapping
from dataclasses import dataclass

EMERGENCY, NETWORK_FACILITY, AIR_AMBULANCE = "emergency", "network_facility", "air_ambulance"
QUALIFYING, BILLED, STATE_LAW, ALL_PAYER = "qualifying", "billed", "state_law", "all_payer"
PROTECTIONS = (EMERGENCY, NETWORK_FACILITY, AIR_AMBULANCE)
BASES = (QUALIFYING, BILLED, STATE_LAW, ALL_PAYER)


@dataclass(frozen=True, slots=True)
class SurpriseBills:
    """Remark codes (RARC) by what protects a service and by what its recognised amount rests on.

    The list changes three times a year, so the codes are the plan's own entries; what has none waits for a person.
    """

    remark_codes: Mapping[str, str]

    def remarks(self, protection: str, basis: str) -> tuple[str, ...] | None:
        """The remarks of a protected service; None where the plan lacks one of them."""
        found = (self.remark_codes.get(protection), self.remark_codes.get(basis))
        return tuple(code for code in found if code is not None) if None not in found else None
