"""Work as the owner of all tables, for one block: migrations, new schemas, rights. Never inside a web process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connections

from aso_portal.kernel.errors import DomainError


class NoOwner(DomainError):
    """This process was not given the owner's password."""


@contextmanager
def as_owner(**over: Any) -> Iterator[Any]:
    """This thread's default connection belongs to the owner of the tables inside the block, in the public schema.

    `over` replaces connection settings, such as NAME. Raises NoOwner where OWNER_DATABASE_URL is not known.
    """
    if not settings.OWNER:
        raise NoOwner("This needs the owner of the tables. Set OWNER_DATABASE_URL for this command.")
    runtime = connections["default"]
    if not runtime.settings_dict.get("EMPLOYER_ROLES") and not over:
        yield runtime  # already the owner
        return
    options = {key: value for key, value in runtime.settings_dict["OPTIONS"].items() if key != "pool"}
    changed = {**settings.OWNER, "EMPLOYER_ROLES": False, "CONN_MAX_AGE": 0, "OPTIONS": options, **over}
    owner = type(runtime)({**runtime.settings_dict, **changed}, "default")
    connections["default"] = owner
    try:
        yield owner
    finally:
        owner.close()
        connections["default"] = runtime
