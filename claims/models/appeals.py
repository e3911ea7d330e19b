"""Appeals against decisions on claims, what happened to each, and who outside of the plan reviews. Only ever added.

Beside the constraints here the database holds (migration `appeals_hold`): one open appeal a claim and level, nothing after
the end of an appeal, and no reviewer who had part in the decision or reviewed an earlier appeal about the claim.
"""

from django.db import models
from django.db.models import F, Q

from claims.core.appeals import (
    ANSWERED,
    ASKED,
    ASSIGNED,
    CONSULTED,
    DECIDED,
    ENDS,
    EXTENDED,
    EXTERNAL,
    FILERS,
    FIRST,
    GROUNDS,
    HAPPENS,
    KINDS,
    LEVELS,
    OUTCOMES,
    REPRESENTATIVE,
    SENT,
)
from claims.models.columns import linked, public_id


class Appeal(models.Model):
    """An appeal as it was filed. Levels, kinds, filers and grounds are those of `claims.core.appeals`.

    number: among the appeals of its claim, from 1. version: the decision it is against. prior: the appeal decided before
    it. `told_on`: the day the claimant learned of what he appeals; `file_by`: his last day; a later one names the good
    cause it was taken for. `levels`: how many the plan had that day. `rests_on_judgment`: a health care professional has
    to be consulted. `zone`: where its days are counted. `reason`: in the claimant's words.
    """

    uuid = public_id()
    submission = linked("claims.ClaimSubmission", related_name="appeals")
    version = linked("claims.ClaimVersion")
    number = models.SmallIntegerField()
    level = models.CharField(max_length=8)
    prior = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")
    kind = models.CharField(max_length=12)
    levels = models.SmallIntegerField()
    ground = models.CharField(max_length=20, blank=True)
    rests_on_judgment = models.BooleanField()
    filed_by = models.CharField(max_length=14)
    representative = models.CharField(max_length=120, blank=True)
    reason = models.TextField()
    language = models.CharField(max_length=2)
    received_at = models.DateTimeField()
    received_date = models.DateField()
    zone = models.CharField(max_length=64)
    told_on = models.DateField()
    file_by = models.DateField()
    good_cause = models.TextField(blank=True)
    actor_kind = models.CharField(max_length=6)
    actor_uuid = models.UUIDField(null=True, blank=True)
    filed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="appeal_number_once", fields=["submission", "number"]),
            models.CheckConstraint(name="appeal_known_level", condition=Q(level__in=list(LEVELS))),
            models.CheckConstraint(name="appeal_known_kind", condition=Q(kind__in=list(KINDS))),
            models.CheckConstraint(name="appeal_one_or_two_levels", condition=Q(levels__in=[1, 2])),
            models.CheckConstraint(
                name="appeal_names_its_prior", condition=Q(level=FIRST, prior=None) | ~Q(level=FIRST) & ~Q(prior=None)
            ),
            models.CheckConstraint(
                name="appeal_ground_of_external",
                condition=Q(level=EXTERNAL, ground__in=list(GROUNDS)) | ~Q(level=EXTERNAL) & Q(ground=""),
            ),
            models.CheckConstraint(
                name="appeal_representative_is_named",
                condition=Q(filed_by__in=[each for each in FILERS if each != REPRESENTATIVE], representative="")
                | Q(filed_by=REPRESENTATIVE) & ~Q(representative=""),
            ),
            models.CheckConstraint(
                name="appeal_late_for_good_cause", condition=Q(received_date__lte=F("file_by")) | ~Q(good_cause="")
            ),
            models.CheckConstraint(name="appeal_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.level} appeal {self.uuid}"

    @property
    def reference(self) -> str:
        """What people call it: the claim's number and its own. `submission` is at hand."""
        return f"{self.submission.claim_number}-A{self.number}"


class ReviewOrganization(models.Model):
    """An independent review organisation under contract: cases go to them in turn. `accredited_by`: whose seal it has."""

    uuid = public_id()
    name = models.CharField(max_length=120, unique=True)
    accredited_by = models.CharField(max_length=60)
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    actor_uuid = models.UUIDField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="review_organization_days_in_order", condition=Q(end_date=None) | Q(end_date__gt=F("start_date"))
            )
        ]

    def __str__(self) -> str:
        return f"review organisation {self.uuid}"


class AppealEvent(models.Model):
    """One thing that happened to an appeal: `kind` of `claims.core.appeals.HAPPENS`, on `on_date` where the employer is.

    reviewer_uuid: who took or decided it, and stated that he works under nobody who had part. until_date: the last day an
    answer counts. days, agreed: by how many days the time was extended, and whether the claimant agreed. answers: the
    question that ended. outcome: of a decision. organization: who reviews outside. expert: who was consulted, with what
    training. text: what was asked, said, found or decided, and why.
    """

    uuid = public_id()
    appeal = linked("claims.Appeal", related_name="events")
    kind = models.CharField(max_length=10)
    on_date = models.DateField()
    reviewer_uuid = models.UUIDField(null=True, blank=True)
    independent = models.BooleanField(default=False)
    until_date = models.DateField(null=True, blank=True)
    days = models.SmallIntegerField(default=0)
    agreed = models.BooleanField(default=False)
    answers = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="answer")
    outcome = models.CharField(max_length=10, blank=True)
    organization = linked("claims.ReviewOrganization", null=True, blank=True)
    expert = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    actor_kind = models.CharField(max_length=6)
    actor_uuid = models.UUIDField(null=True, blank=True)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="appeal_event_known_kind", condition=Q(kind__in=list(HAPPENS))),
            models.UniqueConstraint(name="appeal_ends_once", fields=["appeal"], condition=Q(kind__in=list(ENDS))),
            models.CheckConstraint(
                name="appeal_event_decision_says_what_and_why",
                condition=Q(kind=DECIDED, outcome__in=list(OUTCOMES)) & ~Q(text="") | ~Q(kind=DECIDED) & Q(outcome=""),
            ),
            models.CheckConstraint(
                name="appeal_event_reviewer_is_independent",
                condition=Q(reviewer_uuid=None) & ~Q(kind=ASSIGNED) | ~Q(reviewer_uuid=None) & Q(independent=True),
            ),
            models.CheckConstraint(
                name="appeal_event_question_ends",
                condition=Q(kind=ASKED, until_date__gte=F("on_date")) | ~Q(kind=ASKED) & Q(until_date=None),
            ),
            models.CheckConstraint(
                name="appeal_event_answer_names_question",
                condition=Q(kind=ANSWERED, answers__isnull=False) | ~Q(kind=ANSWERED) & Q(answers=None),
            ),
            models.CheckConstraint(
                name="appeal_event_extension_has_days",
                condition=Q(kind=EXTENDED, days__gt=0) | ~Q(kind=EXTENDED) & Q(days=0),
            ),
            models.CheckConstraint(
                name="appeal_event_names_the_expert",
                condition=Q(kind=CONSULTED) & ~Q(expert="") | ~Q(kind=CONSULTED) & Q(expert=""),
            ),
            models.CheckConstraint(
                name="appeal_event_names_who_reviews_outside",
                condition=Q(kind=SENT, organization__isnull=False) | ~Q(kind=SENT) & Q(organization=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def told(self) -> str:
        """What happened, in our words."""
        return HAPPENS.get(self.kind, self.kind)

    @property
    def outcome_told(self) -> str:
        return OUTCOMES.get(self.outcome, "")


class AppealRemedy(models.Model):
    """What a decision on an appeal sets for the claim when it is decided again: a field of `claims.core.override_terms`.

    It counts by the decision's own authority, without a second person, until a later value of the same field and line.
    """

    event = linked("claims.AppealEvent", related_name="remedies")
    submission = linked("claims.ClaimSubmission", related_name="appeal_remedies")
    line_no = models.SmallIntegerField(null=True, blank=True)
    field = models.CharField(max_length=20)
    value = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"{self.field} by {self.event_id}"
