"""Deciding an appeal at the desk: outcome, why, what it sets; its effect first, then the decision that was shown."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.money import NotMoney, parse_cents
from claims.core import appeals as core
from claims.core.facts import WHOLE_CLAIM, Override
from claims.core.override_terms import FIELDS, FLAG, MONEY, RATE, REFUSAL, WAIVABLE, WAIVED
from claims.core.reasons import words_of
from claims.core.trace_reading import NotATrace
from claims.selectors import appeals
from claims.selectors.appeals import AppealTold
from claims.services import appeal_decisions
from claims.services.appeal_decisions import Ruling

ON_LINES = [key for key, field in FIELDS.items() if field.shape != REFUSAL and not field.whole_claim]


class DecisionForm(forms.Form):
    """The outcome and why; refusals to lift; at most one other value, of a line."""

    outcome = forms.ChoiceField(choices=list(core.OUTCOMES.items()), error_messages={"required": "Choose the outcome."})
    text = forms.CharField(
        max_length=8_000, min_length=5, error_messages={"required": "Say why, as the claimant will read it."}
    )
    lift = forms.MultipleChoiceField(required=False)
    field = forms.ChoiceField(required=False, choices=[("", "nothing else"), *((k, FIELDS[k].words) for k in ON_LINES)])
    line = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    value = forms.CharField(required=False, max_length=40)

    def __init__(self, *args: Any, refusals: list[tuple[str, str]], lines: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lift"].choices = refusals
        self.fields["line"].choices = [("", "line …"), *((number, f"line {number}") for number in lines)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        field = FIELDS.get(given.get("field", ""))
        if field is None or field.shape == FLAG:
            return given
        value = given.get("value", "").strip()
        if field.shape in (MONEY, RATE):
            try:
                value = str(parse_cents(value.replace(",", "").replace("$", "").removesuffix("%").strip()))
            except NotMoney as refusal:
                self.add_error("value", str(refusal))
        given["value"] = value
        if not given.get("line"):
            self.add_error("line", "Choose the line.")
        return given

    def remedies(self) -> tuple[Override, ...]:
        """What the decision sets, as the engine reads it."""
        given, found = self.cleaned_data, []
        for key in given["lift"]:
            line, _, carc = key.partition(":")
            found.append(Override(field="pay_despite", line_number=int(line), value=carc, reason="appeal"))
        if given["field"]:
            flag = FIELDS[given["field"]].shape == FLAG
            value = WAIVED if flag else given["value"]
            line = given["line"] or WHOLE_CLAIM
            found.append(Override(field=given["field"], line_number=line, value=value, reason="appeal"))
        return tuple(found)


class AppealDeciding:
    """The form of the decision on the appeal's page."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_POST(self.decide))  # type: ignore[attr-defined]
        return [path("<path:object_id>/decide/", view, name="claims_appeal_decide"), *super().get_urls()]  # type: ignore[misc]

    def decide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Shows what the decision would change; decides when told to and that was shown."""
        if not request.user.has_perm("claims.add_appealevent"):
            raise PermissionDenied
        told: AppealTold = self.found(request, object_id)  # type: ignore[attr-defined]
        form, effect = self._form(told, request.POST), None
        if not form.is_valid():
            return self.appeal_page(request, told, form)  # type: ignore[attr-defined]
        given, uuid = form.cleaned_data, told.row.uuid
        try:
            remedies = form.remedies()
            if request.POST.get("act") == "decide":
                ruling = Ruling(
                    outcome=given["outcome"],
                    text=given["text"],
                    remedies=remedies,
                    shown_sha256=request.POST.get("shown", ""),
                )
                appeal_decisions.decide(appeal_uuid=uuid, ruling=ruling, on=told.today, actor=request.actor)
                return self.done(request, told, "Decided. The letter is kept below.")  # type: ignore[attr-defined]
        except (DomainError, NotATrace) as refusal:
            form.add_error(None, str(refusal))
        if given["outcome"] != core.UPHELD:
            try:
                effect = appeal_decisions.preview(appeal_uuid=uuid, remedies=form.remedies(), actor=request.actor)
            except (DomainError, NotATrace) as refusal:
                form.add_error(None, str(refusal))
        return self.appeal_page(request, told, form, effect)  # type: ignore[attr-defined]

    def deciding_context(self, told: AppealTold, form: forms.Form | None) -> dict[str, Any]:
        """What the form offers."""
        used = form if isinstance(form, DecisionForm) else self._form(told, None)
        return {"decision": used, "outcomes": core.OUTCOMES.items()}

    @staticmethod
    def _form(told: AppealTold, sent: Any) -> DecisionForm:
        refusals = [
            (f"{each.line_no}:{each.carc}", f"line {each.line_no}, {each.group}-{each.carc}: {words_of(each.carc)}")
            for each in appeals.refusals_of(told.row.version)
            if each.carc in WAIVABLE
        ]
        lines = [line.line_no for line in appeals.lines_of(told.row.version)]
        return DecisionForm(sent, refusals=refusals, lines=lines)
