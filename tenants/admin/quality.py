"""How well claims go: rates across employers, what waits by reason and age, and each figure down to its employers."""

import csv
from io import StringIO
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_safe

from tenants.core import quality as rules
from tenants.models import NightFigure, WorkItem
from tenants.selectors import quality
from tenants.web.sites import OperationsModelAdmin, ReadOnly, operations

FINDING = "audit_finding"
FORMULA_STARTS = ("=", "+", "-", "@")

SHOWN = (
    ("Decided on the first night", "of claims looked at for the first time, waiting ones included"),
    ("Without a person's touch", "of claims finalised, paid and denied; corrections left out"),
    ("Within 30 days", "of claims finalised; calendar days from receipt, receipt is day 0"),
    ("Financial accuracy", "1 − (over + under) ÷ paid, by the audit and our own corrections"),
    ("Payment accuracy", "decisions that pay what they should, of those audited"),
    ("Procedural accuracy", "decisions without any difference, of those audited"),
)
"""The rates in the order of `quality.rates`, with what each is a share of."""

FIGURES = {
    rules.FINALISED: "claims finalised", rules.FIRST_PASS: "claims decided on their first night",
    rules.LOOKED_AT: "claims looked at for the first time", rules.UNTOUCHED: "claims finalised without a touch",
    rules.DENIED: "claims denied in full", rules.TURNAROUND: "claims finalised, by days from receipt",
    rules.OPEN_PENDS: "open pends", rules.INVENTORY: "claims that wait", rules.AUDITED: "decisions audited",
    rules.WRONG: "decisions with findings", rules.CORRECTIONS: "decisions taken back",
}  # fmt: skip
"""What may be looked at employer by employer."""


@admin.register(NightFigure, site=operations)
class QualityAdmin(ReadOnly, OperationsModelAdmin):
    """The dashboard stands in the place of the list of rows."""

    menu_name, menu_place = "Quality", 25

    def get_urls(self) -> list[Any]:
        own = self.admin_site.admin_view
        return [
            path("figures/<slug:name>/", own(require_safe(self.figure)), name="tenants_nightfigure_figure"),
            path("figures.csv", own(require_safe(self.export)), name="tenants_nightfigure_csv"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        self._require(request)
        days, after = self._days(request), _after(request)
        sums = quality.sums_of(days)
        employers, following = quality.employers_page(days, after=after)
        waiting = WorkItem.objects.filter(kind=FINDING, closed_at=None)
        return self._page(
            request, "quality.html", "Quality of claims work", days,
            newest=quality.newest_day(),
            rates=[(*told, rate) for told, rate in zip(SHOWN, quality.rates(sums), strict=True)],
            columns=[name for name, _ in SHOWN],
            denied=rules.denial_rate(sums),
            within=[(limit, rules.within(sums, limit)) for limit in (10, 14, 30)],
            findings=waiting.count(),
            pends=quality.pends_by_age(sums), ages=[name for _, name in rules.AGES],
            turnaround=quality.rows_of(sums, rules.TURNAROUND, [name for _, name in rules.DAYS_TAKEN]),
            inventory=quality.rows_of(sums, rules.INVENTORY, [name for _, name in rules.AGES]),
            corrections=[(each, each.replace("_", " "), count) for each, count in quality.rows_of(sums, rules.CORRECTIONS)],
            finalised=rules.total(sums, rules.FINALISED), audited=rules.total(sums, rules.AUDITED),
            employers=employers, next_mark=following, first_page=not after,
        )  # fmt: skip

    def figure(self, request: HttpRequest, name: str) -> HttpResponse:
        """One figure, employer by employer."""
        self._require(request)
        if name not in FIGURES:
            raise Http404
        days, bucket = self._days(request), request.GET.get("bucket", "")[:30]
        rows, following = quality.amounts_page(name, bucket, days, after=_after(request))
        return self._page(
            request, "quality_figure.html", FIGURES[name].capitalize(), days,
            name=name, bucket=bucket, rows=rows, next_mark=following, is_stock=name in rules.STOCKS,
            first_page=not _after(request),
        )  # fmt: skip

    def export(self, request: HttpRequest) -> HttpResponse:
        """Every figure of the period, as told, for a spreadsheet."""
        self._require(request)
        text = StringIO()
        writer = csv.writer(text)
        writer.writerow(("business_date", "run", "employer", "name", "bucket", "amount"))
        writer.writerows([_plain(value) for value in row] for row in quality.exported(self._days(request)))
        response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="quality.csv"'
        return response

    def _require(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _days(self, request: HttpRequest) -> int:
        asked = request.GET.get("days", "30")
        known = {str(days): days for days, _ in quality.PERIODS}
        if asked not in known:
            raise Http404
        return known[asked]

    def _page(self, request: HttpRequest, template: str, title: str, days: int, **context: Any) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        shared |= {"days": days, "periods": quality.PERIODS}
        return TemplateResponse(request, f"admin/{template}", {**shared, **context})


def _after(request: HttpRequest) -> str:
    return request.GET.get("after", "")[:60].replace("\x00", "")


def _plain(value: object) -> object:
    """A text that a spreadsheet will not take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
