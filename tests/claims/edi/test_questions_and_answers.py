"""270 and 276 read to values, 271 and 277 written from values, and back: examples, properties, published samples, injuries."""

import io
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aso_portal.kernel.money import parse_cents
from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.events import InterchangeEnd, ReadingRules, SetEnd, SetStart
from aso_portal.kernel.x12.reader import read
from aso_portal.kernel.x12.writer import InterchangeWriter
from benefits.core.searching import PersonAsked, Place
from claims.core.benefit_answers import Benefit, benefits_told
from claims.core.claim_statuses import CLAIM_NOT_FOUND, ClaimStatus
from claims.edi import x270, x271, x276, x277_status
from claims.edi.echoes import a_day, segments
from claims.edi.x270 import DEPENDANT, PROVIDER, SUBSCRIBER, EligibilityQuestion, Party
from claims.edi.x271 import EligibilityAnswer, EligibilityWriter, Refusal, fraction
from claims.edi.x276 import StatusQuestion
from claims.edi.x277_status import ClaimTold, LineTold, StatusAnswer, StatusWriter
from tests import mutations
from tests.claims.core.test_benefit_answers import PPO, line
from tests.factories import questions as made

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "tests" / "examples" / "edi"
SAMPLES = ROOT.parent / "shared" / "samples"
WHEN = datetime(2026, 5, 20, 16, tzinfo=UTC)
GUIDES = ReadingRules()
ALMA = Place(
    member_id=1,
    holder_id=1,
    person_id=1,
    person_uuid=UUID(int=1),
    family_id=1,
    member_number="H0001",
    given_name="Alma",
    family_name="Ruiz",
    birth_date=date(1985, 3, 2),
    sex="F",
    relationship="18",
)
BEN = Place(
    member_id=2,
    holder_id=1,
    person_id=2,
    person_uuid=UUID(int=2),
    family_id=1,
    member_number="H0001",
    given_name="Ben",
    family_name="Ruiz",
    birth_date=date(2016, 8, 9),
    sex="M",
    relationship="19",
)


def sets_of(data: bytes):
    """(start, blocks, end) of each set."""
    start, blocks = None, []
    for event in read(io.BytesIO(data), GUIDES):
        if isinstance(event, SetStart):
            start, blocks = event, []
        elif isinstance(event, Block):
            blocks.append(event)
        elif isinstance(event, SetEnd):
            yield start, blocks, event


def asked_in(data: bytes) -> list[EligibilityQuestion]:
    return [one for _, blocks, _ in sets_of(data) for one in x270.questions(blocks, "^")]


def status_asked_in(data: bytes) -> list[StatusQuestion]:
    return [one for _, blocks, _ in sets_of(data) for one in x276.questions(blocks)]


def written(writer, kind: str, version: str, answers) -> bytes:
    """One set of these answers as a whole interchange."""
    out = io.StringIO()
    interchange = InterchangeWriter(
        out.write, sender=("ZZ", "ASO01"), receiver=("ZZ", "CLR01"), control_number=1, at=WHEN, line_end="\n"
    )
    interchange.begin_group(kind, "ASO01", "CLR01", 1, version)
    told = writer(interchange, control_number="0001", source_name="ASO Portal", made_at=WHEN)
    for answer in answers:
        told.add(answer)
    told.end()
    interchange.end_group()
    interchange.end()
    return out.getvalue().encode("ascii")


def sound(data: bytes) -> bytes:
    """The bytes, after a look that their set has no fault."""
    ends = [end for _, _, end in sets_of(data)]
    assert [(end.verdict, end.faults) for end in ends] == [("A", [])], [
        str(fault) for end in ends for fault in end.faults
    ]
    return data


def eligibility(*answers) -> bytes:
    return sound(written(EligibilityWriter, "HB", x271.VERSION, answers))


def statuses(*answers) -> bytes:
    return sound(written(StatusWriter, "HN", x277_status.VERSION, answers))


# Reading ---------------------------------------------------------------------------------------------------------------


def test_a_question_about_a_subscriber():
    (asked,) = asked_in(
        made.interchange(made.about(made.subscriber(day="20260401", asks=("30^98", "PT"), group="HRB")))
    )
    assert asked.reference == "REQ-77"
    assert asked.provider == Party(entity="1P", kind="2", name="MERCY GENERAL", qualifier="XX", number="1234567893")
    assert asked.subscriber == PersonAsked(
        member_number="H0001", given_name="ALMA", family_name="RUIZ", birth_date=date(1985, 3, 2), sex="F"
    )
    assert (asked.dependant, asked.traces, asked.start) == (None, (("TRACE-3", "9AAAAAAAAA", ""),), date(2026, 4, 1))
    assert [each.service_types for each in asked.asked] == [("30", "98"), ("PT",)]
    assert (asked.group_number, asked.fault) == ("HRB", "")


def test_a_day_of_an_eq_is_its_own():
    body = (*made.subscriber(day="20260401", asks=()), "EQ*30", "EQ*PT", "DTP*291*RD8*20260410-20260420")
    (asked,) = asked_in(made.interchange(made.about(body)))
    assert [(each.service_types, each.start) for each in asked.asked] == [(("30",), None), (("PT",), date(2026, 4, 10))]
    assert asked.start == date(2026, 4, 1)


def test_a_subscriber_and_his_dependants_may_all_be_asked_about():
    body = (*made.dependant()[:1], "TRN*1*OWN*9AAAAAAAAA", *made.dependant()[1:2], "EQ*30", *made.dependant()[2:])
    first, second = asked_in(made.interchange(made.about(body)))
    assert (first.dependant, first.traces[0][0]) == (None, "OWN")
    assert (second.dependant.given_name, second.traces[0][0]) == ("BEN", "TRACE-4")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"DMG*D8*19850302", b"DMG*D8*19850231", "58"),
        (b"DTP*291*D8*20260401", b"DTP*291*D8*2026-04-01", "57"),
        (b"****MI*H0001", b"****XX*H0001", "72"),
        (b"*ALMA****", b"*ALMA*" + b"X" * 30 + b"***", "73"),
        (b"EQ*30", b"EQ*30***NOBODY", "33"),
    ],
)
def test_what_cannot_be_read_is_named_and_its_neighbour_is_not(old, new, fault):
    content = made.interchange(made.about(made.subscriber(day="20260401"), made.subscriber(name="RUIZ*CARL", level=4)))
    assert content.count(old) >= 1
    bad, good = asked_in(content.replace(old, new, 1))
    assert (bad.fault, good.fault) == (fault, "")


@pytest.mark.parametrize(
    ("old", "new", "fault", "level"),
    [
        (b"NM1*03*1*RUIZ*BEN", b"NM1*03*1*RUIZ*" + b"B" * 40, "65", "dependant"),
        (b"DMG*D8*20160809", b"DMG*D8*20161309", "58", "dependant"),
        (b"NM1*IL*1*RUIZ*ALMA", b"NM1*IL*1*RUIZ*" + b"A" * 40, "73", "subscriber"),
        (b"*XX*1234567893", b"*QQ*1234567893", "43", "provider"),
    ],
)
def test_a_fault_is_told_of_at_the_level_it_lies_at(old, new, fault, level):
    content = made.interchange(made.about(made.dependant()))
    assert content.count(old) == 1
    (asked,) = asked_in(content.replace(old, new))
    assert (asked.fault, asked.fault_at) == (fault, level)


def test_a_status_question_with_lines_takes_their_days():
    claim = (
        *("TRN*1*T-1", "REF*BLT*111", "REF*EJ*PCN1", "AMT*T3*150.5"),
        *("SVC*HC:G0463*100*****1", "DTP*472*D8*20260402", "SVC*HC:G0306*50.5*****1", "DTP*472*D8*20260401"),
    )
    (asked,) = status_asked_in(made.interchange(made.status_of(claim), kind="276"))
    assert (asked.trace, asked.bill_type, asked.account, asked.charge_cents) == ("T-1", "111", "PCN1", 15_050)
    assert asked.days == (date(2026, 4, 1), date(2026, 4, 3))
    assert [party.number for party in asked.providers] == ["1234567893"]


if SAMPLES.is_dir():  # the published samples are not everywhere

    def test_published_questions_of_eligibility_are_read_whole():
        found = asked_in((SAMPLES / "linuxforhealth-x12/subscriber-health-benefit-check.270").read_bytes())
        assert [(one.subscriber.member_number, one.start, one.asked[0].service_types) for one in found] == [
            ("11122333301", date(2006, 5, 1), ("30",))
        ]
        (other,) = asked_in((SAMPLES / "inteligenz-x12parser/Example1_IG_0x1D.txt").read_bytes())
        assert other.fault == "" and other.subscriber.member_number

    def test_published_questions_of_status_are_read_whole():
        found = status_asked_in((SAMPLES / "linuxforhealth-x12/claim-level-status.276").read_bytes())
        assert [one.trace for one in found] == ["ABCXYZ1", "ABCXYZ2", "ABCXYZ3"]
        assert [one.charge_cents for one in found] == [851_388, 759_900, None]
        assert found[2].dependant == PersonAsked(
            given_name="JOSEPH", family_name="MANN", birth_date=date(1995, 11, 1), sex="M"
        )
        assert found[2].days == (date(2005, 5, 1), date(2005, 5, 2))


# Writing: whole files as examples --------------------------------------------------------------------------------------


def test_the_example_answer_to_the_example_question():
    (asked,) = asked_in((EXAMPLES / "eligibility.270").read_bytes())
    answer = EligibilityAnswer(
        question=asked,
        holder=ALMA,
        patient=BEN,
        benefits=benefits_told(asked.asked[0].service_types, {"medical": line(PPO, plan="PPO 750")}),
        begins=date(2026, 1, 1),
    )
    assert eligibility(answer).decode() == (EXAMPLES / "eligibility.271").read_text()


def test_the_example_status_of_the_example_question():
    first, second = status_asked_in((EXAMPLES / "claim-status.276").read_bytes())
    paid = ClaimTold(
        statuses=(ClaimStatus("F1", "65"),),
        as_of=date(2026, 4, 5),
        billed_cents=150_000,
        paid_cents=28_000,
        decided_on=date(2026, 4, 4),
        paid_on=date(2026, 4, 5),
        trace_number="T000000001",
        claim_number="C0000000018",
        account="PCN1",
        start=date(2026, 4, 1),
        end=date(2026, 4, 2),
        lines=(
            LineTold(
                qualifier="HC",
                code="G0463",
                modifiers=("25",),
                billed_cents=150_000,
                paid_cents=28_000,
                units_thousandths=1_500,
                revenue="",
                control_number="L1",
                start=date(2026, 4, 1),
                end=date(2026, 4, 2),
                status=ClaimStatus("F1", "65"),
            ),
        ),
    )
    waits = ClaimTold(
        statuses=(ClaimStatus("P3", "286"), ClaimStatus("P2", "46")),
        as_of=date(2026, 4, 5),
        billed_cents=22_000,
        claim_number="C0000000026",
        account="PCN2",
        start=date(2026, 4, 2),
        end=date(2026, 4, 5),
    )
    told = statuses(
        StatusAnswer(question=first, told=(paid,), holder=ALMA, patient=ALMA),
        StatusAnswer(question=second, told=(waits,), holder=ALMA, patient=BEN),
    )
    assert told.decode() == (EXAMPLES / "claim-status.277").read_text()


# Writing: properties ---------------------------------------------------------------------------------------------------

cents = st.integers(0, 10**9)
benefit = st.builds(
    Benefit,
    code=st.sampled_from(["1", "A", "B", "C", "F", "G", "I", "6"]),
    service_types=st.lists(st.sampled_from(["30", "98", "PT", "AL"]), min_size=1, max_size=3, unique=True).map(tuple),
    level=st.sampled_from(["", "IND", "FAM"]),
    plan=st.sampled_from(["", "PPO 750", "A*B:C^D~E"]),
    period=st.sampled_from(["", "22", "23", "29", "27"]),
    cents=st.none() | cents,
    share_bp=st.none() | st.integers(0, 10_000),
    network=st.sampled_from(["", "Y", "N", "W"]),
    note=st.sampled_from(["", "Office visit", "Naïve ~ note"]),
)
counted = st.builds(
    Benefit,
    code=st.just("F"),
    service_types=st.just(("PT",)),
    period=st.sampled_from(["23", "29", "32", "33"]),
    counted_as=st.sampled_from(["VS", "DY", "P6"]),
    count=st.integers(0, 999),
    begins=st.just(date(2026, 1, 1)),
    ends=st.none() | st.dates(date(2026, 1, 2), date(2030, 1, 1)),
)


def benefits_in(data: bytes) -> list[Benefit]:
    """EB loops read back to what can be compared."""
    found: list[Benefit] = []
    for _, blocks, _ in sets_of(data):
        for block in blocks:
            for loop_id, segment_id, elements in segments(block):
                if segment_id == "EB":
                    found.append(
                        Benefit(
                            code=elements[1],
                            level=elements.get(2, ""),
                            service_types=tuple(elements[3].split("^")),
                            period=elements.get(6, ""),
                            cents=parse_cents(elements[7]) if 7 in elements else None,
                            share_bp=round(float(elements[8]) * 10_000) if 8 in elements else None,
                            counted_as=elements.get(9, ""),
                            count=int(elements[10]) if 10 in elements else None,
                            network=elements.get(12, ""),
                        )
                    )
                elif segment_id == "DTP" and loop_id.startswith("2110"):
                    first, _, last = elements[3].partition("-")
                    end = a_day(last or first) + timedelta(days=1) if elements[1] == "291" else None
                    found[-1] = Benefit(**{**values(found[-1]), "begins": a_day(first), "ends": end})
    return found


def values(of: Benefit) -> dict:
    return {name: getattr(of, name) for name in Benefit.__slots__}


QUESTION = asked_in(made.interchange(made.about(made.subscriber())))[0]


@settings(deadline=None)
@given(st.lists(benefit | counted, max_size=6), st.sampled_from([ALMA, BEN]))
def test_what_is_written_reads_back_to_the_same_values(benefits, patient):
    data = eligibility(EligibilityAnswer(question=QUESTION, holder=ALMA, patient=patient, benefits=benefits))
    assert benefits_in(data) == [Benefit(**values(one) | {"plan": "", "note": ""}) for one in benefits]


@given(st.integers(0, 10_000))
def test_a_share_is_a_fraction(basis_points):
    assert round(float(fraction(basis_points)) * 10_000) == basis_points
    assert not fraction(basis_points).startswith("0.")


@pytest.mark.parametrize(
    ("basis_points", "text"), [(0, "0"), (2_000, ".2"), (10_000, "1"), (1_250, ".125"), (1, ".0001")]
)
def test_shares_as_x12_writes_them(basis_points, text):
    assert fraction(basis_points) == text


@pytest.mark.parametrize("level", [PROVIDER, SUBSCRIBER, DEPENDANT])
def test_a_refusal_at_each_level_is_sound_and_the_next_answer_stands_on_its_own(level):
    about = made.dependant() if level == DEPENDANT else made.subscriber()
    (asked,) = asked_in(made.interchange(made.about(about)))
    refused = EligibilityAnswer(question=asked, refusals=(Refusal(level, "75", request_is_valid=True),))
    found = EligibilityAnswer(
        question=asked, holder=ALMA, patient=ALMA, benefits=[Benefit(code="1", service_types=("30",))]
    )
    data = eligibility(refused, found, refused)
    assert data.count(b"\nAAA*Y**75*C~") == 2
    assert data.count(b"\nEB*1**30~") == 1


def test_lines_and_levels_are_shared_between_questions_of_one_provider():
    first, second = status_asked_in((EXAMPLES / "claim-status.276").read_bytes())
    data = statuses(
        StatusAnswer(question=first, refusal=CLAIM_NOT_FOUND), StatusAnswer(question=second, refusal=CLAIM_NOT_FOUND)
    )
    assert [row for row in data.decode().splitlines() if row.startswith("HL")] == [
        *("HL*1**20*1~", "HL*2*1*21*1~", "HL*3*2*19*1~", "HL*4*3*22*0~", "HL*5*3*22*1~", "HL*6*5*23~")
    ]


# Injuries --------------------------------------------------------------------------------------------------------------

INJURED = 600


def sources() -> list[bytes]:
    return [
        (EXAMPLES / "eligibility.270").read_bytes(),
        (EXAMPLES / "claim-status.276").read_bytes(),
        made.interchange(made.about(made.subscriber(asks=("30^PT", "98"), day="20260401"), made.dependant(level=4))),
    ]


def answered(data: bytes) -> int:
    """Answer whatever is left of a file as the portal would whose every search ends alike; how many answers there are."""
    count = 0
    for start, blocks, end in sets_of(data):
        if start.rejected or start.guide is None or end.verdict == "R":
            continue
        if start.guide.name == "270":
            told = [
                EligibilityAnswer(question=one, refusals=(Refusal(one.fault_at, one.fault),))
                if one.fault
                else EligibilityAnswer(
                    question=one, holder=ALMA, patient=BEN, benefits=[Benefit(code="1", service_types=("30",))]
                )
                for one in x270.questions(blocks, start.interchange.delimiters.repetition)
            ]
            if told:
                eligibility(*told)
        elif start.guide.name == "276":
            told = [StatusAnswer(question=one, refusal=CLAIM_NOT_FOUND) for one in x276.questions(blocks)]
            if told:
                statuses(*told)
        else:
            told = []
        count += len(told)
    return count


def test_no_injury_raises_and_whatever_is_answered_is_answered_soundly():
    files, count = sources(), 0
    for number in range(INJURED):
        chance = random.Random(f"questions/{number}")
        count += answered(mutations.mutated(chance.choice(files), chance))
    assert count > INJURED // 4


def test_the_unharmed_files_are_answered_whole():
    assert [answered(data) for data in sources()] == [1, 2, 2]
    for data in sources():
        assert [event.verdict for event in read(io.BytesIO(data)) if isinstance(event, InterchangeEnd)] == ["A"]
