"""HR's dashboard: who is enrolled, and totals of claims. No view here can reach a person's claim."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from benefits import facade as benefits
from benefits.core.coverage import DENTAL, MEDICAL, VISION
from claims.selectors import analytics
from tenants.web.guards import hr_only
from tenants.web.today import today

LINES = {MEDICAL: _("Medical"), DENTAL: _("Dental"), VISION: _("Vision")}


@require_safe
@hr_only
def dashboard(request: HttpRequest) -> HttpResponse:
    """Enrolled counts, claim totals of large enough groups, and, for finance, what is due and paid per run."""
    day = today(request)
    count = benefits.headcount(request.actor, day=day)
    totals = analytics.month_totals(request.actor, day=day)
    context = {
        "day": day,
        "options": [(LINES[option.line_of_coverage], option) for option in count.options],
        "tiles": [
            (_("Employees covered"), count.employees),
            (_("People covered"), count.people),
            (_("Started this month"), count.began),
            (_("Ended this month"), count.ended),
        ],
        "months": [(date_format(total.month, "F Y"), total.paid_cents) for total in totals],
        "smallest": analytics.SMALLEST_GROUP,
        "funding": analytics.funding_runs(request.actor),
    }
    return render(request, "claims/hr/dashboard.html", context)
