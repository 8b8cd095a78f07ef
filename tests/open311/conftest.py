"""A key, a client that asks in both formats, and requests of several people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from minqing.core.actor import Actor
from minqing.partners.models import Partner
from minqing.partners.services import issue_token, register_partner
from tests.cast import Cast
from tests.open311 import validator

BASE = "/open311/v2"
BY = Actor.system("test")
CODE = "road"
ASKING = "building.municipal"


@dataclass
class Sender:
    """Another system with a key."""

    partner: Partner
    key: str

    @property
    def ref(self) -> str:
        return f"partner:{self.partner.id}"


@dataclass
class Asker:
    """Asks as somebody else's software does, and reads strictly."""

    client: Client

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"{BASE}{path}", query)

    def both(self, path: str, root: str, shape: Any, *, expect: int = 200, **query: Any) -> Any:
        """The values of the answer, which must be the same in both formats."""
        xml, json = self.get(f"{path}.xml", **query), self.get(f"{path}.json", **query)
        assert (xml.status_code, json.status_code) == (expect, expect), xml.content.decode()
        assert xml["Content-Type"] == "text/xml; charset=utf-8"
        assert json["Content-Type"] == "application/json; charset=utf-8"
        values = validator.read_json(json.content, shape)
        assert validator.read_xml(xml.content, root, shape) == values
        return values

    def requests(self, path: str = "/requests", **query: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.both(path, "service_requests", validator.REQUESTS, **query)
        return found

    def errors(self, path: str, expect: int, **query: Any) -> list[str]:
        found = self.both(path, "errors", validator.ERRORS, expect=expect, **query)
        assert {one["code"] for one in found} == {expect}
        return [one["description"] for one in found]

    def post(self, key: str, *, form: str = "json", headers: dict[str, str] | None = None, **data: Any) -> Any:
        sent = {"api_key": key, "service_code": CODE, "address_string": "溪边路3号"} | data
        kept = {name: value for name, value in sent.items() if value is not None}
        return self.client.post(f"{BASE}/requests.{form}", kept, headers=headers or {})

    def made(self, key: str, **data: Any) -> str:
        """The number of a request just made."""
        answer = self.post(key, **data)
        assert answer.status_code == 200, answer.content.decode()
        (row,) = validator.read_json(answer.content, validator.CREATED)
        return str(row["service_request_id"])


def new_sender(cast: Cast, code: str = "app", *, area: Any = None, scopes: Any = ("open311",)) -> Sender:
    partner = register_partner(code=code, name=f"随手拍{code}", area=area or cast.city, by=BY)
    _token, key = issue_token(partner=partner, label="test", scopes=scopes, rate=6000, burst=6000, by=BY)
    return Sender(partner, key)


@pytest.fixture
def sender(cast: Cast) -> Sender:
    return new_sender(cast)


@pytest.fixture
def ask() -> Asker:
    return Asker(Client(raise_request_exception=True))


@pytest.fixture
def another(cast: Cast) -> Callable[..., Sender]:
    return lambda *args, **options: new_sender(cast, *args, **options)
