"""Marked rows of changes of many claims: a review of Alma's claim, a change that was previewed, approved and ordered."""

from claims.models import (
    ChangeReview,
    ClaimVersion,
    MassChange,
    MassChangeClaim,
    MassChangeEnd,
    MassChangePart,
    MassChangeRuling,
    Night,
    PartPreviewed,
    ReviewedClaim,
    ReviewEnd,
    ReviewSource,
)
from tests.factories import marks
from tests.factories.canaries import ALMA, EMIL, Marked


def mass_changes(home: Marked, night: Night) -> None:
    """One review that was answered, and one that is open; the change that answered the first, whole."""
    at = night.planned_at
    version = ClaimVersion.objects.filter(person=home.people[ALMA]).latest("pk")
    review, waiting = (
        ChangeReview.objects.create(
            cause="retro_eligibility",
            family=version.submission.family,
            line_of_coverage="medical",
            first_day=night.business_date,
            claims=1,
            opened_at=at,
        )
        for _ in range(2)
    )
    for each in (review, waiting):
        ReviewedClaim.objects.create(review=each, submission=version.submission, why="days_lost")
        ReviewSource.objects.create(
            kind="coverage", reference=str(home.uuid_of(f"news {each.pk}")), review=each, seen_at=at
        )
    change = MassChange.objects.create(
        kind="redecide",
        cause="audit",
        note=home.mark(marks.REMARK),
        chosen_by={"npi": version.billing_npi},
        policy="report",
        least_cents=0,
        review=review,
        claims=1,
        maker_uuid=home.uuid_of("examiner"),
        made_at=at,
    )
    part = MassChangePart.objects.create(
        mass_change=change,
        number=1,
        family_ids=[version.submission.family_id],
        unit_sizes=[1],
        submission_ids=[version.submission_id],
    )
    PartPreviewed.objects.create(part=part, facts_sha256="0" * 64, rules_hash="0" * 16, previewed_at=at)
    effect = MassChangeClaim.objects.create(
        mass_change=change,
        part=part,
        submission=version.submission,
        chosen=True,
        ordered=True,
        kind="redecide",
        outcome="unchanged",
        old_paid_cents=version.paid_cents,
        new_paid_cents=version.paid_cents,
        old_member_cents=version.member_cents,
        new_member_cents=version.member_cents,
        payee_moves=False,
    )
    MassChangeRuling.objects.create(
        mass_change=change,
        kind="approved",
        maker_uuid=change.maker_uuid,
        actor_uuid=home.uuid_of("manager"),
        preview_sha256="0" * 64,
        ruled_at=at,
    )
    MassChangeEnd.objects.create(mass_change=change, kind="ordered", orders=1, ended_at=at)
    ReviewEnd.objects.create(
        review=review, kind="ordered", mass_change=change, actor_uuid=home.uuid_of("manager"), ended_at=at
    )
    for row in (review, waiting, change, effect):
        row.refresh_from_db()
    home.name_row(ALMA, waiting)
    home.name_row(EMIL, change)
