"""The Redis of the wheel keeps its messages over a crash and answers nobody without the password."""

import pytest
import redis

from aso_portal.embedded import redis as redis_server
from aso_portal.embedded import state


def test_nobody_gets_in_without_the_password(servers):
    stranger = redis_server.client(state.load("test") | {"redis_password": None})
    with stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_it_never_drops_a_message_to_make_room_and_writes_a_journal(servers):
    with redis_server.client(state.load("test")) as client:
        for setting, value in {"maxmemory-policy": "noeviction", "appendonly": "yes", "bind": "127.0.0.1"}.items():
            assert client.config_get(setting) == {setting: value}
