"""Matters by the numbers that other systems know them by."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from minqing.core.actor import Actor
from minqing.core.ids import parse_human_number
from minqing.matters.enums import Channel
from minqing.matters.models import Matter
from minqing.matters.queries.visibility import visible_matters


def matter_named(actor: Actor, name: str, *, channel: Channel, outside_number: str) -> Matter | None:
    """The visible matter called ``matter:<id>`` or by our own number, else by the sender's number in its channel."""
    found = _related(actor)
    if name.startswith("matter:"):
        try:
            return found.filter(pk=UUID(name.removeprefix("matter:"))).first()
        except ValueError:
            return None
    try:
        return found.filter(number=parse_human_number(name)).first()
    except ValueError:
        return found.filter(channel=channel.value, outside_number=outside_number).first()


def _related(actor: Actor) -> QuerySet[Matter]:
    return visible_matters(actor).select_related("area", "category", "lead_unit")
