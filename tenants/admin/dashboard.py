"""The start page of the operations site: what waits, in counts, each leading to its list."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from tenants.selectors import overview


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's DASHBOARD_CALLBACK: adds the counts for those who may see the queue."""
    if request.user.has_perm("tenants.view_workitem"):
        context |= {"overview": overview.overview(timezone.now()), "ages": [told for _, told in overview.AGES]}
    return context
