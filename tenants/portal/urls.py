"""Portal pages that belong to no other app."""

from django.urls import path

from tenants.portal import account, theme

urlpatterns = [
    path("", account.start, name="start"),
    path("more/", account.more, name="more"),
    path("theme.css", theme.theme_css, name="theme_css"),
]
