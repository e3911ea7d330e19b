"""Who is covered when, and every fact that made it so."""

from django.db import models
from django.db.models import Q

from benefits.core.coverage import LINES_OF_COVERAGE, STATES
from benefits.core.tiers import TIERS
from benefits.models.columns import ends_after_start, linked, never_overlapping, public_id


class Coverage(models.Model):
    """A member is covered by a plan option on these days; the current truth, told in full by its EnrollmentEvents.

    `line_of_coverage` repeats the option's, so the database can refuse two options of one line on one day.
    A row whose end is its start was enrolled and never took effect.
    """

    uuid = public_id()
    member = linked("benefits.Member", indexed=False, related_name="coverages")
    plan_option = linked("benefits.PlanOption", related_name="coverages")
    line_of_coverage = models.CharField(max_length=10)
    tier = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default="active")
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="coverage_known_line", condition=Q(line_of_coverage__in=list(LINES_OF_COVERAGE))
            ),
            models.CheckConstraint(name="coverage_known_tier", condition=Q(tier__in=list(TIERS))),
            models.CheckConstraint(name="coverage_known_state", condition=Q(state__in=list(STATES))),
            ends_after_start("coverage_ends_after_start", may_be_empty=True),
            never_overlapping("coverage_one_option_a_day", "member", "line_of_coverage"),
        ]
        indexes = [models.Index(name="coverage_by_member", fields=["member", "line_of_coverage", "start_date"])]

    def __str__(self) -> str:
        return f"Coverage {self.uuid}"


class EnrollmentEvent(models.Model):
    """One fact about a member's enrollment, appended with the change it tells of.

    `kind`: a key of `benefits.core.happenings.KINDS`. `before` and `after`: the periods of the line, oldest first
    ([{"option", "tier", "start", "end", "state"}]), or for facts about the person the names of the changed fields,
    never their values. `source`: "staff", "hr", "member", "census" or "834"; `enrollment_import`: its file.
    """

    uuid = public_id()
    member = linked("benefits.Member", related_name="events")
    kind = models.CharField(max_length=16)
    line_of_coverage = models.CharField(max_length=10, blank=True, default="")
    effective_date = models.DateField()
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    reason_code = models.CharField(max_length=4, blank=True, default="")
    source = models.CharField(max_length=8)
    enrollment_import = linked("benefits.EnrollmentImport", null=True, blank=True, related_name="events")
    actor_kind = models.CharField(max_length=10)
    actor_uuid = models.UUIDField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
