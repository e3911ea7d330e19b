"""PostgreSQL with one role per employer: the role and the search path change together, in one statement, or not at all.

The runtime login owns nothing and inherits nothing (`NOINHERIT`), so a connection that was never switched, or whose
switch failed, can read no table. The owner's connection (`EMPLOYER_ROLES` absent) keeps its own role.
"""

from django.core.exceptions import ImproperlyConfigured
from django_tenants.postgresql_backend import base
from django_tenants.utils import get_limit_set_calls, get_public_schema_name
from psycopg.pq import TransactionStatus

PUBLIC_ROLE = "t_public"
SWITCH = "SELECT set_config('role', %s, false), set_config('search_path', %s, false)"


class DatabaseWrapper(base.DatabaseWrapper):
    """The django-tenants backend, failing closed: its own step swallows errors and goes on in the old schema."""

    def get_connection_params(self):
        if not self.settings_dict["NAME"]:
            raise ImproperlyConfigured("No database is known. Run `make run`, which starts one, or set DATABASE_URL.")
        return super().get_connection_params()

    def _handle_search_path(self, cursor=None):
        """Before each statement: make sure the database is in `self.schema_name`, as that schema's role."""
        if not self.settings_dict.get("EMPLOYER_ROLES"):
            super()._handle_search_path(cursor)
            return
        if self._setting_search_path or (get_limit_set_calls() and self.search_path_set_schemas):
            return
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return  # the database accepts nothing but a rollback now, and that forgets the path
        if not self.schema_name:
            raise ImproperlyConfigured("No schema is set on this connection.")
        self._switch(cursor)

    def _switch(self, cursor) -> None:
        schemas = self._get_cursor_search_paths()
        role = PUBLIC_ROLE if self.schema_name == get_public_schema_name() else self.schema_name
        path = ",".join(base.quote_schema_name(schema) for schema in schemas)
        self._setting_search_path = True
        self.search_path_set_schemas = None
        own = self.connection.cursor() if cursor is None else None
        try:
            (own or cursor).execute(SWITCH, [role, path])
            self.search_path_set_schemas = schemas
        finally:
            self._setting_search_path = False
            if own is not None:
                own.close()
