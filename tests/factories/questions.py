"""A provider's questions: a partner with a key, interchanges of 270 and 276, and answers taken apart."""

import io
from datetime import UTC, datetime
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from aso_portal.kernel.x12.segments import Segment, segments
from tenants import facade as tenants
from tenants.exchange.models import TradingPartner

ELIGIBILITY, STATUS = "005010X279A1", "005010X212"
GROUPS = {"270": ("HS", ELIGIBILITY), "276": ("HR", STATUS)}
NOW = datetime(2026, 5, 20, 16, tzinfo=UTC)
OPERATIONS = "localhost"
ADDRESS = "/api/v1/x12/"
X12 = "application/edi-x12"


def house(*asks_about, their_id="CLR01", our_id="ASO01") -> "tenants.Partner":
    """A clearing house that may ask about the people of these employers without a group number."""
    tenants.keep_partner(
        name="Dayton clearing", their_qualifier="ZZ", their_id=their_id, our_qualifier="ZZ", our_id=our_id
    )
    row = TradingPartner.objects.get(their_id=their_id, our_id=our_id)
    row.asks_about = [facts.schema_name for facts in asks_about]
    row.save(update_fields=["asks_about"])
    found = tenants.find_partner(their_qualifier="ZZ", their_id=their_id, our_qualifier="ZZ", our_id=our_id)
    assert found is not None
    return found


def key_of(partner) -> str:
    """A live key of a partner."""
    return tenants.make_partner_key(partner_uuid=partner.uuid, made_by_uuid=uuid4(), now=timezone.now())[1]


def post(content: bytes, key: str, *, host: str = OPERATIONS, **more):
    """One question in real time."""
    client = Client(HTTP_HOST=host, headers={"Authorization": f"Bearer {key}"})
    return client.post(ADDRESS, data=content, content_type=X12, **more)


def interchange(*bodies, kind="270", control=17, sender="CLR01", receiver="ASO01", usage="P") -> bytes:
    """Sets of one kind in one group in one interchange."""
    functional, version = GROUPS[kind]
    sets = []
    for number, body in enumerate(bodies, start=1):
        sets += [f"ST*{kind}*{number:04d}*{version}", *body, f"SE*{len(body) + 2}*{number:04d}"]
    head = f"ISA*00*{'':10}*00*{'':10}*ZZ*{sender:15}*ZZ*{receiver:15}*260520*0930*^*00501*{control:09d}*0*{usage}*:"
    group = f"GS*{functional}*{sender}*{receiver}*20260520*0930*{control}*X*{version}"
    listed = [head, group, *sets, f"GE*{len(bodies)}*{control}", f"IEA*1*{control:09d}", ""]
    return "~\n".join(listed).encode("ascii")


def about(*levels, provider="NM1*1P*2*MERCY GENERAL*****XX*1234567893") -> tuple[str, ...]:
    """The body of a 270: the levels of those asked about under one payer and one provider."""
    return (
        "BHT*0022*13*REQ-77*20260520*0930",
        "HL*1**20*1",
        "NM1*PR*2*HARBOR PLAN*****PI*HARBOR",
        "HL*2*1*21*1",
        provider,
        *(segment for level in levels for segment in level),
    )


def subscriber(name="RUIZ*ALMA", number="H0001", born="19850302", sex="F", day="", asks=("30",), group="", level=3):
    """HL 22 of one who is asked about himself. Leave out what is ""."""
    name = name if "*" in name or not number else f"{name}*"
    identity = f"****MI*{number}" if number else ""
    return tuple(
        segment
        for segment in (
            f"HL*{level}*2*22*0",
            f"TRN*1*TRACE-{level}*9AAAAAAAAA",
            f"NM1*IL*1*{name}{identity}",
            f"REF*6P*{group}" if group else "",
            f"DMG*D8*{born}*{sex}".rstrip("*") if born else "",
            f"DTP*291*D8*{day}" if day else "",
            *(f"EQ*{code}" for code in asks),
        )
        if segment
    )


def dependant(name="RUIZ*BEN", born="20160809", sex="M", asks=("30",), number="H0001", holder="RUIZ*ALMA", level=3):
    """HL 22 and 23 of a dependant who is asked about."""
    return (
        f"HL*{level}*2*22*1",
        f"NM1*IL*1*{holder}****MI*{number}",
        f"HL*{level + 1}*{level}*23*0",
        f"TRN*1*TRACE-{level + 1}*9AAAAAAAAA",
        f"NM1*03*1*{name}",
        *([f"DMG*D8*{born}*{sex}"] if born else []),
        *(f"EQ*{code}" for code in asks),
    )


def status_of(*claims, provider="XX*1234567893", name="RUIZ*ALMA", number="H0001", born="19850302*F"):
    """The body of a 276 about claims of one subscriber; each claim is a tuple of segments from its TRN on."""
    return (
        "BHT*0010*13*REQ-88*20260520*0930",
        "HL*1**20*1",
        "NM1*PR*2*HARBOR PLAN*****PI*HARBOR",
        "HL*2*1*21*1",
        "NM1*41*2*DAYTON CLEARING*****46*CLR01",
        "HL*3*2*19*1",
        f"NM1*1P*2*MERCY GENERAL*****{provider}",
        "HL*4*3*22*0",
        f"DMG*D8*{born}",
        f"NM1*IL*1*{name}****MI*{number}",
        *(segment for claim in claims for segment in claim),
    )


def told(content: bytes) -> list[tuple[str, ...]]:
    """Every segment of an answer, after a look that it reads without a fault."""
    found = list(segments(io.BytesIO(content)))
    assert all(isinstance(one, Segment) for one in found), found
    return [one.elements for one in found]


def of_kind(content: bytes, segment_id: str) -> list[str]:
    """The segments of one id, as text."""
    return ["*".join(elements) for elements in told(content) if elements[0] == segment_id]
