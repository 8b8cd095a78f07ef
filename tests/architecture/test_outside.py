"""Whatever is called from here goes through ``core/ssrf_guard.py``, but for these, each with its reason."""

from __future__ import annotations

import re

import pytest

from tests.architecture.of_rooms import brought
from tests.architecture.tree import imports, name, python_files

CALLS_OUT = re.compile(
    r"^(http\.client|urllib\.request|urllib3|requests|httpx|aiohttp|smtplib|ftplib|socket|websockets|paho)\b"
)
# addresses out of the operator's environment or of this process's own making; none that somebody typed or sent
KNOWN = {
    "src/minqing/core/ssrf_guard.py": "the guard itself",
    "src/minqing/config/cli/up.py": "looks whether its own port is free",
    "src/minqing/config/supervisor.py": "asks its own server on the loopback whether it answers",
    "src/minqing/config/cli/status.py": "asks its own server on the loopback whether it lives or is ready",
    "src/minqing/config/cli/workshop.py": "its own server on the loopback",
    "src/minqing/config/cli/doctor_address.py": "asks its own server on the loopback which names it answers to",
    "src/minqing/config/cli/trial.py": "looks for a free port on the loopback",
    "src/minqing/demo/bench_phones.py": "its own server on the loopback",
    "src/minqing/core/browser.py": "a trial's own county on the loopback",
    **brought("CALLS_OUT"),
}


@pytest.mark.fault(42)
def test_nothing_else_opens_a_connection() -> None:
    found = {name(path) for path in python_files() if any(CALLS_OUT.match(what) for _line, what in imports(path))}
    assert found == set(KNOWN)


def test_nothing_calls_by_the_library_that_takes_a_proxy_from_the_environment() -> None:
    """What asks this machine itself would be sent away by it, and what the guard pinned would go elsewhere."""
    found = {
        name(path) for path in python_files() for _line, what in imports(path) if what.startswith("urllib.request")
    }
    assert found == set()
