"""834 benefit enrollment and maintenance, 005010X220A1 (45 CFR 162.1502)."""

# ruff: noqa: E501  (a row of a table stays on one line)

from aso_portal.kernel.x12.guide import guide

PERSON = "03! 04 05 06 07"
ADDRESS = """
  N3 {usage}1 01! 02
  N4 {usage}1 01! 02 03 04 {county}07
"""
CONTACT = "PER S1 01={code} 02 03=AP,BN,CP,EM,EX,FX,HP,TE,WP 04! 05?AP,BN,CP,EM,EX,FX,HP,TE,WP 06 07?AP,BN,CP,EM,EX,FX,HP,TE,WP 08"
DEMOGRAPHICS = "DMG S1 01=D8 02! 03=F,M,U 04?B,D,I,M,R,S,U,W,X 05 06?1,2,3,4,5,6,7 10?REC 11"

TABLE = f"""
block HEADER in - R1 Transaction header
  ST R1 01=834 02! 03!
  BGN R1 01=00,15,22 02! 03! 04! 05 06 08=2,4,RX
  REF S1 01=38 02!
  DTP S* 01=007,090,091,303,382,388 02=D8 03!
  QTY S3 01=DT,ET,TO 02!
loop 1000A in HEADER R1 Sponsor
  N1 R1 01=P5 02 03=24,94,FI 04!
loop 1000B in HEADER R1 Insurer
  N1 R1 01=IN 02 03=94,FI,XV 04!
loop 1000C in HEADER S2 Administrator
  N1 R1 01=BO,TV 02! 03=94,FI,XV 04!
loop 1100C in 1000C S1 Administrator account
  ACT R1 01! 06
block 2000 in HEADER R* Member
  INS R1 01=N,Y 02=@member_relationship 03=@maintenance 04?@maintenance_reason 05=A,C,S,T 06 06.1! 06.2 07?1,2,3,4,5,6,7,8,9,10,ZZ 08?AC,AO,AU,FT,L1,PT,RT,TE 09?F,N,P 10?N,Y 11?D8 12 13?R,U 17
  REF R1 01=0F 02!
  REF S1 01=1L 02!
  REF S13 01=17,23,3H,4A,6O,ABB,D3,DX,F6,P5,Q4,QQ,ZZ 02!
  DTP S24 01=050,056,286,296,297,300,301,303,336,337,338,339,340,341,350,351,356,357,383,385,386,393,394,473,474 02=D8 03!
loop 2100A in 2000 R1 Member name
  NM1 R1 01=74,IL 02=1 {PERSON} 08?34,ZZ 09
  {CONTACT.format(code="IP")}
{ADDRESS.format(usage="S", county="05?60,CY 06 ")}
  {DEMOGRAPHICS}
  EC S* 01! 02 03
  ICM S1 01! 02! 03 04 05
  AMT S7 01=B9,C1,D2,EBA,FK,P3,R 02!
  HLH S1 01=N,S,T,U,X 02 03
  LUI S* 01 02 03 04
loop 2100B in 2000 S1 Incorrect member name
  NM1 R1 01=70 02=1 {PERSON} 08?34,ZZ 09
  DMG S1 01?D8 02 03?F,M,U 04?B,D,I,M,R,S,U,W,X 05 06?1,2,3,4,5,6,7 10?REC 11
loop 2100C in 2000 S1 Mailing address
  NM1 R1 01=31 02=1
{ADDRESS.format(usage="R", county="")}
loop 2100D in 2000 S3 Member's employer
  NM1 R1 01=36 02=1,2 03 04 05 06 07 08?24,34,ZZ 09
  {CONTACT.format(code="EP")}
{ADDRESS.format(usage="S", county="")}
loop 2100E in 2000 S3 Member's school
  NM1 R1 01=M8 02=2 03!
  {CONTACT.format(code="SK")}
{ADDRESS.format(usage="S", county="")}
loop 2100F in 2000 S1 Custodial parent
  NM1 R1 01=S3 02=1 {PERSON} 08?34,ZZ 09
  {CONTACT.format(code="PQ")}
{ADDRESS.format(usage="S", county="")}
loop 2100G in 2000 S13 Responsible person
  NM1 R1 01=6Y,9K,E1,EI,EXS,GB,GD,J6,LR,QD,S1,TZ,X4 02=1 {PERSON} 08?34,ZZ 09
  {CONTACT.format(code="RP")}
{ADDRESS.format(usage="S", county="")}
loop 2100H in 2000 S1 Drop-off location
  NM1 R1 01=45 02=1 03 04 05 06 07
{ADDRESS.format(usage="R", county="")}
loop 2200 in 2000 S* Disability
  DSB R1 01=1,2,3,4 07?DX,ZZ 08
  DTP S2 01=360,361 02=D8 03!
block 2300 in 2000 S99 Health coverage
  HD R1 01=@maintenance_hd 03=@coverage_line 04 05?@coverage_level 09?N,Y
  DTP R6 01=300,303,343,348,349,543,695 02=D8,RD8 03!
  AMT S9 01=B9,C1,D2,EBA,FK,P3,R 02!
  REF S14 01=17,1L,9V,CE,E8,M7,PID,RB,X9,XM,XX1,XX2,ZX,ZZ 02!
  REF S1 01=QQ 02!
  IDC S3 01! 02=D,H,P 03 04?1,2,RX
loop 2310 in 2300 S30 Provider
  LX R1 01!
  NM1 R1 01=1X,3D,80,FA,OD,P3,QA,QN,Y2 02=1,2 03 04 05 06 07 08?34,FI,SV,XX 09 10=25,26,72
  N3 S2 01! 02
  N4 S1 01! 02 03 04 07
  PER S2 01=IC 02 03=AP,BN,CP,EM,EX,FX,HP,TE,WP 04! 05?AP,BN,CP,EM,EX,FX,HP,TE,WP 06 07?AP,BN,CP,EM,EX,FX,HP,TE,WP 08
  PLA S1 01=2 02=1P 03! 05=14,22,46,AA,AB,AC,AD,AE,AF,AG,AH,AI,AJ
loop 2320 in 2300 S5 Other insurance
  COB R1 01=P,S,T,U 02 03=1,5,6 04
  REF S4 01=60,6P,SY,ZZ 02!
  DTP S2 01=344,345 02=D8 03!
loop 2330 in 2320 S3 Other insurer
  NM1 R1 01=36,GW,IN 02=2 03 08?FI,NI,XV 09
  N3 S1 01! 02
  N4 S1 01! 02 03 04 07
  PER S1 01=CN 03=TE 04!
block 2700 in 2000 S1 Reporting categories
  LS R1 01=2700
loop 2710 in 2700 R* Category
  LX R1 01!
loop 2750 in 2710 S1 Category name
  N1 R1 01=75 02!
  REF S1 01=00,17,18,19,26,3L,6M,9V,9X,GE,LU,PID,XX1,XX2,YY,ZZ 02!
  DTP S1 01=007 02=D8,RD8 03!
loop 2799 in 2700 R1 End of reporting categories
  LE R1 01=2700
"""

GUIDE = guide(name="834", transaction="834", functional_id="BE", versions=("005010X220A1", "005010X220"), table=TABLE)
