"""The operator's pages of the ways out of the house: how each works, another try, a test."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.config.carriers import Carriers
from minqing.core.ids import new_id
from minqing.notify.enums import Channel
from minqing.notify.models import Outgoing
from minqing.notify.queries import job
from minqing.notify.services import deliver_due
from minqing.notify.views.channels import SETTINGS
from minqing.privacy.access import transaction_as
from tests.cast import Cast
from tests.notify.conftest import RESCUE, tell
from tests.notify.gateway import Gateway, Reply

PAGE = "/notices/channels/sms/"
pytestmark = pytest.mark.django_db


def words(cast: Cast, address: str = PAGE) -> str:
    answer = cast.client("operator").get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode().partition("<main")[2]))


def refused(sms: Gateway, reach: Any, count: int = 1, status: int = 402) -> None:
    """Messages that the gateway does not take."""
    sms.answer = lambda request: Reply(status)
    account = reach(Channel.SMS)
    for _n in range(count):
        tell(account, RESCUE)
    deliver_due()


def states() -> list[str]:
    with transaction_as(job()):
        return sorted(Outgoing.objects.values_list("state", flat=True))


def test_what_is_not_set_up_says_so_and_offers_nothing(cast: Cast) -> None:
    page = words(cast)
    assert "没开" in page
    assert "发一条测试消息" not in page
    assert words(cast, "/notices/channels/").count("没开") == 4


def test_what_is_to_be_set_is_named_as_the_settings_have_it(cast: Cast) -> None:
    named = {name.lower() for lines in SETTINGS.values() for name, _about in lines}
    assert named <= set(Carriers.model_fields)
    assert set(SETTINGS) == set(Channel)
    assert "MINQING_ALIYUN_SIGN_NAME" in words(cast)


def test_a_way_that_does_not_exist_is_not_found(cast: Cast) -> None:
    assert cast.client("operator").get("/notices/channels/pigeon/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_stopped_way_says_how_many_wait_and_why(cast: Cast, sms: Gateway, reach: Any, count: int) -> None:
    refused(sms, reach, count)
    page = words(cast)
    assert "停了" in page
    assert f"{count} 条在等: 账户余额不足（answer_402）" in page
    assert "短信" in words(cast, "/operator/")
    assert "有 1 件事要您看" in words(cast, "/operator/") or "后台没有在工作" in words(cast, "/operator/")
    assert f"现在再试这 {count} 条" in page


def test_the_same_few_queries_however_many_wait(cast: Cast, sms: Gateway, reach: Any) -> None:
    client, asked = cast.client("operator"), []
    for count in (1, 3):
        refused(sms, reach, count)
        client.get("/notices/channels/")
        with CaptureQueriesContext(connection) as found:
            client.get("/notices/channels/")
        asked.append(len(found))
    assert asked == [10, 10]


def test_mended_they_are_tried_at_once_and_it_works_again(cast: Cast, sms: Gateway, reach: Any) -> None:
    refused(sms, reach, 3)
    assert deliver_due().sent == 0, "their time has not come"
    sms.answer = lambda request: Reply(body={"id": "sms-1"})
    assert cast.client("operator").post(f"{PAGE}again/")["Location"] == PAGE
    assert deliver_due().sent == 3
    page = words(cast)
    assert "正常" in page
    assert "最近一天发出 3 条" in page


def test_what_may_have_arrived_is_sent_again_only_when_that_is_said(cast: Cast, sms: Gateway, reach: Any) -> None:
    refused(sms, reach)
    with transaction_as(job()):
        Outgoing.objects.update(state="parked", error="outcome_unknown")
    client = cast.client("operator")
    assert "可能会收到两次" in words(cast)
    client.post(f"{PAGE}again/")
    assert states() == ["parked"]
    client.post(f"{PAGE}again/", {"unsure": "1"})
    assert states() == ["queued"]


def test_a_test_message_goes_out_and_the_page_says_what_became_of_it(cast: Cast, sms: Gateway) -> None:
    client, sent = cast.client("operator"), {"request_id": str(new_id()), "address": "138 1234 5678"}
    where = [client.post(PAGE, sent)["Location"] for _time in range(2)]
    assert len(set(where)) == 1
    assert "正在发" in words(cast, where[0])
    assert deliver_due().sent == 1
    assert "对方已收下" in words(cast, where[0])
    assert len(sms.seen) == 1


def test_a_test_that_is_refused_says_why(cast: Cast, sms: Gateway) -> None:
    client, sent = cast.client("operator"), {"request_id": str(new_id()), "address": "13812345678"}
    where = client.post(PAGE, sent)["Location"]
    sms.answer = lambda request: Reply(401)
    deliver_due()
    assert "对方不认我们的账号或密钥（answer_401）" in words(cast, where)


def test_an_address_that_nothing_reaches_is_said_beside_it(cast: Cast, sms: Gateway) -> None:
    answer = cast.client("operator").post(PAGE, {"request_id": str(new_id()), "address": "12"})
    assert answer.status_code == 422
    assert states() == []


def test_nothing_of_an_address_or_a_text_stands_on_the_page(cast: Cast, sms: Gateway, reach: Any) -> None:
    refused(sms, reach)
    html = cast.client("operator").get(PAGE).content.decode()
    assert "13812345678" not in html
    assert str(RESCUE.title) not in html
