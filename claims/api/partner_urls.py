"""Addresses under /api/v1/ of operations hosts."""

from django.urls import path

from claims.api.partner_views import Questions

app_name = "partner_api"
urlpatterns = [path("x12/", Questions.as_view(), name="x12")]
