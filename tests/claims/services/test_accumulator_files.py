"""Pharmacy feeds, accumulator files and takeovers: refused whole or taken record by record; repeating posts nothing."""

import itertools
import random
from datetime import date, timedelta

import pytest
from django.db.models import Sum

from benefits.models import Coverage
from claims.models import (
    AccumulatorEntry,
    AccumulatorFile,
    AccumulatorFileEnd,
    AccumulatorFileRecord,
    ClaimVersion,
    Night,
    PharmacyFill,
    StopLossPaidLine,
)
from claims.selectors.late_fills import claims_behind
from claims.services import accumulator_file_reading as reading
from claims.services import accumulator_files, accumulators_out, night, reversals, reviews
from claims.services.accumulator_deltas import Deltas
from claims.services.accumulator_files import CannotTake
from claims.services.accumulator_takeover import Takeover
from claims.services.pharmacy_fills import Fills
from claims.services.table_files import BadTable
from tenants import facade as tenants
from tests.factories import engine, nights, pharmacy
from tests.factories.pharmacy import RXONE, RXTWO, SHARED, Fill, balances, deltas, feed

STAFF = tenants.system("public")
DEDUCTIBLE, LIMIT = "medical.deductible", "medical.oop"


@pytest.fixture
def town(in_employer):
    made = nights.town(3)
    pharmacy.integrated(made)
    return made


@pytest.fixture
def alma(town):
    return town.people[town.families[0]][0]


def take(content, kind=Fills, **more):
    return accumulator_files.take(kind(), content=content, actor=STAFF, **more)


def ledger():
    """What stands, without what is nothing."""
    rows = AccumulatorEntry.objects.values_list("person_id", "accumulator", "period_start").annotate(Sum("amount"))
    return {row[:2]: row[3] for row in rows if row[3]}


def results(reference="RX-1"):
    rows = AccumulatorFileRecord.objects.filter(file__reference=reference).order_by("line")
    return list(rows.values_list("record_id", "result", "reason"))


def answered(report):
    return tenants.open_document(report.answer_uuid).decode().splitlines()


def run_night(day=nights.TONIGHT):
    planned, _ = night.plan_night(business_date=day, planned_at=nights.PLANNED_AT + (day - nights.TONIGHT))
    assert night.work_until_empty(night_id=planned.pk, worker="test") == night.Outcome.CLOSED
    return Night.objects.get(pk=planned.pk)


def lab(town, person):
    """A laboratory claim of 45.00 under the deductible, then 20 %."""
    family = next(family for family, people in town.people.items() if person in people)
    return family, person, nights.visit(engine.line(1, "LAB", 6_000, day=nights.WEEK))


def test_a_fill_counts_toward_deductible_and_limit(town, alma):
    report = take(feed(Fill("A1", alma, deductible=20_000, coinsurance=1_000, plan_paid=4_000).paid()))
    assert (report.posted, report.rejected, report.over, report.is_new) == (1, 0, 0, True)
    assert ledger() == {(alma, DEDUCTIBLE): 20_000, (alma, LIMIT): 21_000}
    assert set(AccumulatorEntry.objects.values_list("source", flat=True)) == {"pharmacy"}
    fill = PharmacyFill.objects.get()
    assert (fill.plan_paid_cents, fill.generic, fill.quantity_thousandths) == (4_000, True, 30_000)
    line = StopLossPaidLine.objects.get()
    assert (line.line_of_coverage, line.cents, line.fill_id, line.person_id) == ("pharmacy", 4_000, fill.pk, alma)
    assert answered(report)[2:] == ["A1/1,accepted,,", "TRAILER,1,1,0"]


def test_a_reversal_restores_the_ledger_and_the_money(town, alma):
    fill = Fill("A1", alma, deductible=20_000, plan_paid=4_000)
    take(feed(fill.paid(), fill.adjusted(deductible=15_000, coinsurance=900)))
    assert ledger() == {(alma, DEDUCTIBLE): 15_000, (alma, LIMIT): 15_900}
    take(feed(fill.reversed(), reference="RX-2"))
    assert ledger() == {}
    assert sum(StopLossPaidLine.objects.values_list("cents", flat=True)) == 0


def test_a_reversal_holds_also_when_coverage_was_taken_back(town, alma):
    fill = Fill("A1", alma, deductible=20_000)
    take(feed(fill.paid()))
    Coverage.objects.filter(member__person_id=alma).update(end_date=nights.NEW_YEAR)
    take(feed(fill.reversed(), reference="RX-2"))
    assert ledger() == {}


def test_the_same_file_twice_posts_nothing(town, alma):
    content = feed(Fill("A1", alma, deductible=20_000).paid())
    first = take(content)
    again = take(content)
    assert (again.uuid, again.is_new, again.posted) == (first.uuid, False, 1)
    assert AccumulatorEntry.objects.count() == 2
    resent = take(content.replace(b"RX-1", b"RX-2"))
    assert (resent.posted, resent.unchanged) == (0, 1)
    assert AccumulatorEntry.objects.count() == 2


def test_the_order_of_records_is_nothing_to_go_by(town):
    people = [person for family in town.families for person in town.people[family]]
    rows = []
    for number, person in enumerate(people):
        fill = Fill(f"F{number}", person, deductible=1_000 + number, copay=300)
        rows += [fill.paid(), fill.adjusted(copay=500)]
        if number % 2:
            rows.append(fill.reversed())
    random.Random(4).shuffle(rows)
    report = take(feed(*rows))
    assert report.posted == len(rows)
    expected = {}
    for number, person in enumerate(people):
        if not number % 2:
            expected |= {(person, DEDUCTIBLE): 1_000 + number, (person, LIMIT): 1_500 + number}
    assert ledger() == expected


def test_a_bad_member_is_rejected_alone_and_told(town, alma):
    good, bad = Fill("A1", alma, copay=700).paid(), Fill("A2", alma, copay=900).paid()
    bad[3] = "NOBODY"
    early = Fill("A3", alma, copay=500, day=date(2025, 12, 31), paid_on=date(2025, 12, 31)).paid()
    report = take(feed(good, bad, early))
    assert (report.posted, report.rejected) == (1, 2)
    assert results() == [("A1/1", "posted", ""), ("A2/1", "rejected", "no_member"), ("A3/1", "rejected", "not_covered")]
    assert answered(report)[3].startswith('A2/1,rejected,,"no_member: Nobody has')
    assert ledger() == {(alma, LIMIT): 700}
    mended = Fill("A2", alma, copay=900).paid()
    assert take(feed(mended, reference="RX-2")).posted == 1
    assert ledger() == {(alma, LIMIT): 1_600}


def test_a_transaction_whose_forerunner_is_missing_waits_to_be_sent_again(town, alma):
    fill = Fill("A1", alma, copay=700)
    first, second = fill.paid(), fill.adjusted(copay=800)
    assert take(feed(second)).rejected == 1
    assert results() == [("A1/2", "rejected", "out_of_sequence")]
    assert take(feed(first, second, reference="RX-2")).posted == 2
    assert ledger() == {(alma, LIMIT): 800}


@pytest.mark.parametrize(
    ("section", "reason"),
    [
        (None, "not_integrated"),
        (SHARED | {"managers": [RXTWO]}, "other_manager"),
    ],
)
def test_a_plan_that_does_not_say_so_takes_no_fills(in_employer, section, reason):
    town = nights.town(1)
    if section is not None:
        pharmacy.integrated(town, section)
    person = town.people[town.families[0]][0]
    report = take(feed(Fill("A1", person, copay=700).paid()))
    assert (report.rejected, results()[0][2]) == (1, reason)
    assert not AccumulatorEntry.objects.exists() and not StopLossPaidLine.objects.exists()


def test_faults_refuse_the_whole_file_with_their_lines(town, alma):
    row = Fill("A1", alma, copay=700).paid()
    other = [*row[:10], "2026-03-05", *row[11:]]
    for content, told in (
        (feed(row, row), "line 4: it says the same as line 3"),
        (feed(row, other), "line 4: it has the name of, and says other than, line 3"),
        (feed(row).replace(b"ingredient_cost,", b""), "line 2: the column 'ingredient_cost' is missing"),
        (feed(row).replace(b"TRAILER,1,7.00", b"TRAILER,1,8.00"), "line 4: gross is 8.00, the records come to 7.00"),
        (feed(row).replace(b"TRAILER,1", b"TRAILER,2"), "line 4: records is 2, the records come to 1"),
        (feed(row).replace(b",generic,", b",herbal,"), "line 3: drug_kind"),
        (
            feed(row).replace(b",7.00,0.00,0.00,7.00", b",7.00,1.00,0.00,7.00"),
            "line 3: gross is not what plan and member",
        ),
        (feed(row).rsplit(b"TRAILER", 1)[0], "the last line must be a TRAILER"),
        (feed(row).replace(b"HEADER", b"HEAD"), "line 1: the first line must be HEADER"),
        (feed(row).replace(pharmacy.NPI.encode(), b"1234567890"), "line 3: pharmacy_npi"),
        (b"\xff\xfe", "not UTF-8"),
        (b"", "the file is empty"),
    ):
        with pytest.raises(BadTable, match=told):
            take(content)
    assert not AccumulatorFile.objects.exists() and not AccumulatorEntry.objects.exists()


def test_a_record_taken_before_never_means_something_else(town, alma):
    take(feed(Fill("A1", alma, copay=700).paid()))
    with pytest.raises(BadTable, match="line 3: a record A1/1 with other content was taken before"):
        take(feed(Fill("A1", alma, copay=701).paid(), reference="RX-2"))
    with pytest.raises(CannotTake, match="another file called RX-1"):
        take(feed(Fill("A2", alma, copay=701).paid()))
    assert ledger() == {(alma, LIMIT): 700}


def test_a_file_for_somebody_else_is_refused(town, alma):
    with pytest.raises(CannotTake, match="sponsors no plan of this employer"):
        take(feed(Fill("A1", alma, copay=700).paid(), receiver="999999999"))


def test_a_file_cut_short_goes_on_where_it_stopped(town, alma, monkeypatch):
    monkeypatch.setattr(accumulator_files, "BATCH", 2)
    content = feed(*(Fill(f"A{number}", alma, copay=100).paid() for number in range(5)))
    seen = []

    def stop(done, of):
        seen.append((done, of))
        if done == 4 and len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(content, tell=stop)
    assert ledger() == {(alma, LIMIT): 400} and not AccumulatorFileEnd.objects.exists()
    report = take(content, tell=lambda done, of: seen.append((done, of)))
    assert seen == [(2, 5), (4, 5), (5, 5)]
    assert (report.posted, ledger()) == (5, {(alma, LIMIT): 500})


def test_no_file_moves_balances_while_a_night_decides(town, alma):
    nights.submit([lab(town, alma)])
    planned, _ = night.plan_night(business_date=nights.TONIGHT, planned_at=nights.PLANNED_AT)
    content = feed(Fill("A1", alma, deductible=50_000).paid())
    with pytest.raises(CannotTake, match="A night is deciding claims"):
        take(content)
    assert night.work_until_empty(night_id=planned.pk, worker="test") == night.Outcome.CLOSED
    assert ClaimVersion.objects.get().member_cents == 4_500
    assert take(content).posted == 1


def test_a_fill_past_a_limit_is_posted_and_told_as_over(town, alma):
    take(feed(Fill("A1", alma, deductible=45_000).paid()))
    report = take(feed(Fill("A2", alma, deductible=8_000).paid(), reference="RX-2"))
    assert (report.posted, report.over, report.over_cents) == (1, 1, 3_000)
    assert ledger()[alma, DEDUCTIBLE] == 53_000
    assert answered(report)[2] == "A2/1,accepted,30.00,"


def test_a_fill_changes_what_the_next_claim_of_the_night_takes(town, alma):
    ben = town.people[town.families[1]][0]
    take(feed(Fill("A1", alma, deductible=50_000).paid()))
    nights.submit([lab(town, alma), lab(town, ben)])
    run_night()
    told = dict(ClaimVersion.objects.values_list("person_id", "member_cents"))
    assert told == {alma: 900, ben: 4_500}


def test_claims_that_a_late_fill_overtook_are_reviewed_and_decided_again_on_order(town, alma):
    ben = town.people[town.families[0]][1]
    nights.submit([lab(town, alma), lab(town, ben)])
    run_night()
    take(feed(Fill("A1", alma, deductible=44_000).paid()))
    assert claims_behind(AccumulatorFile.objects.get(kind="claims_in").pk) == []
    report = take(feed(Fill("A2", alma, deductible=6_000).paid(), reference="RX-2"))
    file = AccumulatorFile.objects.get(reference="RX-2")
    assert (report.over_cents, [seq for _, seq in claims_behind(file.pk)]) == (4_500, [1, 2])
    (review,) = reviews.open_due()
    assert (review.cause, review.claims, reviews.open_due()) == ("pharmacy_feed", 2, [])
    listed = list(review.listed.values_list("submission_id", flat=True))
    assert sorted(listed) == sorted(key for key, _ in claims_behind(file.pk))
    reversals.readjudicate(submission_ids=listed, cause=review.cause, note="Fills came late.", actor=STAFF)
    assert claims_behind(file.pk) == []
    run_night(nights.TONIGHT + timedelta(1))
    told = dict(ClaimVersion.objects.filter(version=3).values_list("person_id", "member_cents"))
    assert told == {alma: 900}
    assert ledger()[alma, DEDUCTIBLE] == 50_000
    assert ledger()[ben, DEDUCTIBLE] == 4_500
    out = AccumulatorFile.objects.filter(kind="accumulators_out").order_by("pk").last()
    rows = tenants.open_document(out.document_uuid).decode().splitlines()[2:-1]
    assert [row.split(",")[6] for row in rows if ",deductible," in row] == ["-45.00"]


def test_the_night_tells_each_manager_our_own_amounts_once(town, alma):
    take(feed(Fill("A1", alma, deductible=49_000).paid()))
    nights.submit([lab(town, alma)])
    done = run_night()
    file = AccumulatorFile.objects.get(kind="accumulators_out")
    assert (file.partner, file.night_id, file.records, file.reference) == (RXONE, done.pk, 2, "20260309-1-1")
    text = tenants.open_document(file.document_uuid).decode().splitlines()
    assert text[0] == "HEADER,aso.accumulator_deltas/1,911111111,RXONE,20260309-1-1,2026-03-09"
    assert [line.split(",")[4:] for line in text[2:4]] == [
        ["deductible", "2026-01-01", "10.00", "medical"],
        ["out_of_pocket", "2026-01-01", "17.00", "medical"],
    ]
    assert text[4] == "TRAILER,2,10.00,17.00"
    assert accumulators_out.write_night(done) == {"accumulator_files": 0, "accumulator_records": 0}
    assert AccumulatorFile.objects.filter(kind="accumulators_out").count() == 1


def test_a_night_without_shared_accumulators_writes_no_file(in_employer):
    town = nights.town(1)
    nights.submit([lab(town, town.people[town.families[0]][0])])
    run_night()
    assert not AccumulatorFile.objects.exists()


def test_the_manager_answers_record_by_record(town, alma):
    nights.submit([lab(town, alma)])
    run_night()
    ours = tenants.open_document(AccumulatorFile.objects.get().document_uuid)
    first = ours.decode().splitlines()[2].split(",")[0]
    content = pharmacy.answer(ours, refused=[first])
    with pytest.raises(BadTable, match="1 of 2 records have no answer"):
        accumulators_out.take_answer(
            content=b"\n".join([*content.split(b"\n")[:3], b"TRAILER,1,0,1", b""]), actor=STAFF
        )
    report = accumulators_out.take_answer(content=content, actor=STAFF)
    assert (report.posted, report.rejected, report.is_new) == (1, 1, True)
    assert accumulators_out.take_answer(content=content, actor=STAFF).is_new is False
    assert list(AccumulatorFileRecord.objects.values_list("record_id", "reason")) == [(first, "refused_there")]
    with pytest.raises(CannotTake, match="nothing to answer"):
        accumulators_out.take_answer(content=content.replace(b"20260309-1-1", b"20260309-1-9"), actor=STAFF)


def test_two_managers_and_our_claims_add_up(in_employer):
    town = nights.town(1)
    pharmacy.integrated(town, SHARED | {"managers": [RXONE, RXTWO]})
    alma, ben = town.people[town.families[0]][:2]
    for manager, person, cents in ((RXONE, alma, 10_000), (RXTWO, alma, 20_000), (RXTWO, ben, 5_000)):
        fill = Fill(f"A{cents}", person, deductible=cents).paid()
        take(feed(fill, manager=manager, reference=f"RX-{cents}"))
    nights.submit([lab(town, alma)])
    run_night()
    assert ledger() == {
        (alma, DEDUCTIBLE): 34_500,
        (alma, LIMIT): 34_500,
        (ben, DEDUCTIBLE): 5_000,
        (ben, LIMIT): 5_000,
    }
    told = [
        tenants.open_document(file.document_uuid) for file in AccumulatorFile.objects.filter(kind="accumulators_out")
    ]
    assert [content.splitlines()[-1] for content in told] == [b"TRAILER,2,45.00,45.00"] * 2


def test_accumulator_files_count_for_plans_that_count_from_them(in_employer):
    town = nights.town(1)
    pharmacy.integrated(town, SHARED | {"counted_from": "accumulators"})
    alma = town.people[town.families[0]][0]
    content = deltas([("R1", alma, "deductible", 4_000), ("R2", alma, "out_of_pocket", 4_500)])
    assert take(content, Deltas).posted == 2
    assert take(content, Deltas).is_new is False
    assert take(deltas([("R3", alma, "out_of_pocket", -500)], reference="ACC-2"), Deltas).posted == 1
    assert take(feed(Fill("A1", alma, deductible=4_000, copay=500).paid())).posted == 1
    assert ledger() == {(alma, DEDUCTIBLE): 4_000, (alma, LIMIT): 4_000}
    assert PharmacyFill.objects.count() == 1


def test_a_plan_that_counts_the_feed_takes_no_accumulator_file_and_no_echo(town, alma):
    report = take(deltas([("R1", alma, "deductible", 4_000)]), Deltas)
    assert (report.rejected, results("ACC-1")) == (1, [("R1", "rejected", "counted_from_claims")])
    with pytest.raises(BadTable, match="amounts of medical origin are ours"):
        take(deltas([("R1", alma, "deductible", 4_000)], reference="ACC-2", origin="medical"), Deltas)
    assert ledger() == {}


def test_a_takeover_posts_balances_and_a_second_file_corrects_them(town, alma):
    report = take(balances([(alma, DEDUCTIBLE, "320.50"), (alma, "medical.therapy_visits", "2")]), Takeover)
    assert (report.posted, report.rejected) == (2, 0)
    assert ledger() == {(alma, DEDUCTIBLE): 32_050, (alma, "medical.therapy_visits"): 2}
    assert set(AccumulatorEntry.objects.values_list("source", flat=True)) == {"takeover"}
    later = balances([(alma, DEDUCTIBLE, "300"), (alma, "medical.therapy_visits", "2")], reference="TAKE-2")
    again = take(later, Takeover)
    assert (again.posted, again.unchanged) == (1, 1)
    assert ledger() == {(alma, DEDUCTIBLE): 30_000, (alma, "medical.therapy_visits"): 2}
    assert list(AccumulatorEntry.objects.order_by("pk").values_list("amount", flat=True)) == [32_050, 2, -2_050]


def test_what_a_takeover_cannot_say_is_rejected_row_by_row(town, alma):
    rows = [(alma, "medical.nothing", "1"), (alma, "medical.therapy_visits", "1.50")]
    take(balances(rows), Takeover)
    assert [reason for _, _, reason in results("TAKE-1")] == ["no_accumulator", "count_expected"]
    take(balances([(alma, DEDUCTIBLE, "1")], reference="TAKE-2", period=date(2026, 2, 1)), Takeover)
    assert results("TAKE-2")[0][2] == "not_a_period"
    take(balances([(alma, DEDUCTIBLE, "10")], reference="TAKE-3", day=date(2026, 1, 31)), Takeover)
    take(balances([(alma, DEDUCTIBLE, "5")], reference="TAKE-4"), Takeover)
    assert results("TAKE-4")[0][2] == "later_balance"


def test_a_balance_dated_after_our_first_claim_is_no_takeover(town, alma):
    nights.submit([lab(town, alma)])
    run_night()
    take(balances([(alma, DEDUCTIBLE, "10")], day=nights.TONIGHT), Takeover)
    assert results("TAKE-1")[0][2] == "after_first_claim"
    take(balances([(alma, DEDUCTIBLE, "10")], reference="TAKE-2", day=nights.TONIGHT - timedelta(1)), Takeover)
    assert results("TAKE-2")[0][1] == "posted"


def test_any_split_into_files_gives_the_same_ledger(town, alma):
    fills = [Fill(f"A{number}", alma, deductible=100 * number, copay=50) for number in range(1, 5)]
    rows = list(itertools.chain.from_iterable([fill.paid(), fill.adjusted(copay=70)] for fill in fills))
    for number, row in enumerate(rows):
        take(feed(row, reference=f"RX-{number}"))
    assert ledger() == {(alma, DEDUCTIBLE): 1_000, (alma, LIMIT): 1_280}


def test_reading_many_faults_stays_short(town, alma):
    names = ",".join(column.name for column in reading.BALANCE)
    rows = "\n".join("x" for _ in range(3_000))
    content = f"HEADER,{reading.BALANCES_FORMAT},OLDTPA,911111111,T,2026-01-01\n{names}\n{rows}\nTRAILER,0,0\n".encode()
    with pytest.raises(BadTable) as refused:
        take(content, Takeover)
    assert len(refused.value.faults) == 1_000
