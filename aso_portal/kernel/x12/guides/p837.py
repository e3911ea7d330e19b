"""837 professional, 005010X222A1 (45 CFR 162.1102)."""

# ruff: noqa: E501  (a row of a table stays on one line)

from aso_portal.kernel.x12.guide import guide
from aso_portal.kernel.x12.guides import common837 as common
from aso_portal.kernel.x12.guides.common837 import ambulance, facility, other_payer_party, party

BILLING = """
loop 2010AA in 2000A R1 Billing provider
  NM1 R1 01=85 02=1,2 03! 04 05 07 08?XX 09
  N3 R1 01! 02
  N4 R1 01! 02 03 04 07
  REF R1 01=EI,SY 02!
  REF S2 01=0B,1G 02!
  PER S2 01=IC 02 03=@contact 04! 05?@more_contact 06 07?@more_contact 08
"""

DIAGNOSES = " ".join(f"{n:02d} {n:02d}.1=ABF,BF {n:02d}.2!" for n in range(2, 13))
CONDITIONS = " ".join(f"{n:02d} {n:02d}.1=BG {n:02d}.2!" for n in range(2, 13))

CLAIM = f"""
block 2300 in 2000B,2000C S100 Claim
  CLM R1 01! 02! 05! 05.1! 05.2=B 05.3! 06=N,Y 07=A,B,C 08=N,W,Y 09=I,Y 10?P 11 11.1=AA,EM,OA 11.2?AA,EM,OA 11.4 11.5 12?02,03,05,09 20?@delay
  DTP S1 01=431 02=D8 03!
  DTP S1 01=454 02=D8 03!
  DTP S1 01=304 02=D8 03!
  DTP S1 01=453 02=D8 03!
  DTP S1 01=439 02=D8 03!
  DTP S1 01=484 02=D8 03!
  DTP S1 01=455 02=D8 03!
  DTP S1 01=471 02=D8 03!
  DTP S1 01=314,360,361 02=D8,RD8 03!
  DTP S1 01=297 02=D8 03!
  DTP S1 01=296 02=D8 03!
  DTP S1 01=435 02=D8 03!
  DTP S1 01=096 02=D8 03!
  DTP S2 01=090,091 02=D8 03!
  DTP S1 01=444 02=D8 03!
  DTP S1 01=050 02=D8 03!
  PWK S10 01=@report 02=@transmission 05?AC 06
  CN1 S1 01=@contract 02 03 04 05 06
  AMT S1 01=F5 02!
  REF S1 01=4N 02!
  REF S1 01=F5 02!
  REF S1 01=EW 02!
  REF S1 01=9F 02!
  REF S1 01=G1 02!
  REF S1 01=F8 02!
  REF S1 01=X4 02!
  REF S1 01=9A 02!
  REF S1 01=9C 02!
  REF S1 01=LX 02!
  REF S1 01=D9 02!
  REF S1 01=EA 02!
  REF S1 01=P4 02!
  REF S1 01=1J 02!
  K3 S10 01!
  NTE S1 01=ADD,CER,DCP,DGN,TPO 02!
  CR1 S1 01?LB 02 04=A,B,C,D,E 05=DH 06! 09 10
  CR2 S1 08=A,C,D,E,F,G,M 10 11
  CRC S3 01=07 02=N,Y 03=@ambulance 04?@ambulance 05?@ambulance 06?@ambulance 07?@ambulance
  CRC S3 01=E1,E2,E3 02=N,Y 03=@lens 04?@lens 05?@lens 06?@lens 07?@lens
  CRC S1 01=75 02=Y 03=IH
  CRC S1 01=ZZ 02=N,Y 03=AV,NU,S2,ST 04?AV,NU,S2,ST 05?AV,NU,S2,ST
  HI R1 01! 01.1=ABK,BK 01.2! {DIAGNOSES}
  HI S1 01! 01.1=BP 01.2! 02 02.1=BO 02.2!
  HI S2 01! 01.1=BG 01.2! {CONDITIONS}
  {common.HCP.format(more="")}
"""

LINE = f"""
block 2400 in 2300 R50 Service line
  LX R1 01!
  SV1 R1 01! 01.1=ER,HC,IV,WK 01.2! 01.3 01.4 01.5 01.6 01.7 02! 03=MJ,UN 04! 05 07! 07.1! 07.2 07.3 07.4 09?Y 11?Y 12?Y 15?0
  SV5 S1 01! 01.1=HC 01.2! 02=DA 03! 04! 05! 06=1,4,6
  PWK S11 01=@report 02=@transmission,AB,AD,AF,AG,NS 05?AC 06
  CR1 S1 01?LB 02 04=A,B,C,D,E 05=DH 06! 09 10
  CR3 S1 01=I,R,S 02=MO 03!
  CRC S3 01=07 02=N,Y 03=@ambulance 04?@ambulance 05?@ambulance 06?@ambulance 07?@ambulance
  CRC S1 01=70 02=N,Y 03=65
  CRC S1 01=09 02=N,Y 03=38,ZV 04?38,ZV
  DTP R1 01=472 02=D8,RD8 03!
  DTP S1 01=471 02=D8 03!
  DTP S1 01=607 02=D8 03!
  DTP S1 01=463 02=D8 03!
  DTP S1 01=461 02=D8 03!
  DTP S1 01=304 02=D8 03!
  DTP S2 01=738,739 02=D8 03!
  DTP S1 01=011 02=D8 03!
  DTP S1 01=455 02=D8 03!
  DTP S1 01=454 02=D8 03!
  QTY S1 01=PT 02!
  QTY S1 01=FL 02!
  MEA S5 01=OG,TR 02=HT,R1,R2,R3,R4 03!
  CN1 S1 01=@contract 02 03 04 05 06
  REF S1 01=9B 02!
  REF S1 01=9D 02!
  REF S5 01=G1 02! 04 04.1=2U 04.2!
  REF S1 01=6R 02!
  REF S1 01=EW 02!
  REF S1 01=X4 02!
  REF S1 01=F4 02!
  REF S1 01=BT 02!
  REF S5 01=9F 02! 04 04.1=2U 04.2!
  AMT S1 01=T 02!
  AMT S1 01=F4 02!
  K3 S10 01!
  NTE S1 01=ADD,DCP 02!
  NTE S1 01=TPO 02!
  PS1 S1 01! 02!
  {common.HCP.format(more="09?ER,HC,IV,WK 10 11?MJ,UN 12")}
"""

ORDERING = """
loop 2420E in 2400 S1 Ordering provider
  NM1 R1 01=DK 02=1 03! 04 05 07 08?XX 09
  N3 S1 01! 02
  N4 S1 01! 02 03 04 07
  REF S20 01=0B,1G,G2 02! 04 04.1=2U 04.2!
  PER S1 01=IC 02 03=@contact 04! 05?@more_contact 06 07?@more_contact 08
"""

PURCHASED = """
loop 2420B in 2400 S1 Purchased service provider
  NM1 R1 01=QB 02=1,2 08?XX 09
  REF S20 01=0B,1G,G2 02! 04 04.1=2U 04.2!
"""

FORM = """
loop 2440 in 2400 S* Form
  LQ R1 01=AS,UT 02!
  FRM R99 01! 02?N,W,Y 03 04 05
"""

TABLE = "".join(
    (
        common.HEADER,
        common.BILLING_LEVEL,
        BILLING,
        common.PAY_TO.format(entity="1,2"),
        common.PERSON_LEVELS.format(
            insurance_type=" 05?@insurance_type",
            subscriber_facts="  PAT S1 05?D8 06 07?01 08 09?Y\n",
            patient_facts=" 05?D8 06 07?01 08 09?Y",
            payer_ids=2,
        ),
        CLAIM,
        party("2310A", "2300", "S2", "DN,P3", entity="1", numbers="0B,1G,G2", times=3, name="Referring provider"),
        party("2310B", "2300", "S1", "82", taxonomy="PE", name="Rendering provider"),
        facility("2310C", "2300", contact=True),
        party("2310D", "2300", "S1", "DQ", entity="1", name="Supervising provider"),
        ambulance("2310E", "2300", "PW", name="Ambulance pick-up"),
        ambulance("2310F", "2300", "45", name="Ambulance drop-off"),
        common.OTHER_COVERAGE.format(insurance_type=" 05?@insurance_type", signature=" 04?P"),
        "MOA S1 01 02 03 04 05 06 07 08 09\n",
        common.OTHER_PARTIES,
        other_payer_party(
            "2330C", "S2", "DN,P3", entity="1", numbers="0B,1G,G2", name="Other payer's referring provider"
        ),
        other_payer_party("2330D", "S1", "82", name="Other payer's rendering provider"),
        other_payer_party("2330E", "S1", "77", entity="2", numbers="0B,G2,LU", name="Other payer's facility"),
        other_payer_party("2330F", "S1", "DQ", entity="1", name="Other payer's supervising provider"),
        other_payer_party("2330G", "S1", "85", numbers="G2,LU", times=2, name="Other payer's billing provider"),
        LINE,
        common.DRUG,
        party("2420A", "2400", "S1", "82", taxonomy="PE", name="Rendering provider"),
        PURCHASED,
        facility("2420C", "2400", numbers="G2,LU"),
        party("2420D", "2400", "S1", "DQ", entity="1", name="Supervising provider"),
        ORDERING,
        party("2420F", "2400", "S2", "DN,P3", entity="1", numbers="0B,1G,G2", name="Referring provider"),
        ambulance("2420G", "2400", "PW", name="Ambulance pick-up"),
        ambulance("2420H", "2400", "45", name="Ambulance drop-off"),
        common.ADJUDICATION.format(procedure="!", sources="ER,HC,IV,WK", revenue=""),
        FORM,
    )
)

GUIDE = guide(
    name="837P",
    transaction="837",
    functional_id="HC",
    versions=("005010X222A1", "005010X222A2", "005010X222"),
    table=TABLE,
    business_unit=("2300", "CLM", 1),
)
