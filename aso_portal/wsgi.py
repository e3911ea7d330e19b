"""WSGI entry: `aso_portal.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aso_portal.settings")
os.environ.setdefault("ASO_PROCESS", "web")

application = get_wsgi_application()
