"""`import_pricing_table`: contracts and price tables are loaded whole, refused whole, and used by the next night."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django_tenants.utils import schema_context

from claims.models import ClaimLine, Night, OwnPriceRow, OwnTableLoad
from claims.reference.models import PriceRow, Release
from claims.services import night, reference
from tests.factories import engine, nights

pytestmark = pytest.mark.django_db
TERMS = (
    "network,priority,method,schedule,policy,rate,amount,triggers,threshold,lesser_of,codes,start,end\n"
    "HARBOR,1,relative_value,RV-2026,SURGERY,120,,,,line,LAB,2026-01-01,\n"
    "HARBOR,2,case_rate,,,,1500.00,X1000-X1999,100.00,claim,,2026-01-01,2027-01-01\n"
)
VALUES = (
    "schedule,code,work,practice,practice_facility,liability,start\n"
    "RV-2026,LAB,1.50,1.2,0.6,0.10,2026-01-01\n"
    "RV-2026,OTHER,1,1,1,1,2026-01-01\n"
)
INDICES = "schedule,work,practice,liability,start\nRV-2026,1.050,0.980,0.700,2026-01-01\n"
FACTORS = "schedule,factor,start\nRV-2026,34.0000,2026-01-01\n"
POLICIES = "policy,reductions,start\nSURGERY,100/50/25,2026-01-01\n"


def write(tmp_path, name, text):
    path = tmp_path / f"{name}.csv"
    path.write_text(text)
    return str(path)


def load(kind, path, *arguments):
    out = io.StringIO()
    with schema_context("public"):
        call_command("import_pricing_table", kind, path, *arguments, stdout=out, stderr=out)
    return out.getvalue()


def refused(kind, path, *arguments):
    err = io.StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("import_pricing_table", kind, path, *arguments, stdout=err, stderr=err)
    return str(refusal.value), err.getvalue().splitlines()


def load_all(tmp_path, *arguments):
    for kind, text in (
        ("terms", TERMS),
        ("relative_values", VALUES),
        ("indices", INDICES),
        ("factors", FACTORS),
        ("policies", POLICIES),
    ):
        load(kind, write(tmp_path, kind, text), *arguments)


def test_a_table_becomes_a_release_once(tmp_path):
    path = write(tmp_path, "terms", TERMS)
    assert load("terms", path, "--release", "HARBOR-26") == f"{path}: loaded, 2 rows as HARBOR-26.\n"
    assert load("terms", path) == f"{path}: unchanged, HARBOR-26 says the same.\n"
    assert (Release.objects.count(), PriceRow.objects.count()) == (1, 2)
    first = PriceRow.objects.order_by("pk")[0]
    assert (first.kind, first.key) == ("terms", "HARBOR||1")
    told = {"rate_bp": 12_000, "schedule": "RV-2026", "lesser_of_billed": True, "lesser_of_claim": False}
    assert {name: first.content[name] for name in told} == told


def test_every_fault_is_told_with_its_line_and_nothing_is_loaded(tmp_path):
    text = (
        "network,priority,method,schedule,amount,rate,start,end\n"
        "HARBOR,1,fee_schedule,,,,2026-01-01,\n"
        "HARBOR,2,per_diem,,,,2026-01-01,\n"
        "HARBOR,3,guess,,,,2026-01-01,\n"
        "HARBOR,4,percent_of_billed,,,101.001,2026-01-01,\n"
        "HARBOR,5,percent_of_billed,,,50,2026-01-01,\n"
        "HARBOR,5,percent_of_billed,,,60,2026-07-01,\n"
        "HARBOR,6,percent_of_billed,FS,,60,2026-07-01,\n"
    )
    message, faults = refused("terms", write(tmp_path, "terms", text))
    assert "refused, 6 faults. Nothing was loaded." in message
    assert [fault.partition(".csv: ")[2].partition(":")[0] for fault in faults] == [
        "line 2", "line 3", "line 4", "line 5", "line 7", "line 8",
    ]  # fmt: skip
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("group_rates", "schedule,group,start\nOG,A,2026-01-01\n", "an amount or a weight"),
        ("groups", "schedule,code,group,pays,start\nOG,X1,A,packaged,2026-01-01\n", "unless it is packaged"),
        ("policies", "policy,reductions,start\nS,100/150,2026-01-01\n", "no procedure keeps more"),
        ("qualifying_indices", "since,year,factor,start\n2022,2022,1.0,2022-01-01\n", "from a year to a later one"),
        ("payment_terms", "network,withhold,start\nH,101,2026-01-01\n", "at most 100 %"),
        ("localities", "npi,start\n1234567893,2026-01-01\n", "a locality, a region, or both"),
        ("tax_statuses", "tin,status,start\n123456789,maybe,2026-01-01\n", "must be one of"),
        ("relative_values", "schedule,code,work,start\nRV,X1,1,2026-01-01\n", "the column 'practice' is missing"),
    ],
)
def test_what_does_not_fit_together_is_refused(tmp_path, kind, text, message):
    _, faults = refused(kind, write(tmp_path, kind, text))
    assert message in faults[0]


def test_amounts_that_are_one_employers_own_are_not_shared(tmp_path):
    text = "code,amount,year,source,start\nER,1500.00,2026,contracts,2026-01-01\n"
    path = write(tmp_path, "qualifying", text)
    assert "Say whose with --employer" in refused("qualifying_amounts", path)[0]
    assert "loaded, 1 rows" in load("qualifying_amounts", path, "--employer", "harbor")
    with pytest.raises(IntegrityError), transaction.atomic():
        release = Release.objects.create(number=1, name="R", source="t", loaded_at=nights.PLANNED_AT)
        PriceRow.objects.create(release=release, kind="settings", key="x", content={}, start_date=nights.NEW_YEAR)


def test_codes_somebody_owns_are_not_shared(tmp_path):
    path = write(tmp_path, "fees", "schedule,code,amount,start\nFS,0001A,10,2026-01-01\n")
    assert "licensed" in refused("fees", path)[0]


def test_programs_get_json(tmp_path):
    told = json.loads(load("factors", write(tmp_path, "factors", FACTORS), "--json"))
    assert (told["status"], told["rows"]) == ("loaded", 1)


def test_two_rows_of_one_day_are_refused_by_the_database(in_employer, tmp_path):
    load("factors", write(tmp_path, "factors", FACTORS), "--employer", "harbor")
    row = OwnPriceRow.objects.get()
    with pytest.raises(IntegrityError, match="own_price_row_once_a_day"), transaction.atomic():
        OwnPriceRow.objects.create(load=row.load, kind=row.kind, key=row.key, content={}, start_date=nights.WEEK)


def allowed_of_a_lab_visit(town, account):
    family = town.families[0]
    visit = nights.visit(engine.line(1, "LAB", 20_000, day=nights.WEEK), account=account)
    return [(family, town.people[family][0], visit)]


def run(day_of_run=1):
    planned, _ = night.plan_night(business_date=nights.TONIGHT, run_no=day_of_run, planned_at=nights.PLANNED_AT)
    night.work_until_empty(night_id=planned.pk, worker="alone")
    return Night.objects.get(pk=planned.pk)


def test_the_next_night_prices_by_an_employers_own_contract(in_employer, tmp_path):
    town = nights.town(families=1)
    nights.submit(allowed_of_a_lab_visit(town, "A"))
    before = run(1)
    load_all(tmp_path, "--employer", "harbor")
    nights.submit(allowed_of_a_lab_visit(town, "B"))
    nights.submit([(f, town.people[f][1], v) for f, _, v in allowed_of_a_lab_visit(town, "C")])
    after = run(2)
    allowed = list(
        ClaimLine.objects.order_by("version__submission__intake_seq").values_list("allowed_cents", flat=True)
    )
    assert allowed[0] == 4_500 and allowed[-1] == 11_510
    assert before.rules_hash != after.rules_hash
    assert (before.own_tables, after.own_tables) == (0, OwnTableLoad.objects.count())


def test_an_employers_own_contract_is_nobody_elses(employer, other_employer, as_employer, tmp_path):
    with as_employer("public"):
        release = nights.reference().name
    load_all(tmp_path, "--employer", "harbor")
    with as_employer(employer):
        mine = reference.rules_for([], release).reference
    with as_employer(other_employer):
        theirs = reference.rules_for([], release).reference
    assert [term.method for term in mine.terms["HARBOR"]._rules and mine.contracts["HARBOR"]] == [
        "relative_value", "case_rate", "fee_schedule",
    ]  # fmt: skip
    assert [term.method for term in theirs.contracts["HARBOR"]] == ["fee_schedule"]
    assert (bool(mine.prices), bool(theirs.prices)) == (True, False)


def test_shared_tables_are_read_with_their_release_and_not_before(in_employer, tmp_path):
    release = nights.reference().name
    load_all(tmp_path)
    newest = reference.newest_release()
    assert reference.rules_for([], release).reference.prices.has("factors") is False
    tables = reference.rules_for([], newest).reference.prices
    assert tables.factor("RV-2026", "", nights.WEEK).factor_e4 == 340_000
    assert tables.policy("SURGERY", nights.WEEK).reductions_bp == (10_000, 5_000, 2_500)
