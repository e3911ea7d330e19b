"""The start page of an employer's host, and the places of a person's own account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tenants.web.context import Portal
from tenants.web.guards import signed_in


@require_safe
@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """To the first place of the person's own menu; without any, to the account."""
    tabs = Portal(request.employer, request.actor, request.path).tabs
    return redirect(tabs[0].url if tabs else "more")


@require_safe
@signed_in
def more(request: HttpRequest) -> HttpResponse:
    """What the phone's last tab opens: password, two-step sign-in, devices, sign out."""
    return render(request, "tenants/account/more.html")
