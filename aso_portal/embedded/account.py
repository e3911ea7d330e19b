"""The account the servers run as. PostgreSQL refuses root, so root lends them one that may do nothing else."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aso_portal.embedded.errors import ServerError

CANDIDATES = ("aso_portal", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs a server: `lent` is False for an ordinary user, who runs it as himself."""

    uid: int
    gid: int
    lent: bool

    def popen(self) -> dict[str, Any]:
        """Keyword arguments that make subprocess start a program as this account, with a bare environment."""
        plain = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        return {"env": plain, **({"user": self.uid, "group": self.gid, "extra_groups": []} if self.lent else {})}

    def own(self, path: Path) -> None:
        """Hand a file or folder over to this account."""
        if self.lent:
            os.chown(path, self.uid, self.gid)

    def make_folder(self, path: Path) -> Path:
        """A folder that only this account (and root) can look into."""
        path.mkdir(mode=0o700, exist_ok=True)
        self.own(path)
        return path


def current() -> Account:
    """The account for servers started by this process. Raises ServerError if root has nobody to lend."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), lent=False)
    if not exists(CANDIDATES[0]) and (useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")):
        shell = next((at for at in ("/usr/sbin/nologin", "/sbin/nologin") if Path(at).exists()), "/bin/false")
        # Two starters may get here at once; whoever comes second finds the account made.
        subprocess.run(
            [
                useradd,
                "--system",
                "--user-group",
                "--no-create-home",
                "--home-dir",
                "/nonexistent",
                "--shell",
                shell,
                CANDIDATES[0],
            ],
            capture_output=True,
            check=False,
        )
    for name in CANDIDATES:
        if exists(name):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid, lent=True)
    raise ServerError(
        "PostgreSQL does not run as root and there is no other account: create one with `useradd --system aso_portal`."
    )


def exists(name: str) -> bool:
    """Whether the machine has an account of this name."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
