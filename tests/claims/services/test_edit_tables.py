"""Edit tables are loaded whole and once, an employer's own win, and a night decides with the tables it pinned."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from benefits.core.plan_design_reading import canonical_sha256
from benefits.models import PlanDesignVersion
from claims.core.code_sets import NOT_IN_FORCE, UNKNOWN, VALID
from claims.models import (
    ClaimLine,
    ClaimTrace,
    ClaimVersion,
    EditFinding,
    LineAdjustment,
    Night,
    OwnCodePair,
    OwnTableLoad,
    Pend,
)
from claims.reference.models import CodePair, Release, TableLoad, UnitLimit
from claims.selectors.edit_tables import code_sets_at, edit_tables_at, newest_own_load, own_loads
from claims.services import edit_tables, night, reference
from claims.services.edit_files import read_code_set, read_edit_table
from tenants import facade as tenants
from tenants.records.models import AuditEvent
from tests.factories import edits, nights
from tests.factories.two_people import TWO_PEOPLE

NOW = datetime(2026, 1, 5, tzinfo=UTC)
PAIRS = "setting,column1,column2,indicator,start,end\n"
DAY = date(2026, 3, 2)


def of(kind, text, *, code_set=False):
    content = text.encode()
    read = read_code_set if code_set else read_edit_table
    sha256 = hashlib.sha256(content).hexdigest()
    return read(kind, content, release="x"), edit_tables.Source(f"{kind}.csv", sha256)


def shared(kind, text, name=None, **more):
    table, source = of(kind, text, **more)
    with schema_context("public"):
        return edit_tables.load_shared(
            table, name=name or edit_tables.name_for(kind, source.sha256), source=source, loaded_at=NOW
        )


def own(kind, text, name=None, licence="", **more):
    table, source = of(kind, text, **more)
    return edit_tables.load_own(
        table,
        name=name or edit_tables.name_for(kind, source.sha256),
        source=source,
        licence=licence,
        actor=tenants.system(connection.schema_name),
        loaded_at=NOW,
    )


def pair(first, second, indicator="0", setting="practitioner", start="2025-01-01", end=""):
    return f"{setting},{first},{second},{indicator},{start},{end}\n"


OFFICE_LAB = PAIRS + pair("OFFICE", "LAB")


def test_every_example_is_loaded_as_a_release_of_its_own(in_employer):
    nights.reference()
    for kind in ("ptp", "exclusive", "bundle", "add_on", "units", "persons", "procedures"):
        shared(kind, (edits.FILES / f"{kind}.csv").read_text())
    for system in edits.SYSTEMS:
        shared(system, (edits.FILES / f"{system}.csv").read_text(), code_set=True)
    newest = reference.newest_release()
    tables, written = edit_tables_at(newest, ()), edits.tables()
    withdrawn = {"X1003"}
    assert {at: set(codes) | withdrawn for at, codes in tables.spoken_of.items()} == {
        at: set(codes) | withdrawn for at, codes in written.spoken_of.items()
    }
    assert tables.package_codes == written.package_codes
    assert tables.procedures["X7000"][0][:5] == written.procedures["X7000"][0][:5]
    assert tables.pairs["ptp", "practitioner"].term("X1000", "X1001", DAY).release.startswith("ptp-")
    codes = code_sets_at(newest, ())
    assert codes.standing("procedure", "X9000", DAY) == NOT_IN_FORCE
    assert codes.release_of("diagnosis", "J069").startswith("icd10cm-")
    assert TableLoad.objects.count() == 10


def test_loading_twice_changes_nothing_and_a_correction_is_a_later_release(in_employer):
    nights.reference()
    first = shared("ptp", OFFICE_LAB)
    again = shared("ptp", OFFICE_LAB, name="another-name")
    assert (first.is_new, again.is_new, again.name) == (True, False, first.name)
    assert CodePair.objects.count() == 1
    corrected = shared("ptp", PAIRS + pair("OFFICE", "LAB", "9"), name="2026Q2")
    assert corrected.number == first.number + 1
    before, after = (edit_tables_at(name, ()).pairs["ptp", "practitioner"] for name in (first.name, "2026Q2"))
    assert before.term("OFFICE", "LAB", DAY) is not None
    assert after.term("OFFICE", "LAB", DAY) is None
    back = shared("ptp", OFFICE_LAB, name="2026Q3")
    assert back.is_new
    assert edit_tables_at("2026Q3", ()).pairs["ptp", "practitioner"].term("OFFICE", "LAB", DAY) is not None


def test_a_name_is_used_once_and_fits_a_trace(in_employer):
    nights.reference()
    shared("ptp", OFFICE_LAB, name="2026Q1")
    with pytest.raises(edit_tables.CannotLoad, match="2026Q1 is loaded already"):
        shared("ptp", PAIRS + pair("OFFICE", "THERAPY"), name="2026Q1")
    with pytest.raises(edit_tables.CannotLoad, match="cannot name a load"):
        shared("ptp", PAIRS + pair("OFFICE", "THERAPY"), name="a;b")
    assert CodePair.objects.count() == 1


def test_codes_somebody_owns_are_never_shared_and_need_a_licence(in_employer):
    nights.reference()
    owned = PAIRS + pair("12345", "X1000") + pair("X1000", "X1001")
    with pytest.raises(edit_tables.CannotLoad, match="Line 2 holds rows of codes that are licensed to each employer"):
        shared("ptp", owned)
    with pytest.raises(edit_tables.CannotLoad, match="Say with --licence"):
        own("ptp", owned)
    with pytest.raises(edit_tables.CannotLoad, match="Say with --licence"):
        own("cpt", "code,start\n12345,2026-01-01\n", code_set=True)
    assert not TableLoad.objects.exists() and not OwnTableLoad.objects.exists()
    own("ptp", owned, licence="AMA 12-3456, to 2027")
    own("cpt", "code,start\n12345,2026-01-01\n", licence="AMA 12-3456, to 2027", code_set=True)
    assert list(OwnTableLoad.objects.order_by("number").values_list("number", "licence")) == [
        (1, "AMA 12-3456, to 2027"),
        (2, "AMA 12-3456, to 2027"),
    ]
    assert AuditEvent.objects.filter(action="edit_table.loaded").count() == 2


def test_an_employers_own_tables_win_and_nobody_else_has_them(in_employer, other_employer, as_employer):
    nights.reference()
    shared("ptp", OFFICE_LAB + pair("OFFICE", "THERAPY"), name="S1")
    shared("hcpcs", "code,start\nG0463,2020-01-01\n", name="S2", code_set=True)
    own("ptp", PAIRS + pair("OFFICE", "LAB", "9", setting="all"), name="mine")
    own("hcpcs", "code,start,end\nG0463,2020-01-01,2026-01-01\n", name="mine-too", code_set=True)

    def here():
        loads = own_loads(newest_own_load())
        pairs = edit_tables_at("S2", loads).pairs["ptp", "practitioner"]
        codes = code_sets_at("S2", loads)
        found = [pairs.term("OFFICE", code, DAY) for code in ("LAB", "THERAPY")]
        return [each and each.release for each in found], codes.standing("procedure", "G0463", DAY)

    assert here() == ([None, "S1"], NOT_IN_FORCE)
    with as_employer(other_employer):
        assert here() == (["S1", "S1"], VALID)
        assert code_sets_at("S1", ()).standing("procedure", "G0463", DAY) != UNKNOWN


def test_an_own_load_counts_from_its_number_on(in_employer):
    nights.reference()
    own("ptp", OFFICE_LAB, name="one")
    own("ptp", PAIRS + pair("OFFICE", "LAB", "9"), name="two")
    assert [load.name for load in own_loads(1)] == ["one"]
    for through, in_force in ((0, False), (1, True), (2, False)):
        table = edit_tables_at("2026.1", own_loads(through)).pairs.get(("ptp", "practitioner"))
        assert (table is not None and table.term("OFFICE", "LAB", DAY) is not None) is in_force


@pytest.mark.parametrize("start", ["2026-01-01", "2026-06-30"])
def test_the_database_itself_refuses_two_rows_of_one_key_on_a_day(in_employer, start):
    load = OwnTableLoad.objects.create(
        number=1, name="x", kind="ptp", sha256="0" * 64, rows=1, file_name="x", loaded_at=NOW, actor_kind="system"
    )
    key = {"load": load, "kind": "ptp", "setting": "all", "column1": "A", "column2": "B", "indicator": "0"}
    OwnCodePair.objects.create(**key, start_date=date(2026, 1, 1), end_date=date(2026, 7, 1))
    OwnCodePair.objects.create(**key, start_date=date(2026, 7, 1))
    with pytest.raises(IntegrityError, match="own_code_pair_once_a_day"), transaction.atomic():
        OwnCodePair.objects.create(**key, start_date=date.fromisoformat(start), end_date=date(2026, 7, 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "other"},
        {"setting": "clinic"},
        {"indicator": "2"},
        {"indicator": ""},
        {"kind": "add_on"},
        {"column2": "A"},
        {"column1": "*"},
        {"end_date": date(2025, 1, 1)},
    ],
)
def test_the_database_itself_refuses_a_row_that_makes_no_sense(in_employer, wrong):
    load = OwnTableLoad.objects.create(
        number=1, name="x", kind="ptp", sha256="0" * 64, rows=1, file_name="x", loaded_at=NOW, actor_kind="system"
    )
    key = {"load": load, "kind": "ptp", "setting": "all", "column1": "A", "column2": "B", "indicator": "0"}
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnCodePair.objects.create(**key | {"start_date": date(2026, 1, 1)} | wrong)


def test_rows_are_only_ever_added(in_employer):
    nights.reference()
    shared("units", "setting,code,units,mai,start\nall,X1,1,1,2026-01-01\n")
    own("ptp", OFFICE_LAB)
    with pytest.raises(Exception, match="denied|only ever added"), transaction.atomic():
        OwnCodePair.objects.update(indicator="9")
    with schema_context("public"), pytest.raises(Exception, match="denied|only ever added"), transaction.atomic():
        UnitLimit.objects.update(units=2)


# Nights with edits


def town_with(**on):
    """Harbor's town under a newer design with these edits."""
    town = nights.town(families=1)
    document = nights.document() | {"edits": on}
    PlanDesignVersion.objects.create(
        plan_option=town.option,
        version=2,
        start_date=nights.NEW_YEAR,
        document=document,
        document_sha256=canonical_sha256(document),
        published_at=datetime(2025, 12, 2, tzinfo=UTC),
        **TWO_PEOPLE,
    )
    return town


def claim_of(town, *codes, day=nights.WEEK, account="PCN"):
    family = town.families[0]
    lines = [
        nights.engine.line(place, code, nights.FEES.get(code, 10_000), day=day) for place, code in enumerate(codes, 1)
    ]
    return family, town.people[family][0], nights.visit(*lines, account=account)


def run(number=0):
    day, at = nights.TONIGHT + timedelta(days=number), nights.PLANNED_AT + timedelta(days=number)
    planned, _ = night.plan_night(business_date=day, planned_at=at)
    assert night.work_until_empty(night_id=planned.pk, worker="alone") is night.Outcome.CLOSED
    return Night.objects.get(pk=planned.pk)


def refusals():
    rows = LineAdjustment.objects.filter(line__denied=True).order_by("line_id")
    return [(row.line.code, f"{row.group}-{row.carc}", row.cents) for row in rows.select_related("line")]


def test_a_night_refuses_what_the_table_says_and_names_the_row(in_employer):
    town = town_with(ptp="deny")
    shared("ptp", OFFICE_LAB, name="2026Q1")
    nights.submit([claim_of(town, "OFFICE", "LAB")])
    closed = run()
    assert (closed.reference_release, closed.own_tables) == ("2026Q1", 0)
    assert refusals() == [("LAB", "CO-236", nights.FEES["LAB"])]
    assert "GP:ptp,OFFICE,LAB,0,739252,1,2026Q1" in ClaimTrace.objects.get().steps
    assert list(ClaimVersion.objects.values_list("paid_cents", flat=True)) == [nights.FEES["OFFICE"] - 2_500]


def test_without_its_table_an_edit_that_is_on_has_the_claim_wait(in_employer):
    town = town_with(ptp="deny")
    nights.submit([claim_of(town, "OFFICE", "LAB")])
    run()
    assert list(Pend.objects.values_list("code", "facts")) == [("EDT-02", {"tables": "ptp.practitioner"})]


def test_the_first_code_of_an_earlier_night_counts_and_a_reversed_one_does_not(in_employer):
    town = town_with(ptp="deny")
    shared("ptp", OFFICE_LAB)
    nights.submit([claim_of(town, "OFFICE")])
    run()
    nights.submit([claim_of(town, "LAB")])
    run(1)
    assert refusals() == [("LAB", "CO-236", nights.FEES["LAB"])]
    first = ClaimVersion.objects.order_by("pk")[0]
    ClaimVersion.objects.create(
        submission=first.submission,
        version=2,
        reverses=first,
        decided_on=nights.TONIGHT,
        person=first.person,
        line_of_coverage="medical",
        reference_release="x",
        rules_hash="x",
        outcome="pay",
        billed_cents=-first.billed_cents,
        allowed_cents=-first.allowed_cents,
        paid_cents=0,
        member_cents=-first.member_cents,
        payee_kind="provider",
    )
    nights.submit([claim_of(town, "LAB", account="AGAIN")])
    run(2)
    assert len(refusals()) == 1


@pytest.mark.parametrize("rule", ["pend", "report"])
def test_a_first_code_that_comes_later_waits_or_is_listed(in_employer, rule):
    town = town_with(ptp="deny", earlier_claims=rule)
    shared("ptp", OFFICE_LAB, name="2026Q1")
    nights.submit([claim_of(town, "LAB")])
    run()
    nights.submit([claim_of(town, "OFFICE")])
    run(1)
    found = list(EditFinding.objects.values_list("line_no", "edit", "code", "release"))
    if rule == "pend":
        assert (found, Pend.objects.get().code) == ([], "EDT-01")
    else:
        assert found == [(1, "ptp", "LAB", "2026Q1")]
        assert EditFinding.objects.get().earlier == ClaimVersion.objects.order_by("pk")[0].submission
    assert refusals() == []


def test_a_surgery_of_weeks_ago_is_read_only_for_those_it_matters_to(in_employer):
    town = town_with(package="deny")
    header = "code,global_days,in_package,assistant,co_surgeon,components,start,end\n"
    shared("procedures", header + "THERAPY,90,,,,,2025-01-01,\nOFFICE,,yes,,,,2025-01-01,\n")
    surgery = date(2026, 1, 10)
    nights.submit([claim_of(town, "THERAPY", day=surgery), claim_of(town, "LAB", day=surgery, account="LAB")])
    run()
    nights.submit(
        [
            claim_of(town, "OFFICE", day=surgery + timedelta(days=50)),
            claim_of(town, "OFFICE", day=surgery + timedelta(days=91), account="LATER"),
            claim_of(town, "LAB", day=surgery + timedelta(days=50), account="LAB"),
        ]
    )
    run(1)
    assert refusals() == [("OFFICE", "CO-97", nights.FEES["OFFICE"])]
    assert list(ClaimLine.objects.filter(denied=True).values_list("service_date", flat=True)) == [date(2026, 3, 1)]


def test_a_night_decides_with_the_own_tables_it_pinned(in_employer):
    town = town_with(ptp="deny")
    own("ptp", PAIRS + pair("OFFICE", "THERAPY"), name="first")
    nights.submit([claim_of(town, "OFFICE", "LAB")])
    planned, _ = night.plan_night(business_date=nights.TONIGHT, planned_at=nights.PLANNED_AT)
    own("ptp", OFFICE_LAB, name="second")
    reference._kept.clear()
    night.work_until_empty(night_id=planned.pk, worker="alone")
    assert (planned.own_tables, refusals()) == (1, [])
    nights.submit([claim_of(town, "OFFICE", "LAB", day=nights.WEEK + timedelta(days=1))])
    later = run(1)
    assert (later.own_tables, len(refusals())) == (2, 1)
    assert later.rules_hash != planned.rules_hash
    assert later.reference_release == planned.reference_release


def test_where_no_design_has_edits_no_table_is_read(in_employer):
    town = nights.town(families=1)
    shared("ptp", OFFICE_LAB)
    own("ptp", OFFICE_LAB)
    nights.submit([claim_of(town, "OFFICE", "LAB")])
    with CaptureQueriesContext(connection) as asked:
        run()
    assert refusals() == []
    assert [query["sql"] for query in asked if "codepair" in query["sql"]] == []


def test_the_newest_release_is_a_release_of_prices_too(in_employer):
    """A table loaded after the fees makes the newest release; everything before it is read with it."""
    nights.reference()
    shared("ptp", OFFICE_LAB, name="2026Q1")
    assert reference.newest_release() == "2026Q1"
    assert Release.objects.count() == 2
    town = town_with(ptp="off")
    nights.submit([claim_of(town, "OFFICE")])
    run()
    assert ClaimVersion.objects.get().allowed_cents == nights.FEES["OFFICE"]
