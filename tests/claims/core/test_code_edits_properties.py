"""What holds for every claim with edits on: no cent lost, a refused line counts nothing, order is no matter."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from claims.core.adjudication import adjudicate_family
from claims.core.claim import ProviderRef
from claims.core.edit_tables import EditRows, EditTables
from claims.core.trace_reading import read_trace
from tests.factories import edits
from tests.factories.engine import ALMA, BEN, FAMILY, claim, facts, family, line, person, span

CODES = ("X0001", "X1000", "X1001", "X1002", "X1006", "X2000", "X2001", "X3001", "X3002", "X4001", "X4002", "X5000",
         "X5001", "X5002", "X6000", "X7000", "X7001", "X7100", "X8000", "X9000", "X9999")  # fmt: skip
MODIFIERS = ((), ("59",), ("25",), ("26",), ("80",), ("ZZ",), ("24", "RT"))
EDITS = ("procedure_codes", "modifiers", "age", "sex", "assistants", "components", "ptp", "exclusive", "bundle",
         "package", "add_on", "mue", "mue_reviewable")  # fmt: skip
DAY = date(2026, 3, 1)

lines = st.tuples(
    st.sampled_from(CODES),
    st.sampled_from(MODIFIERS),
    st.integers(1, 50_000),
    st.integers(0, 60_000),
    st.sampled_from((500, 1_000, 2_000, 5_000)),
    st.integers(0, 1),
)
made = st.lists(
    st.tuples(
        st.sampled_from((ALMA, BEN)),
        st.sampled_from(("clinic", "colleague", "specialist", "hospital", "supplier")),
        st.lists(lines, min_size=1, max_size=5),
    ),
    min_size=1,
    max_size=4,
)
switches = st.fixed_dictionaries(
    {name: st.sampled_from(("off", "deny", "pend")) for name in EDITS}
    | {
        "unknown_codes": st.sampled_from(("deny", "pend")),
        "mue_action": st.sampled_from(("deny_day", "cut_back")),
        "earlier_claims": st.sampled_from(("pend", "report", "ignore")),
        "missing_table": st.sampled_from(("pend", "skip")),
    }
)


def unit_of(claims, number=0):
    people = [person(who + 100 * number, family_id=FAMILY + number) for who in (ALMA, BEN)]
    spans = [span(each.person_id, family_id=each.family_id) for each in people]
    found = []
    for place, (who, name, rows) in enumerate(claims):
        npi, tin, _ = edits.PROVIDERS[name]
        content = claim(
            *[
                line(
                    at + 1, code, billed, min(allowed, billed),
                    day=DAY + timedelta(days=day), modifiers=modifiers, units_thousandths=units,
                )
                for at, (code, modifiers, billed, allowed, units, day) in enumerate(rows)
            ],
            billing=ProviderRef(npi=npi, tin=tin),
            **({"kind": "I", "facility_code": "13"} if name == "hospital" else {}),
        )  # fmt: skip
        given_facts = facts(content, seq=1_000 * number + place + 1, who=who + 100 * number)
        found.append(replace(given_facts, family_id=FAMILY + number))
    return family(*found, people=people, spans=spans)


@settings(deadline=None)
@given(made, switches)
def test_no_cent_is_lost_and_a_refused_line_counts_nothing(claims, on):
    for decision in adjudicate_family(unit_of(claims), edits.rules(**on)):
        refused = {each.number for each in decision.lines if each.denials}
        for each in decision.lines:
            assert each.billed_cents == each.paid_cents + sum(reason.cents for reason in each.adjustments)
            assert min(each.paid_cents, each.member_cents, each.allowed_cents) >= 0
            if each.number in refused:
                assert (each.paid_cents, each.allowed_cents, each.eligible_cents) == (0, 0, 0)
        assert not refused & {entry.line_number for entry in decision.entries}
        assert not refused & {finding.line_number for finding in decision.findings}
        assert decision.outcome == "pay" or not decision.findings


@settings(deadline=None)
@given(made, switches)
def test_a_line_that_is_cut_keeps_its_share_and_refuses_the_rest(claims, on):
    """Against the same claim without unit limits: the parts are the whole, no part is more than its share."""
    limited = adjudicate_family(unit_of(claims), edits.rules(**on | {"mue": "deny", "mue_action": "cut_back"}))
    free = adjudicate_family(unit_of(claims), edits.rules(**on | {"mue": "off"}))
    for one, other in zip(limited, free, strict=True):
        if one.outcome == "pend" or other.outcome == "pend":
            continue
        for cut, whole in zip(one.lines, other.lines, strict=True):
            beyond = sum(reason.cents for reason in cut.adjustments if reason.carc == "151")
            assert 0 <= beyond <= cut.billed_cents
            assert cut.allowed_cents <= whole.allowed_cents
            if not beyond and not cut.denials:
                assert cut.allowed_cents == whole.allowed_cents or whole.denials


@settings(deadline=None, max_examples=60)
@given(made, switches, st.randoms(use_true_random=False))
def test_neither_the_order_of_lines_nor_of_tables_matters(claims, on, shuffle):
    """Cutting back goes by line number, so it is left out here."""
    on = on | {"mue_action": "deny_day"}
    rows = edits.edit_rows()
    mixed = EditRows(
        pairs=shuffle.sample(rows.pairs, len(rows.pairs)),
        units=shuffle.sample(rows.units, len(rows.units)),
        persons=shuffle.sample(rows.persons, len(rows.persons)),
        procedures=shuffle.sample(rows.procedures, len(rows.procedures)),
    )
    turned = [(who, name, list(reversed(own))) for who, name, own in claims]
    before = adjudicate_family(unit_of(claims), edits.rules(**on))
    after = adjudicate_family(unit_of(turned), edits.rules(with_tables=EditTables(mixed), **on))
    for one, other, (_, _, own) in zip(before, after, _in_order(claims), strict=True):
        assert (one.outcome, one.paid_cents) == (other.outcome, other.paid_cents)
        places = {len(own) + 1 - each.number: each for each in other.lines}
        for each in one.lines:
            assert sorted(each.denials) == sorted(places[each.number].denials)


def _in_order(claims):
    """Claims as the engine takes them: by first day, then order of arrival."""
    return [
        claims[place] for place in sorted(range(len(claims)), key=lambda at: (min(r[5] for r in claims[at][2]), at))
    ]


@settings(deadline=None, max_examples=40)
@given(st.lists(made, min_size=2, max_size=3), switches, st.randoms(use_true_random=False))
def test_order_and_company_of_families_change_nothing(several, on, shuffle):
    book = edits.rules(**on)
    units = [unit_of(claims, number) for number, claims in enumerate(several)]
    alone = [adjudicate_family(unit, book) for unit in units]
    for place in shuffle.sample(range(len(units)), len(units)):
        mixed = replace(units[place], claims=tuple(shuffle.sample(list(units[place].claims), len(units[place].claims))))
        assert adjudicate_family(mixed, book) == alone[place]


@settings(deadline=None, max_examples=60)
@given(made, switches)
def test_deciding_twice_says_the_same_and_every_trace_is_told(claims, on):
    book = edits.rules(**on)
    decisions = adjudicate_family(unit_of(claims), book)
    assert adjudicate_family(unit_of(claims), book) == decisions
    for decision in decisions:
        assert len(decision.trace.encode()) <= 400 * max(1, decision.trace.count(";L:"))
        assert read_trace(decision.trace)[-1].values == {"member": decision.member_cents}
