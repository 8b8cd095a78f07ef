"""Keeping the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid
from minqing.files.services import hold_pictures
from minqing.journal.idempotency import sent_once
from minqing.journal.services import Json, record
from minqing.redeeming import rules
from minqing.redeeming.enums import ItemKind
from minqing.redeeming.models import Item
from minqing.redeeming.queries import item_sent


class Words(TypedDict, total=False):
    """What is said of an item."""

    kind: ItemKind
    name: str
    price: int
    monthly_limit: int | None
    picture: UUID | None


@sent_once(made=lambda given: item_sent(given["id"]))
def add_item(*, id: UUID, area_id: int, by: Actor, at: datetime | None = None, **words: Unpack[Words]) -> Item:
    """Something more that people of an area may have for points. Event: ``redeeming.item.added``."""
    rules.may_keep(by, area_id).require()
    at = at or clock.now()
    checked(words)
    item = Item(id=id, area_id=area_id, added_at=at, changed_at=at)
    put(item, {**words})
    item.save(force_insert=True)
    told: dict[str, Json] = {"area": area_id, "kind": item.kind, "price": item.price}
    record(type="redeeming.item.added", subject=f"item:{id}", by=by, at=at, data=told)
    return item


@transaction.atomic
def change_item(
    *, item: Item, by: Actor, active: bool | None = None, at: datetime | None = None, **words: Unpack[Words]
) -> Item:
    """Say something else of it, or offer it no more. What was had for it stays as it was.

    Event: ``redeeming.item.changed``, if anything did.
    """
    row = Item.objects.select_for_update().get(pk=item.pk)
    rules.may_keep(by, row.area_id).require()
    checked(words)
    changed = put(row, {**words, **({} if active is None else {"active": active})})
    if changed:
        row.changed_at = at or clock.now()
        row.save(update_fields=[*changed, "changed_at"])
        told: dict[str, Json] = {
            "area": row.area_id,
            "fields": list(changed),
            "price": row.price,
            "active": row.active,
        }
        record(type="redeeming.item.changed", subject=f"item:{row.pk}", by=by, at=row.changed_at, data=told)
    return row


def checked(words: Words) -> None:
    if not 0 < words.get("price", 1) <= rules.DEAREST:
        raise Invalid("item_price", _("This number of points cannot be."))
    limit = words.get("monthly_limit")
    if limit is not None and not 0 < limit <= rules.OFTEN:
        raise Invalid("item_limit", _("This number cannot be."))
    picture = words.get("picture")
    if picture is not None and not hold_pictures(ids=[picture]):
        raise Conflict("no_picture", _("The picture is not there any more. Choose it again."))


def put(item: Item, words: Mapping[str, object]) -> list[str]:
    """Write what is said; returns the names of what it has changed."""
    changed = []
    for name, value in words.items():
        field = "picture_id" if name == "picture" else name
        if getattr(item, field) != value:
            setattr(item, field, value)
            changed.append(name)
    return sorted(changed)
