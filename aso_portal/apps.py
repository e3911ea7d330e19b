"""Configures Celery in every process, so that pages and commands can wake workers."""

from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The project itself: commands, no tables."""

    name = "aso_portal"

    def ready(self) -> None:
        import_module("aso_portal.celery")
