"""The keys on paper: what was printed is typed or scanned back, and a slip of a word is found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from typer.testing import CliRunner

from minqing.config import cli
from minqing.config.cli import keys as command
from minqing.config.env import KEYS, OPTIONAL, all_keys, env
from minqing.journal.models import Event
from minqing.privacy.paper import LANGUAGES, Slip, code_of, key_of, read, words_of

KEY = "ab" * 31 + "01"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_is_words_and_the_words_are_the_key(language: str) -> None:
    words = words_of(KEY, language)
    assert len(words) == 24
    assert key_of(" ".join(words)) == KEY
    assert key_of("  ".join(words).upper()) == KEY
    changed = [*words[:2], words[3], words[2], *words[4:]]
    for wrong, number in ((changed, 0), (words[:-1], 0), ([*words[:4], "no-word", *words[5:]], 5)):
        with pytest.raises(Slip) as slip:
            key_of(" ".join(wrong))
        assert slip.value.word == number
    if language != "en":
        assert key_of("".join(words)) == KEY, "Chinese is typed without spaces"


def test_scanned_and_typed_lines_may_be_mixed_and_former_keys_are_several() -> None:
    lines = [
        code_of("field_key", KEY), f"index_key: {' '.join(words_of(KEY, 'zh-hans'))}\n", "",
        code_of("old_field_keys", KEY), code_of("old_field_keys", "cd" * 32), code_of("secret_key", "Not-Hex/40"),
    ]  # fmt: skip
    assert read(lines) == {
        "field_key": [KEY], "index_key": [KEY], "old_field_keys": [KEY, "cd" * 32], "secret_key": ["Not-Hex/40"]
    }  # fmt: skip


@pytest.mark.django_db
def test_the_paper_of_a_county_is_written_for_its_owner_alone_and_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from minqing.privacy import paper

    monkeypatch.setattr(command, "ready", lambda **_: None)
    monkeypatch.setattr(command, "env", lambda: env().model_copy(update={"minqing_var": tmp_path}))
    shown: list[Any] = []
    real = paper.render_to_string
    monkeypatch.setattr(paper, "render_to_string", lambda name, given: shown.append(given) or real(name, given))
    run, file = CliRunner().invoke, tmp_path / "paper.pdf"
    with translation.override("zh-hans"):
        made = run(cli.app, ["keys", "paper", str(file)])
    assert made.exit_code == 0, made.output
    assert (file.stat().st_mode & 0o777, file.read_bytes()[:5]) == (0o600, b"%PDF-")
    assert Event.objects.get(type="config.key.printed").subject == "key:all"
    used = {name: value for name, value in all_keys().items() if value}
    assert not any(str(value) in made.output for value in used.values())
    assert run(cli.app, ["keys", "paper", str(file)]).exit_code == 2, "never over a file that is there"
    rows = shown[0]["rows"]
    typed = "".join(f"{one.name} {''.join(one.words)}\n" if one.words else f"{one.code}\n" for one in rows)
    scanned = "".join(f"{one.code}\n" for one in rows)
    for number, lines in enumerate((typed, scanned)):
        target = tmp_path / f"keys-{number}.json"
        done = run(cli.app, ["keys", "read-paper", str(target)], input=lines)
        assert done.exit_code == 0, done.output
        assert (json.loads(target.read_text()), target.stat().st_mode & 0o777) == (used, 0o600)
        assert run(cli.app, ["keys", "read-paper", "--check"], input=lines).exit_code == 0
    refused = run(cli.app, ["keys", "read-paper", "--check"], input=f"{code_of('field_key', KEY)}\n")
    assert (refused.exit_code, "field_key" in refused.stderr) == (2, True)
    # by hand a name is soon wrong, and a key that is not read would be missed much later
    for wrong, sentence in (
        (code_of("field_key", KEY), "index_key"),
        ("field_key abc", "Word 1"),
        (f"{scanned}{code_of('link-keys', KEY)}", "link_keys"),
        (f"{scanned}{code_of('index_key', KEY[2:])}", "index_key"),
    ):
        refused = run(cli.app, ["keys", "read-paper", str(tmp_path / "other.json")], input=f"{wrong}\n")
        assert (refused.exit_code, sentence in refused.stderr) == (2, True), refused.output
    assert not (tmp_path / "other.json").exists()
    assert {*KEYS} <= {one.name for one in rows}


def test_the_paper_is_read_where_the_keys_of_a_stopped_county_are_gone(tmp_path: Path) -> None:
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / "PG_VERSION").write_text("16\n")
    needed = [name for name in KEYS if name not in OPTIONAL]
    lines = "".join(f"{code_of(name, KEY)}\n" for name in needed)
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("MINQING_", "DJANGO_", "DATABASE"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "minqing", "keys", "read-paper"],
        input=lines,
        env=own | {"MINQING_VAR": str(tmp_path), "MINQING_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "keys.json").read_text()) == dict.fromkeys(needed, KEY)
    # whoever overlooked one reads of it here
    assert {"seal_key", "link_key", "old_field_keys"} <= {*done.stdout.replace(",", " ").replace(".", " ").split()}
