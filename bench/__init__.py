"""Measures the bars the portal holds itself to. `python -m bench`, or `make bench`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("ASO_SERVERS", "bench")
