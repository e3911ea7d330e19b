"""Letters about claims, what was asked in them, and what came of it. Only ever added."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from claims.models.columns import linked, public_id

PROVIDER, MEMBER = "provider", "member"
RECIPIENTS = (PROVIDER, MEMBER)
RECEIVED, LAPSED, WITHDRAWN = "received", "lapsed", "withdrawn"


class Letter(models.Model):
    """A letter that was sent, once to each recipient about one thing (`about_uuid`: a request, an appeal, a decision).

    `template` and `template_version` name the file it was set with, `content_sha256` the facts it was set from;
    `document_uuid` is the PDF as it was sent.
    """

    uuid = public_id()
    submission = linked("claims.ClaimSubmission", related_name="letters")
    kind = models.CharField(max_length=30)
    recipient = models.CharField(max_length=8)
    about_uuid = models.UUIDField()
    template_version = models.SmallIntegerField()
    language = models.CharField(max_length=2)
    content_sha256 = models.CharField(max_length=64)
    document_uuid = models.UUIDField()
    sent_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=6)
    actor_uuid = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="letter_sent_once", fields=["about_uuid", "kind", "recipient"]),
            models.CheckConstraint(name="letter_known_recipient", condition=Q(recipient__in=RECIPIENTS)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class InformationRequest(models.Model):
    """Somebody is asked for something a claim needs; the claim's clock stands still until the answer or `due_date`.

    items: keys of `claims.core.information`. about: the pends it is to settle, as [code, line or null] each.
    `due_date`: the last day an answer counts; after it the pends are denied (CARC 226 or 227). `remind_on`: a reminder
    is sent when nothing has come by then.
    """

    uuid = public_id()
    submission = linked("claims.ClaimSubmission", related_name="information_requests")
    asked_of = models.CharField(max_length=8)
    items = ArrayField(models.CharField(max_length=20))
    question = models.TextField(blank=True)
    about = models.JSONField(default=list)
    asked_on = models.DateField()
    remind_on = models.DateField()
    due_date = models.DateField()
    actor_uuid = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="information_request_known_party", condition=Q(asked_of__in=RECIPIENTS)),
            models.CheckConstraint(
                name="information_request_days_in_order",
                condition=Q(remind_on__gte=F("asked_on"), due_date__gt=F("remind_on")),
            ),
        ]
        indexes = [models.Index(name="information_request_due", fields=["due_date", "id"])]

    def __str__(self) -> str:
        return f"information request {self.uuid}"


class InformationAnswer(models.Model):
    """How a request ended, on which day: an answer came, its time ran out, or it was taken back."""

    request = models.OneToOneField(InformationRequest, models.PROTECT, related_name="answer")
    kind = models.CharField(max_length=10)
    on_date = models.DateField()
    note = models.TextField(blank=True)
    actor_kind = models.CharField(max_length=6)
    actor_uuid = models.UUIDField(null=True, blank=True)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="information_answer_known_kind", condition=Q(kind__in=[RECEIVED, LAPSED, WITHDRAWN])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.request_id}"


class PendDue(models.Model):
    """A later due date of a pend whose claim's clock stood still; the last row of a pend counts."""

    pend = linked("claims.Pend", related_name="moved_dues")
    due_date = models.DateField()
    moved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pend_id} due {self.due_date}"
