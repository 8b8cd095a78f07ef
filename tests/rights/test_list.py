"""The list of requests: what waits, for whom, by when, and the table of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minqing.core import clock
from minqing.households.services import save_household
from minqing.journal.models import Event
from minqing.privacy.access import acting_as
from minqing.rights import exports, queries, rules, services
from minqing.rights.enums import ProofPlace, RequestKind, State
from minqing.rights.listeners import household_moved
from minqing.rights.lists import found_for
from minqing.rights.models import Request
from minqing.rights.queries import NUMBERED
from tests.cast import Cast, at
from tests.rights.cases import Asking

pytestmark = pytest.mark.django_db
WHO = ("cadre", "village_secretary", "clerk", "far_clerk", "leader")


@pytest.fixture
def asking(cast: Cast) -> Asking:
    return Asking(cast)


def page(cast: Cast, who: str = "clerk", **query: str) -> str:
    return cast.client(who).get(reverse("rights:list"), query).content.decode()


def numbers(html: str) -> list[str]:
    return re.findall(r"RQ-[0-9-]+", html)


def test_what_waits_for_somebody_is_what_they_may_go_on_with(asking: Asking) -> None:
    row = asking.ask()
    for role in WHO:
        actor = asking.cast.actor(role)
        for state in State:
            for kind in (RequestKind.COPY, RequestKind.EXPLAIN):
                for place in ProofPlace:
                    for own in (True, False):
                        values: dict[str, Any] = {
                            "state": state.value, "kind": kind.value, "prove_at": place.value,
                            "taken_by_id": actor.id if own else None, "checked_by_id": actor.id if own else None,
                        }  # fmt: skip
                        for name, value in values.items():
                            setattr(row, name, value)
                        with asking.cast.everything():
                            Request.objects.filter(pk=row.pk).update(**values)
                        with acting_as(actor):
                            listed = queries.QUEUES.within(queries.visible_requests(actor), "turn", actor).exists()
                        assert listed is rules.waits_for(actor, row.situation), (role, values)


def test_tabs_tell_what_waits_and_filters_narrow_them(asking: Asking) -> None:
    late = asking.ask(RequestKind.COPY, at=at("2026-06-01 09:00"))
    done = asking.do("cadre", services.answer_request, asking.done(RequestKind.EXPLAIN))
    new = asking.ask(RequestKind.CORRECT, values={"phone": "13857509999"})
    html = page(asking.cast)
    assert re.findall(r'<span class="count">(\d+)</span>', html) == ["2", "2", "1"]
    # what is open stands first, what is due first before it
    assert numbers(html) == [late.number, new.number, done.number]
    assert numbers(page(asking.cast, queue="overdue")) == [late.number]
    assert numbers(page(asking.cast, queue="open", kind="correct")) == [new.number]
    assert numbers(page(asking.cast, state="answered")) == [done.number]
    assert numbers(page(asking.cast, order="received"))[0] == new.number
    # what there is not narrows nothing
    assert len(numbers(page(asking.cast, kind="evil"))) == 3


def test_the_deadline_is_told_in_words_and_not_of_what_was_taken_back(asking: Asking) -> None:
    asking.ask(at=at("2026-06-01 09:00"))
    assert "due-late" in page(asking.cast)
    with asking.cast.everything():
        now = clock.now()
        Request.objects.update(received_at=now, due_at=now + timedelta(days=20))
    assert "due-ok" in page(asking.cast)
    asking.do("clerk", services.take_back_request, Request(pk=queries_first(asking)))
    assert "due-" not in page(asking.cast).split('id="rows"')[1]
    with asking.cast.everything() as by:
        assert [row[6] for row in exports.cells(Request.objects.select_related("area"), by)] == [""]


def queries_first(asking: Asking) -> Any:
    with asking.cast.everything():
        return Request.objects.values_list("pk", flat=True).get()


def test_the_table_is_what_the_list_shows(asking: Asking) -> None:
    asking.ask(RequestKind.COPY)
    late = asking.ask(RequestKind.EXPLAIN, at=at("2026-06-01 09:00"))
    new = asking.ask(RequestKind.EXPLAIN)
    actor, table = asking.cast.actor("clerk"), exports.REQUESTS
    for asked, found in (
        ("kind=explain&queue=overdue&evil=1&state=evil", [late]),
        ("kind=explain", [late, new]),
        ("kind=explain&order=received", [new, late]),
    ):
        with acting_as(actor):
            numbered = [one.number for one in table.rows_of(actor, table.cleaned(asked, actor))]
        assert numbered == [one.number for one in found]
        assert numbered == numbers(page(asking.cast, **QueryDict(asked).dict()))
    assert len(dict(table.worded({"kind": "explain", "queue": "overdue", "state": "open"}))) == 3


def test_an_empty_list_offers_to_take_one_in_to_those_who_may(cast: Cast) -> None:
    assert reverse("rights:new") in page(cast, "cadre").split('id="rows"')[1]
    assert reverse("rights:new") not in page(cast, "leader")


@pytest.mark.parametrize("size", [1, 3])
def test_a_long_list_asks_the_database_no_more_than_a_short_one(asking: Asking, size: int) -> None:
    for _one in range(size):
        asking.ask()
    client = asking.cast.client("clerk")
    client.get(reverse("rights:list"))
    with CaptureQueriesContext(connection) as seen:
        assert len(numbers(client.get(reverse("rights:list")).content.decode())) == size
    # the rows, the figures below them, and how many wait
    assert sum('FROM "rights_request"' in one["sql"] for one in seen) == 3


def test_a_number_is_found_however_it_is_typed(asking: Asking) -> None:
    row = asking.ask()
    wide = row.number.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    forms = (row.number, row.number.lower(), f" {row.number} ", row.number.replace("-", "—"), wide)
    with acting_as(by := asking.cast.actor("clerk")):
        found = {typed: ([one.pk for one in found_for(by, typed, None)], NUMBERED.found(by, typed)) for typed in forms}
    assert found == dict.fromkeys(forms, ([row.pk], str(row.pk)))


def test_requests_of_a_household_that_moves_are_seen_where_it_lives_now(cast: Cast, asking: Asking) -> None:
    row = asking.ask(prove_at=ProofPlace.HOME)
    with cast.everything() as by:
        # as counties write them: their own numbers have no small letters
        asking.home.number = asking.home.number.upper()
        asking.home.save()
        save_household(number=asking.home.number, area_id=cast.other.pk, by=by)
        household_moved(Event.objects.get(type="households.household.updated"))
    for who, sees in (("village_secretary", False), ("other_cadre", True)):
        with acting_as(actor := cast.actor(who)):
            assert queries.visible_requests(actor).filter(pk=row.pk).exists() is sees
