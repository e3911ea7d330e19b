"""A look at the queue goes into an address and comes back the same; what is no value is left out."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.core.queue_views import BANDS, DUES, FLOORS, ORDERS, Mark, View, instant, microseconds, read, read_mark

views = st.builds(
    View,
    category=st.sampled_from(["", "medical", "second_look"]),
    employer=st.just("") | st.uuids().map(str),
    age=st.sampled_from(["", *BANDS]),
    due=st.sampled_from(["", *DUES]),
    owner=st.sampled_from(["", "me", "nobody"]) | st.uuids().map(str),
    floor=st.sampled_from(["", *FLOORS]),
    first=st.sampled_from(list(ORDERS)),
)


@given(view=views)
def test_a_view_comes_back_as_it_was_written(view):
    assert read(view.query()) == view


@given(view=views)
def test_an_address_names_ids_and_codes_only(view):
    assert all(value.replace("-", "").replace("_", "").isalnum() for value in view.query().values())


@pytest.mark.parametrize(
    "given_values", [{"owner": "x"}, {"employer": "harbor"}, {"age": "9"}, {"due": "never"}, {"category": "a;b" * 20}]
)
def test_what_is_no_value_is_left_out(given_values):
    assert read(given_values) == View()


@given(count=st.integers(0, 10**16), key=st.integers(0, 10**9))
def test_a_mark_comes_back(count, key):
    assert read_mark(str(Mark(count, key))) == Mark(count, key)
    assert read_mark(str(Mark(None, key))) == Mark(None, key)


@pytest.mark.parametrize(
    "text", ["", "x", "1", "1.x", ".1", "n.", "-1.2", "9" * 20 + ".1", "7f857c48-02b8-4ab2-949b-0a9f3f09c931"]
)
def test_no_mark_begins_at_the_first_page(text):
    assert read_mark(text) is None


@given(count=st.integers(0, 7 * 10**15))
def test_instants_are_counted_exactly(count):
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=count)
    assert microseconds(at) == count
    assert instant(microseconds(at)) == at
