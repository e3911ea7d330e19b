"""What the database itself refuses: an employer's role against every table that is not its own."""

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from tenants.services import walls

pytestmark = pytest.mark.django_db


def columns_of(schema: str) -> dict[str, str]:
    """Some column of each table."""
    found = walls.rows(
        "SELECT relname, min(attname) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
        "WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = %s) AND relkind = 'r' AND attnum > 0 "
        "GROUP BY relname ORDER BY relname",
        [schema],
    )
    return dict(found)


def attempts(schema: str, table: str, column: str) -> list[str]:
    """One statement of each kind."""
    place = f'"{schema}"."{table}"'
    return [  # every name comes from the database's own catalogue
        f"SELECT count(*) FROM {place}",  # noqa: S608
        f"INSERT INTO {place} DEFAULT VALUES",
        f'UPDATE {place} SET "{column}" = NULL',  # noqa: S608
        f"DELETE FROM {place}",  # noqa: S608
        f"TRUNCATE {place}",
    ]


def every_attempt(schema: str) -> list[str]:
    return [statement for table, column in columns_of(schema).items() for statement in attempts(schema, table, column)]


def refused(statement: str) -> bool:
    """Whether the database refuses for want of rights (and for no other reason)."""
    try:
        with transaction.atomic():
            walls.run(statement)
    except ProgrammingError as error:
        return getattr(error.__cause__, "sqlstate", "") == "42501"
    return False


def test_an_employer_is_refused_every_table_of_another(employer, other_employer, as_employer):
    statements = every_attempt(other_employer.schema_name)
    assert len(statements) > 5 * 40
    with as_employer(employer):
        assert [statement for statement in statements if not refused(statement)] == []
