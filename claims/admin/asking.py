"""Asking the provider or the member for what a claim needs: choose, read the letter, send; and what came of it."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from claims.admin.claim_pages import ClaimPages
from claims.core import information as core
from claims.core.clocks import SUPPLY_DAYS
from claims.core.letters import LANGUAGES, NoSuchLetter
from claims.selectors import examining
from claims.services import information

TONGUES = {"en": "English", "es": "Español", "sv": "Svenska"}


class AskForm(forms.Form):
    """About which pends, whom, for what, until when, in which language."""

    pends = forms.MultipleChoiceField(error_messages={"required": "Choose at least one pend the answer is to settle."})
    asked_of = forms.ChoiceField(choices=[(core.PROVIDER, "the provider"), (core.MEMBER, "the member")])
    items = forms.MultipleChoiceField(choices=[(key, item.words) for key, item in core.ITEMS.items()], required=False)
    text = forms.CharField(max_length=information.LONGEST_TEXT, required=False)
    days = forms.IntegerField(min_value=SUPPLY_DAYS, max_value=core.MOST_DAYS)
    language = forms.ChoiceField(choices=[(key, TONGUES[key]) for key in LANGUAGES])

    def __init__(self, *args: Any, open_pends: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pends"].choices = open_pends


class Asking(ClaimPages):
    """The question's page, and the end of a question."""

    def get_urls(self) -> list[Any]:
        return [
            self.below("ask/", self.ask, "ask"),
            self.below("requests/<uuid:asked>/", require_POST(self.end_request), "end_request"),
            *super().get_urls(),
        ]

    def ask(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET shows the form with what usually helps. POST shows the letter, and sends the one that was shown."""
        self.require(request, "claims.add_informationrequest")
        examined = self.examined(request, object_id)
        waiting = [pend for pend in examined.pends if pend.answer is None]
        open_pends = [(str(pend.uuid), f"{pend.code} {pend.words}") for pend in waiting]
        if request.method != "POST":
            return self._ask_page(request, examined, AskForm(initial=_first(waiting), open_pends=open_pends))
        form = AskForm(request.POST, open_pends=open_pends)
        if not form.is_valid():
            return self._ask_page(request, examined, form)
        given, draft = form.cleaned_data, None
        try:
            question = core.question(
                asked_of=given["asked_of"],
                items=given["items"],
                text=given["text"].strip(),
                asked_on=self.day(request),
                days=given["days"],
            )
            if request.POST.get("act") == "send":
                information.ask(
                    submission_uuid=examined.submission.uuid,
                    question=question,
                    pend_uuids=[UUID(each) for each in given["pends"]],
                    language=given["language"],
                    actor=request.actor,
                )
                said = f"Sent. The clock stands still until an answer comes, at most until {question.reply_by}."
                return self.back(request, examined.submission, said, at="#requests-title")
            draft = information.draft(
                submission=examined.submission, question=question, language=given["language"], about=UUID(int=0)
            )
        except (core.BadQuestion, information.CannotAsk, NoSuchLetter) as refusal:
            form.add_error(None, str(refusal))
        return self._ask_page(request, examined, form, letter=draft.facts if draft else None)

    def end_request(self, request: HttpRequest, object_id: str, asked: UUID) -> HttpResponse:
        """The answer came on a day, or the question is taken back."""
        self.require(request, "claims.add_informationrequest")
        submission = self.found(request, object_id)
        acts = {"receive": information.receive, "withdraw": information.withdraw}
        act, on = acts.get(request.POST.get("act", "")), _day(request.POST.get("on", ""))
        if act is None or on is None or not submission.information_requests.filter(uuid=asked).exists():
            return self.refused(request, submission, "Say on which day the answer came, like 2026-03-22.")
        try:
            act(request_uuid=asked, on=on, note=request.POST.get("note", ""), actor=request.actor)
        except information.CannotAsk as refusal:
            return self.refused(request, submission, refusal)
        return self.back(request, submission, "Noted. The clock runs again.", at="#requests-title")

    def _ask_page(
        self, request: HttpRequest, examined: examining.Examined, form: AskForm, letter: Any = None
    ) -> HttpResponse:
        number = examined.submission.claim_number
        return self.show(
            request,
            "ask.html",
            f"{'Error: ' if form.errors else ''}Ask for information on claim {number}",
            examined=examined,
            submission=examined.submission,
            form=form,
            letter=letter,
            items=[(key, item.words, ", ".join(item.of)) for key, item in core.ITEMS.items()],
            page=self.page_of(examined.submission),
        )


def _first(waiting: list[examining.PendTold]) -> dict[str, Any]:
    """What the form holds at first: every open pend and what usually answers it."""
    suggested = core.suggested([pend.code for pend in waiting])
    asked_of = suggested[0][1] if suggested else core.PROVIDER
    return {
        "pends": [str(pend.uuid) for pend in waiting],
        "asked_of": asked_of,
        "items": [item for item, party in suggested if party == asked_of],
        "days": SUPPLY_DAYS,
        "language": LANGUAGES[0],
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
