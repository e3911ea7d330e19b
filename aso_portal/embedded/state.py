"""Where a pair of embedded servers lives, and the file that remembers its ports and passwords.

A cluster has a name: "main" for `make run`, "test" for `make test`, "bench" for `make bench`; they share nothing but
the programs.
"""

import fcntl
import hashlib
import json
import os
import secrets
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aso_portal.embedded.errors import ServerError

CHECKOUT = Path(__file__).resolve().parents[2]
NAMES = ("main", "test", "bench")
DATABASE = "aso"
LOCK_SECONDS = 180


def top() -> Path:
    """The folder of all clusters: $ASO_VAR, else `.var` in the checkout, else (root in a private home) below /var/lib.

    Root's servers run as another account, which cannot enter a checkout below a private home; that home stays shut.
    """
    if os.environ.get("ASO_VAR"):
        return Path(os.environ["ASO_VAR"]).resolve()
    if os.geteuid() != 0 or open_to_all(CHECKOUT):
        return CHECKOUT / ".var"
    return Path("/var/lib/aso-portal") / hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:12]


def open_to_all(folder: Path) -> bool:
    """Whether every account may pass through this folder and all above it."""
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.parents) if step.exists())


def home(name: str = "main") -> Path:
    """The folder of one cluster. Raises ServerError on a name that is not one of NAMES."""
    if name not in NAMES:
        raise ServerError(f"There is no cluster called {name!r}; there are {' and '.join(NAMES)}.")
    return top() / name


def make_home(name: str) -> Path:
    """Create the folder of one cluster: shut to others, except that root lets its server account pass through."""
    folder = home(name)
    mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for made in (folder.parent, folder):
            if made.stat().st_uid != os.geteuid():
                raise ServerError(
                    f"{made} belongs to another account: work as that account, or set ASO_VAR to a folder of your own."
                )
            made.chmod(mode)
    except OSError as error:
        raise ServerError(
            f"Cannot keep servers in {folder}: {error.strerror}. Set ASO_VAR to a folder you may write."
        ) from error
    if os.geteuid() == 0 and not open_to_all(folder):
        raise ServerError(
            f"{folder} lies below a private folder, shut to the servers' account: set ASO_VAR to another."
        )
    return folder


@contextmanager
def lock(name: str) -> Iterator[Path]:
    """One starter or stopper of a cluster at a time; a second one waits. Yields the cluster's folder."""
    folder = make_home(name)
    give_up = time.monotonic() + LOCK_SECONDS
    with (folder / "lock").open("w") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > give_up:
                    raise ServerError(
                        f"Another start or stop has held {folder / 'lock'} for {LOCK_SECONDS} s."
                    ) from None
                time.sleep(0.05)
        yield folder


def load(name: str = "main") -> dict[str, Any] | None:
    """The raw contents of the state file, or None if this cluster was never made. Raises ServerError if unreadable."""
    path = home(name) / "state.json"
    try:
        contents: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ServerError(f"Cannot read {path}: {error}. It holds the passwords of the servers beside it.") from error
    return contents


def save(name: str, contents: dict[str, Any]) -> None:
    """Replace the state file in one step, readable by its owner only."""
    path = home(name) / "state.json"
    write_private(path.with_suffix(".new"), json.dumps(contents, indent=1))
    path.with_suffix(".new").replace(path)


def write_private(path: Path, text: str) -> None:
    """Write a file that was never readable by anybody else, not even for a moment."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())


def fresh() -> dict[str, Any]:
    """The state of a cluster about to be made: new passwords and keys; no port chosen, no database prepared yet."""
    return {
        "secret_key": secrets.token_urlsafe(50),
        "master_key": b64encode(secrets.token_bytes(32)).decode(),
        **{f"{role}_password": secrets.token_urlsafe(24) for role in ("admin", "owner", "web", "redis")},
        "postgres_port": 0,
        "redis_port": 0,
        "socket_folder": "",
        "prepared": False,
    }


def read(name: str = "main") -> dict[str, str] | None:
    """Addresses and keys of an embedded cluster under the names the environment would use, or None if never made.

    Says nothing about whether the servers run now; `supervisor.ensure` does.
    """
    known = load(name)
    return None if known is None else addresses(known)


def addresses(known: dict[str, Any]) -> dict[str, str]:
    """The environment that leads to the servers of this state."""
    found = {"SECRET_KEY": known["secret_key"], "ASO_MASTER_KEY": known["master_key"]}
    if known["postgres_port"]:
        place = f"127.0.0.1:{known['postgres_port']}/{DATABASE}"
        found["DATABASE_URL"] = f"postgresql://aso_web:{quote(known['web_password'])}@{place}"
        found["OWNER_DATABASE_URL"] = f"postgresql://aso_owner:{quote(known['owner_password'])}@{place}"
        found["ADMIN_DATABASE_URL"] = f"postgresql://aso:{quote(known['admin_password'])}@{place}"
    if known["redis_port"]:
        found["REDIS_URL"] = f"redis://:{quote(known['redis_password'])}@127.0.0.1:{known['redis_port']}/0"
    return found
