"""The database's clock, which all workers of a night share."""

from datetime import datetime

from django.db import connection


def now() -> datetime:
    """The present moment, also inside a long transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
