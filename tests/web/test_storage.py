"""What browsers keep: each file under two names, compressed once, and nothing that no page asks for."""

from __future__ import annotations

from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

from minqing.web.storage import UNUSED, HashedStatic
from tests.architecture.tree import SOURCE

PLAIN = "button { color: green }\n" * 50


def test_a_content_is_compressed_once_for_all_of_its_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    truly, pressed = brotli.compress, []
    monkeypatch.setattr(brotli, "compress", lambda data: pressed.append(data) or truly(data))
    (tmp_path / "a.css").write_text(PLAIN)
    storage = HashedStatic(location=str(tmp_path), base_url="/static/")
    done = {name for _name, name, _processed in storage.post_process({"a.css": (FileSystemStorage(tmp_path), "a.css")})}
    hashed = storage.stored_name("a.css")
    assert {f"{name}.{ending}" for name in ("a.css", hashed) for ending in ("br", "gz")} <= done
    assert pressed == [PLAIN.encode()]
    for name in ("a.css", hashed):
        assert brotli.decompress((tmp_path / f"{name}.br").read_bytes()) == PLAIN.encode()
        assert (tmp_path / f"{name}.gz").exists()
    # the time of the file that it was made of, which a browser is told
    assert (tmp_path / "a.css.br").stat().st_mtime == (tmp_path / hashed).stat().st_mtime


def test_nothing_that_a_page_asks_for_is_left_out() -> None:
    asked = {
        word.split('"')[1]
        for path in SOURCE.glob("*/templates/**/*.html")
        for word in path.read_text(encoding="utf-8").split("{% static ")[1:]
        if word.startswith('"')
    }
    assert "django_htmx/htmx-2.min.js" in asked
    assert {name for name in asked if matches_patterns(name, list(UNUSED))} == set()
