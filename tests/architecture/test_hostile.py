"""Addresses and forms filled in by somebody who wants them to break: a refusal, never an error of ours."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from minqing.core.ids import new_id
from tests.architecture.listening import listening
from tests.architecture.matrix import LINES
from tests.architecture.rows import each
from tests.architecture.test_matrix import READABLE, address, client, whoever_may
from tests.cast import Cast

ODD = ("\0", "a\0b", "²", "9" * 5000, "99999999999999999999", "-1", "9999-12-31", "0001-01-01", "()!&|:*\\'%")
PERIOD = ("since", "until", "area")
ASKED = {
    "matters:list": ("text", "state", "light", "category", "unit", "channel", "word", "figure", "order", "page",
                     "finished_since", "finished_until", *PERIOD),
    "visits:list": ("mine", "met", "hazard", "once", "page", *PERIOD),
    "desk:leader": ("period", *PERIOD),
    "households:list": ("tag", "area", "page"),
    "households:typed": ("code",),
    "households:plates_pdf": ("area", "from"),
    "visits:care": ("area", "page"),
    "routing:triage": ("text", "order", "page"),
    "matters:wall": ("page", *PERIOD),
    "publications:open": ("text", "category", "place", "page"),
}  # fmt: skip
TYPED = (*ODD, "\u202e张\ufffe")
# a NUL is refused before anything is read, in whichever field: all at once is enough
ALONE = ("9" * 5000, "9999-12-31", "9999-12-31T23:59:59-12:00", "inf", "x" * 30_000)
ID = re.compile(r"[0-9a-f-]{36}|\d+")
# made by the page, or a trap for robots
OWN = {"csrfmiddlewaretoken", "request_id", "opened", "website"}
# the forms of the frame stand on every page: each is filled in once
TRIED: set[tuple[str, ...]] = set()


class Forms(HTMLParser):
    """The forms of a page that send something: where to, and the fields with what they hold."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.open: dict[str, str] | None = None
        self.select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.open = {} if given.get("method", "").lower() == "post" else None
            if self.open is not None and "logout" not in given.get("action", ""):
                self.found.append((given.get("action", ""), self.open))
        elif self.open is not None and tag in {"input", "textarea"} and name and given.get("type") != "file":
            self.open.setdefault(name, given.get("value", ""))
        elif self.open is not None and tag == "select":
            self.select = name
            self.open.setdefault(name, "")
        elif self.open is not None and tag == "option" and self.select and given.get("value"):
            self.open[self.select] = self.open[self.select] or given["value"]


class Refused(HTMLParser):
    """The fields that a page marks as wrong."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.fields: set[str] = set()
        if answer.status_code == 422:
            self.feed(answer.content.decode("utf-8", "replace"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("aria-invalid") == "true":
            self.fields.add(given.get("name") or "")


def one_of_each(forms: list[tuple[str, dict[str, str]]]) -> list[tuple[str, dict[str, str]]]:
    """Of forms that differ in an id alone, as those of the rows of a table, the first."""
    kinds = {(ID.sub("#", action), *sorted(fields)): (action, fields) for action, fields in reversed(forms)}
    return list(kinds.values())


def went_wrong(answer: Any) -> bool:
    return bool(answer.status_code >= 500)


@each(READABLE)
def test_no_value_in_an_address_is_an_error_of_ours(cast: Cast, name: str) -> None:
    line = LINES[name]
    url = address(cast, name, line, "own")
    browser = client(cast, whoever_may(line), raise_request_exception=False)
    parameters = ASKED.get(name, ("page", "size", "q", "next"))
    with listening() as copied:
        browser.get(url, {"nobody": "1"})
    with listening() as heard:
        browser.get(url, dict(line.also))
        if "nobody" not in copied.read:
            browser.get(url, dict.fromkeys(parameters, "1"))
    # what a page that copies its address into its links reads only where it is given is copied as well
    asked = heard.read | set(ASKED.get(name, ()))
    assert "nobody" in copied.read or asked <= heard.read, "listed, but read no more"
    # a NUL is refused before anything is read
    storable = [value for value in ODD if "\0" not in value]
    one_by_one = [{one: value} for one in sorted(asked) for value in storable]
    # what the page never reads is asked in a heap
    unread = {one: storable for one in parameters if one not in asked}
    heap = [unread, {"page": "\0"}, {"q": "a\0b"}]
    assert [asked for asked in (*one_by_one, *heap) if went_wrong(browser.get(url, asked))] == []


@each(READABLE)
def test_no_value_in_a_form_is_an_error_of_ours(cast: Cast, name: str) -> None:
    """Each value in one field after another, beside others that may pass; then in all of them at once."""
    line = LINES[name]
    url = address(cast, name, line, "own")
    browser = client(cast, whoever_may(line), raise_request_exception=False)
    page = browser.get(url, dict(line.also))
    for action, fields in one_of_each(Forms(page.content.decode("utf-8", "replace")).found):
        form = (ID.sub("#", action or url), *sorted(fields))
        if form in TRIED:
            continue
        TRIED.add(form)
        typed = sorted(set(fields) - OWN)
        right = {one: fields[one] or "文字" for one in typed}

        def send(sent: dict[str, str], to: str = action or url, given: dict[str, str] = fields) -> Any:
            answer = browser.post(to, {**given, **sent, "request_id": str(new_id())})
            assert not went_wrong(answer), (to, sent)
            return answer

        for value in dict.fromkeys((*TYPED, *ALONE)):
            refused = Refused(send(dict.fromkeys(typed, value))).fields if typed else set()
            if value in ALONE:
                # a field that refuses a value refuses it beside right ones too
                for one in typed:
                    if one not in refused:
                        send(right | {one: value})
        assert not went_wrong(browser.post(action or url, dict.fromkeys(fields, "\0")))
    assert not went_wrong(browser.get(url)), "what was stored can be read again"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("&".join(f"a{n}=1" for n in range(2000)), "application/x-www-form-urlencoded", 400),
        ("text=" + "x" * 3_000_000, "application/x-www-form-urlencoded", 413),
        ("text=%5Cud800", "application/x-www-form-urlencoded; charset=unicode_escape", 400),
        ('--B\r\nContent-Disposition: form-data; name="text"\r\n\r\n\\ud800\r\n--B--\r\n',
         "multipart/form-data; boundary=B; charset=raw_unicode_escape", 400),
        ("--B\r\nContent", "multipart/form-data", 400),
        ('--B\r\nContent-Disposition: form-data; name="text"\r\nContent-Transfer-Encoding: base64\r\n\r\n*\r\n--B--',
         "multipart/form-data; boundary=B", 422),
        ("[" * 100_000, "application/json", 422),
    ],
    ids=["many fields", "large", "half a character", "half a character in parts", "no boundary", "base64", "json"],
)  # fmt: skip
def test_a_body_that_no_browser_sends_is_refused(cast: Cast, body: str, kind: str, status: int) -> None:
    for role, url in (("cadre", "/matters/new/"), ("visitor", "/follow")):
        browser = client(cast, role, raise_request_exception=False)
        assert browser.post(url, body, content_type=kind).status_code == status, role


@pytest.mark.parametrize("url", ["/", "/accounts/login/", "/follow", "/households/scan/open/"])
def test_what_no_database_stores_is_refused_before_it_is_read(cast: Cast, url: str) -> None:
    browser = Client(raise_request_exception=False)
    assert browser.get(url, HTTP_COOKIE='sessionid="\\000aaaaaaaaaaaa"').status_code == 400
    assert browser.get(f"{url}?code=%00").status_code == 400
    form = "application/x-www-form-urlencoded; charset=unicode_escape"
    assert browser.get(f"{url}?text=%5Cud800", CONTENT_TYPE=form).status_code == 400
    # what is no form is UTF-8 whatever it calls itself
    assert browser.get(f"{url}?text=%5Cud800", CONTENT_TYPE="text/plain; charset=unicode_escape").status_code in {
        200,
        302,
    }
    shown = browser.get(f"{url}?code=%00")
    assert "script-src 'self' 'nonce-" in shown["Content-Security-Policy"]
    assert 'lang="zh-hans"' in shown.content.decode()
