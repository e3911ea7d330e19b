"""The gate before a plan version: golden claims, real claims decided on the draft, a second person; and no way past it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from benefits.core.plan_gate import told_to_employer
from benefits.models import GoldenRun, PlanDesignVersion, PlanImpact, PlanImpactRow, PlanOption
from benefits.selectors.plan_gate import compared_claims, evidence_of, largest, missing_for_request
from benefits.services import plan_drafts, plan_impacts, plan_publishing
from benefits.services.plan_drafts import CannotPublish
from claims.models import ClaimVersion
from claims.services import replays
from tenants.core.roles import Actor, Role
from tests.factories import goldens, nights
from tests.factories.two_people import APPROVER_UUID, approver, author

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def year(in_employer):
    """Harbor's option PPO in force, with decided claims of 2026."""
    goldens.a_year()
    return in_employer.schema_name


def a_draft(schema: str, document: dict | None = None) -> PlanDesignVersion:
    return plan_drafts.draft(
        option_code="PPO",
        document=document or goldens.cheaper(),
        actor=author(schema),
        drafted_at=NOW - timedelta(hours=1),
    )


def golden_of(version: PlanDesignVersion) -> dict:
    """Golden claims of the version with what the engine says of it now."""
    return goldens.golden(version.document)


def proved(schema: str, version: PlanDesignVersion) -> None:
    run = plan_drafts.set_golden(
        version_uuid=version.uuid, golden=golden_of(version), actor=author(schema), made_at=NOW
    )
    assert run.passed, run.faults


def compared(schema: str, version: PlanDesignVersion, *, at: datetime = NOW) -> PlanImpact:
    impact = plan_impacts.start(
        version_uuid=version.uuid, actor=author(schema), started_at=at, today=NOW.date(), months=6
    )
    assert plan_impacts.work(impact_id=impact.pk, now=lambda: at)
    impact.refresh_from_db()
    return impact


def asked(schema: str, version: PlanDesignVersion) -> None:
    plan_publishing.request(version_uuid=version.uuid, actor=author(schema), requested_at=NOW)


def test_a_proved_and_compared_draft_is_published_by_a_second_person(year):
    version = a_draft(year)
    proved(year, version)
    impact = compared(year, version)
    assert impact.figures["claims"] > 0 < impact.figures["changed"] == PlanImpactRow.objects.count()
    asked(year, version)
    done = plan_publishing.approve(version_uuid=version.uuid, actor=approver(year), approved_at=NOW)
    version.refresh_from_db()
    assert (done.version, version.published_at, version.published_by_uuid) == (2, NOW, APPROVER_UUID)


def test_what_is_missing_is_told_all_at_once_and_nothing_is_published(year):
    version = a_draft(year)
    with pytest.raises(CannotPublish) as refusal:
        plan_publishing.approve(version_uuid=version.uuid, actor=author(year), approved_at=NOW)
    assert [reason.split(".")[0] for reason in refusal.value.reasons] == [
        "Nobody has asked for its publication on what is on file now",
        "You wrote this version",
        "It has no golden claims",
        "Its effect on real claims is not known",
    ]
    version.refresh_from_db()
    assert version.published_at is None


def test_neither_the_author_nor_who_asked_nor_another_role_approves(year):
    version = a_draft(year)
    proved(year, version)
    compared(year, version)
    plan_publishing.request(version_uuid=version.uuid, actor=approver(year), requested_at=NOW)
    for actor, why in (
        (author(year), "You wrote this version"),
        (approver(year), "You asked for its publication"),
        (Actor("staff", APPROVER_UUID, frozenset({Role.EXAMINER}), year), "Only people with one of these roles"),
        (Actor("system", None, frozenset(), year), "Only people with one of these roles"),
    ):
        with pytest.raises(CannotPublish, match=why):
            plan_publishing.approve(version_uuid=version.uuid, actor=actor, approved_at=NOW)
    with pytest.raises(DatabaseError, match="two_people"), transaction.atomic():
        PlanDesignVersion.objects.filter(pk=version.pk).update(
            published_at=NOW, published_by_uuid=version.drafted_by_uuid
        )


def test_a_golden_claim_that_differs_names_claim_line_and_figure(year):
    version = a_draft(year)
    golden = golden_of(version)
    line = next(row for row in golden["claims"] if row["expect"].get("lines"))
    line["expect"]["lines"][0]["paid_cents"] += 1
    run = plan_drafts.set_golden(version_uuid=version.uuid, golden=golden, actor=author(year), made_at=NOW)
    paid = line["expect"]["lines"][0]["paid_cents"]
    assert not run.passed
    assert (
        f"Golden claim {line['name']!r}, line 1: paid is expected to be {paid}, the engine gives {paid - 1}."
        in run.faults
    )
    compared(year, version)
    with pytest.raises(CannotPublish, match="paid is expected"):
        asked(year, version)


def test_a_category_without_a_golden_claim_stops_it_and_more_may_be_asked(year, settings):
    version = a_draft(year)
    golden = golden_of(version)
    (first, *rest) = golden["claims"]
    left = first["expect"]["lines"][0]["category"]
    few = golden | {
        "claims": [row for row in rest if all(line["category"] != left for line in row["expect"].get("lines", ()))]
    }
    run = plan_drafts.set_golden(version_uuid=version.uuid, golden=few, actor=author(year), made_at=NOW)
    assert f"Category '{left}' has 0 golden claims whose answer comes out; add some." in run.faults
    settings.PLAN_GOLDEN_CLAIMS_A_CATEGORY = 5
    assert not plan_drafts.set_golden(version_uuid=version.uuid, golden=golden, actor=author(year), made_at=NOW).passed


def test_newer_golden_claims_and_a_newer_comparison_make_a_request_void(year):
    version = a_draft(year)
    proved(year, version)
    compared(year, version)
    asked(year, version)
    assert evidence_of(version).request is not None
    compared(year, version)
    assert evidence_of(version).request is None
    with pytest.raises(CannotPublish, match="Nobody has asked"):
        plan_publishing.approve(version_uuid=version.uuid, actor=approver(year), approved_at=NOW)


def test_a_comparison_grows_old_and_is_void_once_another_version_is_published(year):
    first, second = a_draft(year), a_draft(year, nights.document() | {"name": "Other"})
    for version in (first, second):
        proved(year, version)
        compared(year, version)
        asked(year, version)
    old = NOW + timedelta(days=8)
    assert "older than 7 days" in missing_for_request(first, evidence_of(first), now=old)[0]
    plan_publishing.approve(version_uuid=first.uuid, actor=approver(year), approved_at=NOW + timedelta(hours=1))
    with pytest.raises(CannotPublish, match="Another version of this option was published"):
        plan_publishing.approve(version_uuid=second.uuid, actor=approver(year), approved_at=NOW + timedelta(hours=2))


def test_a_comparison_goes_on_after_a_break_and_its_cut_changes_nothing(year, monkeypatch):
    version = a_draft(year)
    whole = compared(year, version)
    monkeypatch.setattr(replays, "MOST_CLAIMS", 5)
    impact = plan_impacts.start(
        version_uuid=version.uuid, actor=author(year), started_at=NOW, today=NOW.date(), months=6
    )
    assert impact.pieces.count() > 3
    turns = iter([False, False, True])
    assert not plan_impacts.work(impact_id=impact.pk, now=lambda: NOW, until=lambda: next(turns))
    assert impact.pieces.exclude(done_at=None).count() == 2
    assert plan_impacts.open_impacts() == [impact.pk]
    assert plan_impacts.work(impact_id=impact.pk, now=lambda: NOW)
    assert plan_impacts.work(impact_id=impact.pk, now=lambda: NOW)  # again: nothing is left
    impact.refresh_from_db()
    assert (impact.figures, impact.result_sha256) == (whole.figures, whole.result_sha256)
    assert plan_impacts.open_impacts() == []


def test_a_comparison_moves_no_money_of_an_equal_design_and_stores_nothing_of_claims(year):
    before = ClaimVersion.objects.count()
    impact = compared(year, a_draft(year, nights.document()))
    figures = impact.figures
    assert (figures["changed"], figures["drifted"], figures["plan_now"]) == (0, 0, figures["plan_draft"])
    assert ClaimVersion.objects.count() == before


def test_rules_that_change_while_it_runs_end_a_comparison(year):
    version, other = a_draft(year), a_draft(year, nights.document() | {"name": "Other"})
    impact = plan_impacts.start(
        version_uuid=version.uuid, actor=author(year), started_at=NOW, today=NOW.date(), months=6
    )
    PlanDesignVersion.objects.filter(pk=other.pk).update(
        published_at=NOW - timedelta(days=1), published_by_uuid=APPROVER_UUID
    )
    assert plan_impacts.work(impact_id=impact.pk, now=lambda: NOW)
    impact.refresh_from_db()
    assert (impact.finished_at, "have changed" in impact.error) == (None, True)
    assert missing_for_request(version, evidence_of(version), now=NOW)[-1].startswith(
        "The comparison with real claims could"
    )


def test_a_first_version_has_no_claims_to_compare_and_still_needs_golden_claims_and_two_people(in_employer):
    schema = in_employer.schema_name
    town = nights.town(families=1)
    PlanOption.objects.create(plan=town.option.plan, code="NEW", name="New", line_of_coverage="medical")
    version = plan_drafts.draft(option_code="NEW", document=nights.document(), actor=author(schema), drafted_at=NOW)
    impact = plan_impacts.start(version_uuid=version.uuid, actor=author(schema), started_at=NOW, today=NOW.date())
    assert (impact.claims, impact.finished_at) == (0, NOW)
    with pytest.raises(CannotPublish, match="no golden claims"):
        asked(schema, version)
    proved(schema, version)
    asked(schema, version)
    assert plan_publishing.approve(version_uuid=version.uuid, actor=approver(schema), approved_at=NOW).version == 1


def test_evidence_is_only_ever_added_to(year):
    version = a_draft(year)
    proved(year, version)
    compared(year, version)
    for rows in (GoldenRun.objects.all(), PlanImpactRow.objects.all()):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            rows.delete()


def test_the_employer_sees_no_figure_of_fewer_than_eleven_people(year):
    version = a_draft(year)
    changed = compared_claims(compared(year, version))
    told = told_to_employer(claims=60, changed=changed)
    assert all(len(each.people) >= 11 for each in told.categories)
    few = [each for each in changed if each.person_id in {one.person_id for one in changed[:3]}]
    hidden = told_to_employer(claims=60, changed=few)
    assert (hidden.changed, hidden.plan_more, hidden.categories) == (None, None, ())
    assert [each.moved for each in largest(changed)] == sorted((each.moved for each in changed), reverse=True)[:25]
