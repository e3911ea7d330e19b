"""Appeals from the letter that came to the money that follows: filed, taken, asked, decided, reviewed outside."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from benefits.models import PlanDesignVersion
from claims.core.appeals import CannotAppeal
from claims.core.attachments import BadPaper
from claims.core.facts import Override
from claims.models import (
    Appeal,
    AppealEvent,
    AppealRemedy,
    ClaimChange,
    ClaimNote,
    ClaimOverride,
    ClaimSubmission,
    ClaimVersion,
    Letter,
    PendResolution,
)
from claims.selectors import appeals as selector
from claims.services import appeal_decisions, appeal_filing, appeals, clock, external_reviews
from claims.services.appeal_decisions import Ruling
from claims.services.appeal_filing import Filing
from tenants import facade as tenants
from tenants.core.roles import Actor
from tenants.records.models import AuditEvent, OutboxEvent
from tests.claims.services.test_changes_at_night import tomorrow, versions, visit
from tests.claims.services.test_night import run
from tests.factories import care, nights
from tests.factories.two_people import TWO_PEOPLE

ZONE = "America/Chicago"
WHY = "The visit was needed; my doctor says so."
PDF = b"%PDF-1.7 made for a test"


@pytest.fixture
def home(in_employer) -> care.Household:
    return care.household()


@pytest.fixture
def dana(in_employer) -> Actor:
    return Actor("staff", uuid4(), frozenset({"claims_manager"}), in_employer.schema_name, grant_uuid=uuid4())


@pytest.fixture
def eva(dana) -> Actor:
    return replace(dana, uuid=uuid4())


@pytest.fixture
def today(in_employer) -> date:
    from zoneinfo import ZoneInfo

    return clock.now().astimezone(ZoneInfo(ZONE)).date()


@pytest.fixture
def denied(home, today) -> ClaimSubmission:
    """A visit of Alma's that the plan refused as not needed, ten days ago."""
    return refused(home, home.alma, today - timedelta(10))


def refused(home, person, on, carc="50") -> ClaimSubmission:
    submission = care.submit(home, person, charges=(90_000,))
    care.decide(home, submission, (0, (("CO", carc, 90_000),)), on=on, outcome="deny")
    submission.refresh_from_db()
    return submission


def member(schema, person) -> Actor:
    return Actor("member", uuid4(), frozenset({"member"}), schema, person_uuid=person.uuid)


def filing(**more) -> Filing:
    given = {"level": "first", "reason": WHY, "received_at": clock.now(), "zone": ZONE, "language": "en"}
    return Filing(**(given | more))


def filed(submission, actor, **more) -> Appeal:
    return appeal_filing.file(submission_uuid=submission.uuid, filing=filing(**more), actor=actor)


def decided(appeal, actor, today, outcome="upheld", *, judged=True, **more) -> AppealEvent:
    appeals.take(appeal_uuid=appeal.uuid, independent=True, on=today, actor=actor)
    if judged:
        expert = f"Dr. {actor.uuid}, internal medicine"
        appeals.consult(appeal_uuid=appeal.uuid, expert=expert, text="It was not needed.", on=today, actor=actor)
    ruling = Ruling(outcome=outcome, text="The notes show no sign of it.", **more)
    return appeal_decisions.decide(appeal_uuid=appeal.uuid, ruling=ruling, on=today, actor=actor)


def told(appeal):
    row = Appeal.objects.select_related("submission__person", "version").get(pk=appeal.pk)
    return selector.told([row], now=clock.now())[0]


def work(kind="work.opened"):
    return list(OutboxEvent.objects.filter(kind=kind).order_by("id").values_list("subject_uuid", flat=True))


class TestFiling:
    def test_a_member_files_and_gets_a_reference_a_letter_and_a_day(self, denied, home, in_employer, today):
        alma = member(in_employer.schema_name, home.alma)
        row = filed(denied, alma, papers=[PDF], language="es")
        assert row.reference == f"{denied.claim_number}-A1"
        assert (row.level, row.rests_on_judgment, row.received_date, row.file_by) == (
            "first", True, today, today - timedelta(10) + timedelta(180),
        )  # fmt: skip
        letter = Letter.objects.get()
        assert (letter.kind, letter.recipient, letter.language) == ("appeal_acknowledgment", "member", "es")
        assert [each.name for each in tenants.documents_about(row.uuid)] == [f"{row.reference}-01.pdf"]
        assert told(row).due.on == today + timedelta(60)
        (opened,) = OutboxEvent.objects.filter(kind="work.opened")
        assert (opened.subject_uuid, opened.payload["amount_cents"]) == (row.uuid, 90_000)
        assert set(AuditEvent.objects.values_list("action", flat=True)) == {
            "appeal.filed", "appeal.paper_attached", "letter.sent",
        }  # fmt: skip

    def test_a_parent_files_for_a_child_and_nobody_for_another_adult(self, home, in_employer, today):
        of_ben = refused(home, home.ben, today - timedelta(3))
        of_carl = refused(home, home.carl, today - timedelta(3))
        alma = member(in_employer.schema_name, home.alma)
        assert filed(of_ben, alma).filed_by == "member"
        with pytest.raises(CannotAppeal, match="no such claim"):
            filed(of_carl, alma)

    def test_its_today_is_the_day_where_its_days_are_counted(self, denied, home, in_employer):
        row = filed(denied, member(in_employer.schema_name, home.alma))
        read = selector.told(
            [Appeal.objects.select_related("version").get()], now=datetime(2027, 3, 2, 5, 30, tzinfo=UTC)
        )
        assert (row.zone, read[0].today) == (ZONE, date(2027, 3, 1))

    def test_hr_and_programs_file_nothing(self, denied, home, in_employer):
        for kind in ("hr", "api", "system"):
            who = Actor(kind, uuid4(), frozenset({"hr"}), in_employer.schema_name)
            with pytest.raises(CannotAppeal):
                filed(denied, who)
        assert not Appeal.objects.exists()

    def test_too_late_is_refused_with_the_days_and_taken_for_good_cause_only(self, home, dana, in_employer, today):
        claim = refused(home, home.alma, today - timedelta(181))
        with pytest.raises(CannotAppeal, match=f"after the last day, {today - timedelta(1)}"):
            filed(claim, dana)
        with pytest.raises(CannotAppeal, match="our staff"):
            filed(claim, member(in_employer.schema_name, home.alma), good_cause="I was in hospital.")
        row = filed(claim, dana, good_cause="She was in hospital until last week.")
        assert row.good_cause
        assert "after the last day" in str(text_of(row))

    def test_on_the_last_day_it_is_in_time_where_the_employer_is(self, home, dana, today):
        claim = refused(home, home.alma, today - timedelta(180))
        assert filed(claim, dana).good_cause == ""

    def test_a_notice_that_came_later_gives_more_time(self, home, dana, today):
        claim = refused(home, home.alma, today - timedelta(200))
        row = filed(claim, dana, told_on=today - timedelta(190), good_cause="x" * 9)
        assert row.file_by == today - timedelta(10)
        assert (
            filed(refused(home, home.alma, today - timedelta(200)), dana, told_on=today - timedelta(20)).good_cause
            == ""
        )

    def test_one_open_appeal_a_claim_and_nothing_to_appeal_without_a_loss(self, home, denied, dana):
        filed(denied, dana)
        with pytest.raises(CannotAppeal, match="Nothing can be appealed"):
            filed(denied, dana)
        whole = care.submit(home, home.alma, charges=(9_000,))
        care.decide(home, whole, (9_000, ()))
        whole.refresh_from_db()
        waiting = care.submit(home, home.alma)
        waiting.refresh_from_db()
        for claim in (whole, waiting):
            with pytest.raises(CannotAppeal, match="Nothing can be appealed"):
                filed(claim, dana)

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            ({"filed_by": "neighbour"}, "who filed it"),
            ({"filed_by": "representative"}, "Name the authorised"),
            ({"representative": "Ann Lee"}, "Name the authorised"),
            ({"language": "fr"}, "language"),
            ({"level": "second"}, "first level"),
            ({"level": "external", "ground": "medical_judgment"}, "first level"),
            ({"ground": "rescission"}, "external review only"),
            ({"reason": "no"}, "Write 5 to"),
            ({"received_at": datetime(2020, 1, 1, tzinfo=UTC)}, "on a day from"),
        ],
    )
    def test_what_cannot_be_filed(self, denied, dana, more, message):
        with pytest.raises(CannotAppeal, match=message):
            filed(denied, dana, **more)

    def test_a_file_of_any_other_sort_is_refused_and_nothing_is_kept(self, denied, dana):
        with pytest.raises(BadPaper):
            filed(denied, dana, papers=[PDF, b"MZ program"])
        assert not Appeal.objects.exists()
        assert not Letter.objects.exists()

    def test_a_provider_is_written_to_beside_the_member_and_a_representative_instead(self, home, denied, dana, today):
        filed(denied, dana, filed_by="provider")
        assert {letter.recipient for letter in Letter.objects.all()} == {"member", "provider"}
        row = filed(
            refused(home, home.alma, today), dana, filed_by="representative", representative="Ann Lee, attorney"
        )
        assert Letter.objects.filter(about_uuid=row.uuid).count() == 1


def text_of(row) -> list:
    from claims.services.letters import draft

    made = draft(
        kind="appeal_acknowledgment", recipient="member", language="en", submission=row.submission,
        about_uuid=row.uuid, on=row.received_date,
        values={"reference": row.reference, "received_on": row.received_date, "file_by": row.file_by, "decide_by": row.file_by},
        flags=["internal", "late"],
    )  # fmt: skip
    return made.facts["sections"]


class TestWork:
    def test_a_question_stops_the_clock_and_the_answer_starts_it_again(self, denied, dana, today):
        row = filed(denied, dana)
        question = appeals.ask(appeal_uuid=row.uuid, text="Send the notes of the visit.", days=45, on=today, actor=dana)
        assert told(row).standing.state == "asked"
        assert told(row).due.standing
        assert work("work.done") == [row.uuid]
        assert Letter.objects.get(kind="appeal_question").about_uuid == question.uuid
        with pytest.raises(CannotAppeal, match="open already"):
            appeals.ask(appeal_uuid=row.uuid, text="And more.", days=45, on=today, actor=dana)
        appeals.answer(appeal_uuid=row.uuid, on=today, text="It came by mail.", actor=dana)
        assert told(row).standing.state == "new"
        assert work() == [row.uuid, row.uuid]
        with pytest.raises(CannotAppeal, match="No question is open"):
            appeals.answer(appeal_uuid=row.uuid, on=today, text="", actor=dana)

    def test_an_urgent_appeal_never_stands_still(self, denied, dana, today):
        row = filed(denied, dana, kind="urgent")
        before = told(row).due
        appeals.ask(appeal_uuid=row.uuid, text="Call us back please.", days=1, on=today, actor=dana)
        assert told(row).due == before
        assert before.at - row.received_at == timedelta(hours=72)
        assert work("work.done") == []
        with pytest.raises(CannotAppeal, match="72 hours"):
            appeals.extend(appeal_uuid=row.uuid, agreed=True, days=5, text="More time.", on=today, actor=dana)

    def test_more_time_only_with_the_claimant_and_for_disability_once(self, home, denied, dana, today):
        row = filed(denied, dana)
        with pytest.raises(CannotAppeal, match="cannot take longer"):
            appeals.extend(appeal_uuid=row.uuid, agreed=False, days=0, text="Much to read.", on=today, actor=dana)
        appeals.extend(appeal_uuid=row.uuid, agreed=True, days=14, text="She agreed by phone.", on=today, actor=dana)
        assert told(row).due.on == today + timedelta(74)
        other = filed(refused(home, home.alma, today), dana, kind="disability")
        appeals.extend(appeal_uuid=other.uuid, agreed=False, days=0, text="An expert is away.", on=today, actor=dana)
        assert told(other).due.on == today + timedelta(90)
        assert Letter.objects.filter(kind="appeal_extension").count() == 2

    def test_withdrawn_it_ends_and_may_be_filed_again_in_time(self, denied, dana, today):
        row = filed(denied, dana)
        appeals.withdraw(appeal_uuid=row.uuid, text="She called and took it back.", on=today, actor=dana)
        with pytest.raises(CannotAppeal, match="has ended already: withdrawn"):
            appeals.ask(appeal_uuid=row.uuid, text="Too late now.", days=45, on=today, actor=dana)
        assert filed(denied, dana).number == 2

    @pytest.mark.parametrize("changed", [{"kind": "hr"}, {"kind": "member"}, {"roles": frozenset({"finance"})}])
    def test_nobody_else_acts_on_an_appeal(self, denied, dana, today, changed):
        row = filed(denied, dana)
        other = replace(dana, **changed)
        for act in (
            lambda: appeals.take(appeal_uuid=row.uuid, independent=True, on=today, actor=other),
            lambda: appeals.ask(appeal_uuid=row.uuid, text="Send it.", days=45, on=today, actor=other),
            lambda: appeals.withdraw(appeal_uuid=row.uuid, text="Taken back.", on=today, actor=other),
            lambda: appeal_decisions.decide(
                appeal_uuid=row.uuid, ruling=Ruling(outcome="upheld", text="It stands."), on=today, actor=other
            ),
        ):
            with pytest.raises(CannotAppeal):
                act()
        assert not AppealEvent.objects.exists()

    def test_an_examiner_asks_and_does_not_decide(self, denied, dana, today):
        row, examiner = filed(denied, dana), replace(dana, roles=frozenset({"examiner"}))
        appeals.ask(appeal_uuid=row.uuid, text="Send the notes.", days=45, on=today, actor=examiner)
        with pytest.raises(CannotAppeal, match="Claims managers"):
            appeals.take(appeal_uuid=row.uuid, independent=True, on=today, actor=examiner)


class TestWhoDecides:
    def test_nobody_reviews_what_he_set_ordered_or_answered(self, home, denied, dana, eva, today):
        ClaimOverride.objects.create(
            submission=denied, field="payee", value="member", reason="agreement", note="n", paid_effect_cents=0,
            member_effect_cents=0, limit_cents=0, needs_second=False, shown_sha256="0" * 64, maker_uuid=dana.uuid,
            made_at=clock.now(),
        )  # fmt: skip
        row = filed(denied, dana)
        with pytest.raises(CannotAppeal, match="by hand"):
            appeals.take(appeal_uuid=row.uuid, independent=True, on=today, actor=dana)
        with pytest.raises(CannotAppeal, match="work under nobody"):
            appeals.take(appeal_uuid=row.uuid, independent=False, on=today, actor=eva)
        appeals.take(appeal_uuid=row.uuid, independent=True, on=today, actor=eva)
        with pytest.raises(CannotAppeal, match="Take the appeal first"):
            appeal_decisions.decide(
                appeal_uuid=row.uuid,
                ruling=Ruling(outcome="upheld", text="It stands."),
                on=today,
                actor=replace(eva, uuid=uuid4()),
            )

    def test_the_second_level_is_decided_by_somebody_else(self, home, denied, dana, eva, today):
        two_levels(home)
        first = filed(denied, dana)
        assert told(first).due.on == today + timedelta(30)
        decided(first, dana, today)
        second = filed(denied, eva, level="second")
        assert (second.prior_id, second.told_on) == (first.pk, today)
        with pytest.raises(CannotAppeal, match="earlier appeal"):
            appeals.take(appeal_uuid=second.uuid, independent=True, on=today, actor=dana)
        decided(second, eva, today)
        assert appeal_filing.open_to(denied, kind="post_service", zone=ZONE, now=clock.now()).level == "external"

    def test_medical_judgment_needs_a_consultant_and_another_at_the_second_level(self, home, denied, dana, eva, today):
        two_levels(home)
        first = filed(denied, dana)
        with pytest.raises(CannotAppeal, match="Consult a health care professional"):
            decided(first, dana, today, judged=False)
        appeals.consult(appeal_uuid=first.uuid, expert="Dr. Roe, cardiology", text="Not needed.", on=today, actor=dana)
        appeal_decisions.decide(
            appeal_uuid=first.uuid, ruling=Ruling(outcome="upheld", text="It stands."), on=today, actor=dana
        )
        second = filed(denied, dana, level="second")
        with pytest.raises(CannotAppeal, match="earlier appeal about this claim"):
            appeals.consult(
                appeal_uuid=second.uuid, expert="dr. roe, Cardiology", text="Not needed.", on=today, actor=eva
            )

    def test_where_no_judgment_is_in_it_nobody_has_to_be_asked(self, home, dana, today):
        row = filed(refused(home, home.alma, today, carc="96"), dana)
        assert not row.rests_on_judgment
        assert decided(row, dana, today, judged=False).outcome == "upheld"
        letter = Letter.objects.get(kind="appeal_decision")
        assert tenants.open_document(letter.document_uuid).startswith(b"%PDF-1.7")
        assert not ClaimChange.objects.exists()


def two_levels(home) -> None:
    """The plan gets a newer version with two levels, and the household's claims are decided with it."""
    from benefits.core.plan_design_reading import canonical_sha256

    document = {**home.design.document, "appeal_levels": 2}
    newer = PlanDesignVersion.objects.create(
        plan_option=home.option, version=2, start_date=home.design.start_date, end_date=home.design.end_date,
        document=document, document_sha256=canonical_sha256(document), published_at=datetime(2025, 12, 2, tzinfo=UTC),
        **TWO_PEOPLE,
    )  # fmt: skip
    home.design = newer
    for version in ClaimVersion.objects.all():
        again = care.reverse(version)
        care.decide(
            home, version.submission, (0, (("CO", "50", version.billed_cents),)), on=again.decided_on, outcome="deny"
        )


class TestTheDatabase:
    """What holds whatever the code asks."""

    def raw(self, row, kind, actor, **more) -> AppealEvent:
        return AppealEvent.objects.create(
            appeal=row, kind=kind, on_date=row.received_date, actor_kind="staff", actor_uuid=actor.uuid,
            written_at=clock.now(), **more,
        )  # fmt: skip

    def refuses(self, match, make) -> None:
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            make()
        assert match in f"{caught.value.__cause__.diag.constraint_name} {caught.value}"

    def test_a_reviewer_who_had_part(self, home, denied, dana, eva):
        row = filed(denied, dana)
        pend = care.pend(denied, "MED-01")
        PendResolution.objects.create(
            pend=pend,
            kind="deny",
            carc="50",
            note="n",
            actor_kind="staff",
            actor_uuid=dana.uuid,
            resolved_at=clock.now(),
        )
        for kind, more in (("assigned", {}), ("decided", {"outcome": "upheld", "text": "It stands."})):
            if kind == "decided":
                self.raw(row, "consulted", eva, expert="Dr. Roe, cardiology", text="No.")
            self.refuses(
                "appeal_event_reviewer_is_new",
                lambda kind=kind, more=more: self.raw(
                    row, kind, dana, reviewer_uuid=dana.uuid, independent=True, **more
                ),
            )
        self.raw(row, "assigned", eva, reviewer_uuid=eva.uuid, independent=True)

    def test_the_reviewer_of_an_earlier_level(self, home, denied, dana, today):
        two_levels(home)
        decided(filed(denied, dana), dana, today)
        second = filed(denied, dana, level="second")
        self.refuses(
            "appeal_event_reviewer_is_new",
            lambda: self.raw(second, "assigned", dana, reviewer_uuid=dana.uuid, independent=True),
        )

    def test_two_open_appeals_at_one_level_and_events_after_the_end(self, denied, dana, eva, today):
        row = filed(denied, dana)
        values = {f.attname: getattr(row, f.attname) for f in Appeal._meta.fields if f.name not in ("id", "uuid")}
        self.refuses("appeal_one_open", lambda: Appeal.objects.create(**(values | {"number": 2})))
        appeals.withdraw(appeal_uuid=row.uuid, text="Taken back.", on=today, actor=dana)
        self.refuses("appeal_event_before_end", lambda: self.raw(row, "consulted", dana, expert="Dr. Roe", text="No."))

    def test_a_decision_of_medical_judgment_nobody_was_consulted_about(self, denied, dana, eva):
        row = filed(denied, dana)
        self.refuses(
            "appeal_event_judgment_was_consulted",
            lambda: self.raw(
                row, "decided", eva, outcome="upheld", text="It stands.", reviewer_uuid=eva.uuid, independent=True
            ),
        )
        self.refuses(
            "appeal_event_decision_names_reviewer",
            lambda: self.raw(row, "decided", eva, outcome="upheld", text="It stands."),
        )

    def test_late_without_a_cause_and_a_change_of_what_is_written(self, denied, dana):
        row = filed(denied, dana)
        values = {f.attname: getattr(row, f.attname) for f in Appeal._meta.fields if f.name not in ("id", "uuid")}
        late = values | {
            "number": 2,
            "level": "second",
            "prior_id": row.pk,
            "file_by": row.received_date - timedelta(1),
        }
        self.refuses("appeal_late_for_good_cause", lambda: Appeal.objects.create(**late))
        for statement in ("UPDATE claims_appeal SET reason = 'x'", "DELETE FROM claims_appealevent"):
            with pytest.raises(Exception, match="permission denied|only ever added"), transaction.atomic():
                connection.cursor().execute(statement)


class TestOverturned:
    """On real decisions of real nights."""

    def test_a_lifted_refusal_is_paid_by_the_next_night(self, in_employer, dana, monkeypatch, today):
        town = nights.town(families=1)
        (seq,) = nights.submit([visit(town, "OFFICE", "LAB")])
        run()
        submission = ClaimSubmission.objects.get(intake_seq=seq)
        before = versions()
        row = filed(
            submission, dana, told_on=ClaimVersion.objects.get().decided_on, judged=False, good_cause="for a test"
        )
        remedy = Override(field="copay", line_number=1, value="0", reason="appeal")
        appeals.take(appeal_uuid=row.uuid, independent=True, on=today, actor=dana)
        effect = appeal_decisions.preview(appeal_uuid=row.uuid, remedies=[remedy], actor=dana)
        assert (effect.paid, effect.member) == (2_500, -2_500)
        assert not ClaimChange.objects.exists()
        assert not AppealRemedy.objects.exists()
        ruling = Ruling(outcome="overturned", text="No copay is due.", remedies=(remedy,), shown_sha256="0" * 64)
        with pytest.raises(CannotAppeal, match="no longer what you were shown"):
            appeal_decisions.decide(appeal_uuid=row.uuid, ruling=ruling, on=today, actor=dana)
        appeal_decisions.decide(
            appeal_uuid=row.uuid, ruling=replace(ruling, shown_sha256=effect.sha256), on=today, actor=dana
        )
        assert ClaimChange.objects.get().cause == "appeal"
        run(*tomorrow())
        after = versions()
        assert after[: len(before)] == before
        billed, paid = before[0][2], before[0][3]
        assert after[1:] == [(seq, 2, -billed, -paid), (seq, 3, billed, paid + 2_500)]
        trace = ClaimVersion.objects.get(version=3).trace.steps
        assert "appeal" in trace
        with pytest.raises(CannotAppeal, match="first level"):
            filed(submission, dana, level="second")

    def test_upheld_sets_nothing_and_orders_nothing(self, denied, dana, today):
        row = filed(denied, dana)
        remedy = Override(field="copay", line_number=1, value="0", reason="appeal")
        with pytest.raises(CannotAppeal, match="nothing is set"):
            decided(row, dana, today, remedies=(remedy,))
        assert not ClaimNote.objects.exists()


class TestOutside:
    @pytest.fixture
    def contracts(self, dana, today):
        return [
            external_reviews.add_organization(
                name=f"Reviewers {name}",
                accredited_by="URAC",
                start_date=today - timedelta(9),
                end_date=None,
                actor=dana,
            )
            for name in "ABC"
        ]

    def test_from_request_to_a_binding_decision(self, home, denied, dana, eva, today, contracts, in_employer):
        decided(filed(denied, dana), dana, today)
        with pytest.raises(CannotAppeal, match="Choose the ground"):
            filed(denied, dana, level="external")
        row = filed(denied, member(in_employer.schema_name, home.alma), level="external", ground="medical_judgment")
        assert row.level == "external"
        with pytest.raises(CannotAppeal, match="after the check"):
            external_reviews.send(appeal_uuid=row.uuid, on=today, actor=dana)
        external_reviews.check(appeal_uuid=row.uuid, eligible=True, text="It is complete.", on=today, actor=dana)
        event = external_reviews.send(appeal_uuid=row.uuid, on=today, actor=dana)
        assert event.organization == contracts[0]
        assert told(row).due.on == today + timedelta(45)
        ruling = Ruling(outcome="upheld", text="The organisation agrees with the plan.")
        appeal_decisions.decide(appeal_uuid=row.uuid, ruling=ruling, on=today, actor=dana)
        kinds = list(Letter.objects.filter(submission=denied).order_by("pk").values_list("kind", flat=True))
        assert kinds[-3:] == ["external_check", "external_assigned", "appeal_decision"]
        assert appeal_filing.open_to(denied, kind="post_service", zone=ZONE, now=clock.now()) is None

    def test_organisations_take_turns_and_an_urgent_case_is_counted_in_hours(self, home, dana, today, contracts):
        given_to = []
        for _ in range(4):
            claim = refused(home, home.alma, today)
            decided(filed(claim, dana), dana, today)
            row = filed(claim, dana, level="external", ground="medical_judgment", kind="urgent")
            external_reviews.check(appeal_uuid=row.uuid, eligible=True, text="Complete.", on=today, actor=dana)
            given_to.append(external_reviews.send(appeal_uuid=row.uuid, on=today, actor=dana).organization)
        assert given_to == [*contracts, contracts[0]]
        assert told(row).due.at - told(row).standing.sent_at == timedelta(hours=72)

    def test_fewer_than_three_contracts_are_no_rotation(self, denied, dana, today):
        decided(filed(denied, dana), dana, today)
        row = filed(denied, dana, level="external", ground="medical_judgment")
        external_reviews.check(appeal_uuid=row.uuid, eligible=True, text="Complete.", on=today, actor=dana)
        with pytest.raises(CannotAppeal, match="3 are needed"):
            external_reviews.send(appeal_uuid=row.uuid, on=today, actor=dana)

    def test_what_cannot_be_reviewed_ends_there(self, denied, dana, today):
        decided(filed(denied, dana), dana, today)
        row = filed(denied, dana, level="external", ground="rescission")
        external_reviews.check(
            appeal_uuid=row.uuid, eligible=False, text="Coverage was never taken back.", on=today, actor=dana
        )
        assert told(row).standing.state == "refused"
        assert Letter.objects.filter(kind="external_check").exists()
