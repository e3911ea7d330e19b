"""API keys: shown once, bound to a schema, ended by time or by hand."""

from datetime import timedelta

import pytest

from tenants.accounts.models import ApiKey
from tenants.accounts.services import api_keys
from tests.factories.tenants import NOW, hr, member

pytestmark = pytest.mark.django_db


def test_a_key_is_found_by_its_whole_text_only(in_employer):
    key, text = api_keys.make_key(name="payroll import", scopes=["coverage:read"], now=NOW)
    assert api_keys.find_key(text, now=NOW) == key
    for wrong in ("", ".", key.prefix, f"{key.prefix}.", f"{key.prefix}.{'x' * 43}", text[:-1], text.upper()):
        assert api_keys.find_key(wrong, now=NOW) is None, wrong


def test_the_secret_is_not_stored(in_employer):
    _, text = api_keys.make_key(name="payroll import", scopes=["coverage:read"], now=NOW)
    assert text.partition(".")[2] not in str(ApiKey.objects.values().get())


def test_a_copied_key_row_is_no_key_at_another_employer(in_employer, other_employer, as_employer):
    key, text = api_keys.make_key(name="payroll import", scopes=["coverage:read"], now=NOW)
    with as_employer(other_employer):
        ApiKey.objects.create(
            prefix=key.prefix, secret_hmac=key.secret_hmac, scopes=key.scopes, expires_at=key.expires_at, made_at=NOW
        )
        assert api_keys.find_key(text, now=NOW) is None


def test_keys_end_by_time_and_by_hand(in_employer):
    key, text = api_keys.make_key(name="payroll import", scopes=["coverage:read"], now=NOW, days=30)
    assert api_keys.find_key(text, now=NOW + timedelta(days=30, seconds=-1)) == key
    assert api_keys.find_key(text, now=NOW + timedelta(days=30)) is None
    api_keys.revoke_key(key, now=NOW)
    assert api_keys.find_key(text, now=NOW) is None


@pytest.mark.parametrize("given", [{"days": 0}, {"days": 366}, {"scopes": []}, {"scopes": ["claims:everything"]}])
def test_keys_without_end_or_use_are_refused(in_employer, given):
    with pytest.raises(api_keys.CannotMakeKey):
        api_keys.make_key(**{"name": "payroll import", "scopes": ["coverage:read"], "now": NOW, **given})


def test_hr_makes_keys_to_people_and_coverage_and_never_to_care(in_employer, employer):
    rosa, alma = hr(employer), member(employer)
    api_keys.make_key(name="payroll", scopes=["people:read", "coverage:read"], now=NOW, made_by=rosa)
    with pytest.raises(api_keys.CannotMakeKey, match="claims:read"):
        api_keys.make_key(name="payroll", scopes=["people:read", "claims:read"], now=NOW, made_by=rosa)
    assert api_keys.make_key(name="mine", scopes=["claims:read"], now=NOW, made_by=alma)


@pytest.mark.parametrize("odd", ["\x00.x", "é" * 12 + ".x", " .x", "' or 1=1.x"])
def test_odd_characters_are_no_key(in_employer, odd):
    assert api_keys.find_key(odd, now=NOW) is None


def test_the_day_of_use_is_noted_once_a_day(in_employer, django_assert_num_queries):
    key, text = api_keys.make_key(name="payroll import", scopes=["coverage:read"], now=NOW)
    api_keys.find_key(text, now=NOW)
    key.refresh_from_db()
    assert key.last_used_date == NOW.date()
