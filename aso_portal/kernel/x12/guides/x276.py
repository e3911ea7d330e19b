"""276 claim status request, 005010X212 (45 CFR 162.1402)."""

from aso_portal.kernel.x12.guide import guide

NAMES = "03 04 05 07"


def claim(letter: str) -> str:
    """The claim that is asked about, and its lines."""
    return f"""loop 2200{letter} in 2000{letter} S* Claim
  TRN R1 01=1 02!
  REF S1 01=1K 02!
  REF S1 01=BLT 02!
  REF S1 01=LU 02!
  REF S1 01=6P 02!
  REF S1 01=EJ 02!
  REF S1 01=XZ 02!
  REF S1 01=D9 02!
  AMT S1 01=T3 02!
  DTP S1 01=472 02=D8,RD8 03!
loop 2210{letter} in 2200{letter} S* Line
  SVC R1 01! 01.1! 01.2! 01.3 01.4 01.5 01.6 02! 04 07
  REF S1 01=FJ 02!
  DTP R1 01=472 02=D8,RD8 03!
"""


TABLE = f"""
block HEADER in - R1 Transaction header
  ST R1 01=276 02! 03!
  BHT R1 01=0010 02=13 03! 04! 05!
block 2000A in HEADER R* Payer
  HL R1 01! 03=20 04=1
loop 2100A in 2000A R1 Payer name
  NM1 R1 01=PR 02=2 03! 08=PI,XV 09!
block 2000B in 2000A R* Information receiver
  HL R1 01! 02! 03=21 04=1
loop 2100B in 2000B R1 Receiver name
  NM1 R1 01=41 02=1,2 {NAMES} 08=46 09!
block 2000C in 2000B R* Provider
  HL R1 01! 02! 03=19 04=1
loop 2100C in 2000C R2 Provider name
  NM1 R1 01=1P 02=1,2 {NAMES} 08=FI,SV,XX 09!
block 2000D in 2000C R* Subscriber
  HL R1 01! 02! 03=22 04=0,1
  DMG S1 01=D8 02! 03?F,M,U
loop 2100D in 2000D R1 Subscriber name
  NM1 R1 01=IL 02=1,2 03! 04 05 07 08=24,II,MI 09!
{claim("D")}block 2000E in 2000D S* Dependent
  HL R1 01! 02! 03=23
  DMG R1 01=D8 02! 03?F,M,U
loop 2100E in 2000E R1 Dependent name
  NM1 R1 01=QC 02=1 03! 04 05 07
{claim("E")}"""

GUIDE = guide(name="276", transaction="276", functional_id="HR", versions=("005010X212",), table=TABLE)
