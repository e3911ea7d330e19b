"""A partner's rule table is taken whole or refused whole, and every fault says its line."""

import json
from datetime import date
from pathlib import Path

import pytest

from claims.services.partner_rule_files import read_rule_table, rule_of
from claims.services.table_files import BadTable
from tenants.core.partner_rules import PartnerRule

HEADINGS = "rule,start,end,of,loop,when,needs,at,answer,does,words"
OWN = "ACME-1,2026-01-01,,P,2300,,REF[F8],REF[F8],missing 464,,no number"


def read(*rows):
    return read_rule_table("\n".join((HEADINGS, *rows)).encode(), is_json=False)


def refused(*rows):
    with pytest.raises(BadTable) as refusal:
        read(*rows)
    return [str(fault) for fault in refusal.value.faults]


def documented():
    """The example of docs/partner_rules.md."""
    page = (Path(__file__).parents[3] / "docs/partner_rules.md").read_text()
    lines = [line.strip() for line in page.splitlines() if line.startswith("    ")]
    return "\n".join(lines[lines.index(HEADINGS) :]).encode()


def test_the_example_of_the_documentation_is_read():
    first, second, third = read_rule_table(documented(), is_json=False)
    assert (first.rule_id, first.of, first.needs, first.does) == ("ACME-1", "PI", "REF[F8]-2 ~ C99999999", "reject")
    assert (second.start, second.end, second.does) == (date(2026, 1, 1), date(2026, 7, 1), "pend")
    assert third == PartnerRule(rule_id="S6-31", start=date(2026, 1, 1), end=None, does="reject")
    assert [row.is_own for row in (first, second, third)] == [True, True, False]
    assert second.in_force(date(2026, 6, 30))
    assert not second.in_force(date(2026, 7, 1))


def test_a_rule_of_the_partners_own_is_of_type_seven():
    rule = rule_of(read(OWN)[0])
    assert (rule.id, rule.snip, rule.guides, rule.kind, rule.status, rule.entity) == (
        "ACME-1", 7, ("837P",), "missing", "464", "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (OWN.replace("REF[F8],REF", "REF[ZZ],REF"), "line 2: 837P has no 2300/REF[ZZ]."),
        (OWN.replace(",2300,", ",2999,"), "line 2: 837P has no loop 2999."),
        (
            OWN.replace(",P,", ",PI,").replace("REF[F8],REF[F8]", "DTP[439],REF[F8]"),
            "line 2: 837I has no 2300/DTP[439].",
        ),
        (OWN.replace(",P,", ",PX,"), "line 2: of 'PX' must be letters of PID."),
        (OWN.replace("missing 464", "absent"), "must be missing, invalid, conflict, a claim status code"),
        (OWN.replace("ACME-1", "acme"), "line 2: rule 'acme' must look like ACME-1."),
        (OWN.replace("ACME-1", "S4-99"), "line 2: there is no listed rule S4-99; a rule of your own does not begin"),
        (OWN.replace(",,no number", ",off,no number"), "line 2: a rule of your own that is off says nothing"),
        (OWN.replace("no number", ""), "line 2: words is blank."),
        (OWN.replace("2026-01-01", "01/01/2026"), "line 2: start '01/01/2026' is no day."),
        (OWN.replace(",,P,", ",2025-12-31,P,"), "line 2: its end 2025-12-31 lies before its start 2026-01-01."),
        ("S6-31,2026-01-01,,P,,,,,,reject,", "line 2: of is filled, but a listed rule only takes what it does."),
    ],
)
def test_a_row_that_makes_no_sense_refuses_the_table(row, says):
    assert says in refused(row)[0]


def test_every_fault_is_told_with_its_line():
    found = refused(OWN, OWN.replace("ACME-1", "ACME-2").replace("missing 464", "lost"), OWN)
    assert [fault.split(":")[0] for fault in found] == ["line 3", "line 4"]
    assert found[1] == "line 4: its days overlap those of line 2."


def test_wrong_columns_refuse_the_table():
    with pytest.raises(BadTable, match="there is no column 'severity' here"):
        read_rule_table(b"rule,severity,start\nS6-31,reject,2026-01-01", is_json=False)


class TestJson:
    """The same table as a list of objects."""

    ITEM = dict(zip(HEADINGS.split(","), OWN.split(","), strict=True))

    def test_is_read_alike(self):
        assert read_rule_table(json.dumps([self.ITEM]).encode(), is_json=True) == read(OWN)

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"{", "this is no JSON"),
            (b'{"rule": "ACME-1"}', "the file is a list of objects"),
            (json.dumps([ITEM, ITEM | {"price": "1"}]).encode(), "item 2: there is no field 'price' here."),
            (json.dumps([ITEM | {"needs": 7}]).encode(), "item 1: needs must be a text on one line."),
            (json.dumps([ITEM, ITEM | {"rule": "ACME-2", "at": "XX"}]).encode(), "item 2: 837P has no 2300/XX."),
        ],
    )
    def test_faults_name_the_item(self, content, says):
        with pytest.raises(BadTable) as refusal:
            read_rule_table(content, is_json=True)
        assert says in str(refusal.value)
