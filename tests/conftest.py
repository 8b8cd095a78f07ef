"""Fixtures that every test may use."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.utils import translation

from minqing.config.cli import commands
from tests.browser.server import browser, demonstration, open_demo, open_page, server
from tests.cast import Cast, make_cast
from tests.embedded import ROOT, committed, django_db_setup

__all__ = ["browser", "committed", "demonstration", "django_db_setup", "open_demo", "open_page", "server"]

# the command line as the `minqing` script has it, with every room's commands
commands()
# how long an example takes says more of the machine than of the code
hypothesis.settings.register_profile("minqing", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("minqing")
# what makes a pass phrase hard to guess would be half of a second for each that a test makes or tries
PBKDF2PasswordHasher.iterations = 1_000
# a static file is looked for when it is asked for: else each new client looked through all of the folder first
settings.WHITENOISE_AUTOREFRESH = True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests with a browser come last: its driver keeps an event loop in this thread, where others want their own."""
    if config.getoption("loadgroup", default=False):
        spread = [one.nodeid for one in items if one.get_closest_marker("xdist_group") and "@" not in one.nodeid]
        if spread:
            # dealt out one by one, each process would make a costly beginning anew
            raise pytest.UsageError(f"this pytest-xdist does not keep groups with this pytest: {spread[0]}")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_collection_finish() -> None:
    """The house and its tests stay to the end: looking through them for garbage took a twelfth of all the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


@pytest.fixture(autouse=True)
def _fresh_process_state() -> None:
    """Counters, files and the language of one test are not another's: a command speaks the operator's."""
    cache.clear()
    translation.deactivate()


@pytest.fixture(autouse=True)
def _reached(settings: Any) -> None:
    """The address is set, as in a county: without it nothing with a link is printed (tests/web/test_lasting.py)."""
    settings.ORIGIN = "http://testserver"


@pytest.fixture
def cast(db: None) -> Cast:
    """The fixed cast inside the test's transaction."""
    return make_cast()


@pytest.fixture
def committed_cast(committed: None) -> Cast:
    """The fixed cast as committed rows, for several connections or a real server."""
    from django.db import transaction

    with transaction.atomic():
        return make_cast()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data; tests that want it are skipped where it is not."""
    folder = Path(os.environ.get("MINQING_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip("no real data here: set MINQING_SHARED to its folder")
    return folder
