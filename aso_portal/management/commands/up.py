"""`up`: the whole portal in the foreground, from nothing to the first page, until Ctrl-C."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from aso_portal.embedded import children, portal, postgres, redis, state, supervisor
from aso_portal.embedded.children import say
from aso_portal.embedded.errors import ServerError
from aso_portal.management import demo

FIRST_PAGE_SECONDS = 120
LOOK_SECONDS = 1.0
PROGRAMS = {
    "web": "-m gunicorn aso_portal.wsgi:application --bind {bind}:{port} "
    "--worker-class gthread --workers 2 --threads 4 --graceful-timeout 5 --no-control-socket --log-level warning",
    "worker": "-m celery --quiet -A aso_portal.celery worker --pool prefork --concurrency 2 --queues night,default "
    "--without-gossip --without-mingle --loglevel WARNING",
    "beat": "-m celery --quiet -A aso_portal.celery beat --pidfile= --loglevel WARNING --schedule {schedule}",
}


class Command(BaseCommand):
    """Servers, schemas, static files, demo, then web, worker and beat."""

    help = "Run the portal: servers, schemas, demo, web, worker and beat, until Ctrl-C. PORT chooses the port."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--without-demo", action="store_true", help="do not load the demo employers")

    def handle(self, *args: Any, without_demo: bool, **options: Any) -> None:
        self.without_demo = without_demo
        self.ending = threading.Event()
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(one, lambda *_: self.ending.set())
        try:
            self.home = state.make_home("main")
            with portal.only_one(self.home) as note:
                self.run_until_told(note)
        except ServerError as error:
            raise CommandError(str(error)) from error

    def run_until_told(self, note: Path) -> None:
        """Bring everything up, keep it up, bring it down again."""
        children.end_leftovers(self.home / "children.json")
        programs = children.Children(note=self.home / "children.json", folder=settings.BASE_DIR)
        self.port = portal.choose_port(os.environ.get("PORT"))
        try:
            self.servers = supervisor.ensure("main")
            self.prepare()
            if not self.ending.is_set():
                commands = self.commands()
                programs.start({"web": commands.pop("web")}, self.environment())
                self.wait_for_the_first_page(programs)
            if not self.ending.is_set():
                programs.start(commands, self.environment())
                portal.write(note, address=f"http://localhost:{self.port}/")
                self.welcome()
            while not self.ending.wait(LOOK_SECONDS):
                self.mend(programs)
        finally:
            say("Stopping …")
            programs.stop()
            supervisor.stop("main")

    def prepare(self) -> None:
        """Schemas, static files and, on embedded servers, the demo."""
        self.manage("migrate_fleet")
        self.collect_static()
        if self.shows_the_demo() and demo.loaded() is None:
            self.manage("load_demo", "--json", quiet=True)

    def shows_the_demo(self) -> bool:
        """On an embedded database; on one named in the environment only when asked for."""
        return not self.without_demo and (self.servers.own_database or os.environ.get("ASO_DEMO") == "1")

    def manage(self, *words: str, quiet: bool = False) -> None:
        """Run a command as the database's owner, in a process of its own, which reads the servers' addresses anew."""
        if self.ending.is_set():
            return
        environment = os.environ | self.servers.environment() | self.settings_of_ours()
        step = subprocess.Popen(
            [sys.executable, "manage.py", *words],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if quiet else None,
            start_new_session=True,
        )
        while step.poll() is None and not self.ending.wait(0.05):
            pass
        if self.ending.is_set():
            children.end_groups([step.pid])
        elif step.returncode:
            raise ServerError(f"`manage.py {words[0]}` failed; its reason stands above.")

    def collect_static(self) -> None:
        """Gather the static files if any of them changed since the last time."""
        seen = hashlib.sha256(str(settings.STATIC_ROOT).encode())
        for finder in get_finders():
            for path, storage in sorted(finder.list(["CVS", ".*", "*~"]), key=lambda found: found[0]):
                status = os.stat(storage.path(path))
                seen.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
        mark = Path(settings.STATIC_ROOT) / ".collected"
        if not self.ending.is_set() and (not mark.exists() or mark.read_text() != seen.hexdigest()):
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
            mark.write_text(seen.hexdigest())

    def settings_of_ours(self) -> dict[str, str]:
        """What goes with an embedded database: the demo, and plain HTTP unless the environment says otherwise."""
        return {"HTTPS": os.environ.get("HTTPS", "0"), "ASO_DEMO": "1"} if self.servers.own_database else {}

    def environment(self) -> dict[str, str]:
        """For web, worker and beat: all addresses, but not the owner's password."""
        known = os.environ | self.servers.environment() | self.settings_of_ours() | {"PYTHONUNBUFFERED": "1"}
        known.setdefault("PYTHONWARNINGS", "ignore:You're running the worker")  # as root; the servers do not
        return {name: value for name, value in known.items() if name not in ("OWNER_DATABASE_URL", "ASO_PROCESS")}

    def commands(self) -> dict[str, list[str]]:
        """The programs by name. Paths are filled in word by word, so that they may hold spaces."""
        filled = {
            "bind": os.environ.get("BIND", "127.0.0.1"),
            "port": self.port,
            "schedule": self.home / "beat-schedule",
        }
        return {
            name: [sys.executable, *(word.format(**filled) for word in words.split())]
            for name, words in PROGRAMS.items()
        }

    def wait_for_the_first_page(self, programs: children.Children) -> None:
        """Until a browser would see something. Raises ServerError if it takes too long."""
        give_up = time.monotonic() + FIRST_PAGE_SECONDS
        while not self.ending.is_set() and not portal.answers(self.port, host=settings.OPERATIONS_HOSTS[0]):
            programs.mend(self.environment())
            if time.monotonic() > give_up:
                raise ServerError(
                    f"No page came from port {self.port} within {FIRST_PAGE_SECONDS} s; see the lines above."
                )
            self.ending.wait(0.1)

    def welcome(self) -> None:
        """Addresses and sign-ins, once there is something to see."""
        seconds = time.time() - psutil.Process().create_time()
        say("")
        say(f"The portal answers after {seconds:.1f} s. Operations: http://{settings.OPERATIONS_HOSTS[0]}:{self.port}/")
        known = demo.loaded() if self.shows_the_demo() else None
        if known and known["sign_ins"]:
            say("Demo sign-ins (made-up people, on this machine only):")
            for line in demo.table(known["sign_ins"], port=self.port):
                say(line)
        say("Ctrl-C stops everything.")
        say("")

    def mend(self, programs: children.Children) -> None:
        """Start again what fell: a program, or a server of ours (then the programs too, if its address changed)."""
        ours = [("PostgreSQL", postgres, self.servers.own_database), ("Redis", redis, self.servers.own_redis)]
        fallen = [name for name, server, own in ours if own and server.process(self.home) is None]
        if fallen:
            say(f"{' and '.join(fallen)} ended; starting again.")
            before, self.servers = self.servers, supervisor.ensure("main")
            if self.servers != before:
                programs.stop()
                programs.start(self.commands(), self.environment())
        programs.mend(self.environment())
