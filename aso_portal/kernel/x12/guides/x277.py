"""277 claim status response, 005010X212 (45 CFR 162.1402). The claim acknowledgment, 005010X214, is `x277ca`."""

# ruff: noqa: E501  (a row of a table stays on one line)

from aso_portal.kernel.x12.guide import guide

STATUS = "STC R* 01! 01.1! 01.2! 01.3 01.4 02! {amounts} 10 10.1! 10.2! 10.3 11 11.1! 11.2! 11.3"
NAMES = "03 04 05 07"


def claim(letter: str) -> str:
    """What became of a claim, and of its lines."""
    return f"""loop 2200{letter} in 2000{letter} S* Claim
  TRN R1 01=2 02!
  {STATUS.format(amounts="04 05 06 08 09")}
  REF S1 01=1K 02!
  REF S1 01=BLT 02!
  REF S1 01=EJ 02!
  REF S1 01=XZ 02!
  REF S1 01=VV 02!
  REF S1 01=D9 02!
  DTP S1 01=472 02=D8,RD8 03!
loop 2220{letter} in 2200{letter} S* Line
  SVC R1 01! 01.1! 01.2! 01.3 01.4 01.5 01.6 02! 03! 04 07
  {STATUS.format(amounts="")}
  REF S1 01=FJ 02!
  DTP R1 01=472 02=D8,RD8 03!
"""


TABLE = f"""
block HEADER in - R1 Transaction header
  ST R1 01=277 02! 03!
  BHT R1 01=0010 02=08 03! 04! 05! 06=DG
block 2000A in HEADER R* Payer
  HL R1 01! 03=20 04=1
loop 2100A in 2000A R1 Payer name
  NM1 R1 01=PR 02=2 03! 08=PI,XV 09!
  PER S1 01=IC 02 03=ED,EM,FX,TE 04! 05?EM,EX,FX,TE 06 07?EM,EX,FX,TE 08
block 2000B in 2000A R* Information receiver
  HL R1 01! 02! 03=21 04=0,1
loop 2100B in 2000B R1 Receiver name
  NM1 R1 01=41 02=1,2 {NAMES} 08=46 09!
loop 2200B in 2000B S1 Receiver's trace
  TRN R1 01=2 02!
  {STATUS.format(amounts="")}
block 2000C in 2000B S* Provider
  HL R1 01! 02! 03=19 04=0,1
loop 2100C in 2000C R2 Provider name
  NM1 R1 01=1P 02=1,2 {NAMES} 08=FI,SV,XX 09!
loop 2200C in 2000C S1 Provider's trace
  TRN R1 01=1 02!
  {STATUS.format(amounts="")}
block 2000D in 2000C S* Subscriber
  HL R1 01! 02! 03=22 04=0,1
loop 2100D in 2000D R1 Subscriber name
  NM1 R1 01=IL 02=1,2 03 04 05 07 08=24,II,MI 09!
{claim("D")}block 2000E in 2000D S* Dependent
  HL R1 01! 02! 03=23
loop 2100E in 2000E R1 Dependent name
  NM1 R1 01=QC 02=1 03! 04 05 07
{claim("E")}"""

GUIDE = guide(name="277", transaction="277", functional_id="HN", versions=("005010X212",), table=TABLE)
