"""Money of this employer: asked for, received, released, paid. Receipts are entered here; everything else is read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from unfold.decorators import display
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminTextInputWidget

from aso_portal.kernel.money import NotMoney, dollars, parse_cents
from claims.models import FundingReceipt, FundingRequest, Payment, Remittance
from claims.selectors.queues import CARE_PAYMENT
from claims.services import funding
from tenants import facade as tenants
from tenants.web.request_ids import request_id
from tenants.web.sites import DeskModelAdmin, ReadOnly, desk

MOST_CENTS = 10**13


def figure(cents: int) -> str:
    return format_html('<span class="figure">{}</span>', dollars(cents))


class ReceiptForm(forms.ModelForm):
    """Money that arrived: account, the bank's reference, day and dollars."""

    amount = forms.CharField(
        max_length=20, widget=UnfoldAdminTextInputWidget, help_text="Dollars, like 125000 or 125000.50."
    )

    class Meta:
        model = FundingReceipt
        fields = ("funding_account", "reference", "received_on")

    def clean_amount(self) -> int:
        try:
            cents = parse_cents(self.cleaned_data["amount"].replace(",", "").replace("$", "").strip())
        except NotMoney as refusal:
            raise forms.ValidationError(str(refusal)) from None
        if not 0 < cents < MOST_CENTS:
            raise forms.ValidationError("A receipt is more than nothing and less than a hundred billion dollars.")
        return cents


@admin.register(FundingReceipt, site=desk)
class FundingReceiptAdmin(DeskModelAdmin):
    """What arrived in a funding account; the same bank reference is booked once. A booked receipt stays."""

    menu_name, menu_place = "Money received", 60
    form = ReceiptForm
    list_display = ("received_on", "funding_account", "reference", "amount_told")
    list_filter = ("funding_account",)
    list_select_related = ("funding_account",)
    search_fields = ("reference",)
    ordering = ("-received_on", "-id")
    paginator = InfinitePaginator

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        last = "amount_told" if obj else "amount"
        return ("funding_account", "reference", "received_on", last)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj else ()

    def save_model(self, request: HttpRequest, obj: FundingReceipt, form: forms.ModelForm, change: bool) -> None:
        booked = funding.receive_funds(
            funding_account_id=obj.funding_account_id,
            reference=obj.reference,
            received_on=obj.received_on,
            cents=form.cleaned_data["amount"],
        )
        booked.refresh_from_db()
        obj.__dict__.update(booked.__dict__)

    @display(description="amount")
    def amount_told(self, receipt: FundingReceipt) -> str:
        return figure(receipt.cents)


@admin.register(FundingRequest, site=desk)
class FundingRequestAdmin(ReadOnly, DeskModelAdmin):
    """What each night asked of an account, and what of it was released."""

    menu_name, menu_place = "Money asked for", 50
    list_display = ("requested_on", "funding_account", "asked", "released", "still_open")
    list_filter = ("funding_account",)
    list_select_related = ("funding_account",)
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = ("uuid", "night", "funding_account", "requested_on", "asked", "released", "still_open")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[FundingRequest]:
        return super().get_queryset(request).annotate(released_cents=Sum("releases__cents"))

    @display(description="asked for")
    def asked(self, row: FundingRequest) -> str:
        return figure(row.requested_cents)

    @display(description="released")
    def released(self, row: Any) -> str:
        return figure(row.released_cents or 0)

    @display(description="open")
    def still_open(self, row: Any) -> str:
        gap = row.requested_cents - (row.released_cents or 0)
        return format_html("<strong>{}</strong>", figure(gap)) if gap else "–"


@admin.register(Payment, site=desk)
class PaymentAdmin(ReadOnly, DeskModelAdmin):
    """Payments and advices. The remittance (835) tells whose claims were paid, so opening one needs the right to see
    claims, and is logged."""

    menu_name, menu_place = "Payments", 70
    list_display = ("trace_number", "issued_on", "funding_account", "paid_to", "method", "amount", "claims_count")
    list_filter = ("method", "payee_kind", "funding_account")
    list_select_related = ("funding_account", "remittance")
    search_fields = ("trace_number__exact",)
    search_help_text = "Trace number"
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = (
        "trace_number",
        "uuid",
        "night",
        "issued_on",
        "funding_account",
        "paid_to",
        "method",
        "amount",
        "file_835",
    )
    readonly_fields = fields

    def get_urls(self) -> list[Any]:
        download = path(
            "<int:payment>/835/", self.admin_site.admin_view(self.remittance), name="claims_payment_remittance"
        )
        return [download, *super().get_urls()]

    @display(description="paid to")
    def paid_to(self, payment: Payment) -> str:
        return payment.payee_key.partition(":")[0] if payment.payee_kind == "provider" else "a member"

    @display(description="amount")
    def amount(self, payment: Payment) -> str:
        return figure(payment.cents)

    @display(description="claims")
    def claims_count(self, payment: Payment) -> str:
        return str(payment.remittance.claims) if hasattr(payment, "remittance") else "–"

    @display(description="remittance (835)")
    def file_835(self, payment: Payment) -> str:
        if not hasattr(payment, "remittance"):
            return "none: a member is paid with an explanation of benefits"
        address = reverse("admin:claims_payment_remittance", args=[payment.pk])
        return format_html('<a href="{}">{} claims, SHA-256 {}…</a>', address, *self._facts(payment.remittance))

    @staticmethod
    def _facts(remittance: Remittance) -> tuple[int, str]:
        return remittance.claims, remittance.sha256[:12]

    def remittance(self, request: HttpRequest, payment: int) -> HttpResponse:
        """The 835 as it was written. Its claims are looked at by whoever opens it."""
        if not request.user.has_perm("claims.view_claimsubmission"):
            raise PermissionDenied
        found = Remittance.objects.filter(payment_id=payment).select_related("payment").first()
        if found is None:
            raise Http404
        tenants.log_view(
            actor=request.actor,
            record_class="remittance",
            purpose=CARE_PAYMENT,
            request_id=request_id(request),
            record_uuids=[found.payment.uuid],
            filter_code="remittance",
            shown=found.claims,
        )
        content = tenants.open_document(found.document_uuid)
        name = f"{found.payment.trace_number}.835"
        return HttpResponse(
            content,
            content_type="application/edi-x12",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
        )
