"""999 implementation acknowledgment, 005010X231A1."""

from aso_portal.kernel.x12.guide import guide

TABLE = """
block HEADER in - R1 Transaction header
  ST R1 01=999 02! 03!
  AK1 R1 01! 02! 03
block 2000 in HEADER S* Transaction set response
  AK2 R1 01! 02! 03
loop 2100 in 2000 S* Segment error
  IK3 R1 01! 02! 03 04=1,2,3,4,5,6,7,8,I4,I6,I7,I8,I9
  CTX S10 01! 01.1! 01.2 02 03 04 05 05.1! 05.2 05.3 06 06.1! 06.2
loop 2110 in 2100 S* Element error
  IK4 R1 01! 01.1! 01.2 01.3 02 03=1,2,3,4,5,6,7,8,9,10,12,13,I6,I9,I10,I11,I12,I13 04
  CTX S10 01! 01.1! 01.2 02 03 04 05 05.1! 05.2 05.3 06 06.1! 06.2
loop 2190 in 2000 R1 Set verdict
  IK5 R1 01=A,E,M,R,W,X 02 03 04 05 06
block SUMMARY in HEADER R1 Group verdict
  AK9 R1 01=A,E,M,P,R,W,X 02! 03! 04! 05 06 07 08 09
"""

GUIDE = guide(name="999", transaction="999", functional_id="FA", versions=("005010X231A1", "005010X231"), table=TABLE)
