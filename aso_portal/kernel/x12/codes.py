"""Code lists that several guides share, named `@name` in their tables. Values only: the official texts are licensed."""

# ruff: noqa: E501  (a row of a table stays on one line)

CODE_LISTS: dict[str, tuple[str, ...]] = {
    name: tuple(values.split())
    for name, values in {
        "relationship": "01 18 19 20 21 39 40 53 G8",
        "patient_relationship": "01 19 20 21 39 40 53 G8",
        "payer_order": "A B C D E F G H P S T U",
        "insurance_type": "12 13 14 15 16 41 42 43 47",
        "filing": "11 12 13 14 15 16 17 AM BL CH CI DS FI HM LM MA MB MC OF TV VA WC ZZ",
        "contact": "EM FX TE",
        "more_contact": "EM EX FX TE",
        "sex": "F M U",
        "delay": "1 2 3 4 5 6 7 8 9 10 11 15",
        "report": "03 04 05 06 07 08 09 10 11 13 15 21 A3 A4 AM AS B2 B3 B4 BR BS BT CB CK CT D2 DA DB DG DJ DS EB HC HR I5 IR LA M1 MT NN OB OC OD OE OX OZ P4 P5 PE PN PO PQ PY PZ RB RR RT RX SG V5 XP",
        "transmission": "AA BM EL EM FT FX",
        "ambulance": "01 04 05 06 07 08 09 12",
        "lens": "L1 L2 L3 L4 L5",
        "contract": "01 02 03 04 05 06 09",
        "adjustment_group": "CO CR OA PI PR",
        "pricing": "00 01 02 03 04 05 06 07 08 09 10 11 12 13 14",
        "rejection": "T1 T2 T3 T4 T5 T6",
        "compliance": "1 2 3 4 5",
        "exception": "1 2 3 4 5 6",
        "procedure_source": "ER HC HP IV WK",
        "drug": "EN EO HI N4 ON UK UP",
        "drug_unit": "F2 GR ME ML UN",
        "surface": "B D F I L M O",
        "cavity": "00 01 02 09 10 20 30 40 L R",
        "poa": "N U W Y",
        "member_relationship": "01 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 23 24 25 26 31 33 38 48 49 53 60 D2 G8 G9",
        "maintenance": "001 021 024 025 030",
        "maintenance_hd": "001 002 021 024 025 026 030 032",
        "maintenance_reason": "01 02 03 04 05 06 07 08 09 10 11 14 15 16 17 18 20 21 22 25 26 27 28 29 31 32 33 37 38 39 40 41 43 59 AA AB AC AD AE AF AG AH AI AJ AL EC XN XT",
        "coverage_line": "AG AH AJ AK DCP DEN EPO FAC HE HLT HMO LTC LTD MM MOD PDG POS PPO PRA STD UR VIS",
        "coverage_level": "CHD DEP E1D E2D E3D E5D E6D E7D E8D E9D ECH EMP ESP FAM IND SPC SPO TWO",
        "claim_adjustment_status": "1 2 3 4 19 20 21 22 23 25",
        "plb_reason": "50 51 72 90 AH AM AP B2 B3 BD BN C5 CR CS CT CV CW DM E3 FB FC GO HM IP IR IS J1 L3 L6 LE LS OA OB PI PL RA RE SL TL WO WU",
    }.items()
}  # fmt: skip
