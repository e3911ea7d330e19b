"""Tables the three 837 guides share: envelope, parties, and the pieces of other-payer loops."""

HEADER = """
block HEADER in - R1 Transaction header
  ST R1 01=837 02! 03!
  BHT R1 01=0019 02=00,18 03! 04! 05! 06=31,CH,RP
loop 1000A in HEADER R1 Submitter
  NM1 R1 01=41 02=1,2 03! 04 05 08=46 09!
  PER R2 01=IC 02 03=@contact 04! 05?@more_contact 06 07?@more_contact 08
loop 1000B in HEADER R1 Receiver
  NM1 R1 01=40 02=2 03! 08=46 09!
"""

BILLING_LEVEL = """
block 2000A in HEADER R* Billing provider level
  HL R1 01! 03=20 04=1
  PRV S1 01=BI 02=PXC 03!
  CUR S1 01=85 02!
"""

PAY_TO = """
loop 2010AB in 2000A S1 Pay-to address
  NM1 R1 01=87 02={entity}
  N3 R1 01! 02
  N4 R1 01! 02 03 04 07
loop 2010AC in 2000A S1 Pay-to plan
  NM1 R1 01=PE 02=2 03! 08=PI,XV 09!
  N3 R1 01! 02
  N4 R1 01! 02 03 04 07
  REF S1 01=2U,FY,NF 02!
  REF R1 01=EI 02!
"""

PERSON_LEVELS = """
block 2000B in 2000A R* Subscriber level
  HL R1 01! 02! 03=22 04=0,1
  SBR R1 01=@payer_order 02?18 03 04{insurance_type} 09?@filing
{subscriber_facts}loop 2010BA in 2000B R1 Subscriber
  NM1 R1 01=IL 02=1,2 03! 04 05 07 08?II,MI 09
  N3 S1 01! 02
  N4 S1 01! 02 03 04 07
  DMG S1 01=D8 02! 03=@sex
  REF S1 01=SY 02!
  REF S1 01=Y4 02!
  PER S1 01=IC 02 03=TE 04! 05?EX 06
loop 2010BB in 2000B R1 Payer
  NM1 R1 01=PR 02=2 03! 08=PI,XV 09!
  N3 S1 01! 02
  N4 S1 01! 02 03 04 07
  REF S3 01=2U,EI,FY,NF 02!
  REF S{payer_ids} 01=G2,LU 02!
block 2000C in 2000B S* Patient level
  HL R1 01! 02! 03=23 04=0
  PAT R1 01=@patient_relationship{patient_facts}
loop 2010CA in 2000C R1 Patient
  NM1 R1 01=QC 02=1 03! 04 05 07
  N3 R1 01! 02
  N4 R1 01! 02 03 04 07
  DMG R1 01=D8 02! 03=@sex
  REF S1 01=Y4 02!
  REF S1 01=1W,SY 02!
  PER S1 01=IC 02 03=TE 04! 05?EX 06
"""

HCP = "HCP S1 01=@pricing 02! 03 04 05 06 07 {more} 13?@rejection 14?@compliance 15?@exception"

OTHER_COVERAGE = """
loop 2320 in 2300 S10 Other subscriber
  SBR R1 01=@payer_order 02=@relationship 03 04{insurance_type} 09?@filing
  CAS S5 01=@adjustment_group 02! 03! 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19
  AMT S1 01=D 02!
  AMT S1 01=A8 02!
  AMT S1 01=EAF 02!
  DMG S1 01=D8 02! 03=@sex
  OI R1 03=N,W,Y{signature} 06=I,Y
"""

OTHER_PARTIES = """
loop 2330A in 2320 R1 Other subscriber name
  NM1 R1 01=IL 02=1,2 03! 04 05 07 08=II,MI 09!
  N3 S1 01! 02
  N4 S1 01! 02 03 04 07
  REF S1 01=SY 02!
loop 2330B in 2320 R1 Other payer
  NM1 R1 01=PR 02=2 03! 08=PI,XV 09!
  N3 S1 01! 02
  N4 S1 01! 02 03 04 07
  DTP S1 01=573 02=D8 03!
  REF S2 01=2U,EI,FY,NF 02!
  REF S1 01=G1 02!
  REF S1 01=9F 02!
  REF S1 01=T4 02!
  REF S1 01=F8 02!
"""

ADJUDICATION = """
loop 2430 in 2400 S15 Other payer's decision on the line
  SVD R1 01! 02! 03{procedure} 03.1={sources} 03.2! 03.3 03.4 03.5 03.6 03.7 {revenue} 05! 06
  CAS S5 01=@adjustment_group 02! 03! 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19
  DTP R1 01=573 02=D8 03!
  AMT S1 01=EAF 02!
"""

DRUG = """
loop 2410 in 2400 S1 Drug
  LIN R1 02=@drug 03!
  CTP R1 04! 05! 05.1=@drug_unit
  REF S1 01=VY,XZ 02!
"""

LINE_SECONDARY = " 04 04.1=2U 04.2!"


def party(
    loop_id: str,
    parent: str,
    usage: str,
    code: str,
    *,
    name: str,
    entity: str = "1,2",
    taxonomy: str = "",
    numbers: str = "0B,1G,G2,LU",
    times: int = 4,
) -> str:
    """A provider named in a claim or line: name, taxonomy where the guide has one, secondary identifiers.

    On a line the secondary identifiers may say which other payer gave them.
    """
    of_payer = LINE_SECONDARY if parent == "2400" else ""
    lines = [f"loop {loop_id} in {parent} {usage} {name}", f"NM1 R1 01={code} 02={entity} 03! 04 05 07 08?XX 09"]
    if taxonomy:
        lines.append(f"PRV S1 01={taxonomy} 02=PXC 03!")
    return "\n".join([*lines, f"REF S{20 if of_payer else times} 01={numbers} 02!{of_payer}", ""])


def facility(loop_id: str, parent: str, *, numbers: str = "0B,G2,LU", contact: bool = False) -> str:
    """Where the service was given, when that is not the billing provider's address."""
    of_payer = LINE_SECONDARY if parent == "2400" else ""
    lines = [
        f"loop {loop_id} in {parent} S1 Service facility",
        "NM1 R1 01=77 02=2 03! 08?XX 09",
        "N3 R1 01! 02",
        "N4 R1 01! 02 03 04 07",
        f"REF S3 01={numbers} 02!{of_payer}",
    ]
    if contact:
        lines.append("PER S1 01=IC 02 03=TE 04! 05?EX 06")
    return "\n".join([*lines, ""])


def ambulance(loop_id: str, parent: str, code: str, *, name: str) -> str:
    """Where an ambulance picked up (PW) or dropped off (45)."""
    named = " 03" if code == "45" else ""
    naming = f"NM1 R1 01={code} 02=2{named}"
    return "\n".join([f"loop {loop_id} in {parent} S1 {name}", naming, "N3 R1 01! 02", "N4 R1 01! 02 03 04 07", ""])


def other_payer_party(
    loop_id: str, usage: str, code: str, *, name: str, entity: str = "1,2", numbers: str = "0B,1G,G2,LU", times: int = 3
) -> str:
    """A provider as another payer knows it: identifiers only."""
    return f"loop {loop_id} in 2320 {usage} {name}\nNM1 R1 01={code} 02={entity}\nREF R{times} 01={numbers} 02!\n"
