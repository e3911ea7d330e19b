"""Sessions in the schema of their user, signed with its name, wherever the request has switched to since."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django_tenants.utils import schema_context


class SessionStore(db.SessionStore):
    """Django's database sessions, bound to the schema they were opened in.

    The schema's name is in the signing salt and in the signed data: a row copied into another schema is an empty
    session there. It is read and written at home even while a desk request works inside an employer.
    """

    SCHEMA = "_schema"

    def __init__(self, session_key: str | None = None) -> None:
        self.schema_name = connection.schema_name
        super().__init__(session_key)

    @property
    def key_salt(self) -> str:
        return f"tenants.sessions:{self.schema_name}"

    @contextmanager
    def _at_home(self) -> Iterator[None]:
        if connection.schema_name == self.schema_name:
            yield
        else:
            with schema_context(self.schema_name):
                yield

    def encode(self, session_dict: dict[str, Any]) -> str:
        return super().encode({**session_dict, self.SCHEMA: self.schema_name})

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        found = super().decode(session_data)
        return found if found.pop(self.SCHEMA, None) == self.schema_name else {}

    def load(self) -> dict[str, Any]:
        with self._at_home():
            return super().load()

    def exists(self, session_key: str) -> bool:
        with self._at_home():
            return super().exists(session_key)

    def save(self, must_create: bool = False) -> None:
        with self._at_home():
            super().save(must_create=must_create)

    def delete(self, session_key: str | None = None) -> None:
        with self._at_home():
            super().delete(session_key)
