"""A door with a code, a household with secrets behind it, and what a resident would type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import signing
from django.test import Client

from minqing.core import clock
from minqing.core.ids import digest, new_id, random_token
from minqing.matters.models import Matter
from minqing.org.models import Unit
from minqing.privacy.access import acting_as
from minqing.web import forms as web_forms
from tests.cast import Cast

CANARIES = ("CANARY-NAME", "CANARY-ADDRESS", "CANARY-NOTE", "CANARY-MATTER", "CANARY-PLACE", "13912345678")


@dataclass
class Door:
    """A household's code in force, and a browser without an account."""

    cast: Cast
    token: str
    household_id: UUID
    client: Client

    @property
    def url(self) -> str:
        return f"/h/{self.token}"

    def typed(self, **values: Any) -> dict[str, Any]:
        """A report filled in as a person would, a minute after the page was opened."""
        return {"text": "村口的路灯坏了三天，晚上看不见。", "request_id": str(new_id()), "opened": stamp()} | values

    def send(self, **values: Any) -> Any:
        return self.client.post(f"{self.url}/report", self.typed(**values))

    def reported(self, **values: Any) -> tuple[str, Matter]:
        """Report, and return the ticket and the matter."""
        answer = self.send(**values)
        assert answer.status_code == 302, answer.content.decode()
        ticket = answer["Location"].split("/")[2]
        with self.cast.everything():
            return ticket, Matter.objects.get(ticket=digest(ticket))

    def matters(self) -> int:
        with self.cast.everything():
            return Matter.objects.count()


def stamp(age: int = 60) -> str:
    """What the hidden field `opened` holds when the page was shown ``age`` seconds ago."""

    class Earlier(signing.TimestampSigner):
        def timestamp(self) -> str:
            return signing.b62_encode(int((clock.now() - timedelta(seconds=age)).timestamp()))

    return Earlier(salt=web_forms._SALT).sign("open")


def make_door(cast: Cast) -> Door:
    household = cast.household(
        number="H-CANARY-9", address="CANARY-ADDRESS 溪边路3号", note="CANARY-NOTE", latitude=29.5, longitude=120.8
    )
    cast.resident(household, "CANARY-NAME张桂芬", phone="13912345678")
    cast.matter(household=household, title="CANARY-MATTER", text="CANARY-MATTER 家事", place="CANARY-PLACE")
    Unit.objects.filter(pk=cast.committee.pk).update(phone="0575-83000001")
    return Door(cast, cast.code(household, random_token()), household.pk, Client())


@pytest.fixture
def door(cast: Cast) -> Door:
    return make_door(cast)


@pytest.fixture
def media(settings: Any, tmp_path: Any) -> None:
    """Pictures go to a folder of this test."""
    from django.core.files.storage import default_storage

    options = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "files", "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": options}
    assert str(tmp_path) in str(default_storage.path(""))


def as_reporter(ticket: str) -> Any:
    from minqing.matters.queries.visibility import ANONYMOUS

    return acting_as(ANONYMOUS, ticket=digest(ticket))
