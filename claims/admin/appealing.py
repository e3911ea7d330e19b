"""An appeal that came by mail or telephone, filed on its claim's page."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from aso_portal.kernel.errors import DomainError
from claims.admin.asking import TONGUES
from claims.admin.claim_pages import ClaimPages
from claims.core import appeals as core
from claims.core.attachments import LARGEST_BYTES
from claims.core.letters import LANGUAGES
from claims.selectors import appeals
from claims.services import appeal_filing
from claims.services.appeal_filing import Filing
from tenants.web.sites import carry_news

NOON = time(12)


class FileForm(forms.Form):
    """What was filed, by whom, when it came, how the care is timed."""

    level = forms.ChoiceField(choices=list(core.LEVELS.items()), widget=forms.HiddenInput)
    filed_by = forms.ChoiceField(label="Who appeals", choices=list(core.FILERS.items()))
    representative = forms.CharField(
        label="Name of the representative", help_text="where there is one", required=False, max_length=120
    )
    received_on = forms.DateField(
        label="Day it came",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Say when it came."},
    )
    received_time = forms.TimeField(
        label="Time it came",
        help_text="for an urgent one",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    kind = forms.ChoiceField(label="The care", choices=list(core.KINDS.items()))
    ground = forms.ChoiceField(
        label="Ground of an external review",
        help_text="for that level only",
        required=False,
        choices=[("", "–"), *core.GROUNDS.items()],
    )
    judged = forms.ChoiceField(
        label="Rests on medical judgment",
        choices=[("", "as its reason codes say"), ("yes", "yes"), ("no", "no")],
        required=False,
    )
    reason = forms.CharField(
        label="What the claimant says",
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write down what the claimant says."},
    )
    told_on = forms.DateField(
        label="Day the claimant learned of the decision",
        help_text="if later than our papers say",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    good_cause = forms.CharField(
        label="Good cause for coming late",
        help_text="needed after the last day",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    language = forms.ChoiceField(label="Language of our letters", choices=[(key, TONGUES[key]) for key in LANGUAGES])
    paper = forms.FileField(
        label="The letter", help_text="PDF, PNG, JPEG or TIFF, at most 15 MB", required=False, allow_empty_file=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "what-%s", **kwargs})
        for name in self.errors if self.is_bound else ():
            if name in self.fields:
                self.fields[name].widget.attrs["aria-invalid"] = "true"

    @property
    def shown(self) -> list[Any]:
        return [field for field in self if not field.is_hidden]


class Appealing(ClaimPages):
    """The form to file an appeal, for staff."""

    def get_urls(self) -> list[Any]:
        return [self.below("appeal/", self.file_appeal, "appeal"), *super().get_urls()]

    def file_appeal(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET shows what is open on the claim and the form. POST files it."""
        self.require(request, "claims.add_appeal")
        submission = self.examined(request, object_id).submission
        zone = request.employer.time_zone
        given = appeal_filing.open_to(submission, kind=core.POST_SERVICE, zone=zone, now=timezone.now())
        first = {"received_on": self.day(request).isoformat(), "kind": core.POST_SERVICE, "language": LANGUAGES[0]}
        form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm(initial=first)
        if request.method == "POST" and form.is_valid():
            try:
                row = appeal_filing.file(
                    submission_uuid=submission.uuid, filing=self._filing(form, zone), actor=request.actor
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                carry_news(request)
                self.message_user(request, f"Filed as {row.reference}. The acknowledgment is kept with it.")
                return HttpResponseRedirect(reverse("admin:claims_appeal_change", args=[row.pk]))
        return self.show(
            request,
            "file_appeal.html",
            f"{'Error: ' if form.errors else ''}File an appeal on claim {submission.claim_number}",
            submission=submission,
            form=form,
            given=given,
            level=core.LEVELS[given.level].capitalize() if given else "",
            late=given is not None and self.day(request) > given.file_by,
            page=self.page_of(submission),
        )

    @staticmethod
    def _filing(form: FileForm, zone: str) -> Filing:
        said = form.cleaned_data
        at = datetime.combine(said["received_on"], said["received_time"] or NOON, ZoneInfo(zone))
        paper = said["paper"]
        if paper is not None and (paper.size or 0) > LARGEST_BYTES:
            raise core.CannotAppeal(f"The file is larger than {LARGEST_BYTES:,} bytes.")
        return Filing(
            level=said["level"],
            reason=said["reason"],
            received_at=min(at, timezone.now())
            if at.date() == timezone.now().astimezone(ZoneInfo(zone)).date()
            else at,
            zone=zone,
            language=said["language"],
            kind=said["kind"],
            filed_by=said["filed_by"],
            representative=said["representative"],
            ground=said["ground"],
            told_on=said["told_on"],
            good_cause=said["good_cause"],
            judged={"yes": True, "no": False}.get(said["judged"]),
            papers=[paper.read()] if paper is not None else [],
        )

    @staticmethod
    def appeals_context(request: HttpRequest, submission_id: int) -> dict[str, Any]:
        """What the claim's page shows of its appeals."""
        return {
            "appeals": appeals.of_claim(submission_id, now=timezone.now()),
            "may_appeal": request.user.has_perm("claims.add_appeal"),
        }
