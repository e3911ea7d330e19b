"""834 files, applied: changes, full files, what is held, what is only proposed."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from benefits.models import (
    Coverage,
    EnrollmentEvent,
    EnrollmentImport,
    EnrollmentImportRow,
    FileTolerance,
    Member,
    Person,
    ProposedTermination,
)
from benefits.services import enrollment_files
from benefits.services.enrollment_files import Arrival, CannotDecide
from tenants.records.models import OutboxEvent
from tests.factories import benefits as make
from tests.factories import enrollment_files as x834
from tests.factories.benefits import ALMA, BEN, CARA, DAN, NEW_YEAR, NOW, OKAFORS, TODAY, WEISS
from tests.factories.enrollment_files import GROUP, coverage, file, member

APRIL, JULY = date(2026, 4, 1), date(2026, 7, 1)
SINCE_NEW_YEAR = coverage(begin="20260101")


@pytest.fixture
def harbor(in_employer):
    make.plans()
    return in_employer


@pytest.fixture
def arrive(harbor):
    """Hands in a file and returns its report."""

    def hand_in(content, **more):
        arrival = Arrival(
            content_sha256=hashlib.sha256(content).hexdigest(),
            actor=make.system(harbor),
            recorded_at=NOW,
            as_of=TODAY,
            groups={GROUP},
            **more,
        )
        return enrollment_files.apply_834(x834.read(content), arrival=arrival)

    return hand_in


@pytest.fixture
def okafors(harbor):
    return make.okafors(harbor)


def spans(given_name, line="medical"):
    rows = Coverage.objects.filter(member__person__given_name=given_name, line_of_coverage=line)
    effective = [row for row in rows.order_by("start_date", "pk") if row.end_date != row.start_date]
    return [(row.plan_option.code, row.tier, row.start_date, row.end_date) for row in effective]


def results(report):
    return [row.result for row in report.rows]


def whole_family(**more):
    return [
        member(ALMA, SINCE_NEW_YEAR, **more),
        member(BEN, SINCE_NEW_YEAR, relationship="01", **more),
        member(CARA, SINCE_NEW_YEAR, relationship="19", **more),
    ]


def test_an_addition_enrolls_subscriber_and_dependants(arrive):
    report = arrive(file(*whole_family()))
    assert (report.status, results(report)) == ("applied", ["applied"] * 3)
    assert spans("Alma") == spans("Cara") == [("PPO", "FAM", NEW_YEAR, None)]
    assert Member.objects.get(person__given_name="Ben").subscriber.person.given_name == "Alma"


def test_every_member_gets_a_result_row_and_events_that_name_the_file(arrive):
    report = arrive(file(*whole_family()))
    stored = EnrollmentImport.objects.get()
    assert (stored.uuid, stored.rows, stored.applied, stored.rejected) == (report.import_uuid, 3, 3, 0)
    rows = EnrollmentImportRow.objects.filter(enrollment_import=stored).order_by("position")
    assert [row.member.person.given_name for row in rows] == ["Alma", "Ben", "Cara"]
    assert set(EnrollmentEvent.objects.values_list("source", "enrollment_import")) == {("834", stored.pk)}


def test_dependants_may_stand_before_their_subscriber(arrive):
    report = arrive(file(*reversed(whole_family())))
    assert results(report) == ["applied"] * 3


def test_a_dependant_of_an_unknown_subscriber_is_rejected_alone(arrive):
    report = arrive(file(member(CARA, SINCE_NEW_YEAR, relationship="19", number="W777"), *whole_family()))
    assert results(report) == ["rejected", "applied", "applied", "applied"]
    assert "No subscriber has this number" in report.rows[0].reasons[0]


def test_a_member_that_breaks_the_guide_is_rejected_with_its_place(arrive):
    broken = member(DAN, SINCE_NEW_YEAR, number=WEISS)
    broken[-2] = "HD*021**XXX*PPO*EMP"
    report = arrive(file(*whole_family(), broken))
    assert results(report) == ["applied", "applied", "applied", "rejected"]
    assert report.rows[3].reasons[0].startswith("segment 34 (HD-3, loop 2300) at byte")


def test_the_inclusive_last_day_of_a_termination_becomes_the_day_after(arrive, okafors):
    arrive(file(member(BEN, relationship="01", action="024", reason="07", dates={"357": "20260331"})))
    assert spans("Ben") == [("PPO", "FAM", NEW_YEAR, APRIL)]
    assert spans("Alma") == [("PPO", "FAM", NEW_YEAR, None)]


def test_the_same_begin_and_end_never_takes_effect(arrive, okafors):
    arrive(file(member(BEN, relationship="01", action="024", dates={"357": "20260101"})))
    assert spans("Ben") == []
    assert EnrollmentEvent.objects.latest("pk").kind == "voided"


def test_a_changed_member_may_end_one_coverage_only(arrive, okafors):
    dental = coverage(line="DEN", option="DENTAL", tier="EMP", begin="20260101")
    arrive(file(member(ALMA, dental, action="001")))
    arrive(file(member(ALMA, coverage("024", end="20260630"), action="001"), control="000000002"))
    assert spans("Alma") == [("PPO", "FAM", NEW_YEAR, JULY)]
    assert spans("Alma", "dental") == [("DENTAL", "EMP", NEW_YEAR, None)]


def test_a_reinstated_member_goes_on(arrive, okafors):
    arrive(file(member(BEN, relationship="01", action="024", dates={"357": "20260331"})))
    arrive(
        file(
            member(BEN, coverage("025", option="", tier="", begin="20260401"), relationship="01", action="025"),
            control="000000002",
        )
    )
    assert spans("Ben") == [("PPO", "FAM", NEW_YEAR, None)]


def test_an_audit_row_that_says_what_is_known_changes_nothing(arrive, okafors):
    audited = file(*[[one.replace("HD*021", "HD*030") for one in segments] for segments in whole_family(action="030")])
    report = arrive(audited)
    assert (report.status, results(report)) == ("applied", ["unchanged"] * 3)


def test_a_corrected_name_and_birth_date_come_with_the_wrong_ones(arrive, okafors):
    right = replace(CARA, given_name="Carla", birth_date=date(2015, 9, 10))
    report = arrive(file(member(right, relationship="19", action="001", prior=CARA)))
    assert results(report) == ["applied"]
    assert Person.objects.filter(given_name="Carla", birth_date=date(2015, 9, 10)).count() == 1
    assert not Person.objects.filter(given_name="Cara").exists()


def test_a_death_is_kept_and_ends_the_coverage(arrive, okafors):
    arrive(file(member(BEN, relationship="01", action="024", reason="03", died="20260214", dates={"357": "20260214"})))
    assert Person.objects.get(given_name="Ben").death_date == date(2026, 2, 14)
    assert spans("Ben") == [("PPO", "FAM", NEW_YEAR, date(2026, 2, 15))]


def test_a_termination_for_days_past_goes_to_review(arrive, okafors):
    arrive(file(member(BEN, relationship="01", action="024", dates={"357": "20260131"})))
    assert OutboxEvent.objects.get(kind="coverage.moved").payload["first_day_lost"] == "2026-02-01"


def test_the_same_file_again_changes_nothing_and_gives_the_same_report(arrive):
    first = arrive(file(*whole_family()))
    events = EnrollmentEvent.objects.count()
    again = arrive(file(*whole_family()))
    assert (again.status, again.rows, again.import_uuid) == ("repeated", first.rows, first.import_uuid)
    assert EnrollmentEvent.objects.count() == events
    assert "applied before" in again.reasons[0]


def test_the_same_content_in_a_new_file_is_unchanged(arrive):
    arrive(file(*whole_family()))
    assert results(arrive(file(*whole_family(), control="000000002"))) == ["unchanged"] * 3


def test_control_numbers_used_before_for_something_else_hold_the_file(arrive):
    arrive(file(*whole_family()))
    report = arrive(file(member(ALMA, action="024", dates={"357": "20260331"})))
    assert report.status == "held"
    assert spans("Alma") == [("PPO", "FAM", NEW_YEAR, None)]


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ({"TO": 4}, "announces 4 members (QTY*TO) and holds 3"),
        ({"ET": 2, "DT": 2}, "announces 2 employees (QTY*ET) and holds 1"),
        ({"DT": 3}, "announces 3 dependants (QTY*DT) and holds 2"),
    ],
)
def test_counts_that_do_not_add_up_hold_the_file(arrive, counts, reason):
    kept = {"ET": 1, **counts} if "DT" in counts and "ET" not in counts else counts
    report = arrive(file(*whole_family(), counts=kept))
    assert (report.status, set(results(report))) == ("held", {"ready"})
    assert any(reason in one for one in report.reasons)
    assert not Member.objects.exists() and EnrollmentImport.objects.get().status == "held"


def test_a_group_of_somebody_else_holds_the_file(arrive):
    report = arrive(file(*whole_family(group="MEADOW01")))
    assert report.status == "held"
    assert report.reasons == ("Group 'MEADOW01' is not one of this employer's.",)


def test_a_held_file_is_told_as_work_until_it_is_applied(arrive):
    held = arrive(file(*whole_family(), counts={"TO": 4}))
    assert OutboxEvent.objects.get(subject_uuid=held.import_uuid).kind == "work.opened"
    arrive(file(*whole_family()))
    assert OutboxEvent.objects.filter(subject_uuid=held.import_uuid).latest("pk").kind == "work.done"


def test_a_set_with_a_wrong_count_of_segments_is_refused_whole(arrive):
    report = arrive(file(*whole_family(), break_count=True))
    assert (report.status, report.rows) == ("refused", ())
    assert any("se-segment-count" in reason for reason in report.reasons)
    assert not Member.objects.exists()


def test_people_missing_from_a_full_file_are_proposed_not_ended(arrive, harbor, okafors):
    FileTolerance.objects.create(share_bp=5_000)
    report = arrive(file(*whole_family()[:2], kind="RX", day="20260401"))
    assert (report.status, report.proposed_terminations) == ("applied", 1)
    proposal = ProposedTermination.objects.get()
    assert (proposal.member.person.given_name, proposal.end_date, proposal.status) == ("Cara", APRIL, "open")
    assert spans("Cara") == [("PPO", "FAM", NEW_YEAR, None)]


def test_a_change_file_proposes_nothing(arrive, okafors):
    arrive(file(member(ALMA, SINCE_NEW_YEAR)))
    assert not ProposedTermination.objects.exists()


def test_an_accepted_proposal_ends_the_coverage_and_a_declined_one_does_not(arrive, harbor, okafors):
    FileTolerance.objects.create(share_bp=10_000)
    arrive(file(whole_family()[0], kind="4", day="20260401"))
    by_name = {one.member.person.given_name: one.uuid for one in ProposedTermination.objects.all()}
    who = {"actor": make.system(harbor), "recorded_at": NOW, "as_of": TODAY}
    assert enrollment_files.decide_proposals([by_name["Cara"]], accept=True, **who) == 1
    assert enrollment_files.decide_proposals([by_name["Ben"]], accept=False, **who) == 1
    assert spans("Cara") == [("PPO", "FAM", NEW_YEAR, APRIL)]
    assert spans("Ben") == [("PPO", "FAM", NEW_YEAR, None)]
    with pytest.raises(CannotDecide, match="is not open"):
        enrollment_files.decide_proposals([by_name["Cara"]], accept=True, **who)


def test_somebody_who_reappears_has_his_open_proposal_declined(arrive, okafors):
    FileTolerance.objects.create(share_bp=10_000)
    arrive(file(*whole_family()[:2], kind="RX"))
    arrive(file(*whole_family(), kind="RX", control="000000002"))
    assert ProposedTermination.objects.get().status == "declined"


def test_somebody_whose_row_was_rejected_is_not_called_absent(arrive, okafors):
    FileTolerance.objects.create(share_bp=10_000)
    broken = whole_family()[2]
    broken[-2] = "HD*021**XXX*PPO*FAM"
    report = arrive(file(*whole_family()[:2], broken, kind="RX"))
    assert (results(report)[2], report.proposed_terminations) == ("rejected", 0)


def test_too_many_missing_hold_the_file_until_a_person_releases_it(arrive, okafors):
    content = file(*whole_family()[:2], kind="RX")
    report = arrive(content)
    assert report.status == "held"
    assert report.reasons[0].startswith("1 of 3 covered people are missing from this full file.")
    assert not ProposedTermination.objects.exists()
    assert arrive(content, released=True).status == "applied"
    assert ProposedTermination.objects.count() == 1


def test_a_release_does_not_cover_wrong_counts(arrive, okafors):
    assert arrive(file(*whole_family(), counts={"TO": 9}), released=True).status == "held"


def test_a_check_stores_nothing(arrive):
    report = arrive(file(*whole_family()), check_only=True)
    assert (report.status, results(report)) == ("checked", ["ready"] * 3)
    assert not Member.objects.exists() and not EnrollmentImport.objects.exists()
    assert OKAFORS not in str(report)
