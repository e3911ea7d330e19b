"""Interchanges for tests: bodies as lists of segments, sealed with envelopes whose counts are right."""

import io

from claims.edi.x837 import PartnerRules, read_837

P, I, D = "005010X222A1", "005010X223A2", "005010X224A2"  # noqa: E741  (the trade's own letters)

HEAD = (
    "BHT*0019*00*B0001*20260107*0930*CH",
    "NM1*41*2*DAYTON CLEARING*****46*CLR01",
    "PER*IC*HELP DESK*TE*9375550100",
    "NM1*40*2*ASO PORTAL*****46*ASO01",
)
PROVIDER = (
    "HL*1**20*1",
    "PRV*BI*PXC*207Q00000X",
    "NM1*85*2*RIVERSIDE FAMILY CARE*****XX*1245319599",
    "N3*12 RIVER RD",
    "N4*DAYTON*OH*454020001",
    "REF*EI*311234567",
)
ALMA = (
    "HL*2*1*22*0",
    "SBR*P*18*GRP1001******CI",
    "NM1*IL*1*ALVAREZ*ALMA****MI*M0000001",
    "N3*7 ELM ST",
    "N4*DAYTON*OH*45402",
    "DMG*D8*19800214*F",
    "NM1*PR*2*SPRUCE HEALTH PLAN*****PI*SPRUCE",
)
ALMA_FOR_BEN = (
    "HL*2*1*22*1",
    "SBR*P**GRP1001******CI",
    "NM1*IL*1*ALVAREZ*ALMA****MI*M0000001",
    "NM1*PR*2*SPRUCE HEALTH PLAN*****PI*SPRUCE",
    "HL*3*2*23*0",
    "PAT*19",
    "NM1*QC*1*ALVAREZ*BEN",
    "N3*7 ELM ST",
    "N4*DAYTON*OH*45402",
    "DMG*D8*20120630*M",
)
VISIT = (
    "CLM*AC-1001*150.5***11:B:1*Y*A*Y*Y",
    "REF*D9*TRACE1001",
    "HI*ABK:J069*ABF:R509",
    "NM1*82*1*OKAFOR*NGOZI****XX*1679576722",
    "PRV*PE*PXC*207Q00000X",
    "LX*1",
    "SV1*HC:99213:25*100*UN*1***1:2",
    "DTP*472*D8*20260102",
    "REF*6R*L1",
    "LX*2",
    "SV1*HC:87880*50.5*UN*1***1",
    "DTP*472*D8*20260102",
    "REF*6R*L2",
)
STAY = (
    "CLM*AC-2001*1234.56***11:A:1**A*Y*Y",
    "DTP*096*TM*1100",
    "DTP*434*RD8*20260103-20260106",
    "DTP*435*DT*202601031430",
    "CL1*1*1*01",
    "HI*ABK:J189:::::::Y",
    "HI*ABJ:R0602",
    "HI*DR:193",
    "HI*ABF:E119:::::::Y*ABF:I10:::::::N",
    "NM1*71*1*HOUSE*GRACE****XX*1234567893",
    "LX*1",
    "SV2*0120**1000*DA*3",
    "LX*2",
    "SV2*0300*HC:85025*234.56*UN*2",
    "DTP*472*D8*20260104",
)
FILLING = (
    "CLM*AC-3001*320***11:B:1*Y*A*Y*Y",
    "DTP*472*D8*20260105",
    "REF*D9*TRACE3001",
    "LX*1",
    "SV3*AD:D2392*200****1",
    "TOO*JP*14*M:O",
    "LX*2",
    "SV3*AD:D1110*120****1",
)
BODIES = {
    P: (*HEAD, *PROVIDER, *ALMA, *VISIT),
    I: (*HEAD, *PROVIDER, *ALMA, *STAY),
    D: (*HEAD, *PROVIDER, *ALMA, *FILLING),
}
SECOND = tuple(segment.replace("AC-1001", "AC-1002").replace("TRACE1001", "TRACE1002") for segment in VISIT)
THIRD = tuple(segment.replace("AC-1001", "AC-1003").replace("TRACE1001", "TRACE1003") for segment in VISIT)
THREE_VISITS = (*HEAD, *PROVIDER, *ALMA, *VISIT, *SECOND, *THIRD)


def transaction(body, version=P, control="0001"):
    """ST to SE with the right count."""
    return (f"ST*837*{control}*{version}", *body, f"SE*{len(body) + 2}*{control}")


def group(*transactions, version=P, control=1):
    """GS to GE with the right count."""
    inside = [segment for each in transactions for segment in each]
    start = f"GS*HC*CLR01*ASO01*20260105*0930*{control}*X*{version}"
    return (start, *inside, f"GE*{len(transactions)}*{control}")


def interchange(
    *groups, control=17, acknowledge="0", element="*", component=":", repetition="^", terminator="~", line="\n"
):
    """ISA to IEA as bytes, cut with the delimiters asked for."""
    inside = [segment for each in groups for segment in each]
    head = (
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'CLR01':15}*ZZ*{'ASO01':15}*260105*0930*^*00501*{control:09d}*{acknowledge}*P*:"
    )
    segments = [head, *inside, f"IEA*{len(groups)}*{control:09d}"]
    table = str.maketrans({"*": element, ":": component, "^": repetition})
    return (terminator + line).join([*(segment.translate(table) for segment in segments), ""]).encode("latin-1")


def sealed(body, version=P, **settings):
    """One set in one group in one interchange."""
    return interchange(group(transaction(body, version), version=version), **settings)


def replaced(body, old, new):
    """The body with one segment replaced; `new` None drops it. Fails when `old` is not there exactly once."""
    assert list(body).count(old) == 1, f"{old!r} occurs {list(body).count(old)} times"
    place = list(body).index(old)
    return (*body[:place], *(() if new is None else (new,)), *body[place + 1 :])


def events(data, **rules):
    """All events of some bytes."""
    return list(read_837(io.BytesIO(data), partner_rules=PartnerRules(**rules)))
