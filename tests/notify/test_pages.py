"""The bell, the list and the choices: one's own, and what was typed is not lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.notify.enums import Channel, Mode
from minqing.notify.models import Notice
from minqing.notify.queries import addresses_of, job, wishes_of
from minqing.notify.services import save_choices
from minqing.privacy.access import acting_as
from tests.cast import Cast, at
from tests.notify.conftest import ASSIGNED, NOON, NUMBER, RESCUE, tell
from tests.notify.gateway import Gateway

Reach = Callable[..., UUID]


@pytest.fixture
def everywhere(sms: Gateway, settings: Any) -> None:
    """All four channels are set up."""
    settings.NOTIFY = settings.NOTIFY | {
        "smtp_host": "127.0.0.1", "mail_from": "a@b.cn", "wechat_app_id": "wx", "dingtalk_app_key": "k",
    }  # fmt: skip


def page(client: Client, name: str, **options: Any) -> str:
    answer = client.get(reverse(name), **options)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_bell_counts_what_is_not_read(cast: Cast) -> None:
    client, account = cast.client("cadre"), cast.account("cadre").id
    assert "count" not in page(client, "notify:bell")
    for _n in range(3):
        tell(account)
    tell(cast.account("clerk").id)
    shown = page(client, "notify:bell")
    assert '<span class="count count-red" aria-hidden="true">3</span>' in shown
    assert "通知，3 条未读" in shown
    assert "<html" not in shown


def test_every_page_has_a_bell_that_asks_once(cast: Cast) -> None:
    shown = page(cast.client("cadre"), "desk:today")
    assert 'hx-get="/notices/bell/" hx-trigger="load"' in shown


def test_a_hundred_and_more_are_not_counted(cast: Cast) -> None:
    account = cast.account("cadre").id
    with acting_as(job()):
        Notice.objects.bulk_create(
            Notice(account=account, kind="tests.rescue", subject="x", link="/", made_at=NOON) for _n in range(120)
        )
    assert ">99+<" in page(cast.client("cadre"), "notify:bell")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_many(cast: Cast, rows: int, django_assert_num_queries: Any) -> None:
    account = cast.account("cadre").id
    for n in range(rows):
        tell(account, ASSIGNED, params={"number": NUMBER, "day": "2026-12-03", "place": cast.own.id},
             at=at(f"2026-11-20 1{n}:00"))  # fmt: skip
    client = cast.client("cadre")
    with django_assert_num_queries(9):
        shown = page(client, "notify:list")
    assert shown.count(f"{NUMBER} was assigned") == rows
    assert "To be done by 2026年12月3日 in 棠溪村." in shown


def test_opening_a_notice_marks_it_as_read_and_leads_to_what_it_is_about(cast: Cast) -> None:
    client = cast.client("cadre")
    told = tell(cast.account("cadre").id, link="/matters/")
    for _tap in range(2):
        answer = client.post(reverse("notify:open", args=[told.id]))
        assert (answer.status_code, answer["Location"]) == (302, "/matters/")
    assert "count" not in page(client, "notify:bell")
    assert Event.objects.filter(type="notify.notice.read").count() == 1


def test_a_notice_of_somebody_else_does_not_exist(cast: Cast) -> None:
    told = tell(cast.account("clerk").id)
    client = cast.client("cadre")
    assert client.post(reverse("notify:open", args=[told.id])).status_code == 404
    assert client.post(reverse("notify:open", args=[new_id()])).status_code == 404
    client.post(reverse("notify:read_all"))
    with acting_as(job()):
        assert Notice.objects.get().read_at is None


def test_all_are_marked_as_read_with_one_event(cast: Cast) -> None:
    client, account = cast.client("cadre"), cast.account("cadre").id
    for _n in range(3):
        tell(account)
    for _tap in range(2):
        assert client.post(reverse("notify:read_all"))["Location"] == reverse("notify:list")
    assert "全部标为已读" not in page(client, "notify:list")
    assert [event.data for event in Event.objects.filter(type="notify.notices.read")] == [{"count": 3}]


def test_a_notice_of_a_kind_that_is_gone_is_shown_without_a_text(cast: Cast) -> None:
    told = tell(cast.account("cadre").id)
    with acting_as(job()):
        Notice.objects.filter(pk=told.id).update(kind="tests.gone", params={"old": 1})
    assert reverse("notify:open", args=[told.id]) in page(cast.client("cadre"), "notify:list")


def test_without_carriers_there_is_nothing_to_choose(cast: Cast) -> None:
    shown = page(cast.client("cadre"), "notify:choices")
    assert "这里还没有开通其他通知方式" in shown
    assert not [name for name in ("mode_sms", "quiet_from", "kinds_on", "main-action") if name in shown]


def test_a_channel_that_is_not_connected_says_so(cast: Cast, everywhere: None, reach: Reach) -> None:
    assert page(cast.client("cadre"), "notify:choices").count("还没有和您的账号绑定") == 2
    reach(Channel.WECHAT, "openid-1")
    assert page(cast.client("cadre"), "notify:choices").count("还没有和您的账号绑定") == 1


CHOSEN = {
    "mode_wechat": "off", "mode_dingtalk": "digest", "mode_sms": "urgent", "mode_email": "at_once",
    "address_sms": "138 1234 5678", "address_email": "wang@example.cn", "quiet_from": "21:30", "quiet_to": "07:30",
    "kinds_on": ["tests.spoken"],
}  # fmt: skip


def test_choices_are_kept_and_saving_them_again_is_no_event(cast: Cast, everywhere: None) -> None:
    client, account = cast.client("cadre"), cast.account("cadre").id
    for _tap in range(2):
        assert client.post(reverse("notify:choices"), CHOSEN).status_code == 302
    with acting_as(job()):
        wishes = wishes_of(account)
        assert {channel.value: wish.mode.value for channel, wish in wishes.items()} == {
            "wechat": "off", "dingtalk": "digest", "sms": "urgent", "email": "at_once",
        }  # fmt: skip
        assert all(wish.kinds_off >= {"tests.assigned"} for wish in wishes.values())
        assert str(wishes[Channel.SMS].quiet_from) == "21:30:00"
        assert addresses_of(account, None) == {Channel.SMS: "13812345678", Channel.EMAIL: "wang@example.cn"}
    kept = list(Event.objects.filter(type__startswith="notify.").values_list("type", flat=True))
    assert sorted(kept) == ["notify.address.saved", "notify.address.saved", "notify.choices.saved"]
    shown = page(client, "notify:choices")
    assert 'value="13812345678"' in shown
    assert 'value="21:30"' in shown


def test_a_choice_is_of_what_one_may_be_told_of_and_leaves_the_rest_as_it_was(cast: Cast, everywhere: None) -> None:
    offered = {
        role: set(dict(cast.client(role).get(reverse("notify:choices")).context["form"].fields["kinds_on"].choices))
        for role in ("auditor", "clerk", "handler", "leader")
    }
    assert {role for role, kinds in offered.items() if "matters.received" in kinds} == {"clerk"}
    assert {role for role, kinds in offered.items() if "matters.assigned" in kinds} == {"clerk", "handler"}
    assert not {kind for kind in offered["auditor"] if kind.startswith("matters.")}
    # what was switched off in another post comes back to it as it was
    account, by = cast.account("auditor").id, cast.actor("auditor")
    everywhere_urgent = dict.fromkeys((Channel.WECHAT, Channel.DINGTALK, Channel.SMS, Channel.EMAIL), Mode.URGENT)
    save_choices(account=account, modes=everywhere_urgent, kinds_off={"matters.received"}, quiet=None, by=by)
    answer = cast.client("auditor").post(reverse("notify:choices"), CHOSEN)
    assert answer.status_code == 302
    with acting_as(job()):
        off = wishes_of(account)[Channel.SMS].kinds_off
    assert "matters.received" in off
    assert "matters.assigned" not in off


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"address_sms": "0575-83012345"}, "短信只能发到手机号"),
        ({"address_sms": "abc"}, "电话号码"),
        ({"address_email": "not-an-address"}, "这不是电子邮箱地址"),
        ({"quiet_to": ""}, "两个时间都要填"),
        ({"mode_sms": "always"}, "mode_sms"),
        ({"kinds_on": ["tests.rescue"]}, "kinds_on"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_kept(
    cast: Cast, everywhere: None, values: dict[str, Any], sentence: str
) -> None:
    answer = cast.client("cadre").post(reverse("notify:choices"), CHOSEN | values)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "21:30" in answer.content.decode(), "what was typed is still there"
    with acting_as(job()):
        assert wishes_of(cast.account("cadre").id)[Channel.DINGTALK].mode is Mode.AT_ONCE


def test_an_address_is_forgotten_when_its_field_is_emptied(cast: Cast, everywhere: None) -> None:
    client, account = cast.client("cadre"), cast.account("cadre").id
    client.post(reverse("notify:choices"), CHOSEN)
    client.post(reverse("notify:choices"), CHOSEN | {"address_email": ""})
    with acting_as(job()):
        assert Channel.EMAIL not in addresses_of(account, None)
    assert Event.objects.filter(type="notify.address.removed").count() == 1


def test_nobody_sees_or_changes_another_s_choices(cast: Cast, everywhere: None, reach: Reach) -> None:
    reach(Channel.SMS, "13812345678", "clerk")
    client = cast.client("cadre")
    client.post(reverse("notify:choices"), CHOSEN | {"account": str(cast.account("clerk").id), "address_sms": ""})
    with acting_as(job()):
        assert addresses_of(cast.account("clerk").id, None) == {Channel.SMS: "13812345678"}
    assert "13812345678" not in page(client, "notify:choices")


@pytest.mark.parametrize("kind", [RESCUE])
def test_what_is_urgent_says_so(cast: Cast, kind: Any) -> None:
    tell(cast.account("cadre").id, kind)
    assert "紧急" in page(cast.client("cadre"), "notify:list")
