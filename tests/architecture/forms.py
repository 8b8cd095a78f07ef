"""What a page offers, read from its markup as a browser reads it, and filled in as somebody in a hurry would."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from minqing.core import clock

VOID_TYPES = frozenset({"submit", "button", "reset", "image", "file"})
MARKUP = re.compile(r"</?(?:time|span|svg|strong|a)\b[^<]*>")
WORDS = "路灯坏了三天，晚上看不见。"


@dataclass
class Offered:
    """A form: where it goes, how, and its fields as (name, type or tag, value, other attributes)."""

    action: str
    method: str
    fields: list[tuple[str, str, str | None, dict[str, str | None]]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    # those that can be pressed, each with its attributes
    buttons: list[dict[str, str | None]] = field(default_factory=list)

    def filled(self, special: dict[str, str] | None = None) -> dict[str, Any]:
        """Values for all fields: those that stand there, else the first choice, or something of the right kind."""
        values: dict[str, Any] = {}
        for name, kind, value, attributes in self.fields:
            if special and name in special:
                values[name] = special[name]
            elif kind in {"checkbox", "radio"}:
                if "checked" in attributes or (kind == "radio" and name not in values):
                    values[name] = value or "on"
            elif kind == "select":
                chosen = value or next((one for one in self.choices[name] if one), "")
                values[name] = chosen
            else:
                values[name] = value or invented(kind, attributes)
        return values


def sent_by(button: dict[str, str | None], form: Offered) -> Offered:
    """What a button with an address of its own sends: the fields of its form, and its own name and value."""
    name = button.get("name")
    own = [(name, "hidden", button.get("value"), button)] if name else []
    return Offered(button["formaction"] or "", form.method, [*form.fields, *own], form.choices)


def invented(kind: str, attributes: dict[str, str | None]) -> str:
    if kind == "number":
        return attributes.get("min") or "1"
    if kind == "date":
        return (clock.today() + timedelta(days=10)).isoformat()
    if kind == "time":
        return "09:00"
    if kind == "hidden":
        return ""
    return WORDS


class Page(HTMLParser):
    """Links (also of pictures, and what HTMX fetches by itself) and forms of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.pictures: list[str] = []
        self.forms: list[Offered] = []
        # what a button sends to an address of its own, with the fields of its form
        self.elsewhere: list[Offered] = []
        # markup where only text belongs: in attributes, in what stands in a text field
        self.marked: list[str] = []
        self.named: dict[str, Offered] = {}
        self.late: list[tuple[str, tuple[str, str, str | None, dict[str, str | None]]]] = []
        self._pressed: list[tuple[Offered | None, dict[str, str | None]]] = []
        self._form: Offered | None = None
        self._select: str | None = None
        self._text: tuple[str, list[str]] | None = None
        self.feed(html)
        for form_id, one in self.late:
            if form_id in self.named:
                self.named[form_id].fields.append(one)
        for within, button in self._pressed:
            form = self.named.get(button["form"] or "") if "form" in button else within
            if form is not None and form is not within:
                # one of the form's own, wherever it stands
                form.buttons.append(button)
            if form is not None:
                self.elsewhere.append(sent_by(button, form))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.marked += [f"{tag} {name}={value}" for name, value in attrs if value and MARKUP.search(value)]
        for name in ("href", "hx-get"):
            if (link := given.get(name)) and tag != "link":
                self.links.append(link)
        if tag == "img" and (source := given.get("src")):
            self.pictures.append(source)
        if tag == "form":
            self._form = Offered(given.get("action") or "", (given.get("method") or "get").lower())
            self.forms.append(self._form)
            self.named[given.get("id") or ""] = self._form
        elif tag in {"input", "select", "textarea", "button"}:
            self.take(tag, given)
        elif tag == "option" and self._form and self._select:
            self._form.choices[self._select].append(given.get("value") or "")
            if "selected" in given:
                self.chosen(given.get("value") or "")

    def take(self, tag: str, given: dict[str, str | None]) -> None:
        if tag == "button" and self._form is not None and "disabled" not in given:
            self._form.buttons.append(given)
        if tag == "button" and given.get("formaction") and "disabled" not in given:
            self._pressed.append((self._form, given))
        name, kind = given.get("name"), given.get("type") or ("text" if tag == "input" else tag)
        if not name or "disabled" in given or kind in VOID_TYPES or tag == "button":
            return
        row = (name, kind, given.get("value"), given)
        if other := given.get("form"):
            self.late.append((other, row))
        elif self._form is not None:
            self._form.fields.append(row)
            if tag == "select":
                self._select = name
                self._form.choices[name] = []
            elif tag == "textarea":
                self._text = (name, [])

    def chosen(self, value: str) -> None:
        assert self._form is not None
        name, kind, _old, given = self._form.fields[-1]
        self._form.fields[-1] = (name, kind, value, given)

    def handle_data(self, data: str) -> None:
        if self._text:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._text and self._form:
            text = "".join(self._text[1]).strip("\n")
            self.marked += [text] if MARKUP.search(text) else []
            self.chosen(text)
            self._text = None
