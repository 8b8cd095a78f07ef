"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from minqing.core import clock
from minqing.files.services import store_picture
from minqing.org.models import Area
from minqing.redeeming.models import Item
from minqing.redeeming.rules import KEEPERS, READERS, may_keep
from tests.architecture.acts import Act, at_home
from tests.architecture.matrix import Line
from tests.architecture.reasons import FINDS_CHANGES, ONE_ROW
from tests.cast import Cast
from tests.files.pictures import jpeg


def item(cast: Cast, area: Area) -> tuple[UUID]:
    now = clock.now()
    with cast.everything():
        return (Item.objects.create(area=area, name="矿泉水", price=15, added_at=now, changed_at=now).pk,)


def pictured(cast: Cast, area: Area) -> tuple[UUID]:
    (id,) = item(cast, area)
    with cast.everything() as by:
        picture = store_picture(id=id, upload=BytesIO(jpeg()), name="水.jpg", by=by)
        Item.objects.filter(pk=id).update(picture=picture)
    return (id,)


LINES = {
    "redeeming:items": Line(READERS),
    "redeeming:add": Line(KEEPERS),
    "redeeming:item": Line(READERS, at=item),
    "redeeming:picture": Line(READERS, at=pictured),
}
ACTS = {
    "add_item": Act("redeeming:add", at_home(may_keep)),
    "change_item": Act("redeeming:item", at_home(may_keep), shared=True),
}
ADDS = {"AddItemForm"}
BY_SERVICE = {
    "redeeming.forms.catalogue.AddItemForm": "redeeming.services.catalogue.add_item",
    "redeeming.forms.catalogue.ChangeItemForm": FINDS_CHANGES,
}
LOCKED = {"redeeming.services.catalogue.change_item": ONE_ROW}
