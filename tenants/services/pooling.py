"""Refuses a transaction-mode pooler, which would hand one employer's schema to another without any error."""

from django.db import connections

from aso_portal.kernel.errors import DomainError


class SharedSessions(DomainError):
    """Two connections turned out to share one session of the server."""


def refuse_shared_sessions() -> None:
    """Set a mark on two connections in turn and see that each keeps its own. Raises SharedSessions.

    A pooler in transaction mode lends the same server session to both as soon as a transaction ends, and its marks mix.
    """
    default = connections["default"]
    options = {key: value for key, value in default.settings_dict["OPTIONS"].items() if key != "pool"}
    pair = [type(default)({**default.settings_dict, "OPTIONS": options}, "default") for _ in range(2)]
    try:
        sessions = [one.get_new_connection(one.get_connection_params()) for one in pair]
        try:
            for session in sessions:
                session.autocommit = True
            for mark in ("first", "second", "third"):
                for number, session in enumerate(sessions):
                    session.execute("SELECT set_config('aso.mark', %s, false)", [f"{mark} {number}"])
                kept = [
                    session.execute("SELECT current_setting('aso.mark', true)").fetchone()[0] for session in sessions
                ]
                if kept != [f"{mark} 0", f"{mark} 1"]:
                    raise SharedSessions(
                        "Two database connections share one session: a pooler in transaction mode stands between. "
                        "Connect directly, or set the pooler to session mode."
                    )
        finally:
            for session in sessions:
                session.close()
    finally:
        for one in pair:
            one.close()
