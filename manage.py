#!/usr/bin/env python
"""The portal's command line: `python manage.py help` lists the commands."""

import os
import sys


def main() -> None:
    """Run one command; settings that make no sense end it in one line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aso_portal.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from aso_portal.embedded.errors import ServerError

    try:
        settings.INSTALLED_APPS  # noqa: B018 - reads the settings now, while the reason can still be told
    except (ImproperlyConfigured, ServerError) as error:
        sys.exit(f"CommandError: {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
