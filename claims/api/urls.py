"""Addresses under /api/v1/."""

from django.urls import path

from claims.api import views

app_name = "claims_api"
urlpatterns = [
    path("claims/", views.ClaimList.as_view(), name="claims"),
    path("claims/<uuid:uuid>/", views.ClaimDetail.as_view(), name="claim"),
    path("accumulators/", views.Accumulators.as_view(), name="accumulators"),
]
