"""The environment is read by type; nonsense is refused, and no message repeats a secret."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from aso_portal import env


@pytest.fixture
def given(monkeypatch):
    def give(value: str | None) -> None:
        monkeypatch.delenv("X", raising=False)
        if value is not None:
            monkeypatch.setenv("X", value)

    return give


def test_absent_and_empty_values_are_the_default(given):
    for value in (None, "", "  "):
        given(value)
        assert (env.text("X", "a"), env.flag("X", True), env.whole("X", 7), env.names("X", ["b"])) == (
            "a",
            True,
            7,
            ["b"],
        )
        assert env.choice("X", "web", among=("web", "worker")) == "web"


@pytest.mark.parametrize(("value", "is_on"), [("1", True), ("yes", True), ("ON", True), ("0", False), ("False", False)])
def test_flags(given, value, is_on):
    given(value)
    assert env.flag("X", not is_on) is is_on


def test_numbers_names_and_choices(given):
    given(" 42 ")
    assert env.whole("X", 1, least=42, most=42) == 42
    given(" a.example , ,b.example")
    assert env.names("X", []) == ["a.example", "b.example"]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("maybe", lambda: env.flag("X")),
        ("-1", lambda: env.whole("X", 1)),
        ("1.5", lambda: env.whole("X", 1)),
        ("٣", lambda: env.whole("X", 1)),
        ("101", lambda: env.whole("X", 1, most=100)),
        ("both", lambda: env.choice("X", "web", among=("web", "worker"))),
    ],
)
def test_nonsense_is_refused_with_its_name(given, value, read):
    given(value)
    with pytest.raises(ImproperlyConfigured, match="^X is"):
        read()


def test_a_database_address_is_taken_apart():
    assert env.postgres_url("X", "postgresql://aso%40web:p%2Fw@db.example:5433/aso") == {
        "USER": "aso@web",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "5433",
        "NAME": "aso",
    }


@pytest.mark.parametrize(
    "value",
    [
        "mysql://u:secret@h/d",
        "postgresql://h/d",
        "postgresql://u:secret@h:5432/",
        "postgresql://u:secret@h:many/d",
        "postgresql://u:secret@h/d?sslmode=off",
        "secret",
    ],
)
def test_a_wrong_address_is_refused_without_its_password(value):
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.postgres_url("DATABASE_URL", value)
    assert "DATABASE_URL" in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_redis_addresses_and_keys():
    assert env.redis_url("X", "rediss://:pw@h:6380/1") == "rediss://:pw@h:6380/1"
    for wrong in ("http://h", "redis://", "redis://h:many/0"):
        with pytest.raises(ImproperlyConfigured):
            env.redis_url("X", wrong)
    assert env.key_bytes("X", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", length=32) == bytes(range(32))
    for wrong in ("", "AAEC", "not base64!", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"):
        with pytest.raises(ImproperlyConfigured, match="32 random bytes"):
            env.key_bytes("X", wrong, length=32)
