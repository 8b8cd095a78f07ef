"""Lists that somebody comes back to."""

from __future__ import annotations

import re

import pytest

from minqing.core.errors import Invalid
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.listing import kinds, services
from minqing.listing.forms import KeepForm
from minqing.listing.models import SavedFilter
from minqing.privacy.access import acting_as
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_list_is_kept_with_what_the_filters_know_and_nothing_else(cast: Cast) -> None:
    client = cast.client("clerk")
    sent = {
        "request_id": str(new_id()),
        "list": "matters",
        "name": "本镇超期",
        "query": "light=red&state=nonsense&evil=1&order=due&area=x",
    }
    assert client.post("/matters/lists/save/", sent)["Location"] == "/matters/?light=red&order=due"
    again = sent | {"request_id": str(new_id()), "query": "text=路灯"}
    assert client.post("/matters/lists/save/", again).status_code == 302
    for wrong in ({"name": ""}, {"query": "evil=1"}):
        assert client.post("/matters/lists/save/", again | wrong | {"request_id": str(new_id())}).status_code == 422
    with acting_as(cast.actor("clerk")):
        assert list(SavedFilter.objects.values_list("name", "query")) == [("本镇超期", "text=%E8%B7%AF%E7%81%AF")]
        key = SavedFilter.objects.get().pk
    # it belongs to the one who kept it, by both walls
    with acting_as(cast.actor("far_clerk")):
        assert not SavedFilter.objects.exists()
    assert "本镇超期" not in cast.client("far_clerk").get("/matters/lists/").content.decode()
    assert cast.client("far_clerk").post(f"/matters/lists/{key}/drop/").status_code == 404
    assert "本镇超期" in client.get("/matters/lists/").content.decode()
    assert client.post(f"/matters/lists/{key}/drop/").status_code == 302
    shown = client.get("/matters/lists/").content.decode()
    assert f"/matters/lists/{key}/drop/" not in shown
    # nobody is asked before: the message brings the way back
    undo = shown[shown.index("data-undo") :]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', undo[: undo.index("</form>")]))
    assert client.post("/matters/lists/save/", fields)["Location"] == "/matters/?text=%E8%B7%AF%E7%81%AF"
    assert "本镇超期" in client.get("/matters/lists/").content.decode()


@pytest.mark.fault(73)
def test_a_name_that_is_too_long_is_refused_and_never_cut(cast: Cast) -> None:
    longest = KeepForm.base_fields["name"].max_length  # type: ignore[attr-defined]
    with pytest.raises(Invalid):
        services.save_filter(
            id=new_id(), kept="matters", name="字" * (longest + 1), query="state=new", by=cast.actor("clerk")
        )


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("queue=overdue&kind=copy", "kind=copy&queue=overdue"),
        ("queue=overdue", "queue=overdue"),
        ("order=received&page=2", "order=received"),
        # what there is not is passed over, and the rest stays: as the list itself does
        ("queue=evil&state=evil&kind=copy", "kind=copy"),
    ],
)
def test_a_tab_and_an_order_are_kept_with_the_filters(cast: Cast, query: str, kept: str) -> None:
    sent = {"request_id": str(new_id()), "list": "rights", "name": "常看", "query": query}
    assert cast.client("clerk").post("/matters/lists/save/", sent)["Location"] == f"/rights/?{kept}"


def test_a_filter_that_is_too_long_is_said_to_be_and_not_that_there_is_none(cast: Cast) -> None:
    with acting_as(clerk := cast.actor("clerk")):
        for query, code in (("", "query"), ("text=" + "x" * services.QUERY_LENGTH, "query_long")):
            with pytest.raises(Invalid) as refused:
                services.save_filter(id=new_id(), kept="matters", name="常看", query=query, by=clerk)
            assert refused.value.code == code


def test_two_lists_may_have_filters_of_one_name_and_each_goes_back_to_its_own(cast: Cast) -> None:
    client = cast.client("clerk")
    for name, query, address in (
        ("matters", "state=open", "/matters/?state=open"),
        ("visits", "met=nobody", "/visits/?met=nobody"),
    ):
        sent = {"request_id": str(new_id()), "list": name, "name": "常看", "query": query}
        assert client.post("/matters/lists/save/", sent)["Location"] == address
        assert address in client.get("/matters/lists/").content.decode()
    assert [one.data for one in Event.objects.filter(type="listing.filter.saved").order_by("seq")] == [
        {"list": "matters"}, {"list": "visits"},
    ]  # fmt: skip


def test_nobody_keeps_a_list_that_is_not_theirs_that_is_not_kept_or_not_there(cast: Cast) -> None:
    for who, name in (("handler", "visits"), ("clerk", "households"), ("clerk", "nothing")):
        sent = {"request_id": str(new_id()), "list": name, "name": "常看", "query": "met=nobody"}
        assert cast.client(who).post("/matters/lists/save/", sent).status_code == 404
        assert f'name="list" value="{name}"' not in cast.client(who).get(f"/{name}/").content.decode()


def test_what_was_kept_of_a_list_that_no_room_brings_any_more_is_not_shown(cast: Cast) -> None:
    with acting_as(clerk := cast.actor("clerk")):
        services.save_filter(id=new_id(), kept="gone", name="旧的", query="x=1", by=clerk)
    assert kinds.LISTS.get("gone") is None
    assert "旧的" not in cast.client("clerk").get("/matters/lists/").content.decode()
