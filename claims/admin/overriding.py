"""Values set by hand: choose what, see what it would change, save; a second person approves what is above the limit."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from aso_portal.kernel.errors import DomainError
from aso_portal.kernel.money import NotMoney, parse_cents
from benefits.core.plan_design_compiled import CompiledDesign
from claims.admin.claim_pages import ClaimPages
from claims.core.authority import may_approve, may_set
from claims.core.facts import WHOLE_CLAIM, Override
from claims.core.override_terms import CATEGORY, FIELDS, FLAG, MONEY, RATE, REASONS, TIER, BadOverride, choices
from claims.core.reasons import words_of
from claims.selectors import examining
from claims.services import overrides
from claims.services.previews import CannotPreview

BASIS_POINTS = 100


class WhatForm(forms.Form):
    """What to set, and on which line (0: the whole claim)."""

    field = forms.ChoiceField(choices=[(key, field.words) for key, field in FIELDS.items()])
    line = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args: Any, lines: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [(0, "the whole claim"), *((number, f"line {number}") for number in lines)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        field, line = FIELDS.get(given.get("field", "")), given.get("line")
        if field is not None and line == WHOLE_CLAIM and not field.whole_claim:
            self.add_error("line", f"The {field.words} is set line by line. Choose a line.")
        return given


class ValueForm(forms.Form):
    """The value, why, and a note. Money is typed in dollars, a rate in percent."""

    value = forms.CharField(max_length=40, error_messages={"required": "Say what to set it to."})
    reason = forms.ChoiceField(choices=[("", "choose …"), *REASONS.items()])
    note = forms.CharField(max_length=overrides.LONGEST_NOTE, error_messages={"required": "Say why, in a few words."})

    def __init__(self, *args: Any, field: str, known: tuple[str, ...] | None, names: dict[str, str], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.shape = FIELDS[field].shape
        if known is not None:
            told = [(key, names.get(key, key.replace("_", " "))) for key in known]
            self.fields["value"] = forms.ChoiceField(choices=told if self.shape == FLAG else [("", "choose …"), *told])

    def clean_value(self) -> str:
        value: str = self.cleaned_data["value"].strip()
        if self.shape == MONEY:
            try:
                return str(parse_cents(value.replace(",", "").replace("$", "")))
            except NotMoney as refusal:
                raise forms.ValidationError(str(refusal)) from None
        if self.shape == RATE:
            try:
                return str(parse_cents(value.removesuffix("%").strip()))
            except NotMoney:
                raise forms.ValidationError("Write a percentage like 20 or 12.5.") from None
        return value


class Overriding(ClaimPages):
    """Shows an override with its effect before it is saved; rulings on those that stand."""

    def get_urls(self) -> list[Any]:
        return [
            self.below("override/", self.override, "override"),
            self.below("overrides/<uuid:override>/", require_POST(self.rule_on_override), "rule_on_override"),
            *super().get_urls(),
        ]

    def override(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET asks for field and line, then for the value. POST shows the effect, and saves the one that was shown."""
        self.require(request, "claims.add_claimoverride")
        examined = self.examined(request, object_id)
        asked = request.POST if request.method == "POST" else request.GET
        lines = [line.number for line in examined.claim.lines]
        what = WhatForm(asked if "field" in asked else None, lines=lines)
        if not what.is_valid():
            return self._override_page(request, examined, what)
        field, line = what.cleaned_data["field"], what.cleaned_data["line"]
        design = examining.design_of(examined)
        value = ValueForm(
            request.POST if request.method == "POST" else None,
            field=field,
            known=choices(field, design),
            names=_names(field, design),
        )
        if request.method != "POST" or not value.is_valid():
            return self._override_page(request, examined, what, value)
        given = value.cleaned_data
        override = Override(field=field, line_number=line, value=given["value"], reason=given["reason"])
        try:
            if request.POST.get("act") == "save":
                return self._save(request, examined, override, given["note"])
        except (overrides.CannotOverride, BadOverride, CannotPreview) as refusal:
            value.add_error(None, str(refusal))
        shown = None
        try:
            shown = overrides.preview(submission=examined.submission, override=override)
        except (overrides.CannotOverride, BadOverride, CannotPreview) as refusal:
            value.add_error(None, str(refusal))
        return self._override_page(request, examined, what, value, shown)

    def _save(self, request: HttpRequest, examined: Any, override: Override, note: str) -> HttpResponse:
        row = overrides.save(
            submission_uuid=examined.submission.uuid,
            override=override,
            note=note,
            shown_sha256=request.POST.get("shown", ""),
            actor=request.actor,
        )
        said = "Saved. It waits for a second person." if row.needs_second else "Saved. The next night decides with it."
        return self.back(request, examined.submission, said, at="#overrides-title")

    def _override_page(
        self,
        request: HttpRequest,
        examined: examining.Examined,
        what: WhatForm,
        value: ValueForm | None = None,
        shown: overrides.Shown | None = None,
    ) -> HttpResponse:
        number = examined.submission.claim_number
        wrong = what.errors or (value is not None and value.errors)
        field = FIELDS.get(str(what["field"].value() or ""))
        return self.show(
            request,
            "override.html",
            f"{'Error: ' if wrong else ''}Set by hand on claim {number}",
            examined=examined,
            submission=examined.submission,
            what=what,
            value=value,
            shown=shown,
            field=field,
            choose=value is not None and isinstance(value.fields["value"], forms.ChoiceField),
            page=self.page_of(examined.submission),
            may_save=may_set(request.actor.roles),
        )

    def rule_on_override(self, request: HttpRequest, object_id: str, override: UUID) -> HttpResponse:
        """Approve, decline or withdraw an override of this claim."""
        self.require(request, "claims.add_overrideruling")
        submission = self.found(request, object_id)
        acts = {"approve": overrides.approve, "decline": overrides.decline, "withdraw": overrides.withdraw}
        act = acts.get(request.POST.get("act", ""))
        if act is None or not submission.overrides.filter(uuid=override).exists():
            return self.refused(request, submission, "Choose what to do with an override of this claim.")
        try:
            ruling = act(override_uuid=override, note=request.POST.get("note", ""), actor=request.actor)
        except DomainError as refusal:
            return self.refused(request, submission, refusal)
        return self.back(request, submission, f"The override is {ruling.kind}.", at="#overrides-title")

    @staticmethod
    def may_second(request: HttpRequest) -> bool:
        return request.user.has_perm("claims.add_overrideruling") and may_approve(request.actor.roles)


def _names(field: str, design: CompiledDesign | None) -> dict[str, str]:
    """What people call the keys a field may take."""
    if field == CATEGORY and design is not None:
        return {key: category.name for key, category in design.categories.items()}
    if field == TIER and design is not None:
        return {tier.key: tier.name for tier in design.tiers}
    known = choices(field, design) or ()
    return {code: f"{code} · {words_of(code)}" for code in known} if FIELDS[field].shape == "refusal" else {}
