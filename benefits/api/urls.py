"""Addresses under /api/v1/."""

from django.urls import path

from benefits.api import views

app_name = "benefits_api"
urlpatterns = [
    path("members/", views.MemberList.as_view(), name="members"),
    path("members/<uuid:uuid>/", views.MemberDetail.as_view(), name="member"),
    path("coverage/", views.CoverageList.as_view(), name="coverage"),
]
