# ruff: noqa: E501  (a row of a table stays on one line)
"""The listed rules of an 837: situations (SNIP 4), values of small public code lists (SNIP 5), lines of business (SNIP 6).

One rule a line: id | guides | loop | when | needs | at | kind, claim status, entity | words. The language of `when`, `needs`
and `at`: `aso_portal.kernel.x12.conditions`. docs/domain/edi.md lists every rule, with those that arithmetic decides
(`x837_rules`). A partner may have a rule off, noted or pended: `x837_policy`.
"""

from aso_portal.kernel.x12.situations import Rule, read_rules

GUIDES = {"P": "837P", "I": "837I", "D": "837D"}

SITUATIONS = """
S4-01 | PID | 2300 | CLM-5.3 = 7,8 | REF[F8] | REF[F8] | missing 464 | the payer's own claim number (REF*F8) is required when CLM05-3 is 7 or 8
S4-02 | PD | 2300 | CLM-11.1-3 = AA,OA | DTP[439] | DTP[439] | missing 365 | the accident date (DTP*439) is required with related cause AA or OA
S4-03 | PD | 2300 | CLM-11.1-3 = AA | CLM-11.4 | CLM-11.4 | missing 366 | the state of an auto accident is required
S4-04 | I | 2300 | CLM-5.1 = ?1,18 | DTP[435] | DTP[435] | missing 189 | the admission date (DTP*435) is required on an inpatient claim
S4-05 | I | 2300 | CLM-5.1 = ?1,18 & CLM-5.3 = 1,4 | DTP[096] | DTP[096] | missing 190 | the discharge hour (DTP*096) is required on a final inpatient claim
S4-06 | I | 2300 | CLM-5.1 = ?1,18 | HI[ABJ,BJ] | HI[ABJ,BJ] | missing 232 | the admitting diagnosis is required on an inpatient claim
S4-07 | I | 2300 | CLM-5.1 = ?1,18 | 2310A/NM1[71] | 2310A/NM1[71] | missing 125 71 | the attending provider is required on an inpatient claim
S4-08 | I | 2300 | CLM-5.3 = 2,3 & CLM-5.1 = ?1,18 | CL1-3 = 30 | CL1-3 | conflict 234 | an interim claim is for a patient who is still there (CL103 is 30)
S4-09 | I | 2300 | CLM-5.3 = 1,4 & CLM-5.1 = ?1,18 | CL1-3 != 30 | CL1-3 | conflict 234 | a final claim says where the patient went, not that he is still there
S4-10 | I | 2300 | HI[BBR,BR,CAH] | 2310B/NM1[72] | 2310B/NM1[72] | missing 125 72 | the operating physician is required when a procedure is reported
S4-11 | I | 2300 | DTP[435] & CLM-5.3 = 1,2 | DTP[435]-3 <= DTP[434]-3 | DTP[435]-3 | conflict 189 | the patient was admitted after the days the statement covers
S4-12 | P | 2300 | CLM-5.1 = 21 | DTP[435] | DTP[435] | missing 189 | the admission date (DTP*435) is required for services to an inpatient
S4-13 | P | 2300 | DTP[435] & DTP[096] | DTP[435]-3 <= DTP[096]-3 | DTP[096]-3 | conflict 190 | the patient was discharged before he was admitted
S4-14 | P | 2300 | DTP[297] & DTP[296] | DTP[297]-3 <= DTP[296]-3 | DTP[296]-3 | conflict 196 | the patient was back at work before he stopped working
S4-20 | P | 2300 | DTP[431] | DTP[431]-3 <= 2400/DTP[472]-3 | DTP[431]-3 | conflict 397 | the onset lies after every service
S4-21 | P | 2300 | DTP[454] | DTP[454]-3 <= 2400/DTP[472]-3 | DTP[454]-3 | conflict 192 | the first treatment lies after every service
S4-22 | P | 2300 | DTP[439] | DTP[439]-3 <= 2400/DTP[472]-3 | DTP[439]-3 | conflict 365 | the accident lies after every service
S4-23 | D | 2300 | DTP[439] & !CLM-19 | DTP[439]-3 <= 2400/DTP[472]-3 or DTP[439]-3 <= DTP[472]-3 | DTP[439]-3 | conflict 365 | the accident lies after every service
S4-24 | P | 2300 | DTP[484] | DTP[484]-3 <= 2400/DTP[472]-3 | DTP[484]-3 | conflict 191 | the last menstrual period lies after every service
S4-25 | P | 2300 | DTP[304] | DTP[304]-3 <= 2400/DTP[472]-3 | DTP[304]-3 | conflict 387 | the patient was last seen after every service
S4-26 | P | 2400 | DTP[454] | DTP[454]-3 <= DTP[472]-3 | DTP[454]-3 | conflict 192 | the first treatment lies after the service
S4-33 | PID | 2000B | SBR-2 = 18 | 2010BA/N3 | 2010BA/N3 | missing 126 IL | N3 is required when the subscriber is the patient (SBR02 is 18)
S4-34 | PID | 2000B | SBR-2 = 18 | 2010BA/N4 | 2010BA/N4 | missing 126 IL | N4 is required when the subscriber is the patient (SBR02 is 18)
S4-35 | PID | 2000B | SBR-2 = 18 | 2010BA/DMG | 2010BA/DMG | missing 158 IL | DMG is required when the subscriber is the patient (SBR02 is 18)
S4-36 | PID | 2010BA | NM1-2 = 1 | NM1-9 | NM1-9 | missing 164 IL | the subscriber's member number is required
S4-37 | PID | 2010AA | N4 | N4-2 or N4-4 or N4-7 | N4-2 | missing 126 85 | an address in the United States names its state
S4-38 | PID | 2010CA | N4 | N4-2 or N4-4 or N4-7 | N4-2 | missing 126 QC | an address in the United States names its state
S4-40 | P | 2400 | SV1-1.2 = A0425..A0436 | CR1 or 2300/CR1 | CR1 | missing 428 | an ambulance service needs its transport (CR1), on the line or the claim
S4-41 | P | 2400 | SV1-1.2 = A0426..A0434 | CRC[07] or 2300/CRC[07] | CRC[07] | missing 337 | an ambulance service needs its certification (CRC*07), on the line or the claim
S4-42 | P | 2400 | PS1 | 2420B/NM1[QB] | 2420B/NM1[QB] | missing 125 QB | a purchased service names who provided it
S4-43 | P | 2400 | CR3-1 = R,S | DTP[607] | DTP[607] | missing 335 | a renewed or revised equipment certification needs its day (DTP*607)
S4-44 | P | 2400 | CR3 | DTP[463] | DTP[463] | missing 335 | an equipment certification needs the day therapy began (DTP*463)
S4-50 | PID | 2300/PWK | PWK-2 = BM,EL,EM,FT,FX | PWK-6 | PWK-6 | missing 294 | an attachment that is sent apart needs its control number
S4-51 | PI | 2400/PWK | PWK-2 = BM,EL,EM,FT,FX | PWK-6 | PWK-6 | missing 294 | an attachment that is sent apart needs its control number
S4-61 | D | 2400 | SV3-5 = R | DTP[441] | DTP[441] | missing 202 | a replacement needs the day the one before was placed (DTP*441)
"""

CODE_LISTS = """
S5-01 | PD | 2300 | | CLM-5.1 = 01..27,31..34,41,42,49..58,60..62,65,66,71,72,81,99 | CLM-5.1 | invalid 249 | no place of service has this code
S5-02 | PD | 2400 | {place} | {place} = 01..27,31..34,41,42,49..58,60..62,65,66,71,72,81,99 | {place} | invalid 249 | no place of service has this code
S5-03 | I | 2300 | | CLM-5.1 = 11..14,18,21..23,28,32..34,41,43,65,66,71..77,79,81..87,89 | CLM-5.1 | invalid 228 | no type of bill begins like this
S5-04 | PID | 2320/CAS | CAS | CAS-2+5+8+11+14+17 each 1..9,10..99,100..306,A0..A8,B1..B9,B10..B23,P1..P9,P10..P32,W1..W4,Y1..Y3 | CAS-2 | invalid 521 | no adjustment reason has this code
S5-05 | PID | 2430/CAS | CAS | CAS-2+5+8+11+14+17 each 1..9,10..99,100..306,A0..A8,B1..B9,B10..B23,P1..P9,P10..P32,W1..W4,Y1..Y3 | CAS-2 | invalid 521 | no adjustment reason has this code
"""

LINES_OF_BUSINESS = """
S6-01 | P | 2400 | SV1-1.2 = A0426..A0434 | 2310E/NM1[PW] or 2420G/NM1[PW] | 2420G/NM1[PW] | missing 266 | an ambulance ride needs the place it began at
S6-02 | P | 2400 | SV1-1.2 = A0426..A0434 | 2310F/NM1[45] or 2420H/NM1[45] | 2420H/NM1[45] | missing 266 | an ambulance ride needs the place it ended at
S6-03 | P | 2400 | SV1-1.2 = A0425,A0435,A0436 | SV1-3 = UN | SV1-3 | invalid 267 | miles are counted in units
S6-10 | D | 2400 | SV3-1.2 = D2140..D2999,D3110..D3353,D7111..D7251 | TOO | TOO | missing 244 | this service needs its tooth
S6-11 | D | 2400/TOO | SV3-1.2 = D2140..D2161,D2330..D2335,D2391..D2394 | TOO-3 | TOO-3 | missing 240 | a filling needs its surfaces
S6-12 | D | 2400/TOO | SV3-1.2 = D2140,D2330,D2391 & TOO-3 | TOO-3 # 1 | TOO-3 | conflict 240 | the code is for one surface
S6-13 | D | 2400/TOO | SV3-1.2 = D2150,D2331,D2392 & TOO-3 | TOO-3 # 2 | TOO-3 | conflict 240 | the code is for two surfaces
S6-14 | D | 2400/TOO | SV3-1.2 = D2160,D2332,D2393 & TOO-3 | TOO-3 # 3 | TOO-3 | conflict 240 | the code is for three surfaces
S6-15 | D | 2400/TOO | SV3-1.2 = D2161,D2394 & TOO-3 | TOO-3 # 4..5 | TOO-3 | conflict 240 | the code is for four surfaces or more
S6-16 | D | 2400/TOO | TOO | TOO-2 = 1..9,01..09,10..32,A..T,51..82,AS,BS,CS,DS,ES,FS,GS,HS,IS,JS,KS,LS,MS,NS,OS,PS,QS,RS,SS,TS | TOO-2 | invalid 244 | no tooth has this number or letter
S6-17 | D | 2400 | SV3-1.2 = D4210,D4211,D4240,D4241,D4260,D4261,D4341,D4342 | SV3-4.1-5 = 10,20,30,40 or TOO | SV3-4 | missing 245 | this service needs its quadrant
S6-18 | D | 2400 | SV3-1.2 = D8010..D8090 | 2300/DN1 | SV3-1.2 | missing 246 | orthodontic treatment needs its months (DN1)
S6-19 | D | 2400 | SV3-1.2 = D2510..D2799,D5110..D5281,D6205..D6794 | SV3-5 | SV3-5 | missing 384 | a crown, bridge or denture is the first one or a replacement (SV305)
S6-20 | P | 2400 | SV1-1.2 = E0100..E8002,K0001..K0899 | SV1-1.3-6 = NU,RR,UE,LL,MS,RA,RB,KH,KI,KJ,NR | SV1-1.3 | missing 453 | equipment is bought, rented or used: a modifier says which
S6-21 | P | 2400 | SV5 | SV1-1.2 = E????,K????,A4???,A5???,A6???,A7???,A8???,A9???,L????,B????,Q0???,S8??? | SV1-1.2 | conflict 454 | a rental or purchase price belongs to equipment
S6-30 | PI | 2410 | LIN-2 = N4 | LIN-3 ~ 99999999999 | LIN-3 | invalid 218 | a national drug code has eleven digits
S6-31 | P | 2400 | SV1-1.2 = J0120..J9999 | 2410/LIN | 2410/LIN | missing 218 | an injected drug needs its national drug code
S6-40 | P | 2400 | SV1-1.2 = 00100..01952,01954..01995,01997..01999 | SV1-3 = MJ | SV1-3 | invalid 251 | anaesthesia is counted in minutes
S6-41 | P | 2400 | SV1-3 = MJ | SV1-1.2 = 00100..01999 | SV1-3 | conflict 251 | minutes are for anaesthesia
S6-42 | P | 2400 | SV1-1.2 = 00100..01999 | SV1-1.3-6 = AA,AD,QK,QX,QY,QZ | SV1-1.3 | missing 453 | anaesthesia needs the modifier that says who gave it
S6-50 | I | 2400 | SV2-1 = 0100..0219,100..219 | SV2-4 = DA | SV2-4 | invalid 258 | a room is counted in days
S6-51 | I | 2400 | SV2-1 = 0300..0319,0320..0359,0450..0459,0636 & 2300/CLM-5.1 = 13,14,83,85 | SV2-2 | SV2-2 | missing 454 | an outpatient line of this revenue code needs its procedure
"""

OFF_UNLESS_ASKED = frozenset({"S6-20", "S6-31", "S6-42"})
"""Not every payer wants these: a partner's settings switch them on."""


def _listed() -> tuple[Rule, ...]:
    rules = list(read_rules(SITUATIONS + LINES_OF_BUSINESS, guides=GUIDES))
    first, second, *others = CODE_LISTS.strip().splitlines()
    rules += read_rules("\n".join([first, *others]), guides=GUIDES)
    for letter, place in (("P", "SV1-5"), ("D", "SV3-3")):
        row = second.format(place=place).replace("| PD |", f"| {letter} |")
        rules += read_rules(row, guides=GUIDES)
    return tuple(sorted(rules, key=lambda rule: rule.id))


RULES = _listed()
