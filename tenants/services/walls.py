"""PostgreSQL's part of the walls: a role per schema, what each may touch, and trigger functions that cannot be misled.

All of it is repeatable: it is applied again after every migration. Everything here runs as the owner.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connection

PUBLIC_ROLE = "t_public"
EMPLOYERS_ROLE = "aso_employer"  # every employer's role inherits from it: one grant on a shared table, not thousands
RUNTIME_LOGIN = "aso_web"
ROW_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"
VERSION = 1  # counted up when this module changes what it grants, so that every schema is visited again


def run(sql: str) -> None:
    """One statement without parameters; names in it are ours and checked."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def rows(sql: str, parameters: list[Any] | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def declared(attribute: str, app_names: Iterable[str]) -> list[str]:
    """Tables that these apps list in their AppConfig under APPEND_ONLY_TABLES and the like, in a fixed order."""
    configs: list[AppConfig] = [config for config in apps.get_app_configs() if config.name in set(app_names)]
    return sorted({table for config in configs for table in getattr(config, attribute, ())})


def make_role(name: str) -> None:
    """A role that cannot sign in. Roles belong to the whole server, so it may be there already."""
    run(
        f"DO $$ BEGIN CREATE ROLE {quoted(name)} NOLOGIN; "
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )


def let_runtime_become(name: str) -> None:
    """The runtime login may switch to this role, but has none of its rights otherwise (PostgreSQL 16 and later)."""
    inherit = " WITH INHERIT FALSE, SET TRUE" if connection.pg_version >= 160000 else ""
    login = str(settings.DATABASES["default"].get("USER") or RUNTIME_LOGIN)
    run(f"GRANT {quoted(name)} TO {quoted(login)}{inherit}")


def prepare_server() -> None:
    """The two roles all employers share, before the first table."""
    for name in (PUBLIC_ROLE, EMPLOYERS_ROLE):
        make_role(name)
    let_runtime_become(PUBLIC_ROLE)
    run(f"GRANT USAGE ON SCHEMA public TO {PUBLIC_ROLE}, {EMPLOYERS_ROLE}")
    for extension in ("btree_gist", "pg_trgm"):
        run(f"CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA public")


def make_schema(name: str) -> None:
    """An empty schema and its role. Default rights come first: tables made later need no grants of their own."""
    schema = quoted(name)
    make_role(name)
    run(f"CREATE SCHEMA {schema}")
    run(f"GRANT USAGE ON SCHEMA {schema} TO {schema}")
    run(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {ROW_RIGHTS} ON TABLES TO {schema}")
    run(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {schema}")


def open_schema(name: str) -> None:
    """Let the runtime login enter this employer's schema, and the employer read the shared tables."""
    let_runtime_become(name)
    run(f"GRANT {EMPLOYERS_ROLE} TO {quoted(name)}")


def drop_schema(name: str) -> None:
    """The schema with all it holds, and its role unless another database of this server still uses it."""
    run(f"DROP SCHEMA IF EXISTS {quoted(name)} CASCADE")
    run(
        f"DO $$ BEGIN DROP ROLE IF EXISTS {quoted(name)}; "
        "EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END $$"
    )


def _present(schema: str, tables: Iterable[str]) -> list[str]:
    """Those of the tables the schema has, quoted, in the order given. Each is looked up by its name: the catalogue's own
    list of tables is read from one end to the other, and a thousand employers make it long.
    """
    wanted = [f"{quoted(schema)}.{quoted(table)}" for table in tables]
    found = rows("SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NOT NULL", [wanted])
    present = {name for (name,) in found}
    return [name for name in wanted if name in present]


def finish_employer_schema(name: str) -> None:
    """After every migration: append-only tables lose UPDATE and DELETE, trigger functions are pinned to this schema."""
    append_only = _present(name, declared("APPEND_ONLY_TABLES", settings.TENANT_APPS))
    if append_only:
        run(f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(append_only)} FROM {quoted(name)}")
    for table in _present(name, ["django_migrations"]):
        run(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {quoted(name)}")
    pin_trigger_functions(name)


def pin_trigger_functions(schema: str) -> None:
    """A deferred trigger runs at COMMIT with the search path of that moment, which may be another employer's."""
    functions = rows(
        "SELECT oid::regprocedure::text FROM pg_proc "
        "WHERE pronamespace = %s::regnamespace AND prorettype = 'trigger'::regtype",
        [quoted(schema)],
    )
    pinned = "pg_catalog, public, pg_temp" if schema == "public" else f"{quoted(schema)}, public, pg_temp"
    for (signature,) in functions:
        run(f"ALTER FUNCTION {signature} SET search_path = {pinned}")


def finish_public_schema() -> None:
    """After every migration of public: what operations may change, and the little an employer's role may read."""
    tables = declared("EMPLOYER_READABLE_TABLES", settings.SHARED_APPS)
    append_only = _present("public", declared("APPEND_ONLY_TABLES", settings.SHARED_APPS))
    owner_only = _present("public", declared("OWNER_ONLY_TABLES", settings.SHARED_APPS))
    run(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {PUBLIC_ROLE}, {EMPLOYERS_ROLE}, PUBLIC")
    run(f"GRANT {ROW_RIGHTS} ON ALL TABLES IN SCHEMA public TO {PUBLIC_ROLE}")
    run(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {PUBLIC_ROLE}")
    if append_only:
        run(f"REVOKE UPDATE, DELETE ON {', '.join(append_only)} FROM {PUBLIC_ROLE}")
    if owner_only:
        run(f"REVOKE ALL ON {', '.join(owner_only)} FROM {PUBLIC_ROLE}")
    run(f"REVOKE INSERT, UPDATE, DELETE ON public.django_migrations FROM {PUBLIC_ROLE}")
    for table in _present("public", tables):
        run(f"GRANT SELECT ON {table} TO {EMPLOYERS_ROLE}")
    _show_each_employer_itself()
    pin_trigger_functions("public")


def _show_each_employer_itself() -> None:
    """Row security: an employer's role sees one row of the employers, its own."""
    run("ALTER TABLE public.tenants_employer ENABLE ROW LEVEL SECURITY")
    run("DROP POLICY IF EXISTS own ON public.tenants_employer")
    run(
        f"CREATE POLICY own ON public.tenants_employer FOR SELECT TO {EMPLOYERS_ROLE} "
        "USING (schema_name = current_user)"
    )
    run("DROP POLICY IF EXISTS operations ON public.tenants_employer")
    run(f"CREATE POLICY operations ON public.tenants_employer FOR ALL TO {PUBLIC_ROLE} USING (true) WITH CHECK (true)")
    run(f"GRANT SELECT ON public.tenants_employer TO {EMPLOYERS_ROLE}")
    run(f"REVOKE DELETE ON public.tenants_employer FROM {PUBLIC_ROLE}")
