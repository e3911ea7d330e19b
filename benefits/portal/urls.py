"""People and coverage in the portal."""

from django.urls import path

from benefits.portal import member, sharing

app_name = "benefits"
urlpatterns = [
    path("coverage/", member.coverage, name="coverage"),
    path("sharing/", sharing.sharing, name="sharing"),
    path("sharing/change/", sharing.share, name="share"),
]
