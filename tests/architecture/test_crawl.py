"""Every link, picture and form of the pages of each role, as far as they lead: nothing offered answers 403, 404 or 500.

Each shape of an address is looked at once: the hundredth matter is like the first, and ``tests/matters/test_doors.py``
looks at one in each state.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from minqing.core.ids import new_id
from minqing.files.services import store_picture
from minqing.matters.models import Evidence, Matter
from minqing.org.enums import Role
from tests.architecture.forms import Offered, Page
from tests.architecture.matrix import LINES
from tests.architecture.of_rooms import brought
from tests.architecture.rows import each
from tests.cast import Cast, category
from tests.matters.lives import Life
from tests.matters.test_doors import LIVES, lived
from tests.matters.test_views import jpeg

pytestmark = [pytest.mark.django_db, pytest.mark.fault(88), pytest.mark.fault(89)]

# another's page: signing out or another post would end the walk, start passwords are shown once, and what is not served
NOT_OURS = ("/static/", "/accounts/", "/i18n/", "/me/post", "/operator/people/passwords/")
# listed pages to which no link leads, and how one comes there
BY_OTHER_WAYS = brought("BY_OTHER_WAYS")


def county(cast: Cast) -> Cast:
    """A little of everything that can be opened, in the village ``own``."""
    life = Life(cast)
    category()
    for name in LIVES:
        matter = lived(life, name, "bureau")
        with cast.everything() as by:
            if name in {"received", "answered"}:
                kept = store_picture(id=new_id(), upload=jpeg(), name="home.jpg", by=by)
                Evidence.objects.create(matter=matter, attachment=kept)
            if name == "confirmed":
                Matter.objects.filter(pk=matter.pk).update(category="road")
    for plant in brought("PLANTED"):
        plant(cast)
    return cast


@cache
def shape(url: str) -> tuple[str, ...] | None:
    """The name of the page and of what it is asked with; None for what is none of our pages."""
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith(NOT_OURS):
        return None
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        name = f"nothing at {parts.path}"
    return (name, *sorted(parse_qs(parts.query)))


class Walk:
    """Somebody who opens everything that is offered."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.seen: set[Any] = set()
        self.opened: set[str] = set()
        # pages that are printed: what a list is asked with chooses their rows, and that is looked at on the list
        self.printed: set[str] = set()
        self.wrong: list[str] = []

    def from_page(self, start: str) -> None:
        queue: deque[tuple[str, str]] = deque([(start, "")])
        while queue:
            url, came_from = queue.popleft()
            queue.extend(self.look(url, came_from))

    def look(self, url: str, came_from: str) -> Iterator[tuple[str, str]]:
        key = shape(url)
        if key is None or key in self.seen or key[0] in self.printed:
            return
        self.seen.add(key)
        with transaction.atomic():
            answer = self.client.get(url)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        self.opened.add(key[0])
        if answer.get("Content-Type") == "application/pdf":
            self.printed.add(key[0])
        if answer.status_code >= 400:
            self.wrong.append(f"{came_from} offers {url}, which answers {answer.status_code}")
        elif answer.status_code in {301, 302}:
            yield urljoin(url, answer["Location"]), url
        elif "html" in answer.get("Content-Type", ""):
            page = Page(content.decode())
            self.wrong += [f"{url} puts markup where text belongs: {one}" for one in page.marked]
            yield from ((urljoin(url, link), url) for link in [*page.links, *page.pictures])
            for form in [*page.forms, *page.elsewhere]:
                self.send(form, url)

    def send(self, form: Offered, url: str) -> None:
        """As it stands, filled in; then it is as if it had not been sent."""
        address = urljoin(url, form.action)
        key = shape(address)
        if key is None or (form.method, key) in self.seen:
            return
        self.seen.add((form.method, key))
        self.opened.add(key[0])
        with transaction.atomic():
            ask = self.client.post if form.method == "post" else self.client.get
            status = ask(address, form.filled()).status_code
            transaction.set_rollback(True)
        # nothing readable was typed or scanned
        if status >= 400 and status != 422 and key[0] != "households:typed":
            self.wrong.append(f"the form of {url} to {form.method} {address} answers {status}")


@each(list(Role), shares=4, laid=county)
def test_nothing_that_a_page_offers_is_refused(county: Cast, role: Role) -> None:
    walk = Walk(county.client(role.value))
    walk.from_page("/")
    assert not walk.wrong, "\n".join(walk.wrong)
    readable = {name: line for name, line in LINES.items() if role in line.roles and not line.post}
    mine = {name for name, line in readable.items() if line.expected(role, "own") < 400}
    unseen = mine - walk.opened - set(BY_OTHER_WAYS)
    assert not unseen, f"no link leads {role} to {sorted(unseen)}"
