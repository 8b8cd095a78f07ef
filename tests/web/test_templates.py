"""House rules for every template of every room: nothing inline that the CSP would refuse, nothing unused."""

from __future__ import annotations

import re
from pathlib import Path

from django.template import TemplateSyntaxError, engines

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


def test_a_template_holds_nothing_that_the_csp_refuses() -> None:
    wrong = []
    for name, path in zip(NAMES, TEMPLATES, strict=True):
        text = without_comments(path.read_text(encoding="utf-8"))
        # what stands in a tag is a name of ours ("with one=…"), not an attribute
        text = re.sub(r"\{%.*?%\}", "", text) if not re.search(FORBIDDEN["unescaped output"], text) else text
        found = [what for what, pattern in FORBIDDEN.items() if pattern.search(text)]
        for attributes in SCRIPT.findall(text):
            found += ["a script without nonce"] * ("nonce=" not in attributes)
            found += ["an inline script"] * ("src=" not in attributes)
        wrong += [f"{name}: {what}" for what in found]
    assert TEMPLATES
    assert not wrong, "\n".join(wrong)


def test_a_post_form_carries_the_csrf_token() -> None:
    wrong = []
    for name, path in zip(NAMES, TEMPLATES, strict=True):
        text = without_comments(path.read_text(encoding="utf-8"))
        for form in re.findall(r"<form\b[^>]*method\s*=\s*[\"']post[\"'].*?</form>", text, re.DOTALL | re.IGNORECASE):
            if "csrf_token" not in form and "csrfmiddlewaretoken" not in form:
                wrong.append(name)
    assert not wrong, wrong


def test_a_template_can_be_parsed() -> None:
    wrong = []
    for name in NAMES:
        try:
            engines["django"].get_template(name)
        except TemplateSyntaxError as error:
            wrong.append(f"{name}: {error}")
    assert not wrong, "\n".join(wrong)


# filters that make an element of a day or a moment
ELEMENTS = r"\{\{[^}]*\|(?:localday|shortday|when)\b"


def test_no_element_stands_in_an_attribute_or_in_a_page_s_title() -> None:
    """A ``<time>`` there closes the attribute: what follows is shown as text. ``day_text`` says the same words."""
    attribute = re.compile(rf'[\w-]+="[^"<>]*{ELEMENTS}')
    title = re.compile(rf"\{{% block title %\}}[^%]*{ELEMENTS}")
    wrong = []
    for name, path in zip(NAMES, TEMPLATES, strict=True):
        text = without_comments(path.read_text(encoding="utf-8"))
        wrong += [f"{name}: {found}" for found in title.findall(text)]
        wrong += [f"{name}: {found}" for found in attribute.findall(re.sub(r"\{%.*?%\}", "", text))]
    assert not wrong, "\n".join(wrong)


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


def test_no_icon_is_in_the_sprite_that_nothing_shows() -> None:
    files = [path for kind in ("*.html", "*.py", "*.yaml") for path in SOURCE.rglob(kind)] + [*FRONTEND.glob("*.js")]
    words = set(
        re.findall(r"[\"'#]([a-z][a-z0-9-]*)[\"']", "\n".join(path.read_text(encoding="utf-8") for path in files))
    )
    assert set((FRONTEND / "icons.txt").read_text(encoding="utf-8").split()) - words == set()


def test_every_sentence_of_the_browser_is_there_and_used() -> None:
    from minqing.web.texts import texts

    scripts = "\n".join(path.read_text(encoding="utf-8") for path in FRONTEND.glob("*.js"))
    calls = set(re.findall(r"\btext\(\"([\w-]+)\"", scripts))
    assert calls - texts().keys() == set()
    assert {key for key in texts() if f'"{key}"' not in scripts} == set()
