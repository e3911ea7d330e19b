"""What code edits rest on: which claims count as a base, whose tables win, what a missing table and an examiner's word do."""

from datetime import date

import pytest

from claims.core.adjudication import adjudicate_family
from claims.core.claim import ProviderRef
from claims.core.code_sets import NO_CODES
from claims.core.edit_tables import NO_TABLES, EditRows, EditTables, PairRow, PairTerm, UnitRow, UnitTerm
from claims.core.facts import PAYABLE, REFUSED, WAITING, Ruling
from tests.factories import edits
from tests.factories.engine import CLINIC, TIN, adjustments, category, claim, facts, family, history_lines, line, plan
from tests.factories.engine import rules as plain_rules

SINCE = date(2025, 1, 1)
FIRST, SECOND = "X1000", "X1001"


def one(code, *, seq=1, rulings=(), number=1, **more):
    return facts(claim(line(number, code, 10_000, 8_000, **more)), seq=seq, rulings=rulings)


def decide(*given, book, history=()):
    return adjudicate_family(family(*given, history=history), book)


def past(code, book, *, state=PAYABLE, seq=1, **more):
    """What stays on file of a claim with this code."""
    given = one(code, seq=seq, **more)
    (answer,) = decide(given, book=book)
    (kept,) = history_lines(answer, given)
    kept.state = state
    return kept


def told(answer):
    return answer.outcome, [each.code for each in answer.pends], [list(each.denials) for each in answer.lines]


PAIRS = edits.rules(ptp="deny")


@pytest.mark.parametrize(
    ("state", "seq", "outcome"),
    [
        (PAYABLE, 1, ("deny", [], [["CO-236"]])),
        (PAYABLE, 9, ("deny", [], [["CO-236"]])),
        (REFUSED, 1, ("pay", [], [[]])),
        (WAITING, 1, ("pend", ["EDT-01"], [])),
        (WAITING, 9, ("pay", [], [[]])),
    ],
)
def test_a_base_is_paid_or_waits_since_before(state, seq, outcome):
    """A reversed claim is not on file at all, so it is no base either; a waiting one decides nothing yet."""
    (answer,) = decide(one(SECOND, seq=2), book=PAIRS, history=[past(FIRST, PAIRS, state=state, seq=seq)])
    assert told(answer) == outcome


def test_without_the_reversed_claim_the_second_code_is_paid():
    assert told(decide(one(SECOND, seq=2), book=PAIRS)[0]) == ("pay", [], [[]])


def test_a_line_refused_for_another_reason_is_no_base():
    """The first code was billed before, so it is refused (18) and the second stands alone."""
    before = past(FIRST, PAIRS, state=PAYABLE)
    both = facts(claim(line(1, FIRST, 10_000, 8_000), line(2, "X0001", 5_000, 4_000)), seq=2)
    (answer,) = decide(both, book=PAIRS, history=[before])
    assert [list(each.denials) for each in answer.lines] == [["CO-18"], []]


def test_an_examiner_may_lift_an_edit_or_refuse_by_it():
    book = edits.rules(ptp="pend")
    lines = [line(1, FIRST, 10_000, 8_000), line(2, SECOND, 5_000, 4_000)]
    waits, lifted, refused = (
        decide(facts(claim(*lines), rulings=rulings), book=book)[0]
        for rulings in ([], [Ruling(code="EDT-01", line_number=2)], [Ruling(code="EDT-01", line_number=2, carc="236")])
    )
    assert (waits.outcome, [(each.code, each.line_number) for each in waits.pends]) == ("pend", [("EDT-01", 2)])
    assert waits.pends[0].facts == {"edit": "ptp", "carc": "236"}
    assert told(lifted) == ("pay", [], [[], []])
    assert told(refused) == ("pay", [], [[], ["CO-236"]])


def test_two_edits_of_a_line_are_one_question():
    book = edits.rules(ptp="pend", mue="pend", exclusive="deny")
    rows = EditRows(
        pairs=[PairRow("ptp", "all", FIRST, SECOND, PairTerm("0", SINCE, None, "t"))],
        units=[UnitRow("all", SECOND, UnitTerm(1, 1, SINCE, None, "t"))],
    )
    book.edit_tables = EditTables(rows)
    lines = [line(1, FIRST, 10_000, 8_000), line(2, SECOND, 5_000, 4_000, units_thousandths=2_000)]
    (answer,) = decide(facts(claim(*lines)), book=book)
    assert [(each.code, each.line_number) for each in answer.pends] == [("EDT-01", 2), ("EDT-02", 0)]
    assert "GP:ptp" in answer.trace
    assert "GM:" in answer.trace


def test_a_refused_line_is_not_cut_and_a_line_that_waits_neither():
    book = edits.rules(ptp="deny", mue="deny", mue_action="cut_back")
    book.edit_tables = EditTables(
        EditRows(
            pairs=[PairRow("ptp", "all", FIRST, SECOND, PairTerm("0", SINCE, None, "t"))],
            units=[UnitRow("all", SECOND, UnitTerm(1, 2, SINCE, None, "t"))],
        )
    )
    lines = [line(1, FIRST, 10_000, 8_000), line(2, SECOND, 5_000, 4_000, units_thousandths=2_000)]
    (answer,) = decide(facts(claim(*lines)), book=book)
    assert adjustments(answer.lines[1]) == {"CO-236": 5_000}


def test_an_edit_without_its_table_waits_by_name_or_is_passed_over():
    given = one("X0001")
    on = {"ptp": "deny", "mue": "deny", "age": "deny", "package": "deny", "procedure_codes": "deny"}
    nothing = {"with_tables": NO_TABLES, "with_codes": NO_CODES}
    (waits,) = decide(given, book=edits.rules(**nothing, **on))
    assert told(waits)[:2] == ("pend", ["EDT-02"])
    tables = "ptp.practitioner,units.practitioner,persons,procedures,hcpcs"
    assert waits.pends[0].facts == {"tables": tables}
    (passed,) = decide(given, book=edits.rules(**nothing, **on, missing_table="skip"))
    assert told(passed) == ("pay", [], [[]])
    assert ";G" not in passed.trace


def test_a_table_of_one_setting_is_not_there_for_another():
    pairs = EditTables(edits.edit_rows("ptp"))
    assert told(decide(one("X0001"), book=edits.rules(with_tables=pairs, ptp="deny"))[0])[0] == "pay"
    (answer,) = decide(one("X0001"), book=edits.rules(with_tables=pairs, exclusive="deny"))
    assert answer.pends[0].facts == {"tables": "exclusive.practitioner"}


def test_nobody_is_asked_for_a_table_when_the_claim_is_refused_anyway():
    lines = claim(line(1, "X0001", 10_000, 8_000), encounter=True)
    (answer,) = decide(facts(lines), book=edits.rules(with_tables=NO_TABLES, ptp="deny"))
    assert told(answer) == ("deny", [], [["CO-24"]])


def pair(release, indicator="0", setting="practitioner", start=SINCE, end=None):
    return PairRow("ptp", setting, FIRST, SECOND, PairTerm(indicator, start, end, release))


@pytest.mark.parametrize(
    ("shared", "own", "refused"),
    [
        ([pair("s")], [], True),
        ([pair("s")], [pair("o", "9")], False),
        ([pair("s", "9")], [pair("o")], True),
        ([pair("s")], [pair("o", "9", setting="all")], False),
        ([pair("s", setting="all"), pair("s", "9")], [], False),
        ([pair("s", "9"), pair("s", setting="all")], [], False),
        ([pair("newer", "9"), pair("older")], [], False),
        ([pair("newer", start=date(2027, 1, 1)), pair("older")], [], True),
        ([pair("s", start=SINCE, end=date(2026, 3, 2))], [], False),
    ],
)
def test_the_employers_own_row_wins_then_the_narrower_then_the_newer(shared, own, refused):
    book = edits.rules(with_tables=EditTables(EditRows(pairs=shared), EditRows(pairs=own)), ptp="deny")
    lines = claim(line(1, FIRST, 10_000, 8_000), line(2, SECOND, 5_000, 4_000))
    (answer,) = decide(facts(lines), book=book)
    assert (answer.lines[1].denials == ("CO-236",)) is refused


def test_minutes_are_not_units_and_a_claim_without_codes_has_no_edits():
    on = dict.fromkeys(("ptp", "mue", "procedure_codes", "modifiers", "add_on", "bundle"), "deny")
    book = edits.rules(**on, missing_table="skip")
    minutes = one("X5001", units_thousandths=90_000, unit_basis="MJ")
    assert decide(minutes, book=edits.rules(mue="deny"))[0].outcome == "pay"
    revenue = facts(claim(line(1, "", 10_000, 8_000, revenue="0250"), kind="I", facility_code="13"))
    assert "EDT-01" not in [each.code for each in decide(revenue, book=book)[0].pends]


def test_an_outpatient_claim_compares_who_bills_not_who_treats():
    def hospital(code, seq, treating):
        return facts(
            claim(
                line(1, code, 10_000, 8_000, rendering_npi=treating),
                kind="I",
                facility_code="13",
                billing=ProviderRef(npi=edits.PROVIDERS["hospital"][0], tin=TIN),
            ),
            seq=seq,
        )

    book = edits.rules(ptp="deny")
    first = hospital("X1000", 1, CLINIC)
    kept = history_lines(decide(first, book=book)[0], first)
    (answer,) = decide(hospital("X1007", 2, edits.COLLEAGUE), book=book, history=kept)
    assert told(answer) == ("deny", [], [["CO-236"]])
    practitioner = one(SECOND, seq=3)
    assert told(decide(practitioner, book=book, history=kept)[0]) == ("pay", [], [[]])


def test_a_plan_without_edits_is_decided_as_before_whatever_is_loaded():
    document = plan([category("care")], mapping=[{"id": "c", "when": {"codes": ["X0000-X9999"]}, "category": "care"}])
    lines = facts(claim(line(1, FIRST, 10_000, 8_000), line(2, SECOND, 5_000, 4_000)))
    bare = plain_rules(document)
    loaded = plain_rules(document, edit_tables=edits.tables(), codes=edits.codes())
    assert decide(lines, book=bare) == decide(lines, book=loaded)


def test_the_rules_are_named_by_the_employers_own_tables():
    assert (
        len({plain_rules(edits.document(ptp="deny"), own_tables=own).rules_hash for own in ("", "1:abc", "2:abc")}) == 3
    )
