"""Tax kept of payments: its deposits with the Internal Revenue Service are entered here, and a year's list by tax number."""

import csv
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from unfold.decorators import action, display
from unfold.paginator import InfinitePaginator

from claims.admin.money import ReceiptForm, figure
from claims.models import TaxDeposit
from claims.selectors.tax_kept import tax_kept
from claims.services import provider_money
from tenants.web.sites import DeskModelAdmin, desk
from tenants.web.today import today


def _plain(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


class DepositForm(ReceiptForm):
    """What went to the IRS: account, the bank's reference, day and dollars."""

    class Meta:
        model = TaxDeposit
        fields = ("funding_account", "reference", "deposited_on")


class YearQuestion(forms.Form):
    """A calendar year, this one when left out."""

    year = forms.IntegerField(min_value=2000, max_value=2999, required=False)


@admin.register(TaxDeposit, site=desk)
class TaxDepositAdmin(DeskModelAdmin):
    """Tax kept of payments and sent on; the same bank reference is booked once. A booked deposit stays."""

    menu_name, menu_place = "Tax deposits", 75
    form = DepositForm
    list_display = ("deposited_on", "funding_account", "reference", "amount_told")
    list_filter = ("funding_account",)
    list_select_related = ("funding_account",)
    search_fields = ("reference",)
    ordering = ("-deposited_on", "-id")
    paginator = InfinitePaginator
    actions_list = ("kept",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("funding_account", "reference", "deposited_on", "amount_told" if obj else "amount")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj else ()

    def save_model(self, request: HttpRequest, obj: TaxDeposit, form: forms.ModelForm, change: bool) -> None:
        booked = provider_money.deposit_tax(
            funding_account_id=obj.funding_account_id,
            reference=obj.reference,
            deposited_on=obj.deposited_on,
            cents=form.cleaned_data["amount"],
        )
        obj.__dict__.update(booked.__dict__)

    @display(description="amount")
    def amount_told(self, deposit: TaxDeposit) -> str:
        return figure(deposit.cents)

    @action(description="Tax kept this year, by tax number (CSV)", url_path="kept")
    def kept(self, request: HttpRequest) -> HttpResponse:
        """A calendar year's tax kept by tax number, as CSV in dollars: `kept/?year=2026`."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = YearQuestion(request.GET)
        if not asked.is_valid():
            raise Http404
        year = asked.cleaned_data["year"] or today(request).year
        reply = HttpResponse(
            content_type="text/csv",
            headers={
                "Content-Disposition": f'attachment; filename="tax-kept-{year}.csv"',
                "X-Content-Type-Options": "nosniff",
            },
        )
        rows = csv.writer(reply)
        rows.writerow(("tax_number", "payments", "paid_before_tax", "tax_kept"))
        for each in tax_kept(date(year, 1, 1), date(year + 1, 1, 1)):
            rows.writerow((each.tin, each.payments, _plain(each.before_cents), _plain(each.kept_cents)))
        return reply
