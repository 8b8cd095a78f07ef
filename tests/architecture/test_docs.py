"""Documentation that is missing fails the build."""

from __future__ import annotations

import pytest
from typer.main import get_command

from tests.architecture.tree import ROOT


def commands() -> list[str]:
    from minqing.config.cli import accounts, app, database, django, doctor, up

    assert [accounts, database, django, doctor, up]
    known = get_command(app).commands  # type: ignore[attr-defined]
    # hidden ones are what `up` starts, not what anybody types
    return sorted(name for name, command in known.items() if not command.hidden)


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_operator_s_manual(command: str) -> None:
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert f"minqing {command}" in manual, f"tell the operator what `minqing {command}` is for"


def test_reference_pages_say_what_the_code_says(monkeypatch: pytest.MonkeyPatch) -> None:
    # as its neighbours find each other when one of them is run
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    monkeypatch.syspath_prepend(str(ROOT))
    from django.utils import translation
    from tools.reference import FOLDER, PAGES, head_of

    with translation.override("en"):
        written = {name: (FOLDER / name).read_text(encoding="utf-8") for name in PAGES}
        stale = [name for name, make in PAGES.items() if written[name] != head_of(name) + make()]
    assert not stale, "run: python tools/reference.py write"
