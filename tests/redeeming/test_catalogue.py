"""What there is for points: said, seen by those of the place, changed, offered no more."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from minqing.core.errors import Invalid, Refused
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.privacy.access import acting_as
from minqing.redeeming.enums import ItemKind
from minqing.redeeming.models import Item
from minqing.redeeming.queries import offered_in
from minqing.redeeming.services import add_item, change_item
from tests.cast import Cast
from tests.files.pictures import jpeg

pytestmark = pytest.mark.django_db
LIST, ADD = "redeeming:items", "redeeming:add"


def added(cast: Cast, name: str = "矿泉水", who: str = "clerk", area: Any = None, **more: Any) -> Item:
    with acting_as(by := cast.actor(who)):
        given = {"kind": ItemKind.GOOD, "name": name, "price": 15, "monthly_limit": None} | more
        return add_item(id=new_id(), area_id=(area or cast.own).pk, by=by, **given)  # type: ignore[typeddict-item]


def test_what_is_added_with_its_picture_is_seen_and_told(cast: Cast, tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = cast.client("village_secretary")
    form = client.get(reverse(ADD)).context["form"]
    data = {"request_id": str(form["request_id"].value()), "area": cast.own.pk, "kind": "good", "name": "矿泉水",
            "price": "15", "monthly_limit": "4", "photos": SimpleUploadedFile("water.jpg", jpeg())}  # fmt: skip
    answer = client.post(reverse(ADD), data)
    assert answer.status_code == 302
    with cast.everything():
        item = Item.objects.get()
        event = Event.objects.get(type="redeeming.item.added")
    assert (item.price, item.monthly_limit, item.active) == (15, 4, True)
    assert event.data == {"area": cast.own.pk, "kind": "good", "price": 15}
    assert client.get(reverse("redeeming:picture", args=[item.pk])).headers["Content-Type"] == "image/jpeg"
    assert "矿泉水" in client.get(reverse(LIST)).content.decode()
    assert "矿泉水" not in cast.client("far_clerk").get(reverse(LIST)).content.decode()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"price": "0"}, "price"), ({"price": "五"}, "price"), ({"monthly_limit": "-1"}, "monthly_limit"),
     ({"name": " "}, "name"), ({"area": "0"}, "area"), ({"photos": SimpleUploadedFile("a.jpg", b"no")}, "photos")],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field(cast: Cast, wrong: dict[str, Any], told: str) -> None:
    data = {"request_id": str(new_id()), "area": cast.own.pk, "kind": "good", "name": "水", "price": "15"}
    answer = cast.client("clerk").post(reverse(ADD), data | wrong)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [told]
    assert not Item.objects.exists()


def test_what_is_changed_is_a_conflict_for_who_saw_it_before(cast: Cast) -> None:
    item, client = added(cast), cast.client("clerk")
    page = reverse("redeeming:item", args=[item.pk])
    seen = client.get(page).context["form"].token
    data = {"seen": seen, "kind": "good", "name": "矿泉水", "price": "20", "active": "on"}
    assert client.post(page, data | {"request_id": str(new_id())}).status_code == 302
    assert Item.objects.get().price == 20
    late = client.post(page, data | {"request_id": str(new_id()), "price": "25"})
    assert (late.status_code, Item.objects.get().price) == (409, 20)


def test_a_village_has_its_own_and_its_township_s_and_nothing_that_ended(cast: Cast) -> None:
    added(cast, "村里的"), added(cast, "镇里的", area=cast.town), added(cast, "邻村的", area=cast.other)
    gone = added(cast, "没有了")
    with acting_as(by := cast.actor("village_secretary")):
        change_item(item=gone, active=False, by=by)
    assert {one.name for one in offered_in(cast.own.pk)} == {"村里的", "镇里的"}


def test_nobody_keeps_what_is_for_another_place_or_without_being_its_keeper(cast: Cast) -> None:
    for who, area in (("far_clerk", cast.own), ("village_secretary", cast.town), ("cadre", cast.own)):
        with pytest.raises(Refused):
            added(cast, who=who, area=area)
    with pytest.raises(Invalid):
        added(cast, price=0)
    item = added(cast)
    assert cast.client("cadre").post(reverse("redeeming:item", args=[item.pk])).status_code == 403


def test_the_list_takes_as_many_queries_with_three_rows_as_with_one(cast: Cast, django_assert_num_queries: Any) -> None:
    client, page = cast.client("clerk"), reverse(LIST)
    for _time in range(2):
        added(cast)
        client.get(page)
        with django_assert_num_queries(7):
            client.get(page)
        added(cast), added(cast)
