"""Who may do what in the database, as the catalogue has it, equals a list that somebody has read: database_grants.csv.

In the list an employer's schema and role are both called "employer", the schema new ones are made from "template". A
table that its own role may SELECT, INSERT, UPDATE and DELETE, and nobody else anything, is not listed: that is the rule.
"""

import csv
from pathlib import Path

import pytest
from django.conf import settings

from tenants.services import walls

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent.parent / "golden" / "database_grants.csv"
RULE = "DELETE INSERT SELECT UPDATE"
OWN_ROLE = {"employer": "employer", "public": walls.PUBLIC_ROLE}

_NAMED = """
CASE WHEN {0} ~ '^t_[0-9a-f]{{12}}$' THEN 'employer' WHEN {0} = 'aso_schema_template' THEN 'template'
     WHEN {0} = {1} THEN 'runtime login' ELSE {0}::text END
"""
_ACL = """
SELECT DISTINCT {place}, coalesce({grantee}, 'PUBLIC'), {kind}, {object}, string_agg(DISTINCT privilege_type, ' ' ORDER BY
       privilege_type)
  FROM {source}, LATERAL aclexplode({acl}) AS granted
  LEFT JOIN pg_roles ON pg_roles.oid = granted.grantee
 WHERE granted.grantee <> {owner} AND nspname !~ '^pg_' AND nspname <> 'information_schema'
 GROUP BY nspname, rolname, {group}
"""


def named(column: str) -> str:
    login = settings.DATABASES["default"]["USER"]
    return _NAMED.format(column, f"'{login}'")


def granted(kind: str, source: str, acl: str, owner: str, thing: str) -> set[tuple[str, ...]]:
    """(place, to whom, kind, object, rights) of everything that is granted to anybody but the owner."""
    statement = _ACL.format(
        place=named("nspname"), grantee=named("rolname"), kind=f"'{kind}'", object=thing, source=source, acl=acl,
        owner=owner, group=thing,
    )  # fmt: skip
    return set(walls.rows(statement))


def tables() -> set[tuple[str, ...]]:
    found = granted(
        "table",
        "pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace AND relkind IN ('r', 'v', 'm', 'p')",
        "coalesce(relacl, acldefault('r', relowner))",
        "relowner",
        "relname::text",
    )
    return {row for row in found if not (row[1] == OWN_ROLE.get(row[0]) and row[4] == RULE)}


def sequences() -> set[tuple[str, ...]]:
    found = granted(
        "sequences",
        "pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace AND relkind = 'S'",
        "coalesce(relacl, acldefault('S', relowner))",
        "relowner",
        "relname::text",
    )
    return {(*row[:3], "all of them", row[4]) for row in found}


def schemas() -> set[tuple[str, ...]]:
    return granted(
        "schema", "pg_namespace", "coalesce(nspacl, acldefault('n', nspowner))", "nspowner", "'the schema'::text"
    )


def defaults() -> set[tuple[str, ...]]:
    """What tables made later are given."""
    return granted(
        "tables to come",
        "pg_default_acl JOIN pg_namespace ON pg_namespace.oid = defaclnamespace",
        "defaclacl",
        "defaclrole",
        "defaclobjtype::text",
    )


def memberships() -> set[tuple[str, ...]]:
    """Who may become whom; "inherits" has the rights without a change of role."""
    found = walls.rows(
        f"SELECT {named('member.rolname')}, {named('role.rolname')}, inherit_option, set_option, admin_option "  # noqa: S608
        "FROM pg_auth_members JOIN pg_roles member ON member.oid = member JOIN pg_roles role ON role.oid = roleid "
        "WHERE member.rolname !~ '^pg_' AND role.rolname !~ '^pg_' AND NOT member.rolcreaterole"
    )
    return {
        ("server", member, "may become", role, " ".join(word for word, has in zip(WORDS, options, strict=True) if has))
        for member, role, *options in found
    }


WORDS = ("inherits", "sets", "hands on")


def attributes() -> set[tuple[str, ...]]:
    """What a role is by itself."""
    columns = (
        "rolsuper",
        "rolinherit",
        "rolcreaterole",
        "rolcreatedb",
        "rolcanlogin",
        "rolreplication",
        "rolbypassrls",
    )
    login = settings.DATABASES["default"]["USER"]
    found = walls.rows(
        f"SELECT {named('rolname')}, {', '.join(columns)} FROM pg_roles "  # noqa: S608
        f"WHERE rolname IN ('{login}', '{walls.PUBLIC_ROLE}', '{walls.EMPLOYERS_ROLE}', 'aso_schema_template') "
        "OR rolname ~ '^t_[0-9a-f]{12}$'"
    )
    return {
        ("server", role, "role", "itself", " ".join(name[3:] for name, has in zip(columns, flags, strict=True) if has))
        for role, *flags in found
    }


def test_grants_are_those_somebody_has_read():
    found = tables() | sequences() | schemas() | defaults() | memberships() | attributes()
    with GOLDEN.open(newline="") as lines:
        known = {tuple(row) for row in list(csv.reader(lines))[1:]}
    assert sorted(found - known) == [], "granted, and not in the list"
    assert sorted(known - found) == [], "in the list, and not granted"


def test_nobody_has_a_right_in_a_foreign_employers_schema():
    """Every pair of schemas, every table, sequence and the schema itself, rights by inheritance included."""
    pairs = walls.rows(
        "SELECT role.rolname, place.nspname FROM pg_roles role, pg_namespace place "
        "WHERE (role.rolname = %s OR role.rolname = %s OR role.rolname = current_setting('session_authorization') "
        "       OR role.rolname IN (SELECT nspname FROM pg_namespace)) "
        "AND (place.nspname ~ '^t_[0-9a-f]{12}$' OR place.nspname = 'aso_schema_template') "
        "AND role.rolname <> place.nspname AND NOT role.rolcreaterole",
        [walls.PUBLIC_ROLE, walls.EMPLOYERS_ROLE],
    )
    assert len(pairs) == 8
    rights = walls.rows(
        "WITH pair AS (SELECT * FROM unnest(%s::text[], %s::text[]) AS pair (role, place)) "
        "SELECT role, place, relname FROM pair JOIN pg_class ON relnamespace = place::regnamespace "
        "WHERE relkind IN ('r', 'v', 'm') "
        "AND has_table_privilege(role, pg_class.oid, 'SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER') "
        "UNION ALL SELECT role, place, relname FROM pair JOIN pg_class ON relnamespace = place::regnamespace "
        "WHERE relkind = 'S' AND has_sequence_privilege(role, pg_class.oid, 'SELECT,UPDATE,USAGE') "
        "UNION ALL SELECT role, place, 'the schema' FROM pair WHERE has_schema_privilege(role, place, 'USAGE,CREATE')",
        [[role for role, _ in pairs], [place for _, place in pairs]],
    )
    assert rights == []


def test_no_function_runs_with_the_rights_of_its_owner():
    assert walls.rows(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef AND pronamespace <> 'pg_catalog'::regnamespace"
    ) == []  # fmt: skip


def test_the_runtime_owns_nothing():
    owned = walls.rows(
        "SELECT relname FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner WHERE rolname = %s OR rolname ~ '^t_'",
        [settings.DATABASES["default"]["USER"]],
    )
    assert owned == []


def test_every_schema_of_the_database_is_known(employer, other_employer):
    found = walls.rows("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'")
    assert {name for (name,) in found} == {"public", employer.schema_name, other_employer.schema_name}
