"""The real server on the tests' database, and a real browser in front of it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import pytest

from tests.cast import PASSWORD
from tests.embedded import ROOT, VAR

CHROMIUM = Path(os.environ.get("MINQING_CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# of a network that a test has cut
CUT = ("net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED")
SIZES = {"phone": (390, 844), "desktop": (1440, 900)}
START_SECONDS = 240
PICTURES = ROOT / "docs" / "pictures"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[str]:
    """Address of a granian that serves the tests' database as it would a county's."""
    with serving() as address:
        yield address


@pytest.fixture(scope="session")
def demonstration(django_db_setup: None) -> Iterator[str]:
    """The same as a demonstration, with what a county does not have."""
    with serving(MINQING_DEMO="1") as address:
        yield address


@contextlib.contextmanager
def serving(**settings: str) -> Iterator[str]:
    from minqing.config.static_files import collect_static

    collect_static(VAR / "static")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [
        str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", "1", "--blocking-threads", "2", "--no-ws", "--log-level", "error",
        "minqing.config.wsgi:application",
    ]  # fmt: skip
    log = (VAR / f"server-{port}.log").open("wb")
    child = subprocess.Popen(
        command,
        env=os.environ | {"PORT": str(port)} | settings,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        wait_for(f"{address}/healthz", child, Path(log.name))
        yield address
    finally:
        os.killpg(child.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(20)
        with contextlib.suppress(ProcessLookupError):
            # whatever is left of it holds connections to the database that is dropped next
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        log.close()


def wait_for(address: str, child: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert child.poll() is None, log.read_text()
        try:
            # whatever proxy the environment names
            with build_opener(ProxyHandler({})).open(address, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"{address} did not answer: {log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}; set MINQING_CHROMIUM")
    # the sync driver runs an event loop in this thread; Django then refuses what it takes for async use
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(browser: Any, server: str) -> Iterator[Callable[..., Any]]:
    """``open_page("phone")`` gives a fresh visitor's page; an error in the console, as of the CSP, fails."""
    with visitors(browser, server) as fresh:
        yield fresh


@pytest.fixture
def open_demo(browser: Any, demonstration: str) -> Iterator[Callable[..., Any]]:
    """The same in a demonstration."""
    with visitors(browser, demonstration) as fresh:
        yield fresh


@contextlib.contextmanager
def visitors(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    troubles: list[str] = []
    contexts: list[Any] = []

    def fresh(size: str = "phone", **options: Any) -> Any:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", base_url=address, timezone_id="Asia/Shanghai",
            **options,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        return page

    yield fresh
    for context in contexts:
        context.close()
    # who leaves a page while a part of it is still asked for breaks that off; what fails says htmx:sendError
    expected = ("the server responded with a status of", "htmx:sendAbort", "htmx:afterRequest", *CUT)
    left = [trouble for trouble in troubles if not any(words in trouble for words in expected)]
    assert not left, left


def sign_in(page: Any, username: str, opened: str = "/") -> None:
    """As after signing in, on the first page or on another one at once: to load a page is a second's work."""
    from minqing.org.models import Account
    from tests.cast import session_of

    session = session_of(Account.objects.get(username=username))
    page.context.add_cookies([{"name": "sessionid", "value": session, "domain": "127.0.0.1", "path": "/"}])
    page.goto(opened)


def sign_in_by_hand(page: Any, username: str, password: str = PASSWORD) -> None:
    """With the pass phrase: somebody of the cast unless another one is given."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", password)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def picture(page: Any, name: str) -> None:
    """Keep a screenshot for the README when ``MINQING_PICTURES`` is set; without it the test only looks."""
    shot = page.screenshot(full_page=False)
    assert len(shot) > 5000
    if os.environ.get("MINQING_PICTURES"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        (PICTURES / f"{name}.png").write_bytes(shot)
