"""Finds every page of every role of the demo: from the URL configuration, and by following what the pages link to.

A page that is added to the house is found without being listed here: its address without arguments stands in the URL
configuration with the roles of its gate, one with arguments is linked to from somewhere, and a filter is in its form.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse

from minqing.core import clock
from minqing.demo.parts import parts
from minqing.demo.staff import SIGN_INS
from minqing.org.queries import system_actor
from minqing.privacy.access import transaction_as
from minqing.web.paging import LAST_PAGE

HOST = "127.0.0.1"
VISITOR = "visitor"
EVERYBODY = (VISITOR, *[one.username for one in SIGN_INS])
# for machines, or no page of ours
NO_PAGES = ("api:", "open311:", "partners:events", "partners:inbox", "set_language", "account_logout")
# of a choice of a filter so many are tried, of a longer one the last alone
CHOICES = 12
# what every seventh matter of the demo says
FREQUENT = "附近"
# more would be a page that links to new kinds of pages without end
MOST = 400
HTML = "text/html"
PAGES = {HTML, "application/json"}
# a queue of the worklist has its list's name before its own
WORD = re.compile(r"[a-z_]+(?:\.[a-z_]+)?")


@dataclass(frozen=True)
class Page:
    """A page to time: its name in the URL configuration, its address and who opens it (a user name of the demo)."""

    name: str
    url: str
    username: str

    @property
    def shape(self) -> tuple[str, frozenset[tuple[str, str]]]:
        """What makes it another page than the next: its name, what is asked for, and how where that is a word."""
        return self.name, frozenset(
            (key, value if WORD.fullmatch(value) else "*") for key, value in parse_qsl(urlsplit(self.url).query)
        )

    @property
    def asked(self) -> frozenset[str]:
        """The names of its query."""
        return frozenset(key for key, _value in parse_qsl(urlsplit(self.url).query))

    def carries(self, other: Page) -> bool:
        """Whether it takes over what ``other`` was narrowed to: of filters each is tried alone."""
        return bool(other.asked) and other.asked <= self.asked


@dataclass
class Found(HTMLParser):
    """What a page leads to: its links, and the choices of its filters."""

    links: list[str] = field(default_factory=list)
    action: str | None = None
    select: list[tuple[str, str]] | None = None
    name: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.links += [given[name] for name in ("href", "hx-get") if name in given and tag in {"a", "div", "button"}]
        if tag == "form":
            self.action = given.get("action", "") if given.get("method", "get").lower() == "get" else None
        elif self.action is not None and tag == "select":
            self.select, self.name = [], given.get("name", "")
        elif self.select is not None and tag == "option" and given.get("value"):
            self.select.append((self.name, given["value"]))
        elif self.action is not None and tag == "input":
            self.handle_input(given)

    def handle_input(self, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        asked = {
            "checkbox": given.get("value", "on"),
            "date": (clock.today() - timedelta(days=364)).isoformat() if name.endswith("since") else "",
            "search": FREQUENT,
        }.get(kind, "")
        if name and asked:
            self.ask((name, asked))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.action = None
        elif tag == "select" and self.select is not None:
            for one in self.select if len(self.select) <= CHOICES else self.select[-1:]:
                self.ask(one)
            self.select = None

    def ask(self, pair: tuple[str, str]) -> None:
        self.links.append(f"{self.action}?{urlencode([pair])}")


def client_for(username: str) -> Client:
    client = Client(headers={"host": HOST})
    if not username:
        return client
    account = get_user_model().objects.get(username=username)
    client.force_login(account, backend="minqing.org.auth_backend.AccountContextBackend")
    return client


def every_page(usernames: Iterable[str] = EVERYBODY) -> Iterator[Page]:
    """All pages of these people that answer with something to read, each once."""
    roles = {one.username: one.role.value for one in SIGN_INS}
    for username in usernames:
        role = roles.get(username, VISITOR)
        starts = [*plain_addresses(role), *(private_addresses() if role == VISITOR else ())]
        yield from walk(client_for("" if role == VISITOR else username), username, starts)


def plain_addresses(role: str) -> Iterator[str]:
    """The addresses without arguments that the gate opens to ``role`` (``visitor``: to anybody)."""
    for name, pattern in named(get_resolver().url_patterns, ""):
        gate = getattr(pattern.callback, "gate", None)
        if gate is None or pattern.pattern.converters or name.startswith(NO_PAGES):
            continue
        if gate.anyone if role == VISITOR else role in gate.roles:
            yield reverse(name)
    if role == VISITOR:
        yield reverse("account_login")


def named(patterns: Iterable[URLPattern | URLResolver], space: str) -> Iterator[tuple[str, URLPattern]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from named(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space)
        elif one.name:
            yield f"{space}{one.name}", one


def private_addresses() -> list[str]:
    """What somebody without an account has in hand: no page leads there."""
    with transaction_as(system_actor("bench")) as by:
        return [address for part in parts() for address in part.addresses(by=by)]


def shape_of(page: Page) -> Hashable:
    return page.shape


def walk(
    client: Any, username: str, starts: Iterable[str], same: Callable[[Page], Hashable] = shape_of
) -> Iterator[Page]:
    """Pages from ``starts`` on, in the order in which they are found, one of those that are the ``same``.

    One that fails raises. ``client`` is Django's, or whatever answers ``get`` as it does.
    """
    seen: set[Hashable] = set()
    waiting: deque[Page] = deque()
    # print sheets, pictures and tables to keep are no pages, whatever they are asked for
    papers: set[str] = set()

    def find(urls: Iterable[str], page: Page | None) -> None:
        for url in urls:
            one = page_at(url, username)
            if one is None or same(one) in seen or (page and one.carries(page)):
                continue
            seen.add(same(one))
            waiting.append(one)

    find(starts, None)
    while waiting and len(seen) < MOST:
        page = waiting.popleft()
        if page.name in papers:
            continue
        answer = client.get(page.url)
        if answer.status_code >= 500:
            raise RuntimeError(f"{page.name} {page.url} answered {answer.status_code} to {username}")
        kind = answer.get("Content-Type", "").partition(";")[0]
        if answer.status_code == 200 and kind not in PAGES:
            papers.add(page.name)
        elif answer.status_code == 200:
            yield page
            if kind == HTML:
                find(links_of(page, answer.content.decode()), page)


def links_of(page: Page, html: str) -> list[str]:
    """Where a page leads; where it has a next page, the last that anybody can ask for as well."""
    found = Found()
    found.feed(html)
    links = [urljoin(page.url, link) for link in found.links]
    if any(re.search(r"[?&]page=2\b", link) for link in links):
        yet = "&" if "?" in page.url else "?"
        links.append(f"{page.url}{yet}page={LAST_PAGE}")
    return links


def page_at(url: str, username: str) -> Page | None:
    parts = urlsplit(url)
    if parts.netloc or parts.scheme:
        return None
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        return None
    if not name or name.startswith(NO_PAGES):
        return None
    return Page(name, parts.path + (f"?{parts.query}" if parts.query else ""), username)
