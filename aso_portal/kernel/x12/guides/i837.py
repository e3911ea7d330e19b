"""837 institutional, 005010X223A2 (45 CFR 162.1102)."""

# ruff: noqa: E501  (a row of a table stays on one line)

from aso_portal.kernel.x12.guide import guide
from aso_portal.kernel.x12.guides import common837 as common
from aso_portal.kernel.x12.guides.common837 import facility, other_payer_party, party

BILLING = """
loop 2010AA in 2000A R1 Billing provider
  NM1 R1 01=85 02=2 03! 08?XX 09
  N3 R1 01! 02
  N4 R1 01! 02 03 04 07
  REF R1 01=EI 02!
  REF S2 01=0B,1G 02!
  PER S2 01=IC 02 03=@contact 04! 05?@more_contact 06 07?@more_contact 08
"""


def _coded(usage: str, codes: str, *, count: int = 12, first: str = "", more: str = "", extra: str = "") -> str:
    """An HI segment: `count` composites with one code list, `extra` naming the further components allowed."""
    parts = []
    for n in range(1, count + 1):
        listed = (first if n == 1 and first else more) or codes
        tail = " ".join(f"{n:02d}.{part}" for part in extra.split())
        parts.append(f"{n:02d}{'!' if n == 1 else ''} {n:02d}.1={listed} {n:02d}.2! {tail}")
    return f"  HI {usage} " + " ".join(parts) + "\n"


CLAIM = f"""
block 2300 in 2000B,2000C S100 Claim
  CLM R1 01! 02! 05! 05.1! 05.2=A 05.3! 06?N,Y 07=A,B,C 08=N,W,Y 09=I,Y 20?@delay
  DTP S1 01=096 02=TM 03!
  DTP R1 01=434 02=RD8 03!
  DTP S1 01=435 02=D8,DT 03!
  DTP S1 01=050 02=D8 03!
  CL1 R1 01! 02 03!
  PWK S10 01=@report 02=@transmission 05?AC 06
  CN1 S1 01=@contract 02 03 04 05 06
  AMT S1 01=F3 02!
  REF S1 01=4N 02!
  REF S1 01=9F 02!
  REF S1 01=G1 02!
  REF S1 01=F8 02!
  REF S1 01=9A 02!
  REF S1 01=9C 02!
  REF S5 01=LX 02!
  REF S1 01=D9 02!
  REF S1 01=LU 02!
  REF S1 01=EA 02!
  REF S1 01=P4 02!
  REF S1 01=G4 02!
  K3 S10 01!
  NTE S10 01=ALG,DCP,DGN,DME,MED,NTR,ODT,RHB,RLH,RNH,SET,SFM,SPT,UPI 02!
  NTE S1 01=ADD 02!
  CRC S1 01=ZZ 02=N,Y 03=AV,NU,S2,ST 04?AV,NU,S2,ST 05?AV,NU,S2,ST
{_coded("R1", "ABK,BK", count=1, extra="9?@poa")}\
{_coded("S1", "ABJ,BJ", count=1)}\
{_coded("S1", "APR,PR", count=3)}\
{_coded("S1", "ABN,BN", extra="9?@poa")}\
{_coded("S1", "DR", count=1)}\
{_coded("S2", "ABF,BF", extra="9?@poa")}\
{_coded("S1", "BBR,BR,CAH", count=1, extra="3=D8 4!")}\
{_coded("S2", "BBQ,BQ", extra="3=D8 4!")}\
{_coded("S2", "BI", extra="3=RD8 4!")}\
{_coded("S2", "BH", extra="3=D8 4!")}\
{_coded("S2", "BE", extra="5!")}\
{_coded("S2", "BG")}\
{_coded("S2", "TC")}\
  {common.HCP.format(more="08 11?DA,UN 12")}
"""

LINE = f"""
block 2400 in 2300 R999 Service line
  LX R1 01!
  SV2 R1 01! 02 02.1=@procedure_source 02.2! 02.3 02.4 02.5 02.6 02.7 03! 04=DA,UN 05! 07
  PWK S10 01=@report 02=@transmission 05?AC 06
  DTP S1 01=472 02=D8,RD8 03!
  REF S1 01=6R 02!
  REF S1 01=9B 02!
  REF S1 01=9D 02!
  AMT S1 01=GT 02!
  AMT S1 01=N8 02!
  NTE S1 01=TPO 02!
  {common.HCP.format(more="08 09?@procedure_source 10 11?DA,UN 12")}
"""

TABLE = "".join(
    (
        common.HEADER,
        common.BILLING_LEVEL,
        BILLING,
        common.PAY_TO.format(entity="2"),
        common.PERSON_LEVELS.format(insurance_type="", subscriber_facts="", patient_facts="", payer_ids=1),
        CLAIM,
        party("2310A", "2300", "S1", "71", entity="1", taxonomy="AT", name="Attending provider"),
        party("2310B", "2300", "S1", "72", entity="1", name="Operating physician"),
        party("2310C", "2300", "S1", "ZZ", entity="1", name="Other operating physician"),
        party("2310D", "2300", "S1", "82", entity="1", name="Rendering provider"),
        facility("2310E", "2300"),
        party("2310F", "2300", "S1", "DN", entity="1", numbers="0B,1G,G2", times=3, name="Referring provider"),
        common.OTHER_COVERAGE.format(insurance_type="", signature=""),
        "MIA S1 01! 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24\n",
        "MOA S1 01 02 03 04 05 06 07 08 09\n",
        common.OTHER_PARTIES,
        other_payer_party("2330C", "S1", "71", entity="1", times=4, name="Other payer's attending provider"),
        other_payer_party("2330D", "S1", "72", entity="1", times=4, name="Other payer's operating physician"),
        other_payer_party("2330E", "S1", "ZZ", entity="1", times=4, name="Other payer's other operating physician"),
        other_payer_party("2330F", "S1", "77", entity="2", numbers="0B,G2,LU", name="Other payer's facility"),
        other_payer_party("2330G", "S1", "82", entity="1", times=4, name="Other payer's rendering provider"),
        other_payer_party("2330H", "S1", "DN", entity="1", numbers="0B,1G,G2", name="Other payer's referring provider"),
        other_payer_party(
            "2330I", "S1", "85", entity="2", numbers="G2,LU", times=2, name="Other payer's billing provider"
        ),
        LINE,
        common.DRUG,
        party("2420A", "2400", "S1", "72", entity="1", name="Operating physician"),
        party("2420B", "2400", "S1", "ZZ", entity="1", name="Other operating physician"),
        party("2420C", "2400", "S1", "82", entity="1", name="Rendering provider"),
        party("2420D", "2400", "S1", "DN", entity="1", numbers="0B,1G,G2", name="Referring provider"),
        common.ADJUDICATION.format(procedure="", sources="@procedure_source", revenue="04!"),
    )
)

GUIDE = guide(
    name="837I",
    transaction="837",
    functional_id="HC",
    versions=("005010X223A2", "005010X223A1", "005010X223A3", "005010X223"),
    table=TABLE,
    business_unit=("2300", "CLM", 1),
)
