"""Start, reuse and stop the servers behind the portal."""

import os
from dataclasses import dataclass

from aso_portal.embedded import account, postgres, redis, state
from aso_portal.embedded.errors import ServerError


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """Where the servers are. None means: not ours to know (a server named in the environment without it)."""

    database_url: str
    owner_url: str | None
    redis_url: str
    secret_key: str | None
    master_key: str | None
    own_database: bool  # whether PostgreSQL is the embedded one
    own_redis: bool  # whether Redis is the embedded one

    def environment(self) -> dict[str, str]:
        """The same under the names that settings read, the unknown left out."""
        named = {
            "DATABASE_URL": self.database_url,
            "OWNER_DATABASE_URL": self.owner_url,
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": self.secret_key,
            "ASO_MASTER_KEY": self.master_key,
        }
        return {name: value for name, value in named.items() if value}


def ensure(name: str = "main") -> Servers:
    """Make sure PostgreSQL and Redis answer, starting ours where the environment names none, and say where.

    Safe to call at any time and from many processes: what runs is reused. Raises ServerError in one line.
    """
    given = os.environ
    own_database, own_redis = not given.get("DATABASE_URL"), not given.get("REDIS_URL")
    found: dict[str, str] = {}
    if own_database or own_redis:
        try:
            found = start(name, own_database=own_database, own_redis=own_redis)
        except OSError as error:  # a full disk, a folder taken away
            raise ServerError(
                f"Cannot run servers in {state.home(name)}: {error.strerror or error} ({error.filename})."
            ) from error
    return Servers(
        database_url=given.get("DATABASE_URL") or found["DATABASE_URL"],
        owner_url=found["OWNER_DATABASE_URL"] if own_database else given.get("OWNER_DATABASE_URL"),
        redis_url=given.get("REDIS_URL") or found["REDIS_URL"],
        secret_key=given.get("SECRET_KEY") or found.get("SECRET_KEY"),
        master_key=given.get("ASO_MASTER_KEY") or found.get("ASO_MASTER_KEY"),
        own_database=own_database,
        own_redis=own_redis,
    )


def start(name: str, *, own_database: bool, own_redis: bool) -> dict[str, str]:
    """Start what is ours of one cluster under its lock; the addresses under the names of the environment."""
    with state.lock(name) as home:
        known = state.load(name)
        if known is None:
            if (home / "postgres").exists():
                gone, data = home / "state.json", home / "postgres"
                raise ServerError(
                    f"{gone} is gone, and with it the password of {data}: put it back, or move {home} away."
                )
            known = state.fresh()
            state.save(name, known)
        before = dict(known)
        who = account.current()
        if own_database:
            postgres.start(home, known, account=who, name=name)
        if own_redis:
            redis.start(home, known, account=who)
        if known != before:
            state.save(name, known)
        return state.addresses(known)


def stop(name: str = "main") -> list[str]:
    """Stop what runs of one cluster; the names of the servers stopped."""
    if state.load(name) is None:
        return []
    with state.lock(name) as home:
        known = state.load(name) or {}
        stopped = ["Redis"] if redis.stop(home) else []
        if postgres.stop(home, known):
            stopped.append("PostgreSQL")
        state.save(name, known)
        return stopped
