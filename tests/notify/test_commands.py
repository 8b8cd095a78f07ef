"""``minqing notify`` and what ``minqing doctor`` says of messages."""

from __future__ import annotations

from typing import Any

import pytest
from typer.testing import CliRunner

from minqing.config.cli import app
from minqing.notify import commands
from minqing.notify.checks import messages, templates
from minqing.notify.enums import Channel, State
from minqing.notify.kinds import KINDS
from minqing.notify.queries.texts import OUTBOX
from minqing.notify.services import deliver_due, save_address
from minqing.org.queries import system_actor
from tests.cast import Cast
from tests.notify.conftest import NOON, outbox, tell
from tests.notify.gateway import Gateway, Reply


@pytest.fixture(autouse=True)
def _ready_already(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(commands, "ready", lambda: None)
    monkeypatch.setattr(commands.console, "_width", 200)


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["notify", *words])
    return result.exit_code, result.output


def park(cast: Cast, sms: Gateway) -> str:
    account = cast.account("cadre").id
    save_address(account=account, channel=Channel.SMS, address="13812345678", by=system_actor("test"))
    sms.answer = lambda request: Reply(body={"code": "bad_number"})
    tell(account)
    deliver_due(at=NOON)
    return str(outbox()[0].pk)


def test_parked_messages_are_listed_and_tried_again(cast: Cast, sms: Gateway) -> None:
    assert run("parked")[0] == 0
    id = park(cast, sms)
    code, told = run("parked")
    assert code == 0
    assert id in told
    assert "sms_bad_number" in told
    assert "13812345678" not in told
    assert run("retry")[0] == 2, "either ids or --all"
    assert run("retry", id)[0] == 0
    assert outbox()[0].state == "queued"
    assert run("retry", "--all")[0] == 1, "nothing is parked"
    sms.answer = lambda request: Reply(body={"id": "1"})
    assert deliver_due().sent == 1


def test_parked_messages_are_given_up(cast: Cast, sms: Gateway) -> None:
    park(cast, sms)
    assert run("drop", "--all")[0] == 0
    assert outbox()[0].state == "dropped"


@pytest.mark.parametrize(
    ("reply", "exit_code", "said"), [(Reply(body={"id": "1"}), 0, "sent"), (Reply(503), 1, "failed: answer_503")]
)
def test_a_test_message_goes_through_the_outbox_and_says_what_became_of_it(
    cast: Cast, sms: Gateway, reply: Reply, exit_code: int, said: str
) -> None:
    sms.answer = lambda request: reply
    code, told = run("test", "sms", "138 1234 5678")
    assert (code, said in told) == (exit_code, True)
    assert sms.seen[0].json["text"] == "测试消息 本系统的消息会发到这里。"


def test_a_test_message_is_refused_where_it_cannot_go(cast: Cast, sms: Gateway) -> None:
    assert run("test", "email", "a@b.cn")[0] == 2, "not set up"
    assert run("test", "sms", "12")[0] == 1
    assert sms.seen == []


def test_the_doctor_reports_what_is_parked(cast: Cast, sms: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    assert messages().well
    park(cast, sms)
    finding: Any = messages()
    assert (finding.well, finding.seen) == (False, "1 parked")
    monkeypatch.setenv("MINQING_LANG", "zh-hans")
    assert messages().seen == "搁置 1 条"
    assert "搁置 1 条" in run("parked")[1]


def test_there_is_a_word_for_each_state_in_which_a_message_waits() -> None:
    assert OUTBOX.keys() == {state.value for state in State} - {State.SENT, State.FOLDED, State.DROPPED}


def test_the_doctor_names_the_kinds_without_a_template_where_a_carrier_needs_one(settings: Any) -> None:
    codes = [kind.code for kind in KINDS]
    assert templates().well, "no carrier is set up"
    # a kind by its former name is no template for it
    some = dict.fromkeys([*codes, "matters.export_asked"], "SMS_1")
    del some["exports.asked"], some["matters.unassigned"]
    settings.NOTIFY = settings.NOTIFY | {"sms": "aliyun", "aliyun_templates": some}
    found = templates()
    assert found.well is False
    assert set(found.seen.removeprefix("sms: ").split(", ")) == {"exports.asked", "matters.unassigned"}
    settings.NOTIFY = settings.NOTIFY | {
        "aliyun_templates": dict.fromkeys(codes, "SMS_1"),
        "wechat_app_id": "x",
        "wechat_templates": {code: {"id": "T", "data": {}} for code in codes[1:]},
    }
    assert templates().seen == f"wechat: {codes[0]}"
    settings.NOTIFY = settings.NOTIFY | {"wechat_app_id": "", "sms": "json"}
    assert templates().well, "the county's own gateway takes every kind"
