"""A real browser against a real server, on a database of its own in which everything commits."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benefits.models import Person
from tenants import facade as tenants
from tests.journeys.browser import launch_options

HOST = "harbor.localhost"
PASSWORD = "a quiet harbor at dawn"

# Playwright keeps an event loop in this thread; the tests' own queries around it are ordinary blocking ones.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(**launch_options())
        yield opened
        opened.close()


@pytest.fixture
def address(committing_db) -> Iterator[str]:
    """The portal of Harbor on a free port: http://harbor.localhost:<port>."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://{HOST}:{server.port}"
    server.terminate()
    server.join()
    connections["default"].close()


@pytest.fixture
def account(committing_db, employer, as_employer) -> Callable[..., dict[str, str]]:
    """`account("member", person=alma)`: an account with a password, and the cookie of a session of it."""

    def opened(*roles: str, person: Person | None = None) -> dict[str, str]:
        with as_employer(employer):
            email = f"{'-'.join(roles)}-{person.given_name.lower() if person else 'x'}@harbor.example"
            user = tenants.open_account(
                email=email,
                roles=roles,
                now=datetime(2026, 1, 5, tzinfo=UTC),
                password=PASSWORD,
                person_uuid=person.uuid if person else None,
            )
            client = Client(HTTP_HOST=HOST)
            client.force_login(user)
            return {"email": email, "session": client.cookies[settings.SESSION_COOKIE_NAME].value}

    return opened


@pytest.fixture
def visit(browser, address) -> Iterator[Callable[..., BrowserContext]]:
    """`visit(session=…, width=360, dark=True)`: a fresh browser window, signed in where a session is given."""
    windows: list[BrowserContext] = []

    def opened(*, session: str = "", width: int = 1280, dark: bool = False, script: bool = True) -> BrowserContext:
        window = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=script,
        )
        if session:
            window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
        windows.append(window)
        return window

    yield opened
    for window in windows:
        window.close()
