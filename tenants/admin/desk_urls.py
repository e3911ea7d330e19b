"""Mounts the desk; named by string in the desk's URLs."""

from tenants.web.sites import desk

app_name = "admin"
urlpatterns = desk.get_urls()
