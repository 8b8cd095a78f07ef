"""A partner's software that speaks with the API, and matters at which it looks."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.matters.models import Matter
from minqing.org.queries import system_actor
from minqing.partners.models import Partner
from minqing.partners.services import issue_token
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.partners.conftest import SYSTEM, partner_of

SCOPES = ("matters:read", "matters:report", "matters:handle", "figures:read")


class Caller:
    """A partner with a token of ``scopes``."""

    def __init__(self, cast: Cast, code: str = "hotline", *, scopes: Any = SCOPES, **values: Any) -> None:
        with transaction.atomic():
            self.partner: Partner = partner_of(cast, code, **values)
            self.token = issue_token(
                partner=self.partner, label="", scopes=list(scopes), burst=5000, rate=6000, by=SYSTEM
            )[1]
        # the matter that a test of many sends is about
        self.subject = ""
        self.client = Client(raise_request_exception=False)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers=self.headers())

    def post(self, path: str, body: Any, **headers: str) -> Any:
        given = self.headers() | headers
        return self.client.post(f"/api/v1{path}", body, content_type="application/json", headers=given)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"} if self.token else {}

    def move(self, matter: Any, move: str, *, headers: dict[str, str] | None = None, **values: Any) -> Any:
        return self.post(f"/matters/{matter}/moves/{move}", {"id": str(new_id())} | values, **headers or {})

    def report(self, **values: Any) -> Any:
        given = {"id": str(new_id()), "text": "村口路灯坏了三天。", "area": "V1"}
        return self.post("/matters", given | values)


@pytest.fixture
def caller(cast: Cast) -> Caller:
    """The hotline: it sees the town and acts for the bureau."""
    return Caller(cast)


@pytest.fixture
def reporting(cast: Cast) -> Caller:
    """A partner that only reports and looks: it acts for no unit."""
    return Caller(cast, "brain", name="城市大脑", unit=None)


def assigned(cast: Cast, matter: Any = None, *, unit: Any = None, **values: Any) -> Matter:
    """A matter in the hands of the bureau, or of ``unit``, by the service."""
    from minqing.matters.services import assign_matter

    with transaction.atomic(), acting_as(system_actor("test")) as by:
        found = matter or cast.matter(changed_at=clock.now(), **values)
        return assign_matter(id=new_id(), matter=found, unit=(unit or cast.bureau).pk, due_days=5, by=by)
