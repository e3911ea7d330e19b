"""Finds the browser that drives journeys, or installs one. `python -m tests.journeys.browser` prints its path."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/usr/lib/chromium/chromium",
    "/opt/google/chrome/chrome",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
APT_GET = "/usr/bin/apt-get"


class NoBrowser(Exception):
    """One line: no browser is here, and why none could be installed."""


def ensure() -> str:
    """The path of a Chromium or Chrome that runs: $CHROMIUM_PATH, one of this machine, else one installed now.

    Raises NoBrowser.
    """
    asked = os.environ.get("CHROMIUM_PATH")
    if asked:
        if runs(asked):
            return asked
        raise NoBrowser(f"CHROMIUM_PATH is {asked}, which does not run as a browser.")
    found = on_this_machine() or downloaded()
    if found:
        return found
    print("No Chromium or Chrome on this machine; installing one (once) …", file=sys.stderr)
    reason = install_package() if os.geteuid() == 0 and Path(APT_GET).exists() else download()
    found = on_this_machine() or downloaded()
    if found:
        return found
    raise NoBrowser(
        f"No Chromium or Chrome is here and none could be installed ({reason or 'what was installed does not run'}). "
        "Install one, set CHROMIUM_PATH, or use `make test-nobrowser`."
    )


def on_this_machine() -> str | None:
    """The first browser among the usual names and places."""
    named = (shutil.which(name) for name in NAMES)
    return next((path for path in (*named, *PLACES) if path and runs(path)), None)


def runs(path: str) -> bool:
    """Whether this program starts and calls itself a browser (a broken one lacks system libraries)."""
    if not Path(path).is_file():
        return False
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0 and ("Chrom" in said.stdout)


def downloaded() -> str | None:
    """The browser Playwright downloaded for this account, if it did and it runs."""
    script = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    path = said.stdout.strip()
    return path if path and runs(path) else None


def install_package() -> str:
    """Install the distribution's package; the last line of a refusal, or nothing."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        reason = attempt([APT_GET, "-qq", *words], environment)
        if reason and words != ["update"]:  # an old list may still lead to the package
            return reason
    return ""


def download() -> str:
    """Let Playwright fetch its own browser for this account; the last line of a refusal, or nothing."""
    return attempt([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))


def attempt(command: list[str], environment: dict[str, str]) -> str:
    """Run an installer without a terminal; its last line if it fails, or nothing."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, env=environment
    )
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return "" if done.returncode == 0 else (lines[-1] if lines else f"{command[0]} failed")


def launch_options() -> dict[str, Any]:
    """Arguments for `playwright.chromium.launch`. The sandbox is off only where it cannot work (root)."""
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    # Containers give little shared memory; the hosts *.localhost are this machine, without asking a name server.
    steady = ["--disable-dev-shm-usage", "--host-resolver-rules=MAP *.localhost 127.0.0.1"]
    return {"executable_path": ensure(), "headless": True, "args": [*alone, *steady]}


if __name__ == "__main__":
    try:
        print(ensure())
    except NoBrowser as refusal:
        sys.exit(str(refusal))
