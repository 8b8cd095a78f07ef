"""What `make bundle` lays down is installed where there is no way out, and every file is what it was."""

from __future__ import annotations

import os
import subprocess
import venv
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


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("MINQING_TRIALS"), reason="fetches 150 MB and installs them: MINQING_TRIALS=1, after make wheel"
)
def test_it_is_installed_without_an_index(bundle: object, tmp_path: Path) -> None:
    own = sorted((ROOT / "dist").glob("minqing-*.whl"))
    assert own, "make wheel"
    bundle.main(tmp_path / "bundle", own)  # type: ignore[attr-defined]
    assert check(tmp_path / "bundle").returncode == 0
    venv.create(tmp_path / "venv", with_pip=True)
    # as where nothing answers: no index, no proxy, no cache of what was fetched before
    bare = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"}
    words = ["install", "--quiet", "--no-index", "--find-links", "wheels", "minqing"]
    subprocess.run([tmp_path / "venv" / "bin" / "pip", *words], cwd=tmp_path / "bundle", env=bare, check=True)
    told = subprocess.run(
        [tmp_path / "venv" / "bin" / "minqing", "--version"], env=bare, capture_output=True, text=True, check=True
    )
    assert told.stdout == f"minqing {own_version()}\n"
