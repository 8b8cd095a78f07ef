"""What `make bundle` lays down is installed where there is no way out, and every file is what it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from minqing.core.version import own_version
from tests.embedded import ROOT


@pytest.fixture
def bundle(monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.syspath_prepend(str(ROOT))
    from tools import bundle

    return bundle


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_each_file_of_the_bundle_is_checked_by_its_sum(bundle: object, tmp_path: Path) -> None:
    own = tmp_path / "minqing-0-py3-none-any.whl"
    own.write_bytes(b"wheel")
    target = tmp_path / "bundle"
    wheels = bundle.lay_out(target, [own])  # type: ignore[attr-defined]
    (target / "SHA256SUMS").write_text(bundle.sums(target))  # type: ignore[attr-defined]
    named = {line.split("  ")[1] for line in (target / "SHA256SUMS").read_text().splitlines()}
    assert {"wheels/minqing-0-py3-none-any.whl", "debian-packages.txt", "Containerfile", "operations.md"} <= named
    assert check(target).returncode == 0
    (wheels / own.name).write_bytes(b"whee1")
    assert check(target).returncode == 1


# in a network of its own, in which there is this machine and nothing else
NOWHERE = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
# as the manual says, with a server that is asked and stopped again; the process that serves holds the network
SERVED = """
set -e
test -z "$(ip route)"
python3 -m venv "$HOME/venv"
"$HOME/venv/bin/pip" install --quiet --no-index --find-links wheels minqing
cd "$HOME"
venv/bin/minqing --version
venv/bin/minqing init --origin https://minqing.example --county 嵊州市 --code 330683 --operator admin --name 管理员
venv/bin/minqing up --port 8141 > up.log 2>&1 &
venv/bin/minqing status --port 8141 --ask readyz --wait 240
venv/bin/minqing stop
wait
"""


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("MINQING_TRIALS"), reason="fetches 150 MB and installs them: MINQING_TRIALS=1, after make wheel"
)
def test_it_is_installed_and_serves_where_there_is_no_way_out(
    bundle: object, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    own = sorted((ROOT / "dist").glob("minqing-*.whl"))
    assert own, "make wheel"
    bundle.main(tmp_path / "bundle", own)  # type: ignore[attr-defined]
    assert check(tmp_path / "bundle").returncode == 0
    # as /opt is: the user as whom root runs the database goes through it
    home = Path(tempfile.mkdtemp(prefix="minqing-bundle-"))
    home.chmod(0o755)
    request.addfinalizer(lambda: shutil.rmtree(home))
    bare = {"PATH": os.environ["PATH"], "HOME": str(home), "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"}
    bare |= {"LC_ALL": "C.UTF-8"}
    # whoever is not root has no network of their own to give: no index and no proxy then
    way = (
        NOWHERE if os.geteuid() == 0 and shutil.which("unshare") and shutil.which("ip") else ["sh", "-c", '"$@"', "sh"]
    )
    script = SERVED if way is NOWHERE else SERVED.replace('test -z "$(ip route)"', "true")
    done = subprocess.run(
        [*way, "sh", "-c", script], cwd=tmp_path / "bundle", env=bare, capture_output=True, text=True, check=False,
    )  # fmt: skip
    log = home / "up.log"
    assert done.returncode == 0, done.stdout + done.stderr + (log.read_text() if log.exists() else "")
    assert f"minqing {own_version()}\n" in done.stdout
    assert "\nready" in done.stdout
