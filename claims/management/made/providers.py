"""Made-up providers, their networks and what the network's contract allows."""

from dataclasses import dataclass
from random import Random

from aso_portal.kernel.identifiers import npi_with_check_digit
from claims.management.made.services import ROOM_PER_DAY, SCHEDULE

NETWORK = "MADE-PPO"
TAXONOMY = {
    "family": "207Q00000X",
    "specialist": "207RC0000X",
    "urgent": "261QU0200X",
    "therapy": "225100000X",
    "behavioral": "101YM0800X",
    "laboratory": "291U00000X",
    "ambulance": "341600000X",
    "equipment": "332B00000X",
    "hospital": "282N00000X",
    "dentist": "1223G0001X",
    "optometrist": "152W00000X",
}
SHARES = {"family": 30, "specialist": 20, "dentist": 14, "behavioral": 8, "therapy": 8, "optometrist": 7, "hospital": 5,
          "urgent": 4, "laboratory": 2, "equipment": 1, "ambulance": 1}  # fmt: skip
WORDS = "River Lake Summit Meadow Harbor Prairie Sunrise Granite Orchard Falcon Juniper Beacon Canyon Laurel".split()


@dataclass(frozen=True, slots=True)
class MadeProvider:
    """A practice or facility that bills. `in_network`: takes part in NETWORK for the whole year."""

    npi: str
    tin: str
    name: str
    specialty: str
    in_network: bool

    @property
    def taxonomy(self) -> str:
        """The NUCC taxonomy code of the specialty."""
        return TAXONOMY[self.specialty]


@dataclass(frozen=True, slots=True)
class MadeTerm:
    """One row of the network's contract, as `claims.reference.ContractTerm` keeps it."""

    priority: int
    method: str
    kind: str = ""
    revenues: str = ""
    bill_types: str = ""
    schedule: str = ""
    rate_bp: int = 10_000
    amount_cents: int = 0


TERMS = (
    *(
        MadeTerm(10 + place, "per_diem", kind="I", revenues=revenue, bill_types="11", amount_cents=cents)
        for place, (revenue, cents) in enumerate(sorted(ROOM_PER_DAY.items()))
    ),
    MadeTerm(30, "percent_of_billed", kind="I", bill_types="11", rate_bp=5_500),
    MadeTerm(40, "fee_schedule", schedule=SCHEDULE),
    MadeTerm(90, "percent_of_billed", kind="I", rate_bp=6_000),
)


def providers(*, seed: int, count: int) -> list[MadeProvider]:
    """`count` providers (at least one of each specialty), about one in twelve outside the network."""
    random = Random(f"{seed}/providers")  # noqa: S311  (a repeatable fiction, not a secret)
    kinds = [*SHARES, *random.choices(list(SHARES), list(SHARES.values()), k=max(0, count - len(SHARES)))]
    made = []
    for place, specialty in enumerate(kinds):
        npi = npi_with_check_digit(f"1{(seed * 1_000_003 + place) % 100_000_000:08d}")
        name = f"{random.choice(WORDS)} {specialty.title()} {place + 1}"
        outside = place >= len(SHARES) and random.random() < 0.08
        made.append(MadeProvider(npi, f"8{(seed * 7_919 + place) % 100_000_000:08d}", name, specialty, not outside))
    return made
