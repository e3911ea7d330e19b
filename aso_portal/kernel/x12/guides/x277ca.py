"""277 claim acknowledgment, 005010X214."""

from aso_portal.kernel.x12.guide import guide

STATUS = "STC {times} 01! 01.1! 01.2! 01.3 {date} 03=U,WQ {amount} 10 10.1! 10.2! 10.3 11 11.1! 11.2! 11.3 12"

TABLE = f"""
block HEADER in - R1 Transaction header
  ST R1 01=277 02! 03!
  BHT R1 01=0085 02=08 03! 04! 05! 06=TH
block 2000A in HEADER R1 Information source
  HL R1 01! 03=20 04=1
loop 2100A in 2000A R1 Source name
  NM1 R1 01=AY,PR 02=2 03! 08=46,FI,PI,XV 09!
loop 2200A in 2000A R1 Transmission receipt
  TRN R1 01=1 02!
  DTP R1 01=050 02=D8 03!
  DTP R1 01=009 02=D8 03!
block 2000B in 2000A R* Information receiver
  HL R1 01! 02! 03=21 04=0,1
loop 2100B in 2000B R1 Receiver name
  NM1 R1 01=41 02=1,2 03! 04 05 08=46 09!
loop 2200B in 2000B R1 Receiver's transaction
  TRN R1 01=2 02!
  {STATUS.format(times="R*", date="02!", amount="04!")}
  QTY S1 01=90 02!
  QTY S1 01=AA 02!
  AMT S1 01=YU 02!
  AMT S1 01=YY 02!
block 2000C in 2000B S* Billing provider
  HL R1 01! 02! 03=19 04=0,1
loop 2100C in 2000C R1 Provider name
  NM1 R1 01=85 02=1,2 03! 04 05 06 07 08=FI,SV,XX 09!
loop 2200C in 2000C S1 Provider's status
  TRN R1 01=1 02!
  {STATUS.format(times="S*", date="02", amount="04")}
  REF S3 01=0B,1G,G2,LU,SY,TJ 02!
  QTY S1 01=QA 02!
  QTY S1 01=QC 02!
  AMT S1 01=YU 02!
  AMT S1 01=YY 02!
block 2000D in 2000C S* Patient
  HL R1 01! 02! 03=PT 04
loop 2100D in 2000D R1 Patient name
  NM1 R1 01=QC 02=1 03! 04 05 06 07 08?II,MI 09
loop 2200D in 2000D R* Claim status
  TRN R1 01=2 02!
  {STATUS.format(times="R*", date="02!", amount="04!")}
  REF S1 01=1K 02!
  REF S1 01=D9 02!
  REF S1 01=BLT 02!
  DTP S1 01=472 02=D8,RD8 03!
loop 2220D in 2200D S* Line status
  SVC R1 01! 01.1! 01.2! 01.3 01.4 01.5 01.6 02! 04 07
  {STATUS.format(times="R1", date="02", amount="")}
  REF S1 01=FJ 02!
  REF S1 01=XZ 02!
  DTP S1 01=472 02=D8,RD8 03!
"""

GUIDE = guide(name="277CA", transaction="277", functional_id="HN", versions=("005010X214",), table=TABLE)
