"""Answers to what a claim waits for: release, deny, run again. Each is its own button."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from claims.admin.claim_pages import ClaimPages
from claims.core.authority import DENY, NO_REFUSAL, RELEASE
from claims.core.reasons import CARCS
from claims.services import pends

LONGEST_NOTE = pends.LONGEST_NOTE
REFUSALS = [("", "choose …")] + [
    (code, f"{code} · {carc.words}") for code, carc in CARCS.items() if carc.rank < NO_REFUSAL
]


class AnswerForm(forms.Form):
    """Which pends, released or denied, with what reason and note."""

    pends = forms.TypedMultipleChoiceField(error_messages={"required": "Choose at least one pend."})
    answer = forms.ChoiceField(choices=[(RELEASE, RELEASE), (DENY, DENY)])
    carc = forms.ChoiceField(choices=REFUSALS, required=False)
    note = forms.CharField(max_length=LONGEST_NOTE, error_messages={"required": "Say why, in a few words."})

    def __init__(self, *args: Any, open_pends: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pends"].choices = [(uuid, uuid) for uuid in open_pends]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("answer") == DENY and not given.get("carc"):
            self.add_error("carc", "A denial needs a reason: choose a CARC.")
        return given


class Answering(ClaimPages):
    """Release and deny end chosen pends; a re-run answers nothing and has the claim decided again."""

    def get_urls(self) -> list[Any]:
        return [
            self.below("answer/", require_POST(self.answer), "answer"),
            self.below("rerun/", require_POST(self.rerun), "rerun"),
            *super().get_urls(),
        ]

    def answer(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Release or deny chosen pends of the claim, then show it again."""
        self.require(request, "claims.add_pendresolution")
        examined = self.examined(request, object_id)
        form = AnswerForm(request.POST, open_pends=[str(pend.uuid) for pend in examined.pends])
        if not form.is_valid():
            return self.claim_page(request, examined, form)
        given = form.cleaned_data
        carc = given["carc"] if given["answer"] == DENY else ""
        answers = [
            pends.Answer(pend.uuid, given["answer"], carc)
            for pend in examined.pends
            if str(pend.uuid) in given["pends"]
        ]
        try:
            pends.answer(answers=answers, note=given["note"], actor=request.actor)
        except pends.CannotAnswer as refusal:
            form.add_error(None, str(refusal))
            return self.claim_page(request, examined, form)
        word = "released" if given["answer"] == RELEASE else "denied"
        return self.back(request, examined.submission, f"{len(given['pends'])} pend(s) {word}.")

    def rerun(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Have the claim decided again by the next night, nothing answered."""
        self.require(request, "claims.add_pendresolution")
        submission = self.found(request, object_id)
        try:
            pends.rerun(submission_uuid=submission.uuid, note=request.POST.get("note", ""), actor=request.actor)
        except pends.CannotAnswer as refusal:
            return self.refused(request, submission, refusal)
        return self.back(request, submission, "The next night decides it again. Nothing was answered.")

    def claim_page(self, request: HttpRequest, examined: Any, form: AnswerForm | None = None) -> HttpResponse:
        """The claim's own page; the admin of claims fills it."""
        raise NotImplementedError
