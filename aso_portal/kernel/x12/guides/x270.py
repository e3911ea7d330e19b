"""270 eligibility inquiry, 005010X279A1 (45 CFR 162.1202)."""

# ruff: noqa: E501  (a row of a table stays on one line)

from aso_portal.kernel.x12.guide import guide

ADDRESS = "  N3 S1 01! 02\n  N4 S1 01! 02 03 04 05 06 07\n"
ROLE = "AD,AT,BI,CO,CV,H,HH,LA,OT,P1,P2,PC,PE,R,RF,SB,SK,SU"
PERSON_REFERENCES = "18,1L,1W,3H,49,6P,A6,CT,EA,EJ,F6,GH,HJ,IF,IG,ML,N6,NQ,Q4,SY,Y4"
PROCEDURE = "01.1 01.2 01.3".replace("01.", "02.")
DIAGNOSES = " ".join(f"{n:02d} {n:02d}.1=ABF,BF {n:02d}.2!" for n in range(2, 9))


def asked(loop: str, block: str) -> str:
    """What is asked about a person: service types, a procedure, days."""
    return f"""loop {loop} in {block} S99 What is asked
  EQ R1 01 02 {PROCEDURE} 03?FAM,IND 05
  AMT S1 01=R 02!
  AMT S1 01=PB 02!
  III S10 01=GR,NI,ZZ 02!
  REF S1 01=9F,G1 02!
  DTP S1 01=291 02=D8,RD8 03!
"""


def person(loop: str, block: str, code: str, *, number: str, insured: str) -> str:
    """Who is asked about."""
    return f"""loop {loop} in {block} R1 Name
  NM1 R1 01={code} 02=1,2 03 04 05 07{number}
  REF S9 01={PERSON_REFERENCES} 02! 03
{ADDRESS}  PRV S1 01={ROLE} 02 03
  DMG S1 01=D8 02! 03?F,M,U
  INS S1 {insured} 17
  HI S1 01! 01.1=ABK,BK 01.2! {DIAGNOSES}
  DTP S2 01=102,291 02=D8,RD8 03!
"""


TABLE = f"""
block HEADER in - R1 Transaction header
  ST R1 01=270 02! 03!
  BHT R1 01=0022 02=01,13 03 04! 05! 06?RT
block 2000A in HEADER R* Information source
  HL R1 01! 03=20 04=1
loop 2100A in 2000A R1 Source name
  NM1 R1 01=2B,36,GP,P5,PR 02=1,2 03 04 05 07 08=24,46,FI,NI,PI,XV,XX 09!
block 2000B in 2000A R* Information receiver
  HL R1 01! 02! 03=21 04=1
loop 2100B in 2000B R1 Receiver name
  NM1 R1 01=1P,2B,36,80,FA,GP,P5,PR 02=1,2 03 04 05 07 08=24,34,FI,PI,PP,SV,XV,XX 09!
  REF S9 01=0B,1C,1D,1J,4A,CT,EL,EO,HPI,JD,N5,N7,Q4,SY,TJ 02! 03
{ADDRESS}  PRV S1 01={ROLE} 02 03
block 2000C in 2000B R* Subscriber
  HL R1 01! 02! 03=22 04=0,1
  TRN S2 01=1 02! 03! 04
{person("2100C", "2000C", "IL", number=" 08?II,MI 09", insured="01=Y 02=18")}{asked("2110C", "2000C")}\
block 2000D in 2000C S* Dependent
  HL R1 01! 02! 03=23 04=0
  TRN S2 01=1 02! 03! 04
{person("2100D", "2000D", "03", number="", insured="01=N 02=01,19,34")}{asked("2110D", "2000D")}"""

GUIDE = guide(
    name="270",
    transaction="270",
    functional_id="HS",
    versions=("005010X279A1", "005010X279"),
    table=TABLE,
    business_unit=("2000C", "TRN", 2),
)
