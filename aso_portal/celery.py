"""The Celery application. Plain Celery: an employer's schema travels as an argument of the task."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aso_portal.settings")
os.environ.setdefault("ASO_PROCESS", "worker")

from celery import Celery  # noqa: E402  the environment must be set before Django's settings are read
from django.conf import settings  # noqa: E402

app = Celery("aso_portal")
app.set_default()  # in every thread: a task sent from a web thread must find the broker
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.CELERY_DB_REUSE_MAX = settings.CELERY_DB_REUSE_MAX
app.autodiscover_tasks()
