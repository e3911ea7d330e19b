"""Claims in the portal: members under `/`, HR under `/hr/`."""

from django.urls import path

from claims.portal import hr, member

app_name = "claims"
urlpatterns = [
    path("home/", member.home, name="home"),
    path("claims/", member.claim_list, name="claims"),
    path("claims/<uuid:uuid>/", member.claim, name="claim"),
    path("hr/", hr.dashboard, name="dashboard"),
]
