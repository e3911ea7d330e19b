"""Portal pages that belong to no other app."""

from django.urls import path

from tenants.portal import theme

urlpatterns = [
    path("theme.css", theme.theme_css, name="theme_css"),
]
