"""The overpayment desk: what payees owe by age, one case with what was done, and the acts people may do. No scripts."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from aso_portal.kernel.money import NotMoney, parse_cents
from claims.core.changes import CAUSES
from claims.core.payees import PROVIDER, payee_of
from claims.models import ClaimSubmission, OverpaymentCase
from claims.selectors import overpayments as shown
from claims.selectors.queues import CARE_PAYMENT
from claims.services import overpayments
from tenants import facade as tenants
from tenants.web.request_ids import request_id
from tenants.web.sites import DeskModelAdmin, ReadOnly, carry_news, desk
from tenants.web.today import today

PAGE = 50
WORDS = {
    "requested": "asked back",
    "disputed": "disputed by the payee",
    "dispute_ended": "dispute ended",
    "write_off_proposed": "write-off proposed",
    "write_off_declined": "write-off declined",
    "72": "refund received",
    "CS": "written off",
}
_BOOKED = {WORDS["72"], WORDS["CS"]}


class MoneyForm(forms.Form):
    """Dollars, and for money that arrived its reference and day."""

    amount = forms.CharField(max_length=20)
    reference = forms.CharField(max_length=50, required=False)
    on = forms.DateField(required=False)
    note = forms.CharField(max_length=overpayments.LONGEST_NOTE, required=False)

    def clean_amount(self) -> int:
        try:
            return parse_cents(self.cleaned_data["amount"].replace(",", "").replace("$", "").strip())
        except NotMoney as refusal:
            raise forms.ValidationError(str(refusal)) from None


@admin.register(OverpaymentCase, site=desk)
class OverpaymentAdmin(ReadOnly, DeskModelAdmin):
    """Money payees were paid too much. The list shows what is open; who was treated is told by the claim's page alone."""

    menu_name, menu_place = "Overpayments", 65
    work_kind = "overpayment"

    def get_urls(self) -> list[Any]:
        act = self.admin_site.admin_view(require_POST(self.act))
        unasked = self.admin_site.admin_view(require_POST(self.unasked))
        return [
            path("unasked/", unasked, name="claims_overpaymentcase_unasked"),
            path("<path:object_id>/act/", act, name="claims_overpaymentcase_act"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        opened = shown.open_by_case() if shown.visible_to(request.actor).exists() else {}
        found = shown.visible_to(request.actor).filter(pk__in=opened).select_related("submission", "funding_account")
        after = request.GET.get("after", "")
        if after.isascii() and after.isdigit() and len(after) < 19:
            found = found.filter(pk__gt=int(after))
        rows = list(found.order_by("pk")[: PAGE + 1])
        return self._show(
            request,
            "overpayments.html",
            "Overpayments",
            rows=[(row, opened[row.pk], _payee(row)) for row in rows[:PAGE]],
            next_mark=rows[PAGE - 1].pk if len(rows) > PAGE else 0,
            ageing=shown.ageing(opened, on=today(request)),
            may_book=request.user.has_perm("claims.add_payeecredit"),
            today=today(request),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        case = self._found(request, object_id)
        events = [(each.happened_at, WORDS[each.kind], each.cents, each.note) for each in case.events.order_by("pk")]
        events += [
            (each.booked_at, WORDS[each.reason], each.cents, each.reference) for each in case.credits.order_by("pk")
        ]
        may = request.user.has_perm("claims.add_overpaymentevent")
        sees_claims = request.user.has_perm("claims.view_claimsubmission")
        if not sees_claims:  # what examiners write about a case may be about the patient
            events = [(at, words, cents, note if words in _BOOKED else "") for at, words, cents, note in events]
        tenants.log_view(
            actor=request.actor,
            record_class="claim",
            purpose=CARE_PAYMENT,
            request_id=request_id(request),
            record_uuids=[case.submission.uuid],
            shown=1,
        )
        proposal = overpayments.proposal_of(case)
        return self._show(
            request,
            "overpayment.html",
            f"Overpayment {case.pk}",
            case=case,
            payee=_payee(case),
            cause=CAUSES[case.cause],
            open_cents=shown.open_cents(case),
            owed_cents=shown.owed_cents(case.funding_account_id, case.payee_key),
            events=sorted(events, key=lambda each: each[0]),
            disputed=overpayments.is_disputed(case),
            proposal=proposal,
            may=may,
            may_book=request.user.has_perm("claims.add_payeecredit"),
            may_approve=may and proposal is not None and proposal.actor_uuid != request.actor.uuid,
            sees_claims=sees_claims,
            today=today(request),
        )

    def act(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One of the acts on a case, named by the button."""
        case = self._found(request, object_id)
        page, name = reverse("admin:claims_overpaymentcase_change", args=[case.pk]), request.POST.get("act", "")
        needed = "claims.add_payeecredit" if name == "refund" else "claims.add_overpaymentevent"
        if not request.user.has_perm(needed):
            raise PermissionDenied
        asked = {"case_uuid": case.uuid, "note": request.POST.get("note", ""), "actor": request.actor}
        simple = {
            "request": overpayments.request_refund,
            "dispute": overpayments.dispute,
            "end_dispute": overpayments.end_dispute,
            "approve": overpayments.approve_write_off,
            "decline": overpayments.decline_write_off,
        }
        try:
            if name in simple:
                simple[name](**asked)
            elif name in ("refund", "propose"):
                form = MoneyForm(request.POST)
                if not form.is_valid():
                    return self._refused(request, "Give the amount in dollars, like 240.00.", page)
                given = form.cleaned_data
                if name == "propose":
                    overpayments.propose_write_off(cents=given["amount"], **asked)
                else:
                    overpayments.receive_refund(
                        reference=given["reference"],
                        received_on=given["on"] or today(request),
                        cents=given["amount"],
                        **asked,
                    )
            else:
                return self._refused(request, "Choose what to do.", page)
        except overpayments.CannotSettle as refusal:
            return self._refused(request, str(refusal), page)
        carry_news(request)
        self.message_user(request, "Done.", messages.SUCCESS)
        return HttpResponseRedirect(page)

    def unasked(self, request: HttpRequest) -> HttpResponse:
        """Money a provider sent for a claim nobody has taken back yet."""
        if not request.user.has_perm("claims.add_payeecredit"):
            raise PermissionDenied
        page, form = reverse("admin:claims_overpaymentcase_changelist"), MoneyForm(request.POST)
        number = request.POST.get("claim", "").strip().upper()
        digits = number[1:-1]
        seq = (
            int(digits) if number.startswith("C") and digits.isascii() and digits.isdigit() and len(digits) < 18 else 0
        )
        submission = ClaimSubmission.objects.filter(intake_seq=seq).only("uuid", "intake_seq").first()
        if not form.is_valid() or submission is None or submission.claim_number != number:
            return self._refused(request, "Give our claim number and the amount in dollars.", page)
        given = form.cleaned_data
        received: date = given["on"] or today(request)
        try:
            overpayments.receive_unasked(
                submission_uuid=submission.uuid,
                reference=given["reference"],
                received_on=received,
                cents=given["amount"],
                note=given["note"],
                actor=request.actor,
            )
        except overpayments.CannotSettle as refusal:
            return self._refused(request, str(refusal), page)
        self.message_user(
            request, "Booked. It is acknowledged with the remittance that takes the claim back.", messages.SUCCESS
        )
        return HttpResponseRedirect(page)

    def _found(self, request: HttpRequest, object_id: str) -> OverpaymentCase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        key = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 19 else 0
        found = shown.visible_to(request.actor).select_related("submission", "funding_account").filter(pk=key).first()
        if found is None:
            raise Http404
        return found

    def _show(self, request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"claims/desk/{template}", {**shared, **context})

    def _refused(self, request: HttpRequest, why: str, page: str) -> HttpResponse:
        self.message_user(request, why, messages.ERROR)
        return HttpResponseRedirect(page)


def _payee(case: OverpaymentCase) -> str:
    """Who owes it: a provider by his NPI; a member is told by the claim's page alone."""
    payee = payee_of(case.payee_key)
    return payee.npi if payee.kind == PROVIDER else "a member"
