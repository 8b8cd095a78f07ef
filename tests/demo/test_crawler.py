"""The page bench finds every page of a role by itself."""

from __future__ import annotations

import pytest
from django.test import Client

from minqing.demo.bench import BARE, time_pages
from minqing.demo.crawler import VISITOR, Page, plain_addresses, walk
from tests.architecture.matrix import LINES
from tests.cast import Cast

pytestmark = pytest.mark.fault(124)


# what answers with a file, and is no page
PAPERS = {"matters:slips", "visits:manifest", "visits:worker"}


def test_every_page_is_found_unasked(cast: Cast) -> None:
    cast.matter()
    # a queue in which nothing waits is no way to go
    cast.matter(contested=True)
    for role, client in (("clerk", cast.client("clerk")), (VISITOR, Client())):
        found = list(walk(client, role, plain_addresses(role)))
        known = {name for name, line in LINES.items() if not (line.at or line.post) and line.expected(role, "") == 200}
        assert known - {page.name for page in found} <= PAPERS
        shapes = {page.shape for page in found}
        assert len(shapes) == len(found)
        if role == VISITOR:
            continue
        # what the plain pages lead to, and each filter alone, else there would be no end
        for name, query in (
            ("matters:detail", {}),
            ("matters:list", {"state": "open"}),
            ("matters:list", {"light": "red"}),
            ("listing:worklist", {"queue": "matters.contested"}),
            ("visits:list", {"met": "nobody"}),
            ("matters:wall", {"since": "*"}),
        ):
            assert (name, frozenset(query.items())) in shapes, (name, query)
        assert ("matters:list", frozenset({"state": "open", "light": "red"}.items())) not in shapes


def test_a_page_is_told_with_time_statements_and_bytes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("minqing.demo.bench.client_for", lambda _name: cast.client("clerk"))
    (timing,) = time_pages([Page("matters:list", "/matters/", "clerk")], rounds=1)
    assert timing.html
    assert timing.ms > 0 < timing.ratio
    assert 0 < timing.queries < 20
    assert timing.kilobytes > 5
    assert BARE.name != timing.page
