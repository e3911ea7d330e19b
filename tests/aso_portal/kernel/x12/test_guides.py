"""Guides are tables: read exactly, refused with the line when malformed."""

import pytest

from aso_portal.kernel.x12.dictionary import SEGMENT_TYPES
from aso_portal.kernel.x12.guide import Loop, guide
from aso_portal.kernel.x12.guides import BY_NAME, BY_VERSION, GUIDES
from aso_portal.kernel.x12.structure import lay_out, qualifier_of


def build(table):
    return guide(name="test", transaction="837", functional_id="HC", versions=("X",), table=table)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("NM1 R1 01=41", "line 1.*before the first loop"),
        ("block HEADER in - R1\n  QQQ R1 01!", "line 2.*QQQ"),
        ("block HEADER in - R1\n  ST R1 01=837 09!", "line 2"),
        ("block HEADER in - R1\nblock HEADER in - R1", "line 2.*twice"),
        ("block HEADER in - R1\n  CLM R1 01! 02! 05.1!", "line 2.*not listed itself"),
        ("block HEADER in - R1\n  SBR R1 01=@nosuchlist", "line 2"),
    ],
)
def test_a_malformed_table_is_refused_with_its_line(table, says):
    with pytest.raises(ValueError, match=says):
        build(table)


def test_usage_repeat_codes_and_components_are_read():
    clm = BY_NAME["837P"].use("2300", "CLM")
    assert [element.usage for element in clm.elements] == list("RRNNRRRRRSSSNNNNNNNS")
    assert [part.usage for part in clm.elements[4].parts] == ["R", "R", "R"]
    assert clm.elements[4].parts[1].codes == {"B"}
    assert clm.elements[7].codes == {"N", "W", "Y"}
    assert BY_NAME["837I"].loops["2400"].repeat == 999


@pytest.mark.parametrize("each", GUIDES, ids=lambda each: each.name)
def test_every_guide_is_sound(each):
    """Each use can be told from its neighbours; each block begins with a starter; nothing starts inside a block."""
    assert each.blocks[0].loop_id == "HEADER"
    for loop in each.loops.values():
        assert loop.children, loop.loop_id
        for parent in loop.parents:
            assert parent in each.loops
    for block in each.blocks:
        for use in block.segments():
            if use is not block.opening:
                assert use.segment_id not in each.starters, (block.loop_id, use.segment_id)
    for loop in each.loops.values():
        seen = set()
        for child in loop.children[1:]:
            opening = child.opening if isinstance(child, Loop) else child
            for code in opening.qualifier_codes or {""}:
                assert (opening.segment_id, code) not in seen, (each.name, loop.loop_id, opening.segment_id, code)
                seen.add((opening.segment_id, code))


@pytest.mark.parametrize("each", GUIDES, ids=lambda each: each.name)
def test_every_code_of_a_guide_fits_its_element(each):
    for block in each.blocks:
        for use in block.segments():
            for element in use.elements:
                for one in (element, *element.parts):
                    for code in one.codes or ():
                        assert one.kind.low <= len(code) <= one.kind.high, (use.key, code)


def test_later_and_earlier_errata_are_known_by_their_ids():
    assert {name for version, guide in BY_VERSION.items() for name in [guide.name] if version.startswith("005010X22")} == {
        "837P", "837I", "837D", "834", "835",
    }  # fmt: skip
    assert BY_VERSION["005010X222"] is BY_VERSION["005010X222A2"]


def shape(*segments):
    listed = [segment.split("*") for segment in segments]
    return tuple((elements[0], qualifier_of(elements[0], elements, ":")) for elements in listed)


def placed(loop, *segments):
    each = BY_NAME["837P"]
    layout = lay_out(each, each.loops[loop], shape(*segments), "~")
    return [use and use.loop_id for use in layout.uses], [(m.index, m.code, m.loop) for m in layout.misplaced]


def test_segments_find_the_loop_they_belong_to():
    loops, wrong = placed(
        "2300", "CLM", "HI*ABK:J1", "NM1*DN", "REF*G2", "NM1*77", "N3", "N4", "SBR", "CAS*CO", "AMT*D", "OI", "NM1*IL", "NM1*PR",
        "REF*F8", "SBR", "OI", "NM1*IL", "NM1*PR",
    )  # fmt: skip
    assert wrong == []
    assert loops == [
        "2300", "2300", "2310A", "2310A", "2310C", "2310C", "2310C", "2320", "2320", "2320", "2320", "2330A", "2330B", "2330B",
        "2320", "2320", "2330A", "2330B",
    ]  # fmt: skip


def test_neighbours_with_one_id_may_come_in_any_order_and_others_may_not():
    assert placed("2300", "CLM", "DTP*454", "DTP*431", "REF*D9", "REF*4N", "HI*ABK:J1")[1] == []
    assert placed("2300", "CLM", "REF*D9", "DTP*454", "HI*ABK:J1")[1] == [(2, "segment-out-of-order", "2300")]


def test_what_is_missing_repeated_or_foreign_is_named():
    assert placed("2300", "CLM", "NM1*82") == (["2300", "2310B"], [(2, "segment-missing", "2300")])
    assert placed("2300", "CLM", "HI*ABK:J1", "NM1*77", "REF*G2")[1] == [
        (4, "segment-missing", "2310C"),
        (4, "segment-missing", "2310C"),
    ]
    assert placed("2300", "CLM", "HI*ABK:J1", "HI*ABK:J2")[1] == [(2, "segment-too-many", "2300")]
    assert placed("2300", "CLM", "HI*ABK:J1", "NM1*82", "NM1*82")[1] == [(3, "loop-too-many", "2310B")]
    assert placed("2300", "CLM", "HI*ABK:J1", "BPR*I")[1] == [(2, "segment-not-in-guide", "2300")]
    assert placed("2300", "CLM", "HI*ABK:J1", "QQ7*I")[1] == [(2, "segment-unknown", "2300")]
    assert placed("2300", "CLM", "HI*ABK:J1", "TOO*JP")[1] == [(2, "segment-not-in-guide", "2300")]
    assert placed("2300", "CLM", "HI*ABK:J1", "NM1*QC")[1] == [(2, "segment-unexpected", "2300")]


def test_the_dictionary_knows_every_segment_the_guides_use():
    used = {use.segment_id for each in GUIDES for block in each.blocks for use in block.segments()}
    assert used <= SEGMENT_TYPES.keys()
