"""Role and search path change together, survive rollbacks, and fail closed."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections, transaction
from django.db.utils import DataError, ProgrammingError
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

pytestmark = pytest.mark.django_db


def here() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('search_path')")
        return cursor.fetchone()


def test_public_works_as_its_own_role():
    assert here() == ("t_public", '"public"')


def test_a_switch_is_one_statement_and_only_when_needed(employer):
    name = employer.schema_name
    with schema_context(name), CaptureQueriesContext(connection) as asked:
        assert here() == (name, f'"{name}","public"')
        assert here() == (name, f'"{name}","public"')
    assert len([query for query in asked if "set_config" in query["sql"]]) == 1
    assert here()[0] == "t_public"


def test_the_role_is_right_after_every_kind_of_rollback(employer, other_employer):
    with schema_context(employer.schema_name):
        with pytest.raises(ZeroDivisionError), transaction.atomic(), schema_context(other_employer.schema_name):
            assert here()[0] == other_employer.schema_name
            raise ZeroDivisionError
        assert here()[0] == employer.schema_name
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column")
        assert here()[0] == employer.schema_name
    assert here()[0] == "t_public"


def test_leaving_an_employer_on_the_way_out_of_a_failed_savepoint_is_quiet(employer):
    inside = schema_context(employer.schema_name)
    with pytest.raises(ProgrammingError), transaction.atomic(), inside, connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column")
    assert here()[0] == "t_public"


def test_a_server_side_cursor_reads_in_the_right_schema(employer):
    from tenants.records.models import AuditEvent

    with schema_context(employer.schema_name), transaction.atomic():
        assert list(AuditEvent.objects.iterator(chunk_size=10)) == []


def test_copy_goes_into_the_employers_table_and_temporary_ones(employer):
    with schema_context(employer.schema_name), connection.cursor() as cursor:
        with cursor.copy("COPY accounts_rolegrant (user_id, role) FROM STDIN") as copy:
            del copy
        cursor.execute("CREATE TEMP TABLE staged (number bigint) ON COMMIT DROP")
        with cursor.copy("COPY staged FROM STDIN") as copy:
            copy.write_row([7])
        cursor.execute("SELECT number FROM staged")
        assert cursor.fetchone() == (7,)


def test_a_missing_schema_raises_instead_of_staying_where_it_was(employer):
    with schema_context(employer.schema_name):
        here()
    with pytest.raises(DataError), transaction.atomic(), schema_context("t_0123456789ab"):
        here()
    assert here()[0] == "t_public"


def test_names_cannot_carry_sql():
    with pytest.raises(Exception, match="schema name"), schema_context('public"; RESET ROLE; --'):
        here()
    assert here()[0] == "t_public"


def test_without_a_database_the_message_says_what_to_do():
    bare = type(connections["default"])({**connection.settings_dict, "NAME": ""}, "default")
    with pytest.raises(ImproperlyConfigured, match="make run"):
        bare.get_connection_params()
