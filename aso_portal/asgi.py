"""ASGI entry: `aso_portal.asgi:application`."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aso_portal.settings")
os.environ.setdefault("ASO_PROCESS", "web")

application = get_asgi_application()
