"""Templates: each is used, each that is named exists, none carries script or style."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.tree import SOURCE, name, python_files, templates, text, tree

# by a tag, or as what another part is to draw: acts="room/parts/acts.html"
NAMED = re.compile(r"""(?:{%\s*(?:include|extends|render_cached)\s+|\s\w+=)["']([^"'#\s]+\.(?:html|svg|txt))["'#]""")
# found by their name alone, by Django
BY_NAME = {"400.html", "403.html", "404.html", "413.html", "429.html", "500.html"}
INLINE = re.compile(
    r"""\sstyle\s*=\s*["']|\son(?:click|change|submit|load|input|error)\s*=|<style\b|javascript:""", re.I
)
SCRIPT = re.compile(r"<script\b[^>]*>", re.I)


def named_in_templates() -> dict[str, str]:
    return {found: name(path) for path in templates().values() for found in NAMED.findall(text(path))}


def named_in_python() -> dict[str, str]:
    """Every string that looks like a template's name."""
    found = {}
    for path in [*python_files(), *SOURCE.glob("../../tests/**/*.py")]:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                word = node.value.partition("#")[0]
                if re.fullmatch(r"[\w/.-]+\.(html|txt|css|svg)", word):
                    found[word] = f"{path}:{node.lineno}"
    return found


def test_every_template_is_used() -> None:
    used = set(named_in_templates()) | set(named_in_python()) | BY_NAME
    unused = [name(path) for word, path in templates().items() if word not in used]
    assert not unused


def test_every_template_that_another_names_exists() -> None:
    lost = {word: by for word, by in named_in_templates().items()
            if word not in templates() and not word.startswith("django/")}  # fmt: skip
    assert not lost


def test_every_template_that_a_view_renders_exists() -> None:
    lost = []
    for path in python_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"render", "partial", "render_to_string"}:
                words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                named = [word.partition("#")[0] for word in words if "." in word]
                lost += [f"{name(path)}:{node.lineno} {word}" for word in named if word not in templates()]
    assert not lost


@pytest.mark.parametrize("word", sorted(templates()))
def test_no_template_carries_script_or_style(word: str) -> None:
    source = text(templates()[word])
    assert not INLINE.search(source)
    for tag in SCRIPT.findall(source):
        assert "src=" in tag or "application/json" in tag, tag


def test_every_template_is_rendered_inside_its_view() -> None:
    """TemplateResponse would be rendered after the transaction, beyond the second wall."""
    lazy = [name(path) for path in python_files() if "TemplateResponse(" in text(path)]
    assert not lazy
