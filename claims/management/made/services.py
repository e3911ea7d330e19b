# ruff: noqa: E501  (a catalogue reads better with a row a line)
"""What providers bill in the made-up claims: HCPCS Level II codes (CMS), and D00 codes CDT does not have for dental work.

Fees are invented. `fee` is cents per unit under the schedule MADE; what is billed lies 30 to 120 percent above it.
"""

from dataclasses import dataclass

SCHEDULE = "MADE"


@dataclass(frozen=True, slots=True)
class Service:
    """One billable service. `units`: (least, most) of a line. `revenue`: revenue code on institutional bills."""

    code: str
    fee: int
    units: tuple[int, int] = (1, 1)
    modifier: str = ""
    revenue: str = ""


@dataclass(frozen=True, slots=True)
class Episode:
    """One kind of visit. `kind` P, I or D; `place`: place of service, or the type of bill without frequency.

    `always` is billed each time; up to `extra` more come from `sometimes`. `weight`: how often among all visits.
    `provider`: the specialty that bills it. `cover`: the line of coverage it belongs to.
    """

    name: str
    kind: str
    place: str
    provider: str
    diagnoses: tuple[str, ...]
    always: tuple[Service, ...]
    sometimes: tuple[Service, ...] = ()
    extra: int = 0
    weight: int = 10
    cover: str = "medical"
    days: tuple[int, int] = (1, 1)


_BLOOD = Service("G0306", 1_100)
_URINE = Service("P9612", 400)
_SHOT = Service("J1100", 350, (1, 4))
_ANTIBIOTIC = Service("J0696", 900, (1, 2))
_XRAY = Service("R0075", 8_500)

# fmt: off
EPISODES = (
    Episode("office visit", "P", "11", "family", ("J069", "M545", "E119", "I10", "K219"), (Service("T1015", 12_400),),
            (_BLOOD, _URINE, _SHOT, _ANTIBIOTIC), 3, 380),
    Episode("specialist visit", "P", "11", "specialist", ("M1711", "I480", "L400", "G43909"), (Service("G0463", 17_800),),
            (_BLOOD, _XRAY, Service("J3301", 700, (1, 4))), 2, 170),
    Episode("preventive visit", "P", "11", "family", ("Z0000", "Z00129"), (Service("G0438", 17_200, modifier="33"),),
            (Service("G0008", 2_400, modifier="33"), Service("G0103", 2_000, modifier="33")), 2, 90),
    Episode("urgent care", "P", "20", "urgent", ("S93401A", "J0190", "H6690"), (Service("S9083", 14_900),), (_XRAY, _SHOT), 2, 70),
    Episode("physical therapy", "P", "11", "therapy", ("M545", "M25561"), (Service("S9131", 9_000, (1, 2)),),
            (Service("G0283", 1_500),), 1, 90),
    Episode("counseling", "P", "11", "behavioral", ("F411", "F329"), (Service("H0004", 3_100, (2, 4)),), weight=60),
    Episode("laboratory", "P", "81", "laboratory", ("E785", "E119", "Z0000"), (_BLOOD,),
            (Service("G0480", 7_900), _URINE, Service("G0103", 2_000)), 3, 90),
    Episode("ambulance", "P", "41", "ambulance", ("R0789", "S72001A"), (Service("A0429", 41_000), Service("A0425", 850, (3, 25))),
            weight=6),
    Episode("equipment", "P", "12", "equipment", ("G4733",), (Service("E0601", 62_000, modifier="NU"),),
            (Service("A7034", 9_800), Service("A7038", 450, (2, 6))), 2, 8),
    Episode("emergency room", "I", "13", "hospital", ("R0789", "S0990XA", "K5900"), (Service("G0384", 68_000, revenue="0450"),),
            (Service("G0306", 1_100, revenue="0300"), Service("J0696", 900, (1, 3), revenue="0636"),
             Service("R0075", 8_500, revenue="0320")), 3, 35),
    Episode("hospital stay", "I", "11", "hospital", ("I214", "O80", "J189", "K3580"),
            (Service("", 0, revenue="0120"), Service("", 42_000, revenue="0250")),
            (Service("", 61_000, revenue="0300"), Service("", 380_000, revenue="0360"), Service("", 95_000, revenue="0320")),
            3, 9, days=(2, 6)),
    Episode("outpatient procedure", "I", "13", "hospital", ("K635", "Z1211"), (Service("G0121", 84_000, revenue="0750"),),
            (Service("J3490", 12_000, revenue="0636"),), 1, 12),
    Episode("dental cleaning", "D", "11", "dentist", (), (Service("D0011", 9_200), Service("D0012", 5_600)),
            (Service("D0021", 4_400),), 1, 80, cover="dental"),
    Episode("filling", "D", "11", "dentist", (), (Service("D0033", 18_500),), (Service("D0021", 4_400),), 1, 30, cover="dental"),
    Episode("crown", "D", "11", "dentist", (), (Service("D0074", 98_000),), weight=7, cover="dental"),
    Episode("eye examination", "P", "11", "optometrist", ("H5213",), (Service("S0621", 8_500),),
            (Service("V2020", 15_000), Service("V2100", 4_500, (2, 2))), 2, 40, cover="vision"),
)

SEVERE = Episode(
    "intensive stay", "I", "11", "hospital", ("C9100", "P0716", "A419"),
    (Service("", 0, revenue="0200"), Service("", 1_900_000, revenue="0250"), Service("", 410_000, revenue="0300")),
    (Service("", 2_600_000, revenue="0360"), Service("J9271", 5_400, (100, 300), revenue="0636")), 2, 1, days=(9, 28),
)
# fmt: on

ROOM_PER_DAY = {"0120": 310_000, "0200": 920_000}


def fees() -> dict[str, int]:
    """The fee of each code in the schedule MADE, cents per unit."""
    found: dict[str, int] = {}
    for episode in (*EPISODES, SEVERE):
        for service in (*episode.always, *episode.sometimes):
            if service.code:
                found[service.code] = service.fee
    return found
