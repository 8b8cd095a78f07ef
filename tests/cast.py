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

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
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
# made once
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
    # keys of sessions that were made for several looks (tests/architecture/rows.py)
    sessions: dict[str, str] = field(default_factory=dict)

    def account(self, role: str) -> Account:
        return self.people[role]

    def actor(self, role: str) -> Actor:
        account = self.people[role]
        post = Post.objects.select_related("area").get(account=account)
        return actor_of(account, post)

    def client(self, role: str) -> Client:
        """A browser in which ``role`` is signed in; it checks CSRF tokens no more than Django's test client does."""
        return signed_in(Client(), self.people[role])

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


def signed_in(client: Client, account: Account) -> Client:
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(account)
    return client


def session_of(account: Account) -> str:
    """The key of a session as after signing in, by its row alone: thousands of tests begin with it."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "minqing.org.auth_backend.AccountContextBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def area_with(id: int, code: str, name: str, level: Level, parent: Area | None) -> Area:
    path = f"{parent.path if parent else ''}{id}."
    return Area(id=id, code=code, name=name, level=level, parent=parent, path=path, valid_from=date(2020, 1, 1))


def area(code: str, name: str, level: Level, parent: Area | None) -> Area:
    """One more than the fixed ones."""
    made = area_with(*area_ids(1), code, name, level, parent)
    made.save(force_insert=True)
    return made


def area_ids(count: int) -> list[int]:
    """An area's path holds its own id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('org_area', 'id')) FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]


def lay_out(key: str, role: Role, unit: Unit, where: Area, name: str) -> tuple[Account, Post]:
    account = Account(username=key, name=name, password=hashed())
    return account, Post(account=account, unit=unit, area=where, role=role, since=date(2020, 1, 1))


def person(cast: Cast, key: str, role: Role, unit: Unit, where: Area, name: str) -> None:
    """One more than the fixed cast."""
    account, post = lay_out(key, role, unit, where, name)
    account.save(force_insert=True)
    post.save(force_insert=True)
    cast.people[key] = account


def make_cast() -> Cast:
    """Lay out the cast in the current database, in few statements: most tests begin with it."""
    ids = iter(area_ids(6))
    city = area_with(next(ids), "C", "嵊州市", Level.CITY, None)
    town = area_with(next(ids), "T1", "石璜镇", Level.TOWNSHIP, city)
    other_town = area_with(next(ids), "T2", "甘霖镇", Level.TOWNSHIP, city)
    own = area_with(next(ids), "V1", "棠溪村", Level.VILLAGE, town)
    other = area_with(next(ids), "V2", "白竹村", Level.VILLAGE, town)
    far = area_with(next(ids), "V3", "黄泥桥村", Level.VILLAGE, other_town)
    Area.objects.bulk_create([city, town, other_town, own, other, far])
    office = Unit(code="U1", name="石璜镇综合服务办", kind=UnitKind.OFFICE, area=town)
    bureau = Unit(code="U2", name="市交通运输局", kind=UnitKind.BUREAU, area=city)
    committee = Unit(code="U3", name="棠溪村村委会", kind=UnitKind.VILLAGE, area=own)
    far_office = Unit(code="U4", name="甘霖镇综合服务办", kind=UnitKind.OFFICE, area=other_town)
    Unit.objects.bulk_create([office, bureau, committee, far_office])
    cast = Cast(city, town, other_town, own, other, far, office, bureau, committee)
    made = [
        lay_out(*one)
        for one in [
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
        ]
    ]
    Account.objects.bulk_create([account for account, _post in made])
    Post.objects.bulk_create([post for _account, post in made])
    cast.people.update((account.username, account) for account, _post in made)
    return cast


def category(code: str = "road", **values: Any) -> Category:
    """A category of the reference data, or a new one."""
    found = Category.objects.filter(code=code).first()
    return found or Category.objects.create(code=code, **{"name": "道路"} | values)


def at(text: str) -> datetime:
    """A local moment: ``at("2026-09-30 16:00")``."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)
