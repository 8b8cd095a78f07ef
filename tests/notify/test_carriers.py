"""Each carrier speaks its protocol, as a real server sees it, and understands what comes back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.notify import carriers
from minqing.notify.carriers import http
from minqing.notify.carriers.aliyun import authorization
from minqing.notify.carriers.base import Message, Misconfigured, NotTaken, Refused, TurnedOff, Unknown
from minqing.notify.carriers.dingtalk import signed
from minqing.notify.carriers.mail import Mail
from minqing.notify.checks import carriers as carriers_that_fail
from minqing.notify.enums import Channel, Move
from minqing.notify.models import Outgoing
from minqing.notify.queries import job
from minqing.notify.rules import MOST_TRIES, MOST_TRIES_OURS, wait_after
from minqing.notify.services.results import after
from minqing.privacy.access import transaction_as
from tests.notify.gateway import Gateway, Reply, Request
from tests.notify.post_office import PostOffice, open_for_mail

MESSAGE = Message(
    id="0199-id", to="13812345678", kind="tests.assigned", title="MQ-2026-000123-4 was assigned",
    body="To be done by 2026-12-03.", params={"number": "MQ-2026-000123-4"}, url="https://county/matters/1/",
    path="/matters/1/", language="zh-hans",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "ANSWER_SECONDS", 0.6)
    monkeypatch.setattr(http, "CONNECT_SECONDS", 0.6)


@pytest.fixture
def use(settings: Any, gateway: Gateway) -> Callable[..., Any]:
    """Set a channel up with the gateway as its host."""

    def make(channel: Channel, **values: Any) -> Any:
        settings.NOTIFY = settings.NOTIFY | values
        return carriers.carrier_for(channel)

    return make


@pytest.fixture
def wechat(use: Callable[..., Any], gateway: Gateway) -> Any:
    template = {"id": "TPL", "data": {"thing1": "body", "character_string2": "number"}}
    return use(
        Channel.WECHAT, wechat_app_id="wx1", wechat_app_secret="wx-secret", wechat_url=gateway.url,
        wechat_templates={"tests.assigned": template}, wechat_page="pages/index",
    )  # fmt: skip


@pytest.fixture
def dingtalk(use: Callable[..., Any], gateway: Gateway) -> Any:
    return use(
        Channel.DINGTALK, dingtalk_app_key="key", dingtalk_app_secret="ding-secret", dingtalk_agent_id=7,
        dingtalk_url=gateway.url,
    )  # fmt: skip


@pytest.fixture
def aliyun(use: Callable[..., Any], gateway: Gateway) -> Any:
    return use(
        Channel.SMS, sms="aliyun", aliyun_url=gateway.url, aliyun_key_id="LTAI", aliyun_key_secret="ali-secret",
        aliyun_sign_name="民情", aliyun_templates={"tests.assigned": "SMS_1"},
    )  # fmt: skip


@pytest.fixture
def sms_json(use: Callable[..., Any], gateway: Gateway) -> Any:
    return use(Channel.SMS, sms="json", sms_url=f"{gateway.url}/sms", sms_token="t")


def answering(*bodies: dict[str, Any], token: str = "") -> Callable[[Request], Reply]:
    """The tokens T1, T2 … where one is asked for, else ``bodies`` one after another, the last for ever."""
    left, given = list(bodies), [0]

    def answer(request: Request) -> Reply:
        if request.path in {"/cgi-bin/stable_token", "/gettoken"}:
            given[0] += 1
            return Reply(body={"access_token": token or f"T{given[0]}", "expires_in": 7200})
        return Reply(body=left.pop(0) if len(left) > 1 else left[0])

    return answer


def test_without_settings_nothing_leaves_the_house() -> None:
    assert carriers.channels() == []


def test_wechat_fills_in_the_template_and_keeps_the_token(wechat: Any, gateway: Gateway) -> None:
    gateway.answer = answering({"errcode": 0, "errmsg": "ok", "msgid": 99})
    assert wechat.send(MESSAGE) == "99"
    wechat.send(MESSAGE)
    (asked,) = gateway.at("/cgi-bin/stable_token")
    assert asked.json == {
        "grant_type": "client_credential", "appid": "wx1", "secret": "wx-secret", "force_refresh": False,
    }  # fmt: skip
    first, _second = gateway.at("/cgi-bin/message/subscribe/send")
    assert first.query == {"access_token": "T1"}
    assert first.json == {
        "touser": "13812345678", "template_id": "TPL", "page": "pages/index", "miniprogram_state": "formal",
        "lang": "zh_CN",
        "data": {"thing1": {"value": "To be done by 2026-…"}, "character_string2": {"value": "MQ-2026-000123-4"}},
    }  # fmt: skip


@pytest.mark.parametrize("code", [40001, 42001])
def test_wechat_fetches_another_token_when_one_is_refused(wechat: Any, gateway: Gateway, code: int) -> None:
    gateway.answer = answering({"errcode": code}, {"errcode": 0})
    wechat.send(MESSAGE)
    tokens = [one.query["access_token"] for one in gateway.at("/cgi-bin/message/subscribe/send")]
    assert tokens == ["T1", "T2"]
    assert [one.json["force_refresh"] for one in gateway.at("/cgi-bin/stable_token")] == [False, False]


def test_wechat_forces_a_token_only_when_the_same_one_comes_again(wechat: Any, gateway: Gateway) -> None:
    gateway.answer = answering({"errcode": 40001}, token="SAME")
    with pytest.raises(NotTaken, match="wechat_40001"):
        wechat.send(MESSAGE)
    assert [one.json["force_refresh"] for one in gateway.at("/cgi-bin/stable_token")] == [False, False, True]
    with pytest.raises(NotTaken, match="token_refused"):
        wechat.send(MESSAGE)
    forced = [one for one in gateway.at("/cgi-bin/stable_token") if one.json["force_refresh"]]
    assert len(forced) == 1, "twenty a day are all there are"


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (43101, TurnedOff),
        (47003, Refused),
        (40037, Misconfigured),
        (40003, Refused),
        (-1, NotTaken),
        (45009, Misconfigured),
        (40164, Misconfigured),
        (48001, Misconfigured),
    ],
)
def test_wechat_says_what_is_wrong(wechat: Any, gateway: Gateway, code: int, trouble: type[Exception]) -> None:
    gateway.answer = answering({"errcode": code, "errmsg": "argument invalid! 张桂芬"})
    with pytest.raises(trouble) as raised:
        wechat.send(MESSAGE)
    assert str(raised.value) == f"wechat_{code}"


def test_wechat_without_a_template_for_the_kind_is_refused_unasked(wechat: Any, gateway: Gateway) -> None:
    with pytest.raises(Refused, match="no_template"):
        wechat.send(replace(MESSAGE, kind="tests.other"))
    assert gateway.seen == []


def test_no_token_means_certainly_not_sent(wechat: Any, gateway: Gateway) -> None:
    gateway.answer = lambda request: Reply(body={"errcode": 40125, "errmsg": "invalid appsecret"})
    with pytest.raises(NotTaken, match="token_40125"):
        wechat.send(MESSAGE)
    gateway.answer = lambda request: Reply(drop=True)
    with pytest.raises(NotTaken, match="token_no_answer"):
        wechat.send(MESSAGE)


def test_dingtalk_sends_a_card(dingtalk: Any, gateway: Gateway) -> None:
    gateway.answer = answering({"errcode": 0, "task_id": 256271667526})
    assert dingtalk.send(MESSAGE) == "256271667526"
    (token,) = gateway.at("/gettoken")
    assert (token.method, token.query) == ("GET", {"appkey": "key", "appsecret": "ding-secret"})
    (sent,) = gateway.at("/topapi/message/corpconversation/asyncsend_v2")
    assert sent.query == {"access_token": "T1"}
    assert (sent.json["agent_id"], sent.json["userid_list"]) == (7, "13812345678")
    assert sent.json["msg"]["msgtype"] == "action_card"
    assert sent.json["msg"]["action_card"]["single_url"] == "https://county/matters/1/"


@pytest.mark.parametrize(
    ("field", "text", "sent"),
    [
        ("thing1", "字" * 21, "字" * 19 + "…"),
        ("phrase1", "正在办理之中", "正在办理之"),
        ("character_string1", "A" * 40, "A" * 32),
        ("name1", "王" * 12, "王" * 10),
        ("thing1", "", "MQ-2026-000123-4 was a…"[:19] + "…"),
    ],
)
def test_wechat_s_fields_hold_only_what_they_take(
    use: Callable[..., Any], gateway: Gateway, field: str, text: str, sent: str
) -> None:
    """One ellipsis in a field for Chinese characters alone, or an empty field, is 47003 for the whole message."""
    template = {"id": "TPL", "data": {field: "body"}}
    carrier = use(Channel.WECHAT, wechat_app_id="wx1", wechat_app_secret="s", wechat_url=gateway.url,
                  wechat_templates={"tests.assigned": template})  # fmt: skip
    gateway.answer = answering({"errcode": 0})
    carrier.send(replace(MESSAGE, body=text))
    (seen,) = gateway.at("/cgi-bin/message/subscribe/send")
    assert seen.json["data"] == {field: {"value": sent}}


def test_dingtalk_s_reason_stands_below_88_and_a_stale_token_is_renewed(dingtalk: Any, gateway: Gateway) -> None:
    stale = {"errcode": 88, "sub_code": "40014", "sub_msg": "不合法的access_token", "errmsg": "ding talk error"}
    gateway.answer = answering(stale, {"errcode": 0, "task_id": 1})
    assert dingtalk.send(MESSAGE) == "1"
    tokens = [one.query["access_token"] for one in gateway.at("/topapi/message/corpconversation/asyncsend_v2")]
    assert tokens == ["T1", "T2"]


@pytest.mark.parametrize(("below", "trouble"), [("90002", NotTaken), ("60020", Misconfigured), ("33012", Refused)])
def test_dingtalk_s_other_reasons_below_88(
    dingtalk: Any, gateway: Gateway, below: str, trouble: type[Exception]
) -> None:
    gateway.answer = answering({"errcode": 88, "sub_code": below})
    with pytest.raises(trouble, match=f"dingtalk_{below}"):
        dingtalk.send(MESSAGE)


@pytest.mark.parametrize(
    ("code", "trouble"),
    [(88, NotTaken), (90018, NotTaken), (-1, NotTaken), (33012, Refused), (40035, Refused), (60011, Misconfigured)],
)
def test_dingtalk_says_what_is_wrong(dingtalk: Any, gateway: Gateway, code: int, trouble: type[Exception]) -> None:
    gateway.answer = answering({"errcode": code})
    with pytest.raises(trouble, match=f"dingtalk_{code}"):
        dingtalk.send(MESSAGE)


def test_the_government_s_dingtalk_is_signed_by_header(use: Callable[..., Any], gateway: Gateway) -> None:
    import base64
    import hashlib
    import hmac
    from urllib.parse import parse_qsl

    carrier = use(Channel.DINGTALK, dingtalk_app_key="key", dingtalk_app_secret="gov-secret",
                  dingtalk_tenant_id="196729", dingtalk_url=gateway.url)  # fmt: skip
    gateway.answer = lambda request: Reply(body={"success": True, "content": {"success": True, "msgId": "m-1"}})
    assert carrier.send(MESSAGE) == "m-1"
    (sent,) = gateway.at("/message/workNotification")
    form = dict(parse_qsl(sent.body.decode()))
    assert (form["bizMsgId"], form["receiverIds"], form["tenantId"]) == ("0199-id", "13812345678", "196729")
    assert json.loads(form["msg"])["msgtype"] == "action_card"
    headers = sent.headers
    text = "\n".join(["POST", headers["x-hmac-auth-timestamp"], headers["x-hmac-auth-nonce"], sent.path,
                      "&".join(f"{name}={form[name]}" for name in sorted(form))])  # fmt: skip
    made = base64.b64encode(hmac.new(b"gov-secret", text.encode(), hashlib.sha256).digest()).decode()
    assert (headers["x-hmac-auth-signature"], headers["apikey"]) == (made, "key")
    assert signed(form)["X-Hmac-Auth-Nonce"] != headers["x-hmac-auth-nonce"]


def test_the_government_s_dingtalk_knows_a_message_that_came_before(use: Callable[..., Any], gateway: Gateway) -> None:
    carrier = use(Channel.DINGTALK, dingtalk_app_key="key", dingtalk_app_secret="s", dingtalk_tenant_id="1",
                  dingtalk_url=gateway.url)  # fmt: skip
    again = {"success": False, "responseCode": "ERR", "responseMessage": "bizMsgId重复"}
    gateway.answer = lambda request: Reply(body={"success": True, "content": again})
    assert carrier.send(MESSAGE) == ""
    gateway.answer = lambda request: Reply(body={"success": False, "errorCode": "NO_RIGHT"})
    with pytest.raises(Misconfigured, match="dingtalk_NO_RIGHT"):
        carrier.send(MESSAGE)


def test_the_signature_of_aliyun_is_that_of_its_own_example() -> None:
    """The fixed example of "V3版本请求体&签名机制"."""
    query = {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"}
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com", "x-acs-action": "RunInstances", "x-acs-version": "2014-05-26",
        "x-acs-date": "2023-10-26T10:22:32Z", "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }  # fmt: skip
    made = authorization("POST", query, headers, "YourAccessKeyId", "YourAccessKeySecret")
    assert made == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;"
        "x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_aliyun_sends_a_template_with_texts_for_values(aliyun: Any, gateway: Gateway) -> None:
    gateway.answer = lambda request: Reply(body={"Code": "OK", "BizId": "9006197469364984^0"})
    assert aliyun.send(MESSAGE) == "9006197469364984^0"
    (sent,) = gateway.seen
    assert (sent.method, sent.path) == ("POST", "/")
    assert sent.query == {
        "PhoneNumbers": "13812345678", "SignName": "民情", "TemplateCode": "SMS_1",
        "TemplateParam": '{"number":"MQ-2026-000123-4"}', "OutId": "0199-id",
    }  # fmt: skip
    assert (sent.headers["x-acs-action"], sent.headers["x-acs-version"]) == ("SendSms", "2017-05-25")
    assert sent.headers["host"] == gateway.url.removeprefix("http://")
    signed_headers = {name: sent.headers[name] for name in sent.headers if name == "host" or name.startswith("x-acs-")}
    assert sent.headers["authorization"] == authorization("POST", sent.query, signed_headers, "LTAI", "ali-secret")


@pytest.mark.parametrize(
    ("status", "code", "trouble"),
    [
        (200, "isv.BUSINESS_LIMIT_CONTROL", NotTaken),
        (200, "isv.AMOUNT_NOT_ENOUGH", Misconfigured),
        (200, "isp.SYSTEM_ERROR", Unknown),
        (200, "isp.RAM_PERMISSION_DENY", Misconfigured),
        (400, "InternalError", Unknown),
        (400, "SignatureNonceUsed", Unknown),
        (400, "SignatureDoesNotMatch", Misconfigured),
        (400, "Throttling.User", NotTaken),
        (200, "isv.MOBILE_NUMBER_ILLEGAL", Refused),
        (200, "isv.SMS_TEMPLATE_ILLEGAL", Misconfigured),
        (200, "isv.SMS_SIGNATURE_ILLEGAL", Misconfigured),
        (403, "isv.DENY_IP_RANGE", Misconfigured),
    ],
)
def test_aliyun_says_what_is_wrong(
    aliyun: Any, gateway: Gateway, status: int, code: str, trouble: type[Exception]
) -> None:
    gateway.answer = lambda request: Reply(status, body={"Code": code, "Message": "13812345678"})
    with pytest.raises(trouble) as raised:
        aliyun.send(MESSAGE)
    assert str(raised.value) == code


@pytest.mark.fault(63)
@pytest.mark.parametrize(
    ("reply", "trouble", "code"),
    [
        (Reply(500, b"oops"), Unknown, "answer_500"),
        (Reply(303, b"", headers={"Location": "/done"}), Unknown, "answer_303"),
        (Reply(408, b""), NotTaken, "answer_408"),
        (Reply(501, b""), NotTaken, "answer_501"),
        (Reply(507, b""), NotTaken, "answer_507"),
        (Reply(503, b""), NotTaken, "answer_503"),
        (Reply(429, b"{}"), NotTaken, "answer_429"),
        (Reply(401, b"{}"), Misconfigured, "answer_401"),
        (Reply(402, b"{}"), Misconfigured, "answer_402"),
        (Reply(404, b"{}"), Misconfigured, "answer_404"),
        (Reply(200, b'{"code":"BALANCE_NOT_ENOUGH"}'), Misconfigured, "sms_BALANCE_NOT_ENOUGH"),
        (Reply(200, b'{"code":"INVALID_PHONE"}'), Refused, "sms_INVALID_PHONE"),
        (Reply(502, b""), Unknown, "answer_502"),
        (Reply(504, b""), Unknown, "answer_504"),
        (Reply(400, b"{}"), Refused, "answer_400"),
        (Reply(302, b"", headers={"Location": "http://169.254.169.254/"}), Misconfigured, "answer_302"),
        (Reply(200, b"<html>"), Unknown, "unreadable"),
        (Reply(200, b"\xff\xfe"), Unknown, "unreadable"),
        (Reply(200, b"[1]"), Unknown, "unreadable"),
        (Reply(200, b"[" * 60_000), Unknown, "unreadable"),
        (Reply(200, b'{"a":"' + b"x" * 200_000 + b'"}'), Unknown, "no_answer"),
        (Reply(200, b"{}", wait=3), Unknown, "no_answer"),
        (Reply(200, b"{       }", drip=0.2), Unknown, "no_answer"),
        (Reply(drop=True), Unknown, "no_answer"),
    ],
    ids=lambda value: repr(value)[:40] if isinstance(value, Reply) else "",
)
def test_it_is_told_whether_a_message_certainly_went_may_have_gone_or_never_will(
    sms_json: Any, gateway: Gateway, reply: Reply, trouble: type[Exception], code: str
) -> None:
    gateway.answer = lambda request: reply
    with pytest.raises(trouble) as raised:
        sms_json.send(MESSAGE)
    assert (type(raised.value), str(raised.value)) == (trouble, code)
    assert len(gateway.seen) == 1, "neither redirected nor sent again"


@pytest.mark.fault(63)
def test_a_gateway_that_is_not_there_took_nothing(use: Callable[..., Any], gateway: Gateway) -> None:
    from tests.browser.server import free_port

    for url in (f"http://127.0.0.1:{free_port()}", "http://nowhere.invalid", gateway.url.replace("http", "https")):
        with pytest.raises(NotTaken, match="unreachable"):
            use(Channel.SMS, sms="json", sms_url=url, sms_token="t").send(MESSAGE)


def test_a_gateway_refuses_with_a_code_that_cannot_carry_text_along(sms_json: Any, gateway: Gateway) -> None:
    gateway.answer = lambda request: Reply(body={"code": "王桂花 13812345678" * 20})
    with pytest.raises(Refused) as raised:
        sms_json.send(MESSAGE)
    assert "王" not in str(raised.value)
    assert len(str(raised.value)) <= 60


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    with open_for_mail() as office:
        yield office


@pytest.fixture
def mail(use: Callable[..., Any], post_office: PostOffice) -> Any:
    return use(Channel.EMAIL, smtp_host="127.0.0.1", smtp_port=post_office.port, smtp_security="none",
               mail_from="民情 <minqing@county.example>")  # fmt: skip


def test_mail_carries_the_same_id_in_every_try(mail: Any, post_office: PostOffice) -> None:
    assert {mail.send(MESSAGE), mail.send(MESSAGE)} == {"<0199-id@county.example>"}
    first, second = post_office.letters
    assert first["Message-ID"] == second["Message-ID"] == "<0199-id@county.example>"
    assert (first["Subject"], first["To"], first["Auto-Submitted"]) == (MESSAGE.title, MESSAGE.to, "auto-generated")
    assert "https://county/matters/1/" in first.get_payload()


@pytest.mark.fault(63)
@pytest.mark.parametrize(
    ("code", "trouble"), [("550 no such user", Refused), ("451 try later", NotTaken), ("421 closing", NotTaken)]
)
def test_mail_says_what_is_wrong(mail: Any, post_office: PostOffice, code: str, trouble: type[Exception]) -> None:
    post_office.to_recipient = code
    with pytest.raises(trouble):
        mail.send(MESSAGE)


@pytest.mark.fault(63)
def test_a_mail_server_that_is_not_there_took_nothing(use: Callable[..., Any]) -> None:
    from tests.browser.server import free_port

    carrier = use(Channel.EMAIL, smtp_host="127.0.0.1", smtp_port=free_port(), smtp_security="none", mail_from="a@b.cn")
    with pytest.raises(NotTaken, match="unreachable"):
        carrier.send(MESSAGE)


@pytest.mark.fault(114)
def test_what_a_mail_server_says_of_us_is_no_fault_of_the_receiver(mail: Any, post_office: PostOffice) -> None:
    said = {
        "MAIL": {
            "553 5.7.1 sender rejected: not owned": Misconfigured, "501 5.1.7 bad sender": Misconfigured,
            "530 5.7.0 must issue a STARTTLS command first": Misconfigured, "550 denied": Misconfigured,
            "535 authentication failed": Misconfigured, "451 try later": NotTaken,
        },
        "RCPT": {
            "550 5.1.1 user unknown": Refused, "550 no such user": Refused, "553 mailbox name invalid": Refused,
            "552 5.2.2 mailbox full": Refused, "550 5.7.1 relaying denied": Misconfigured,
            "550 5.1.8 sender domain not found": Misconfigured, "554 5.7.1 your IP is blacklisted": Misconfigured,
            "550 relay not permitted": Misconfigured, "530 authentication required": Misconfigured,
            "450 4.2.1 busy": NotTaken,
        },
        "DATA": {"554 5.7.1 spam": Misconfigured, "552 5.3.4 too large": Misconfigured, "451 later": NotTaken},
    }  # fmt: skip
    found = {}
    for word, lines in said.items():
        for line, trouble in lines.items():
            post_office.answers = {word: line}
            with pytest.raises(NotTaken if trouble is not Refused else Refused) as raised:
                mail.send(MESSAGE)
            found[word, line] = type(raised.value)
    assert found == {(word, line): trouble for word, lines in said.items() for line, trouble in lines.items()}


@pytest.mark.fault(114)
def test_what_the_deployment_must_set_right_is_tried_for_days_and_told_at_once(db: None) -> None:
    ours, theirs = Misconfigured("smtp_sender_553"), NotTaken("smtp_451")
    assert after(ours, Mail(), MOST_TRIES).move is Move.FAIL
    assert after(theirs, Mail(), MOST_TRIES).move is Move.PARK
    assert sum((wait_after(tries, 0.5) for tries in range(1, MOST_TRIES_OURS)), timedelta()) > timedelta(days=7)
    assert after(ours, Mail(), MOST_TRIES_OURS).move is Move.PARK
    now = clock.now()
    with transaction_as(job()):
        Outgoing.objects.create(key="k", notice=new_id(), channel="email", kind="x", params={}, language="en",
                                state="failed", tries=2, error="smtp_sender_553", next_at=now, made_at=now)  # fmt: skip
    told = carriers_that_fail()
    assert (told.well, told.seen) == (False, "1 email (smtp_sender_553)")
