"""What the database refuses, whatever the code asks: the rights of the roles, read from the catalogue and tried."""

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from tenants.models import Employer
from tenants.services import walls
from tests.factories import tenants as people

pytestmark = pytest.mark.django_db

IN_BOTH = {
    "contenttypes",
    "auth",
    "accounts",
    "sessions",
    "admin",
    "account",
    "mfa",
    "socialaccount",
    "usersessions",
    "axes",
}


def columns_of(schema: str) -> dict[str, str]:
    """Some column of each table."""
    found = walls.rows(
        "SELECT relname, min(attname) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
        "WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = %s) AND relkind = 'r' AND attnum > 0 "
        "AND NOT attisdropped GROUP BY relname ORDER BY relname",
        [schema],
    )
    return dict(found)


def attempts(schema: str, table: str, column: str) -> list[str]:
    """One statement of each kind; every name comes from the catalogue."""
    place = f'"{schema}"."{table}"'
    return [
        f"SELECT count(*) FROM {place}",  # noqa: S608
        f"INSERT INTO {place} DEFAULT VALUES",
        f'UPDATE {place} SET "{column}" = NULL',  # noqa: S608
        f"DELETE FROM {place}",  # noqa: S608
        f"TRUNCATE {place}",
    ]


def every_attempt(schema: str, *, but: set[str] = frozenset()) -> list[str]:
    tables = {table: column for table, column in columns_of(schema).items() if table not in but}
    return [statement for table, column in tables.items() for statement in attempts(schema, table, column)]


def refused(statement: str) -> bool:
    """Whether the database refuses for want of rights (and for no other reason)."""
    try:
        with transaction.atomic():
            walls.run(statement)
    except ProgrammingError as error:
        return getattr(error.__cause__, "sqlstate", "") == "42501"
    return False


def readable() -> set[str]:
    return {*walls.declared("EMPLOYER_READABLE_TABLES", settings.SHARED_APPS), "tenants_employer"}


def rights(role: str, schema: str) -> dict[str, set[str]]:
    """What a role may do to each table of a schema: inherited rights included."""
    kinds = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
    found: dict[str, set[str]] = {}
    for kind in kinds:
        for (table,) in walls.rows(
            "SELECT relname FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = %s) "
            "AND relkind = 'r' AND has_table_privilege(%s, oid, %s)",
            [schema, role, kind],
        ):
            found.setdefault(table, set()).add(kind)
    return found


def test_an_employer_is_refused_every_table_of_another(employer, other_employer, as_employer):
    statements = every_attempt(other_employer.schema_name)
    assert len(statements) > 5 * 60
    with as_employer(employer):
        assert [statement for statement in statements if not refused(statement)] == []


def test_an_employer_reads_no_public_table_but_those_declared(employer, as_employer):
    statements = every_attempt("public", but=readable())
    assert len(statements) > 5 * 20
    with as_employer(employer):
        assert [statement for statement in statements if not refused(statement)] == []


def test_an_employer_writes_no_public_table_at_all(employer):
    public = rights(employer.schema_name, "public")
    assert set(public) == readable() & set(columns_of("public"))
    assert set.union(*public.values()) == {"SELECT"}


def test_operations_is_refused_every_table_of_an_employer(employer):
    assert [statement for statement in every_attempt(employer.schema_name) if not refused(statement)] == []


def test_an_employer_sees_one_employer_itself(employer, as_employer):
    assert Employer.objects.count() == 2
    with as_employer(employer):
        assert [row.slug for row in Employer.objects.all()] == ["harbor"]


def test_the_runtime_login_alone_reads_nothing(employer):
    place = connection.settings_dict
    with psycopg.connect(
        host=place["HOST"], port=place["PORT"], user=place["USER"], password=place["PASSWORD"], dbname=place["NAME"]
    ) as bare:
        for statement in every_attempt("public") + every_attempt(employer.schema_name):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), bare.transaction():
                bare.execute(statement)


def test_nobody_at_run_time_makes_or_drops_tables(employer, as_employer):
    with as_employer(employer):
        for statement in (
            "CREATE TABLE accounts_extra (id int)",
            "DROP TABLE accounts_user CASCADE",
            "ALTER TABLE accounts_user ADD COLUMN extra int",
            "CREATE SCHEMA extra",
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():
                walls.run(statement)


def test_a_schema_that_does_not_exist_cannot_be_entered(as_employer):
    with pytest.raises(Exception, match="does not exist"), transaction.atomic(), as_employer("t_0123456789ab"):
        walls.run("SELECT 1")


def test_the_template_role_cannot_be_entered(as_employer):
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), as_employer("aso_schema_template"):
        walls.run("SELECT 1")


def test_append_only_tables_are_never_changed_or_deleted_from(employer):
    own = rights(employer.schema_name, employer.schema_name)
    declared = walls.declared("APPEND_ONLY_TABLES", settings.TENANT_APPS)
    assert declared
    assert {table: own.get(table) for table in declared if own.get(table) != {"SELECT", "INSERT"}} == {}
    shared = rights(walls.PUBLIC_ROLE, "public")
    for table in walls.declared("APPEND_ONLY_TABLES", settings.SHARED_APPS):
        assert shared[table] == {"SELECT", "INSERT"}, table
    assert "tenants_schematemplate" not in shared


def test_declared_tables_are_tables_of_the_app_that_declares_them():
    for config in apps.get_app_configs():
        own = {model._meta.db_table for model in config.get_models(include_auto_created=True)}
        for attribute in ("APPEND_ONLY_TABLES", "EMPLOYER_READABLE_TABLES", "OWNER_ONLY_TABLES"):
            assert set(getattr(config, attribute, ())) <= own, (config.label, attribute)


def test_other_tables_carry_row_rights_and_nothing_more(employer):
    for role, schema in ((employer.schema_name, employer.schema_name), (walls.PUBLIC_ROLE, "public")):
        assert {
            table for table, kinds in rights(role, schema).items() if kinds & {"TRUNCATE", "REFERENCES", "TRIGGER"}
        } == set()


def test_migrations_are_recorded_by_the_owner_alone(employer):
    for role, schema in ((employer.schema_name, employer.schema_name), (walls.PUBLIC_ROLE, "public")):
        assert rights(role, schema)["django_migrations"] == {"SELECT"}


def test_business_tables_stand_in_one_place(employer):
    framework = {model._meta.db_table for label in IN_BOTH for model in apps.get_app_config(label).get_models(True)}
    assert columns_of("public").keys() & columns_of(employer.schema_name).keys() - framework == {"django_migrations"}


def test_no_foreign_key_leaves_its_schema():
    crossing = walls.rows(
        "SELECT conname FROM pg_constraint "
        "JOIN pg_class here ON here.oid = conrelid JOIN pg_class there ON there.oid = confrelid "
        "WHERE contype = 'f' AND here.relnamespace <> there.relnamespace"
    )
    assert crossing == []


def test_every_trigger_function_is_pinned_to_its_schema():
    loose = walls.rows(
        "SELECT nspname, proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace "
        "WHERE prorettype = 'trigger'::regtype AND nspname ~ '^t_' "
        "AND NOT coalesce(proconfig::text, '') ~ ('search_path=' || nspname || ', public, pg_temp')"
    )
    assert loose == []


def test_staff_exist_in_public_only(employer, as_employer):
    people.staff()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_user WHERE is_staff")
        assert cursor.fetchone() == (1,)
    with as_employer(employer), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_user WHERE is_staff")
        assert cursor.fetchone() == (0,)
