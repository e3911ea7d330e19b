"""Claims in the portal: members under `/`, HR under `/hr/`."""

from django.urls import path

from claims.portal import appeals, hr, member

app_name = "claims"
urlpatterns = [
    path("home/", member.home, name="home"),
    path("claims/", member.claim_list, name="claims"),
    path("claims/<uuid:uuid>/", member.claim, name="claim"),
    path("claims/<uuid:uuid>/eob.pdf", member.eob, name="eob"),
    path("claims/<uuid:uuid>/letters/<uuid:letter>.pdf", member.letter, name="letter"),
    path("claims/<uuid:uuid>/appeal/", appeals.appeal, name="appeal"),
    path("claims/<uuid:uuid>/appeal/papers/", appeals.papers, name="appeal_papers"),
    path("claims/<uuid:uuid>/letters/<uuid:letter>/", appeals.letter, name="appeal_letter"),
    path("hr/", hr.dashboard, name="dashboard"),
]
