"""Mounts the operations site; named by string in the operations hosts' URLs."""

from tenants.web.sites import operations

app_name = "admin"
urlpatterns = operations.get_urls()
