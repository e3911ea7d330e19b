"""271 eligibility response, 005010X279A1 (45 CFR 162.1202)."""

# ruff: noqa: E501  (a row of a table stays on one line)

from aso_portal.kernel.x12.guide import guide
from aso_portal.kernel.x12.guides.x270 import ADDRESS, DIAGNOSES, PERSON_REFERENCES, ROLE

AAA = "AAA S9 01=N,Y 03! 04=C,N,P,R,S,W,X,Y"
CONTACT = "PER S3 01=IC 02 03?ED,EM,FX,TE,UR,WP 04 05?ED,EM,EX,FX,TE,UR,WP 06 07?ED,EM,EX,FX,TE,UR,WP 08"
BENEFITS = "1,2,3,4,5,6,7,8,A,B,C,CB,D,E,F,G,H,I,J,K,L,M,MC,N,O,P,Q,R,S,T,U,V,W,X,Y"
PERIODS = "6,7,13,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36"
QUANTITIES = "8H,99,CA,CE,D3,DB,DY,HS,LA,LE,M2,MN,P6,QA,S7,S8,VS,YY"
PERSON_DAYS = "096,102,152,291,307,318,340,341,342,343,346,347,356,357,382,435,442,458,472,539,540,636,771"
BENEFIT_DAYS = "096,193,194,198,290,291,292,295,304,307,318,346,348,349,356,357,435,472,539,540,636,771"


def benefit(letter: str) -> str:
    """What the plan gives, once for each EB."""
    block = f"2000{letter}"
    return f"""loop 2110{letter} in {block} S* Benefit
  EB R1 01={BENEFITS} 02?CHD,DEP,ECH,EMP,ESP,FAM,IND,SPC,SPO 03 04 05 06?{PERIODS} 07 08 09?{QUANTITIES} 10 11?N,U,Y 12?N,U,W,Y 13 13.1 13.2 13.3 13.4 13.5 13.6 14
  HSD S9 01 02 03 04 05 06 07 08
  REF S9 01=18,1L,1W,49,6P,9F,ALS,CLI,F6,FO,G1,IG,M7,N6,NQ 02! 03
  DTP S20 01={BENEFIT_DAYS} 02=D8,RD8 03!
  {AAA}
  MSG S10 01!
loop 2115{letter} in 2110{letter} S10 Further facts
  III R1 01 02 03 04
loop 2119{letter} in 2110{letter} S1 Others begin
  LS R1 01=2120
loop 2120{letter} in 2110{letter} S23 Others
  NM1 R1 01! 02=1,2 03 04 05 07 08 09
  {ADDRESS.strip()}
  {CONTACT}
  PRV S1 01={ROLE} 02 03
loop 2129{letter} in 2110{letter} S1 Others end
  LE R1 01=2120
"""


def person(letter: str, code: str, *, number: str, insured: str) -> str:
    """Who is answered about."""
    return f"""loop 2100{letter} in 2000{letter} S1 Name
  NM1 R1 01={code} 02=1,2 03 04 05 07{number}
  REF S9 01={PERSON_REFERENCES} 02! 03
{ADDRESS}  {AAA}
  PRV S1 01={ROLE} 02 03
  DMG S1 01?D8 02 03?F,M,U
  INS S1 {insured} 03?001 04?25 17
  HI S1 01! 01.1=ABK,BK 01.2! {DIAGNOSES}
  DTP S9 01={PERSON_DAYS} 02=D8,RD8 03!
  MPI S1 01! 02! 03! 04 05 06 07
"""


TABLE = f"""
block HEADER in - R1 Transaction header
  ST R1 01=271 02! 03!
  BHT R1 01=0022 02=06,11 03 04! 05!
block 2000A in HEADER R* Information source
  HL R1 01! 03=20 04=0,1
  {AAA}
loop 2100A in 2000A R1 Source name
  NM1 R1 01=2B,36,GP,P5,PR 02=1,2 03 04 05 07 08=24,46,FI,NI,PI,XV,XX 09!
  {CONTACT}
  {AAA}
block 2000B in 2000A S* Information receiver
  HL R1 01! 02! 03=21 04=0,1
loop 2100B in 2000B R1 Receiver name
  NM1 R1 01=1P,2B,36,80,FA,GP,P5,PR 02=1,2 03 04 05 07 08=24,34,FI,PI,PP,SV,XV,XX 09!
  REF S9 01=0B,1C,1D,1J,4A,CT,EL,EO,HPI,JD,N5,N7,Q4,SY,TJ 02! 03
{ADDRESS}  {AAA}
  PRV S1 01={ROLE} 02 03
block 2000C in 2000B S* Subscriber
  HL R1 01! 02! 03=22 04=0,1
  TRN S3 01=1,2 02! 03! 04
{person("C", "IL", number=" 08?II,MI 09", insured="01=Y 02=18")}{benefit("C")}\
block 2000D in 2000C S* Dependent
  HL R1 01! 02! 03=23 04=0
  TRN S3 01=1,2 02! 03! 04
{person("D", "03", number="", insured="01=N 02=01,19,20,21,39,40,53,G8")}{benefit("D")}"""

GUIDE = guide(name="271", transaction="271", functional_id="HB", versions=("005010X279A1", "005010X279"), table=TABLE)
