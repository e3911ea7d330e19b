"""People and coverage in the portal."""

from django.urls import path

from benefits.portal import member

app_name = "benefits"
urlpatterns = [
    path("coverage/", member.coverage, name="coverage"),
]
