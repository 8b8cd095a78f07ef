"""A fixed cast: one city, two townships, three villages, and one person for each role and distance.

``own`` is the village 棠溪村 of 石璜镇 (made-up people, real-sounding names), ``other`` another village of the same
township, ``far`` a village of another township.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.test import Client

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import digest, new_id
from minqing.households.models import Household, HouseholdCode, Resident
from minqing.matters.models import Category, Matter
from minqing.org.enums import Level, Role, UnitKind
from minqing.org.models import Account, Area, Post, Unit
from minqing.org.queries import actor_of, system_actor
from minqing.privacy.access import acting_as

PASSWORD = "a-long-pass-phrase"
# a fast hash would be set in settings for tests; made once instead
_HASHED: list[str] = []


def hashed() -> str:
    if not _HASHED:
        from django.contrib.auth.hashers import make_password

        _HASHED.append(make_password(PASSWORD))
    return _HASHED[0]


@dataclass
class Cast:
    """Everybody and everything of the fixed cast; ``people`` by role (own village or township) and distance."""

    city: Area
    town: Area
    other_town: Area
    own: Area
    other: Area
    far: Area
    office: Unit
    bureau: Unit
    committee: Unit
    people: dict[str, Account] = field(default_factory=dict)

    def account(self, role: str) -> Account:
        return self.people[role]

    def actor(self, role: str) -> Actor:
        account = self.people[role]
        post = Post.objects.select_related("area").get(account=account)
        return actor_of(account, post)

    def client(self, role: str) -> Client:
        """A browser in which ``role`` is signed in; it checks CSRF tokens no more than Django's test client does."""
        client = Client()
        client.force_login(self.people[role], backend="minqing.org.standing.StandingBackend")
        return client

    @contextlib.contextmanager
    def everything(self) -> Iterator[Actor]:
        """See and write all areas, to lay out rows and to look at what a test did."""
        with acting_as(system_actor("test")) as actor:
            yield actor

    def household(self, area: Area | None = None, *, number: str | None = None, **values: Any) -> Household:
        with self.everything():
            return Household.objects.create(
                number=number or f"H{new_id().hex[-10:]}",
                area=area or self.own,
                **{"address": "溪边路3号"} | values,
            )

    def resident(self, household: Household, name: str = "张桂芬", **values: Any) -> Resident:
        from minqing.core.text import pinyin_initials

        with self.everything():
            return Resident.objects.create(
                household=household, area=household.area, name=name, pinyin=pinyin_initials(name), **values
            )

    def code(self, household: Household, token: str = "token-of-the-door") -> str:  # noqa: S107  # a made-up code
        """Put a code in force at the household's door and return its token."""
        with self.everything():
            HouseholdCode.objects.create(
                household=household,
                area=household.area,
                digest=digest(token),
                token=token,
                issued_at=clock.now(),
            )
        return token

    def matter(self, area: Area | None = None, **values: Any) -> Matter:
        """A row as a service might have left it; tests of moves go through the services instead."""
        defaults: dict[str, Any] = {
            "number": f"MQ-{new_id().hex[-10:]}",
            "title": "路灯不亮",
            "text": "村口路灯坏了三天。",
            "area": area or self.own,
            "received_at": clock.now(),
        }
        with self.everything():
            return Matter.objects.create(**defaults | values)


def area(code: str, name: str, level: Level, parent: Area | None) -> Area:
    row = Area.objects.create(code=code, name=name, level=level, parent=parent, valid_from=date(2020, 1, 1))
    row.path = f"{parent.path if parent else ''}{row.id}."
    row.save(update_fields=["path"])
    return row


def person(cast: Cast, key: str, role: Role, unit: Unit, where: Area, name: str) -> None:
    account = Account.objects.create(username=key, name=name, password=hashed(), is_staff=role is Role.OPERATOR)
    Post.objects.create(account=account, unit=unit, area=where, role=role, since=date(2020, 1, 1))
    cast.people[key] = account


def make_cast() -> Cast:
    """Lay out the cast in the current database."""
    city = area("C", "嵊州市", Level.CITY, None)
    town = area("T1", "石璜镇", Level.TOWNSHIP, city)
    other_town = area("T2", "甘霖镇", Level.TOWNSHIP, city)
    own = area("V1", "棠溪村", Level.VILLAGE, town)
    other = area("V2", "白竹村", Level.VILLAGE, town)
    far = area("V3", "黄泥桥村", Level.VILLAGE, other_town)
    office = Unit.objects.create(code="U1", name="石璜镇综合服务办", kind=UnitKind.OFFICE, area=town)
    bureau = Unit.objects.create(code="U2", name="市交通运输局", kind=UnitKind.BUREAU, area=city)
    committee = Unit.objects.create(code="U3", name="棠溪村村委会", kind=UnitKind.VILLAGE, area=own)
    far_office = Unit.objects.create(code="U4", name="甘霖镇综合服务办", kind=UnitKind.OFFICE, area=other_town)
    cast = Cast(city, town, other_town, own, other, far, office, bureau, committee)
    for key, role, unit, where, name in [
        ("cadre", Role.CADRE, committee, own, "王建国"),
        ("other_cadre", Role.CADRE, office, other, "李秀英"),
        ("far_cadre", Role.CADRE, far_office, far, "赵永康"),
        ("village_secretary", Role.VILLAGE_SECRETARY, committee, own, "钱国平"),
        ("clerk", Role.CLERK, office, town, "孙丽华"),
        ("far_clerk", Role.CLERK, far_office, other_town, "周文斌"),
        ("handler", Role.HANDLER, bureau, city, "吴志强"),
        ("unit_head", Role.UNIT_HEAD, bureau, city, "郑海燕"),
        ("leader", Role.LEADER, office, city, "冯立新"),
        ("analyst", Role.ANALYST, office, city, "陈静"),
        ("liaison", Role.LIAISON, office, town, "褚卫东"),
        ("volunteer", Role.VOLUNTEER, committee, own, "卫小芳"),
        ("auditor", Role.AUDITOR, office, city, "蒋正"),
        ("operator", Role.OPERATOR, office, city, "沈工"),
    ]:
        person(cast, key, role, unit, where, name)
    return cast


def category(code: str = "road", **values: Any) -> Category:
    """A category of the reference data, or a new one."""
    found = Category.objects.filter(code=code).first()
    return found or Category.objects.create(code=code, **{"name": "道路"} | values)


def at(text: str) -> datetime:
    """A local moment: ``at("2026-09-30 16:00")``."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)
