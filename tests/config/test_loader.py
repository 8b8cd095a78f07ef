"""What the loader makes of itself ends with it, also when it is gone before that was arranged."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.embedded import ROOT

# forks, loses the parent, and only then begins its work
ORPHAN = """
import os, sys, time
from minqing.config import loader

loader_pid = os.getpid()
if os.fork():
    os._exit(0)
while os.getppid() == loader_pid:
    time.sleep(0.01)
try:
    {work}
except SystemExit as end:
    print("ended", end.code, flush=True)
os._exit(0)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel tells a process of its parent's end")
@pytest.mark.parametrize("work", ["loader.serve(1, loader_pid)", "loader.work(loader_pid)"])
def test_what_is_an_orphan_before_it_begins_serves_nobody(work: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ORPHAN.format(work=work)],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")}, stdout=subprocess.PIPE, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.decode().strip() == "ended 0"
