"""837 dental, 005010X224A2 (45 CFR 162.1102)."""

# ruff: noqa: E501  (a row of a table stays on one line)

from aso_portal.kernel.x12.guide import guide
from aso_portal.kernel.x12.guides import common837 as common
from aso_portal.kernel.x12.guides.common837 import facility, other_payer_party, party

BILLING = """
loop 2010AA in 2000A R1 Billing provider
  NM1 R1 01=85 02=1,2 03! 04 05 07 08?XX 09
  N3 R1 01! 02
  N4 R1 01! 02 03 04 07
  REF R1 01=EI,SY 02!
  REF S2 01=0B,1G 02!
  PER S2 01=IC 02 03=@contact 04! 05?@more_contact 06 07?@more_contact 08
"""

CLAIM = f"""
block 2300 in 2000B,2000C S100 Claim
  CLM R1 01! 02! 05! 05.1! 05.2=B 05.3! 06=N,Y 07?A,C 08=N,W,Y 09=I,Y 11 11.1=AA,EM,OA 11.2?AA,EM,OA 11.4 11.5 12?01,02,03,05 19?PB 20?@delay
  DTP S1 01=439 02=D8 03!
  DTP S1 01=452 02=D8 03!
  DTP S1 01=472 02=D8,RD8 03!
  DN1 S1 01 02 03?Y
  DN2 S35 01! 02=E,M 06=JP
  PWK S10 01=@report,P6 02=@transmission 05?AC 06
  CN1 S1 01=@contract 02 03 04 05 06
  AMT S1 01=F5 02!
  REF S1 01=G3 02!
  REF S1 01=4N 02!
  REF S1 01=F8 02!
  REF S1 01=9F 02!
  REF S1 01=G1 02!
  REF S1 01=9A 02!
  REF S1 01=9C 02!
  REF S1 01=D9 02!
  K3 S10 01!
  NTE S5 01=ADD 02!
  HI S1 01! 01.1=ABK,BK,TQ 01.2! 02 02.1=ABF,BF,TQ 02.2! 03 03.1=ABF,BF,TQ 03.2! 04 04.1=ABF,BF,TQ 04.2!
  {common.HCP.format(more="")}
"""

LINE = f"""
block 2400 in 2300 R50 Service line
  LX R1 01!
  SV3 R1 01! 01.1=AD 01.2! 01.3 01.4 01.5 01.6 01.7 02! 03 04 04.1=@cavity 04.2?@cavity 04.3?@cavity 04.4?@cavity 04.5?@cavity 05?I,R 06 11
  TOO S32 01=JP 02! 03 03.1=@surface 03.2?@surface 03.3?@surface 03.4?@surface 03.5?@surface
  DTP S1 01=472 02=D8,RD8 03!
  DTP S1 01=441 02=D8 03!
  DTP S1 01=452 02=D8 03!
  DTP S1 01=446 02=D8 03!
  DTP S1 01=196 02=D8 03!
  DTP S1 01=198 02=D8 03!
  CN1 S1 01=@contract 02 03 04 05 06
  REF S1 01=G3 02!
  REF S5 01=G1 02! 04 04.1=2U 04.2!
  REF S1 01=9A 02!
  REF S1 01=9C 02!
  REF S1 01=6R 02!
  REF S5 01=9F 02! 04 04.1=2U 04.2!
  AMT S1 01=T 02!
  K3 S10 01!
  {common.HCP.format(more="09?AD,ER 10 11?UN 12")}
"""

TABLE = "".join(
    (
        common.HEADER,
        common.BILLING_LEVEL,
        BILLING,
        common.PAY_TO.format(entity="1,2"),
        common.PERSON_LEVELS.format(insurance_type="", subscriber_facts="", patient_facts="", payer_ids=2),
        CLAIM,
        party("2310A", "2300", "S2", "DN,P3", entity="1", taxonomy="RF", numbers="0B,1G,G2", name="Referring provider"),
        party("2310B", "2300", "S1", "82", taxonomy="PE", name="Rendering provider"),
        facility("2310C", "2300"),
        party("2310D", "2300", "S1", "DD", entity="1", taxonomy="AS", name="Assistant surgeon"),
        party("2310E", "2300", "S1", "DQ", entity="1", name="Supervising provider"),
        common.OTHER_COVERAGE.format(insurance_type="", signature=""),
        "MOA S1 01 02 03 04 05 06 07 08 09\n",
        common.OTHER_PARTIES,
        other_payer_party(
            "2330C", "S2", "DN,P3", entity="1", numbers="0B,1G,G2", name="Other payer's referring provider"
        ),
        other_payer_party("2330D", "S1", "82", name="Other payer's rendering provider"),
        other_payer_party("2330E", "S1", "DQ", entity="1", name="Other payer's supervising provider"),
        other_payer_party("2330F", "S1", "85", numbers="G2,LU", times=2, name="Other payer's billing provider"),
        other_payer_party("2330G", "S1", "77", entity="2", numbers="0B,G2,LU", name="Other payer's facility"),
        other_payer_party("2330H", "S1", "DD", entity="1", name="Other payer's assistant surgeon"),
        LINE,
        party("2420A", "2400", "S1", "82", taxonomy="PE", name="Rendering provider"),
        party("2420B", "2400", "S1", "DD", entity="1", taxonomy="AS", name="Assistant surgeon"),
        party("2420C", "2400", "S1", "DQ", entity="1", name="Supervising provider"),
        facility("2420D", "2400", numbers="0B,G2,LU"),
        common.ADJUDICATION.format(procedure="!", sources="AD,ER", revenue=""),
    )
)

GUIDE = guide(
    name="837D",
    transaction="837",
    functional_id="HC",
    versions=("005010X224A2", "005010X224A1", "005010X224"),
    table=TABLE,
    business_unit=("2300", "CLM", 1),
)
