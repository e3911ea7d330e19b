"""A pooler that lends one server session to two clients is noticed before anything is served."""

import pytest
from django.db import connections

from tenants.services import pooling

pytestmark = pytest.mark.django_db


def test_direct_connections_keep_their_own_marks():
    pooling.refuse_shared_sessions()


def test_two_clients_of_one_session_are_refused(monkeypatch):
    wrapper = type(connections["default"])
    opened = []
    original = wrapper.get_new_connection

    class Lent:
        """What a transaction-mode pooler looks like from here: another client object over the same session."""

        def __init__(self, session):
            self._session = session
            self.autocommit = True

        def __getattr__(self, name):
            return getattr(self._session, name)

    def lend(self, params):
        opened.append(opened[0] if opened else original(self, params))
        return Lent(opened[0])

    monkeypatch.setattr(wrapper, "get_new_connection", lend)
    with pytest.raises(pooling.SharedSessions, match="session mode"):
        pooling.refuse_shared_sessions()
