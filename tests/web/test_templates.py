"""House rules for every template of every room: nothing inline that the CSP would refuse, nothing unused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines

SOURCE = Path(__file__).parents[2] / "src" / "minqing"
FRONTEND = Path(__file__).parents[2] / "frontend"
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
NAMES = [str(path).split("/templates/", 1)[1] for path in TEMPLATES]
FORBIDDEN = {
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(r"\son[a-z]+\s*=|\shx-on\b", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "address of another site": re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE),
    "unescaped output": re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off"),
    "eval by HTMX": re.compile(r"""hx-(?:vals|headers|vars)\s*=\s*["']\s*(?:js|javascript):"""),
}
SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)


def without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_template_holds_nothing_that_the_csp_refuses(path: Path) -> None:
    text = without_comments(path.read_text(encoding="utf-8"))
    # what stands in a tag is a name of ours ("with one=…"), not an attribute
    text = re.sub(r"\{%.*?%\}", "", text) if not re.search(FORBIDDEN["unescaped output"], text) else text
    assert [name for name, pattern in FORBIDDEN.items() if pattern.search(text)] == []
    for attributes in SCRIPT.findall(text):
        assert "nonce=" in attributes, "a script without nonce"
        assert "src=" in attributes, "an inline script"


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_post_form_carries_the_csrf_token(path: Path) -> None:
    text = without_comments(path.read_text(encoding="utf-8"))
    for form in re.findall(r"<form\b[^>]*method\s*=\s*[\"']post[\"'].*?</form>", text, re.DOTALL | re.IGNORECASE):
        assert "csrf_token" in form or "csrfmiddlewaretoken" in form


@pytest.mark.parametrize("name", NAMES)
def test_a_template_can_be_parsed(name: str) -> None:
    engines["django"].get_template(name)


def test_every_template_is_used_somewhere() -> None:
    texts = [path.read_text(encoding="utf-8") for path in [*TEMPLATES, *SOURCE.rglob("*.py")]]
    texts += [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("templates/**/*.html")]
    everything = "\n".join(texts)
    # found by Django and its apps by name
    elsewhere = (
        "400.html",
        "403.html",
        "404.html",
        "413.html",
        "429.html",
        "django/",
        "account/",
        "admin/",
        "allauth/",
    )
    unused = [name for name in NAMES if f'"{name}' not in everything and not name.startswith(elsewhere)]
    assert unused == []


def test_every_icon_is_in_the_sprite() -> None:
    known = set((FRONTEND / "icons.txt").read_text(encoding="utf-8").split())
    templates = "\n".join(without_comments(path.read_text(encoding="utf-8")) for path in TEMPLATES)
    python = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    used = set(re.findall(r"\{% icon \"([\w-]+)\"", templates))
    used |= set(re.findall(r"\bicon(?:=|\|default:)\"([a-z][\w-]*)\"", templates + python))
    assert used - known == set()


def test_every_sentence_of_the_browser_is_there_and_used() -> None:
    from minqing.web.texts import texts

    scripts = "\n".join(path.read_text(encoding="utf-8") for path in FRONTEND.glob("*.js"))
    calls = set(re.findall(r"\btext\(\"([\w-]+)\"", scripts))
    assert calls - texts().keys() == set()
    assert {key for key in texts() if f'"{key}"' not in scripts} == set()
