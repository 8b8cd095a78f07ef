"""Partner systems made on the page: let in, given a key that is shown once, a new secret, a key revoked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.core.ids import new_id
from minqing.partners.models import Partner, Token
from minqing.partners.queries import token_of
from minqing.partners.services import issue_token
from tests.cast import Cast
from tests.partners.conftest import SYSTEM, partner_of

PAGE = "/partners/systems/hotline/"
pytestmark = pytest.mark.django_db


def seen(cast: Cast, address: str) -> dict[str, str]:
    html = cast.client("operator").get(address).content.decode()
    return {
        name: re.findall(rf'name="{name}"[^>]*value="([^"]*)"', html)[-1]
        for name in ("seen", "request_id")
        if f'name="{name}"' in html
    }


def sent(**values: str) -> dict[str, str]:
    return {"request_id": str(new_id()), "label": "测试机", "scopes": "matters:read", **values}


def key_on(html: str) -> str:
    (found,) = re.findall(r'<code class="text-break" id="once">([^<]+)</code>', html)
    return str(found)


def test_another_system_is_let_in_and_a_taken_code_is_said(cast: Cast) -> None:
    client = cast.client("operator")
    given = {"code": "hotline", "name": "热线", "area": str(cast.town.pk), "active": "on", "contact": ""}
    given |= {"seen": seen(cast, "/partners/add/")["seen"]}
    assert client.post("/partners/add/", given)["Location"] == PAGE
    assert Partner.objects.get(code="hotline").area_id == cast.town.pk
    answer = client.post("/partners/add/", given | {"name": "另一个"})
    assert answer.status_code == 422
    assert Partner.objects.get(code="hotline").name == "热线"


def test_what_is_known_of_it_is_changed(cast: Cast) -> None:
    partner_of(cast)
    one = Partner.objects.get()
    address = f"/partners/systems/{one.code}/edit/"
    given = {"name": "新名称", "area": str(one.area_id), "seen": seen(cast, address)["seen"]}
    bad = cast.client("operator").post(address, given | {"mapping": "data: {colour: x}"})
    assert (bad.status_code, "colour" in bad.content.decode()) == (422, True)
    given |= {"mapping": "id: no"}
    assert cast.client("operator").post(address, given).status_code == 302
    kept = Partner.objects.get()
    assert (kept.name, kept.active, kept.mapping) == ("新名称", False, "id: no")


def test_a_key_is_shown_once_and_opens(cast: Cast) -> None:
    one = partner_of(cast)
    client, page, given = cast.client("operator"), f"/partners/systems/{one.code}/", sent()
    html = client.post(page, given).content.decode()
    text = key_on(html)
    found = token_of(text)
    assert found is not None
    assert found.scopes == ["matters:read"]
    assert text not in client.get(page).content.decode()
    again = client.post(page, given, follow=True)
    assert "只显示一次" in again.content.decode()
    assert text not in again.content.decode()
    assert Token.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"scopes": ""}, {"networks": "nowhere"}, {"label": ""}])
def test_a_key_that_cannot_be_is_refused_beside_the_form(cast: Cast, wrong: dict[str, str]) -> None:
    one = partner_of(cast)
    assert cast.client("operator").post(f"/partners/systems/{one.code}/", sent(**wrong)).status_code == 422
    assert not Token.objects.exists()


def test_a_revoked_key_opens_nothing_and_another_partners_is_not_found(cast: Cast) -> None:
    one = partner_of(cast)
    token, _text = issue_token(partner=one, label="一", scopes=["matters:read"], by=SYSTEM)
    client = cast.client("operator")
    assert client.post(f"/partners/systems/nobody/keys/{token.pk}/revoke/").status_code == 404
    assert client.post(f"/partners/systems/{one.code}/keys/{token.pk}/revoke/").status_code == 302
    assert Token.objects.get().revoked_at is not None


def test_a_new_secret_is_shown_once_and_a_second_tap_makes_none(cast: Cast) -> None:
    one = partner_of(cast)
    client, page = cast.client("operator"), f"/partners/systems/{one.code}/"
    press = seen(cast, page)
    html = client.post(f"{page}secret/", press).content.decode()
    secret = key_on(html)
    assert Partner.objects.get().secret == secret
    client.post(f"{page}secret/", press)
    assert Partner.objects.get().secret == secret


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_however_many_keys_there_are(cast: Cast, count: int) -> None:
    one = partner_of(cast)
    for _n in range(count):
        issue_token(partner=one, label="一", scopes=["matters:read"], by=SYSTEM)
    client: Any = cast.client("operator")
    client.get(f"/partners/systems/{one.code}/")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/partners/systems/{one.code}/")
    assert len(asked) == 8, len(asked)
