"""The business date of a request. Faces read the clock; everything inward is told the day."""

from datetime import date
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone


def today(request: HttpRequest) -> date:
    """The day it is where the employer is; on the operations host, in the server's time zone."""
    employer = getattr(request, "employer", None)
    return timezone.localdate(timezone=ZoneInfo(employer.time_zone) if employer else None)
