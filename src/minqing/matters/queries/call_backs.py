"""Matters for other systems: which they reported, which they may search by words, and lists that go on from a row."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Conflict
from minqing.core.ids import parse_human_number
from minqing.matters.enums import Channel
from minqing.matters.models import Matter, Step
from minqing.matters.queries.visibility import visible_matters


def for_caller(actor: Actor) -> QuerySet[Matter]:
    """Visible matters with ``own``: whether ``actor`` reported it. The first step has the matter's own id."""
    own = Exists(Step.objects.filter(pk=OuterRef("pk"), by=actor.ref))
    return visible_matters(actor).annotate(own=own)


def concerning(matters: QuerySet[Matter], actor: Actor) -> QuerySet[Matter]:
    """Those of :func:`for_caller` whose words ``actor`` may read: a search in others would tell what they say."""
    mine = Q(own=True) | Q(lead_unit_id__in=actor.units)
    if actor.units:
        mine |= Q(supporting__overlap=sorted(actor.units))
    return matters.filter(mine)


def is_number(typed: str) -> bool:
    """Whether it is one of our numbers, which tell nothing of anybody."""
    try:
        return bool(parse_human_number(typed))
    except ValueError:
        return False


def called(actor: Actor, name: str) -> object | None:
    """The visible matter of that id or number with ``own``; None without one."""
    try:
        meant: dict[str, object] = {"pk": UUID(name)}
    except ValueError:
        try:
            meant = {"number": parse_human_number(name)}
        except ValueError:
            return None
    return for_caller(actor).defer("search", "ticket").filter(**meant).first()


def numbered(actor: Actor, outside_number: str) -> Matter | None:
    """The visible matter that came from another system under that number."""
    return visible_matters(actor).filter(channel=Channel.PARTNER.value, outside_number=outside_number).first()


@dataclass(frozen=True)
class Order:
    """A list's order: by ``field``, the newest first unless ``ascending``; the id settles ties."""

    field: str
    ascending: bool = False

    def of(self, matters: QuerySet[Matter]) -> QuerySet[Matter]:
        sign = "" if self.ascending else "-"
        return matters.order_by(f"{sign}{self.field}", f"{sign}id")

    def token(self, row: dict[str, Any]) -> str:
        """Where the next page goes on; opaque to whoever gives it back."""
        told = f"{self.field} {row[self.field].isoformat()} {row['id']}"
        return urlsafe_b64encode(told.encode()).decode().rstrip("=")

    def behind(self, matters: QuerySet[Matter], token: str) -> QuerySet[Matter]:
        """Those behind the row that ``token`` stands for. Raises Conflict ``after``."""
        at, id = self.parsed(token)
        side = "gt" if self.ascending else "lt"
        # the first condition alone lets an index begin at the row
        beyond = Q(**{f"{self.field}__{side}": at}) | Q(**{self.field: at, f"id__{side}": id})
        return matters.filter(Q(**{f"{self.field}__{side}e": at}) & beyond)

    def parsed(self, token: str) -> tuple[datetime, UUID]:
        try:
            field, at, id = urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().split(" ")
            moment = datetime.fromisoformat(at)
            if field == self.field and moment.tzinfo is not None and 2000 <= moment.year <= 2100:
                return moment, UUID(id)
        except (ValueError, binascii.Error):
            pass
        raise Conflict("after", _("“after” is what the page before gave as “next”, with the same filters."))


NEWEST = Order("received_at")
CHANGES = Order("changed_at", ascending=True)
